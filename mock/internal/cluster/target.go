package cluster

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// MaxBody is how much of a platform request's body has its merchant number: all that the platform reads (1 MiB).
const MaxBody = 1 << 20

// sandboxes is where the control API has what belongs to one sandbox.
const sandboxes = "/__admin/sandboxes/"

// TargetOf is what a request to the mock is about: a platform request belongs to the sandbox of its merchant number, a
// control call to the sandbox in its path, and everything else to nobody. It reads the number as the platform does: from
// the query of a GET; from the form of a POST, and then from its query.
func TargetOf(r *http.Request, body func() []byte) Target {
	if rest, ok := strings.CutPrefix(r.URL.EscapedPath(), sandboxes); ok {
		id, _, _ := strings.Cut(rest, "/")
		if plain, err := url.PathUnescape(id); err == nil && plain != "" {
			return Target{Sandbox: plain}
		}
		return Target{Anywhere: true}
	}
	if !strings.HasPrefix(r.URL.Path, schemas.PathPrefix) {
		return Target{Anywhere: true}
	}
	var no string
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if r.Method == http.MethodPost && strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		no = merchantNo(string(body()))
	}
	if no == "" {
		no = merchantNo(r.URL.RawQuery)
	}
	return Target{MerchantNo: no}
}

// merchantNo is the first merchant_no of a form, whatever else is wrong with it.
func merchantNo(form string) string {
	values, _ := url.ParseQuery(form)
	return values.Get("merchant_no")
}
