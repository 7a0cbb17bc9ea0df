//go:build unix

package reliability_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// write is a control call that changes something, and how it is seen that it holds.
type write struct {
	name               string
	method, path, body string
	want               int
	seen               string // the path that shows it
	shows              string // what is in its answer; "" for a path that must be unknown
	over               string // the name of the write after which it is no longer to be seen
}

var writes = []write{
	{"a fault is added", "POST", "/default/faults", `{"on":{"endpoint":"carnum"},"do":{"code":2}}`, 201, "/default/faults", `"endpoint":"carnum"`, "faults are cleared"},
	{"the clock is moved", "POST", "/default/clock/advance", `{"by":"90m"}`, 200, "/default/clock", `2017-08-20 13:30:00`, "the clock is set to run"},
	{"a rule is set", "PATCH", "/default/rules", `{"journal.keep":777}`, 200, "/default/rules", `"value":777`, ""},
	{"a merchant is made", "PUT", "/default/merchants/M9", `{"key":"k9"}`, 200, "/default/merchants", `"M9"`, "the merchant is taken away"},
	{"a sandbox is made", "POST", "", `{"id":"other","fixture":{"merchants":[{"no":"M8","key":"k8"}]}}`, 201, "/other", `"M8"`, "the sandbox is ended"},
	{"a car park is made", "PUT", "/other/parkings/7", `{"name":"Seven","city":"重庆市","lat":"29.5","lon":"106.5"}`, 200, "/other/parkings", `Seven`, "a state is put back"},
	{"faults are cleared", "DELETE", "/default/faults", ``, 204, "/default/faults", `"items":[]`, ""},
	{"the merchant is taken away", "DELETE", "/default/merchants/M9", ``, 204, "/default/merchants", `"demo"`, ""},
	{"its number is another's", "PUT", "/other/merchants/M9", `{"key":"k9"}`, 200, "/other/merchants", `"M9"`, "a state is put back"},
	{"a state is put back", "PUT", "/other/state", "", 200, "/other/parkings", `Eight`, "the sandbox is ended"},
	{"the clock is set to run", "PUT", "/default/clock", `{"mode":"running"}`, 200, "/default/clock", `"running"`, ""},
	{"a row of the registry is written", "PUT", "/default/vehicles/渝A12345", `{"engine":"E1"}`, 200, "/default/vehicles/渝A12345", `E1`, ""},
	{"the sandbox is ended", "DELETE", "/other", ``, 204, "/other", "", ""},
	{"a sandbox of its id is made again", "POST", "", `{"id":"again","fixture":{"merchants":[{"no":"M8","key":"k8"}]}}`, 201, "/again", `"M8"`, ""},
}

// A server that is killed right after it has answered a control call that changes something has that change when it is started
// again, and every one before it.
func TestKillNine_betweenWrites(t *testing.T) {
	t.Parallel()
	city, dir := keptCity("http://127.0.0.1:1/"), t.TempDir()+"/data"
	client := newClient(t)
	call := func(p *process, method, path, body string) (int, string) {
		status, text := controlCall(t.Context(), client, method, p.line+"/__admin/sandboxes"+path, body)
		return status, string(text)
	}
	p := startKept(t, dir, city)
	var state string
	over := map[string]bool{}
	for i, w := range writes {
		if w.name == "a state is put back" {
			w.body = strings.ReplaceAll(state, "Seven", "Eight")
		}
		status, text := call(p, w.method, w.path, w.body)
		require.Equal(t, w.want, status, "%s: %s", w.name, text)
		if w.name == "a car park is made" {
			_, state = call(p, http.MethodGet, "/other/state", "")
		}
		p.kill()
		p = startKept(t, dir, city)
		over[w.name] = true
		for _, before := range writes[:i+1] {
			if over[before.over] {
				continue
			}
			status, text := call(p, http.MethodGet, before.seen, "")
			if before.shows == "" {
				require.Equal(t, http.StatusNotFound, status, "after %s: %s: %s", w.name, before.name, text)
				continue
			}
			require.Equal(t, http.StatusOK, status, "after %s: %s: %s", w.name, before.name, text)
			require.Contains(t, text, before.shows, "after %s: %s", w.name, before.name)
		}
	}
	t.Logf("figure: killed after each of %d kinds of writes", len(writes))
}
