package sandbox

import (
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Whatever a server says in the tables of this package moves no cursor.
func TestTables_moveNoCursor(t *testing.T) {
	t.Parallel()
	const x = `"a\u001b[2J\u009b2J\u007f"`
	const detail = `{"id":` + x + `,"now":"2017-08-20 12:00:00","merchants":[{"merchantNo":` + x + `,"merchantKey":` + x + `}]}`
	s := commandtest.Answering(t, map[string]string{
		"GET /orders": `{"items":[{"orderId":` + x + `,"plateNumber":` + x + `,"parkingName":` + x + `,"state":` + x + `}]}`, "GET /sms/1": `{"code":` + x + `}`, "GET /clock": `{"mode":` + x + `}`,
		"GET /faults": `{"items":[{"id":` + x + `,"on":{"endpoint":` + x + `},"do":{"body":` + x + `}}]}`, "GET /rules": `{` + x + `:{"value":` + x + `,"default":[` + x + `],"section":` + x + `,"doc":` + x + `,"docZh":` + x + `,"oneOf":[` + x + `]}}`,
		"GET /log": `{"items":[{"kind":` + x + `,"requestId":` + x + `,"summary":` + x + `,"summaryZh":` + x + `}]}`, "GET /diff": `{"items":[{"kind":` + x + `,"key":` + x + `,"before":` + x + `,"after":` + x + `}]}`,
		"POST /undo": detail, "POST /fork": detail, "GET /__admin/sandboxes": `{"items":[{"id":` + x + `,"merchants":[` + x + `]}]}`,
	})
	for _, row := range []struct {
		cmd  func() *cobra.Command
		args []string
	}{
		{NewOrders, nil},
		{NewSMS, []string{"1"}},
		{NewClock, nil},
		{NewFault, nil},
		{NewRules, nil},
		{NewSandbox, nil},
		{NewSandbox, []string{"log"}},
		{NewSandbox, []string{"diff", "--from", "1"}},
		{NewSandbox, []string{"undo", "--to", "1"}},
		{NewSandbox, []string{"fork"}},
	} {
		for _, language := range []string{"en", "zh"} {
			got := commandtest.Run(t, row.cmd(), append(row.args, "--server", s.URL, "--lang", language)...)
			require.Equal(t, cli.ExitOK, got.Code, got.Err)
			require.Contains(t, got.Out, `a\x1b[2J\x9b2J\x7f`, row.args)
			require.False(t, strings.ContainsFunc(got.Out, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }), "%q", got.Out)
		}
	}
}
