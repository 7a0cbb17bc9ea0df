package scenarios

import (
	_ "embed"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

//go:embed skeleton.yaml
var skeleton string

// Skeleton is a scenario to begin with: it runs as it is, and its comments say what else there is.
func Skeleton(name string) []byte {
	return []byte(strings.Replace(skeleton, "name: my-scenario", "name: "+QuotedName(name), 1))
}

// QuotedName is a name as it stands in a file: in quotes where it needs them.
func QuotedName(name string) string {
	if syntax.Ambiguous(name) {
		return expression.Brief(name) // JSON's quotes are YAML's
	}
	return name
}
