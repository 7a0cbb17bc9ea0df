package remote

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// hints are what to do about a refusal, by its reason.
var hints = map[control.ProblemReason]string{
	control.ReasonUnknownSandbox:  "those there are: etcp-mock sandbox list",
	control.ReasonUnknownScenario: "the scenarios: etcp-mock scenario list",
	control.ReasonUnknownPush:     "the pushes: etcp-mock pushes",
	control.ReasonUnknownRequest:  "the requests: etcp-mock requests",
	control.ReasonSandboxTaken:    "the sandboxes: etcp-mock sandbox list; this one anew: etcp-mock sandbox reset",
	control.ReasonMerchantTaken:   "the sandboxes and their merchants: etcp-mock sandbox list; load goes into the one of --sandbox",
	control.ReasonNoPushURL:       "set one: etcp-mock merchants set-url, or receive the pushes here: etcp-mock listen",
	control.ReasonNotKept:         "the points of the log: etcp-mock sandbox log",
	control.ReasonUnknownPath:     hintVersion,
}

const (
	hintToken   = "give it with --admin-token or in ETCP_MOCK_ADMIN_TOKEN; the server printed it when it started, unless it was given one"
	hintVersion = "what answers there is no mock, or an older one: etcp-mock version --remote"
	// hintElsewhere is for a platform's answer to a call of the control API: every mock but an older one serves that, unless it was told not to.
	hintElsewhere = "the platform answers there, and no control API: a mock serves it at the address of --admin-addr (name that with --server), or not at all (--no-admin)"
)

// IsPlatform reports whether a call of the control API was answered as the platform answers a path that it does not have.
func IsPlatform(p *control.ProblemError) bool {
	var envelope struct {
		Code    *int    `json:"code"`
		Message *string `json:"message"`
	}
	return p.Status == http.StatusNotFound && p.Reason == "" && json.Unmarshal([]byte(strings.TrimPrefix(p.Detail, "HTTP 404: ")), &envelope) == nil && envelope.Code != nil && envelope.Message != nil
}

// ProblemHint is what to do about a refusal of the server, or "".
func ProblemHint(p *control.ProblemError) string {
	switch {
	case p.Status == http.StatusUnauthorized:
		return hintToken
	case IsPlatform(p):
		return hintElsewhere
	case p.Status == http.StatusMethodNotAllowed, p.Status == http.StatusNotFound && p.Reason == "":
		return hintVersion
	case strings.Contains(p.Detail, "HTTP request to an HTTPS server"): // which net/http answers
		return "the mock serves HTTPS: --server https://…"
	}
	return hints[p.Reason]
}
