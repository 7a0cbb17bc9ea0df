package show

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/gosource"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// Every kind of input that the engine and the platform have is in Chinese here, and every kind of event of a city is.
func TestKinds_areInChinese(t *testing.T) {
	t.Parallel()
	const engine = "../../../../mock/internal/"
	found := 0
	for _, file := range append(gosource.Tree(t, engine+"engine"), gosource.Tree(t, engine+"platform")...) {
		for _, decl := range file.Syntax.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !strings.EqualFold(method.Name.Name, "kind") || method.Body == nil {
				continue
			}
			ast.Inspect(method.Body, func(n ast.Node) bool {
				if back, ok := n.(*ast.ReturnStmt); ok && len(back.Results) == 1 {
					if kind, ok := gosource.Text(back.Results[0]); ok && kind != "command" && kind != "call" {
						assert.Contains(t, inputKinds, kind)
						found++
					}
				}
				return true
			})
		}
	}
	require.GreaterOrEqual(t, found, len(inputKinds), "of each there is one")
	for _, kind := range traffic.Kinds() {
		assert.Contains(t, cityEvents, kind.Name)
		event := traffic.Event{Kind: kind.Name, PlateNumber: "渝A00001"}
		assert.Contains(t, (&Printer{&cli.Printer{Chinese: true}}).TrafficEvent(event), cityEvents[kind.Name]+" 渝A00001")
		assert.Contains(t, (&Printer{&cli.Printer{}}).TrafficEvent(event), kind.Name+" 渝A00001")
	}
}

// What was not as it should have been in a city's day is said in the reader's language: when, what happened, to which car, and why.
func TestTrafficReport_failures(t *testing.T) {
	t.Parallel()
	report := &traffic.Report{Unexpected: 1, Failed: []traffic.Event{{
		At: at("2017-08-20 12:00:00"), Kind: "wrong", PlateNumber: "渝A00001", Failure: "carnum: want code 9, got 0 ok",
	}}}
	for chinese, want := range map[bool]string{
		false: "1 thing that should not have been:\n  2017-08-20 12:00:00 wrong 渝A00001: carnum: want code 9, got 0 ok\n",
		true:  "  2017-08-20 12:00:00 " + cityEvents["wrong"] + " 渝A00001：carnum：code 应为 9，实际为 0 ok\n",
	} {
		p, out := printer(chinese)
		p.TrafficReport(report)
		require.Contains(t, out.String(), want)
	}
}
