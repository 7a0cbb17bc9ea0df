package scenarios

import (
	_ "embed"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

var (
	//go:embed skeleton.yaml
	skeleton string
	//go:embed skeleton.zh.yaml
	skeletonZh string
)

// Skeleton is a scenario to begin with: it runs as it is, and its comments say what else there is, in English ("en") or Chinese ("zh").
func Skeleton(name, language string) []byte {
	return []byte(strings.Replace(lang.T(skeleton, skeletonZh).In(language), "name: my-scenario", "name: "+QuotedName(name), 1))
}

// QuotedName is a name as it stands in a file: in quotes where it needs them.
func QuotedName(name string) string {
	if syntax.Ambiguous(name) {
		return expression.Brief(name) // JSON's quotes are YAML's
	}
	return name
}
