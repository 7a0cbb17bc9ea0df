package scenarios

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// exchangeOf is a request as it was sent.
func exchangeOf(n *note, endpoint string) *Exchange {
	e := &Exchange{Method: n.method, URL: n.url, Endpoint: endpoint, Data: string(n.body)}
	if endpoint == "" {
		return e
	}
	e.Data = ""
	u, err := url.Parse(n.url)
	if err != nil {
		return e
	}
	params := u.Query()
	if len(n.body) > 0 {
		if params, err = url.ParseQuery(string(n.body)); err != nil {
			return e
		}
	}
	u.RawQuery = ""
	e.URL, e.MerchantNo, e.Data = u.String(), params.Get("merchant_no"), params.Get("data")
	return e
}

// served is where the mock's command listens by default.
const served = "http://127.0.0.1:8787"

// curl is a command that sends a request again. That of a mock without a socket is as it would be sent to one that is served.
func (r *runner) curl(n *note) string {
	if path, is := strings.CutPrefix(n.url, inProcessURL+"/"); is {
		there := *n
		there.url = served + "/" + path
		return curl(&there)
	}
	return curl(n)
}

// curl is a command that sends a request again.
func curl(n *note) string {
	if n.url == "" {
		return ""
	}
	u, err := url.Parse(n.url)
	if err != nil {
		return ""
	}
	var out strings.Builder
	out.WriteString("curl -sS")
	params, form := u.Query(), false
	if strings.HasPrefix(n.contentType, "application/x-www-form-urlencoded") {
		params, err = url.ParseQuery(string(n.body))
		form = err == nil
	}
	switch {
	case form && n.method == http.MethodPost:
	case len(params) > 0 && !form:
		out.WriteString(" -G")
		fallthrough
	default:
		if n.method != http.MethodGet {
			out.WriteString(" -X " + n.method)
		}
	}
	if len(params) > 0 {
		u.RawQuery = ""
	}
	out.WriteString(" " + quoted(u.String()))
	for _, name := range []string{"merchant_no", "time_stamp", "data", "sign"} {
		if values, has := params[name]; has {
			out.WriteString(" --data-urlencode " + quoted(name+"="+values[0]))
			delete(params, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		out.WriteString(" --data-urlencode " + quoted(name+"="+params.Get(name)))
	}
	if len(n.body) > 0 && !form {
		if n.contentType != "" {
			out.WriteString(" -H " + quoted("Content-Type: "+n.contentType))
		}
		out.WriteString(" --data-binary " + quoted(string(n.body)))
	}
	return out.String()
}

// quoted is a text in single quotes, for a POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
