package control

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// servedElsewhere are calls of the control API that other packages answer: figures, the description, who is let in.
var servedElsewhere = []string{
	"GET /metrics", "GET " + Prefix + "/openapi.json", "GET " + Prefix + "/docs",
	"GET " + Prefix + "/session", "POST " + Prefix + "/session", "DELETE " + Prefix + "/session",
}

// Every route is described, and every description is that of a route, by the same names of its parameters.
func TestRoutes_areThoseOfTheDescription(t *testing.T) {
	parameter := regexp.MustCompile(`:([a-z]+)`)
	var served, described []string
	for _, r := range (&Control{}).routes() {
		if r.method != "HEAD" { // goes with GET
			served = append(served, r.method+" "+parameter.ReplaceAllString(r.path, "{$1}"))
		}
	}
	for _, r := range schemas.ControlRoutes() {
		if call := r.Method + " " + r.Path; !slices.Contains(servedElsewhere, call) {
			described = append(described, call)
		}
	}
	require.ElementsMatch(t, described, served)
	for _, call := range served {
		require.False(t, strings.Contains(call, ":"), call)
	}
}
