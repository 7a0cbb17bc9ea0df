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
