package template

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
)

// Fill is a text with its ${…} computed, for people; false where one cannot be.
func Fill(text string, scope map[string]any) (filled string, ok bool) {
	parts, err := Split(text)
	if err != nil {
		return "", false
	}
	var out strings.Builder
	for _, p := range parts {
		out.WriteString(p.Text)
		if p.Expr == nil {
			continue
		}
		if p.Compile() != nil {
			return "", false
		}
		v, err := p.Expr.Eval(scope)
		if err != nil {
			return "", false
		}
		shown, err := expression.Display(v)
		if err != nil {
			return "", false
		}
		out.WriteString(shown)
	}
	return out.String(), true
}
