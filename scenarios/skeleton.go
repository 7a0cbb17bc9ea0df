package scenarios

import (
	_ "embed"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
)

//go:embed skeleton.yaml
var skeleton string

// Skeleton is a scenario to begin with: it runs as it is, and its comments say what else there is.
func Skeleton(name string) []byte {
	return []byte(strings.Replace(skeleton, "name: my-scenario", "name: "+name, 1))
}

var noSlug = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// NameOf is a name for a scenario in a file: the file's, without folder and ending.
func NameOf(file string) string {
	name := filepath.Base(file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Trim(noSlug.ReplaceAllString(name, "-"), "-._")
	if name == "" {
		return "my-scenario"
	}
	return name
}

// Brief is a value as one line of JSON, cut where it is long.
func Brief(v any) string { return expression.Brief(v) }
