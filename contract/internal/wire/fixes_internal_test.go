package wire

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

func fixIn(o *report.Outage) lang.Text { return lang.T(o.Fix, o.FixZh) }

// What to do about an outage is said, not asked.
func TestFixes_doNotAsk(t *testing.T) {
	said := []lang.Text{wantsHTTPS}
	for _, fix := range fixes {
		said = append(said, fix)
	}
	for _, known := range byError {
		said = append(said, known.fix)
	}
	for _, status := range []int{301, 401, 404, 500} {
		said = append(said, fixIn(ControlOutage(&control.ProblemError{Status: status})))
	}
	said = append(said, fixIn(ControlOutage(io.EOF)), fixIn(JSONOutage("x", 200, nil)), fixIn(JSONOutage("x", 200, []byte("{"))))
	for _, fix := range said {
		require.NotContains(t, fix.In(lang.English), "?")
		require.NotContains(t, fix.In(lang.Chinese), "？")
	}
}
