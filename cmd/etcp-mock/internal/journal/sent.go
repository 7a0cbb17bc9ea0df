package journal

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/curl"
)

// sent is a request of the journal as it was sent to the platform, as far as the journal has it: its four parameters (§3).
func sent(base string, q control.Request) curl.Request {
	data := q.DataText
	if data == "" && json.Unmarshal(q.Data, &data) != nil {
		data = string(q.Data)
	}
	var form []string
	for _, p := range [][2]string{{"merchant_no", q.MerchantNo}, {"time_stamp", q.TimeStamp}, {"data", data}, {"sign", q.Sign}} {
		if p[1] != "" {
			form = append(form, p[0]+"="+url.QueryEscape(p[1]))
		}
	}
	out := curl.Request{Method: q.Method, URL: base + "/merchant/open/" + client.Version + "/openapi/" + url.PathEscape(q.Endpoint)}
	if q.Method == http.MethodGet {
		out.URL += "?" + strings.Join(form, "&")
		return out
	}
	out.ContentType, out.Body = "application/x-www-form-urlencoded", []byte(strings.Join(form, "&"))
	return out
}

// raw is a request as HTTP/1.1 writes it, with the headers that came and line ends of this system.
func raw(r curl.Request, headers map[string]string) string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\nHost: %s\n", r.Method, u.RequestURI(), u.Host)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if name != "Host" {
			fmt.Fprintf(&b, "%s: %s\n", name, headers[name])
		}
	}
	return b.String() + "\n" + string(r.Body)
}
