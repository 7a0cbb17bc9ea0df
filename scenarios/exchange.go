package scenarios

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
)

// exchangeOf is a request as it was sent.
func exchangeOf(n *transport.Note, endpoint string) *Exchange {
	e := &Exchange{Method: n.Method, URL: n.URL(), Endpoint: endpoint}
	if endpoint == "" {
		e.Data = string(n.Body())
		return e
	}
	if u, params, err := n.Parameters(); err == nil {
		e.URL, e.MerchantNo, e.Data = u, params.Get("merchant_no"), params.Get("data")
	}
	return e
}

// served is where the mock's command listens by default.
const served = "http://127.0.0.1:8787"

// curl is a command that sends a request again. That of a mock without a socket is as it would be sent to one that is served.
func (r *runner) curl(n *transport.Note) string {
	address := n.URL()
	if path, ok := strings.CutPrefix(address, inProcessURL+"/"); ok {
		address = served + "/" + path
	}
	return curl.Command(curl.Request{Method: n.Method, URL: address, ContentType: n.ContentType, Body: n.Body()})
}
