package cluster

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// MaxBody is how much of a request's body is read for what the request is about: all that the platform reads of one (1 MiB), and
// more than the control calls have whose body names a sandbox (8 MiB).
const MaxBody = 8 << 20

// sandboxes is where the control API has what belongs to one sandbox.
const sandboxes = "/__admin/sandboxes/"

// anywhere are the paths that belong to no sandbox: with what is below them, any replica answers them.
var anywhere = []string{"/__admin", "/console", "/healthz", "/readyz", "/metrics"}

// TargetOf is what a request to the mock is about: a control call belongs to the sandbox in its path, or, where its body names
// one or a merchant's number, to that; what else the control API and the console have, to nobody; and everything else is the
// platform's, and belongs to the sandbox of its merchant number. It reads the number as the platform does: from the query of
// a GET; from the form of a POST, and then from its query.
func TargetOf(r *http.Request, body func() []byte) Target {
	if rest, ok := strings.CutPrefix(r.URL.EscapedPath(), sandboxes); ok {
		id, _, _ := strings.Cut(rest, "/")
		if plain, err := url.PathUnescape(id); err == nil && plain != "" {
			return Target{Sandbox: plain}
		}
		return Target{Anywhere: true}
	}
	if r.Method == http.MethodPost {
		switch r.URL.Path {
		case "/__admin/sign/explain":
			return Target{MerchantNo: textIn(body(), "merchantNo")}
		case "/__admin/scenarios/run":
			if id := textIn(body(), "sandbox"); id != "" {
				return Target{Sandbox: id}
			}
			return Target{Anywhere: true}
		}
	}
	for _, prefix := range anywhere {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok && (rest == "" || rest[0] == '/') {
			return Target{Anywhere: true}
		}
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

// textIn is a member of a JSON object that is a text, "" where it has none.
func textIn(body []byte, name string) string {
	var members map[string]json.RawMessage
	var text string
	if json.Unmarshal(body, &members) != nil || json.Unmarshal(members[name], &text) != nil {
		return ""
	}
	return text
}

// IDIn is the id that the body of a call names for a new sandbox, "" where it leaves that to the server.
func IDIn(body []byte) string { return textIn(body, "id") }

// merchantNo is the first merchant_no of a form, whatever else is wrong with it.
func merchantNo(form string) string {
	values, _ := url.ParseQuery(form)
	return values.Get("merchant_no")
}
