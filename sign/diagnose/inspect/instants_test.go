package inspect_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// What is wrong with a stamp is named alike at every time of the day and of the year: the tests of the server run at any of them.
func TestStamp_atAnyTime(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	sandbox := time.Date(2017, 8, 20, 12, 0, 0, 0, shanghai)
	var instants []time.Time
	for _, day := range []string{"2026-11-30", "2026-12-31", "2027-01-01", "2027-02-04", "2027-08-21", "2027-02-28", "2027-03-01", "2027-03-31", "2028-02-29", "2028-10-31"} {
		at, err := time.ParseInLocation(time.DateOnly, day, shanghai)
		require.NoError(t, err)
		for _, after := range []time.Duration{0, 7*time.Hour + 59*time.Minute + 59*time.Second, 12 * time.Hour, 24*time.Hour - time.Second} {
			instants = append(instants, at.Add(after))
		}
	}
	for i := range 24 { // 61 days, 5 hours, 7 minutes and 11 seconds apart, over the days of all months
		instants = append(instants, sandbox.AddDate(9, 0, 0).Add(time.Duration(i)*(61*24*time.Hour+5*time.Hour+7*time.Minute+11*time.Second)))
	}
	for _, now := range instants {
		rows := 0
		for _, e := range diagnosetest.Envelopes("M1", "5f4dcc3b5aa765d6", now) {
			var clocks []time.Time
			switch e.Reason {
			case "timestamp-malformed":
			case "timestamp-expired":
				clocks = []time.Time{now, sandbox}
			default:
				continue
			}
			query, body := e.Sent()
			form, err := url.ParseQuery(query + body)
			require.NoError(t, err, e.Name)
			stamp := form.Get("time_stamp")
			if stamp == "" {
				continue
			}
			rows++
			f, ok := inspect.Stamp(stamp, clocks...)
			require.True(t, ok, "%s at %s: %s", e.Name, now, stamp)
			require.Equal(t, e.Kind, f.Kind, "%s at %s: %s", e.Name, now, stamp)
			for _, want := range e.Says {
				require.Contains(t, f.Detail+" "+f.Evidence, want, "%s at %s: %s", e.Name, now, stamp)
			}
			require.True(t, strings.Contains(f.Fix, e.Fix), "%s at %s: %s", e.Name, now, stamp)
		}
		require.Greater(t, rows, 40)
	}
}
