package scenarios

import (
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/curl"
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
	address := n.url
	if path, is := strings.CutPrefix(n.url, inProcessURL+"/"); is {
		address = served + "/" + path
	}
	return curl.Command(curl.Request{Method: n.method, URL: address, ContentType: n.contentType, Body: n.body})
}
