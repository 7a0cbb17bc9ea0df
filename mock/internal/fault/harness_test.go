package fault_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// obj is an object of JSON.
type obj = map[string]any

// controlled is a started server with the words of these tests.
type controlled struct{ *servertest.Server }

// newControlled starts a server whose sandbox default is servertest.Fixture.
func newControlled(tb testing.TB, opts ...mock.Option) *controlled {
	tb.Helper()
	return &controlled{servertest.New(tb, opts...)}
}

// fault puts a fault in force and gives its id.
func (c *controlled) fault(tb testing.TB, on obj, do obj, more ...obj) (id string) {
	tb.Helper()
	f := obj{"on": on, "do": do}
	for _, m := range more {
		maps.Copy(f, m)
	}
	id, _ = c.Do(tb, http.MethodPost, "/faults", f)["id"].(string)
	require.NotEmpty(tb, id)
	return id
}

// stats are how often a fault matched and was applied.
func (c *controlled) stats(tb testing.TB, id string) (matched, applied float64) {
	tb.Helper()
	for _, item := range c.Do(tb, http.MethodGet, "/faults", nil)["items"].([]any) {
		if f := item.(obj); f["id"] == id {
			stats := f["stats"].(obj)
			return stats["matched"].(float64), stats["applied"].(float64)
		}
	}
	require.Fail(tb, "no fault "+id)
	return 0, 0
}

// signed is a signed request of M1.
func (c *controlled) signed(ctx context.Context, tb testing.TB, endpoint string, data obj) *http.Request {
	tb.Helper()
	text, err := json.Marshal(data)
	require.NoError(tb, err)
	row, _ := schemas.Lookup(endpoint)
	stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
	form := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), servertest.Key, stamp)}}.Encode()
	target := c.URL + schemas.PathPrefix + endpoint
	if row.Method == http.MethodGet {
		target, form = target+"?"+form, ""
	}
	r, err := http.NewRequestWithContext(ctx, row.Method, target, strings.NewReader(form))
	require.NoError(tb, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// sends gives the answer as it came, or why none did.
func (c *controlled) sends(tb testing.TB, endpoint string, data obj) (servertest.Answer, error) {
	tb.Helper()
	answer, err := c.HTTP.Do(c.signed(tb.Context(), tb, endpoint, data))
	if err != nil {
		return servertest.Answer{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return servertest.Answer{Status: answer.StatusCode, Header: answer.Header, Body: string(text)}, err
}

// newest is the newest entry of the journal.
func (c *controlled) newest(tb testing.TB) obj {
	tb.Helper()
	items := c.Do(tb, http.MethodGet, "/requests?order=newest&limit=1", nil)["items"].([]any)
	require.Len(tb, items, 1)
	return items[0].(obj)
}

var aStatus = obj{"parkingId": "1"}
