package contract_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// platforms are right platforms, by their fixtures: what the document leaves open is another in each.
var platforms = map[string]string{
	"one car park":    `{"merchants":[{"no":"X1","key":"k1"}],"parkings":[{"id":"1","name":"A","city":"重庆市","lat":"29.563","lon":"106.551","tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5"}}]}`,
	"no car parks":    `{"merchants":[{"no":"X1","key":"k1"}],"parkings":[]}`,
	"no tariff, full": `{"merchants":[{"no":"X1","key":"k1"}],"parkings":[{"id":"77","name":"没有价","city":"北京市","lat":"39.9","lon":"116.4","totalSpace":3,"occupied":3}]}`,
	"other merchants": `{"merchants":[{"no":"X1","key":"k1","push":{"url":"http://127.0.0.1:1/"}},{"no":"X2","key":"k2"},{"no":"M1","key":"k3"}]}`,
	"a clock of 2017": `{"merchants":[{"no":"X1","key":"k1"}],"clock":"2017-08-20 12:00:00"}`,
	"a clock ahead":   `{"merchants":[{"no":"X1","key":"k1"}],"clock":{"now":"2031-02-28 23:59:50","mode":"running","rate":60}}`,
	"users and cars":  `{"merchants":[{"no":"X1","key":"k1"}],"users":[{"phone":"13800000001","plates":[{"plateNumber":"渝ATX061","merchantNo":"X1"}]},{"phone":"13800000002","plates":[{"plateNumber":"京A23333","merchantNo":"X1"}]}],"vehicles":[{"plateNumber":"京A23333","vin":"LVSHBFDC7RF414158","engine":"DA01991"}]}`,
}

// otherRules are values of the rules that are not their defaults. Where the document itself says what is right (§3.2, §6, §11), a case may ask for that.
var otherRules = []string{
	`"strict":true`, `"sms.interval":"1s"`, `"sms.ttl":"1s"`, `"token.ttl":"10m"`, `"signin.binds_car":true`, `"bind.max":1`, `"bind.max":30`, `"bind.max_per_month":1`,
	`"bind.max_per_month":30,"bind.max":30`, `"bind.month":"calendar"`, `"history.window":"1d"`, `"history.by":"entrance"`, `"unpay.mask":false`, `"quote.ttl":"1s"`, `"retrieve.registry":"closed"`,
	`"retrieve.takes_over":false`, `"search.page":1`, `"status.plenty":0.9`, `"status.word.plenty":"多"`, `"status.word.tight":"少"`, `"status.word.full":"无"`,
	`"tariff.free":"deducted"`, `"tariff.grace":"1m"`, `"push.encoding":"form"`, `"timestamp.window":"15m"`, `"sign.whitespace":"either"`,
}

func init() {
	for _, rules := range otherRules {
		platforms[rules] = `{"merchants":[{"no":"X1","key":"k1"}],"rules":{` + rules + `}}`
	}
}

// A right platform passes, whatever the document leaves open: nothing fails against it, without its control API, and without knowing what is in it. One runs twice
// with writes, since phones and plates that were used once are used again by nobody.
func TestSuite_rightPlatforms(t *testing.T) {
	for name, fixture := range platforms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := mock.New(mock.WithSeed(1), mock.WithFixture([]byte(fixture)), mock.WithoutAdmin())
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
			target := scenarios.Platform("http://platform.test", "X1", "k1")
			target.HTTP = &http.Client{Transport: handlertransport.New(server.Handler()), Timeout: time.Minute}
			for run, writes := range []bool{false, true, true} {
				if run == 2 && name != "users and cars" {
					continue
				}
				r, err := contract.Runner{Library: suite.Library(), Seed: uint64(run), AllowWrites: writes}.Run(t.Context(), target, contract.Cases(suite.Library())...)
				require.NoError(t, err)
				require.Nil(t, r.Outage)
				for _, c := range r.Cases {
					for _, f := range c.Failures {
						t.Errorf("writes %v: %s %s:%d: %s: want %s, got %s %s", writes, c.ID, f.File, f.Line, f.Message, f.Expected, f.Actual, f.Reason)
					}
					if c.Status == report.Skipped {
						require.NotEmpty(t, c.Reason, c.ID)
					}
				}
				require.NotZero(t, r.Ran(), strconv.FormatBool(writes))
			}
		})
	}
}
