// Package webhooktest examines a merchant's push endpoint inside go test.
//
//	func TestPushes(t *testing.T) {
//		webhooktest.Examine(t, myapp.Routes(), webhook.Endpoint{
//			URL: "/etcp", MerchantNo: "M1", Key: "the key of the tests",
//		})
//	}
package webhooktest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
)

// Examine examines a merchant's endpoint in a test: target is an http.Handler, which is called without a socket, or a
// URL. Each check is a subtest where tb is a *testing.T; a MUST that is broken fails it, a SHOULD is logged.
func Examine(tb testing.TB, target any, e webhook.Endpoint) *report.Report {
	tb.Helper()
	switch to := target.(type) {
	case http.Handler:
		e.Handler = to
	case func(http.ResponseWriter, *http.Request):
		e.Handler = http.HandlerFunc(to)
	case string:
		e.URL = to
	default:
		tb.Fatalf("webhooktest: a webhook is an http.Handler or a URL, not a %T", target)
	}
	r, err := e.Examine(tb.Context())
	if err != nil {
		tb.Fatalf("webhooktest: %v", err)
	}
	if r.Outage != nil {
		tb.Fatalf("webhooktest: %v\n%s\n%s", r.Outage, r.Outage.Head, r.Outage.Fix)
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		if t, ok := tb.(interface {
			Run(name string, f func(*testing.T)) bool
		}); ok {
			t.Run(c.ID, func(t *testing.T) {
				t.Helper()
				log(t, c, e.Language)
			})
			continue
		}
		log(tb, c, e.Language)
	}
	return r
}

func log(tb testing.TB, c *report.Case, language string) {
	tb.Helper()
	text := strings.Join(c.Text(language), "\n")
	switch c.Status {
	case report.Passed:
	case report.Failed:
		tb.Errorf("%s %s %s: %s\n%s", c.Level, c.Section, c.ID, c.Title, text)
	case report.Warned:
		tb.Logf("%s %s %s: %s\n%s", c.Level, c.Section, c.ID, c.Title, text)
	case report.Skipped:
		if t, ok := tb.(*testing.T); ok {
			t.Skip(c.Reason)
		}
	}
}
