package fault_test

import (
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// An effect has a file here that does it, and can be set wherever a fault is: with the client of the control API, and by a flag of fault add.
// The schemas and the steps of scenarios are read off its row.
func TestEffects_canBeSetEverywhere(t *testing.T) {
	commands, err := os.ReadFile("../../../cmd/etcp-mock/internal/sandbox/fault.go")
	require.NoError(t, err)
	field := map[string]string{} // of the client, by name in JSON
	for f := range reflect.TypeFor[control.FaultDo]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		field[name] = f.Name
	}
	require.Len(t, field, len(schemas.Effects()))
	for _, e := range schemas.Effects() {
		require.NotEmpty(t, field[e.Name], "client/control/faults.go: %s", e.Name)
		require.Regexp(t, regexp.MustCompile(`fault\.Do\.`+field[e.Name]+`\b`), string(commands), "cmd/etcp-mock/internal/sandbox/fault.go")
		file, err := os.ReadFile(strings.ToLower(e.Name) + ".go")
		require.NoError(t, err)
		require.Contains(t, string(file), `register("`+e.Name+`", effect{`)
		for what, where := range map[string]bool{"request:": e.Requests, "push:": e.Pushes} {
			require.Equal(t, where, strings.Contains(string(file), "\t"+what), "%s in the file, and in the row of %s", what, e.Name)
		}
	}
}

// What a fault's texts take is counted, whichever effect has them.
func TestSet_bytesOfTexts(t *testing.T) {
	long := strings.Repeat("x", 1000)
	bytes := func(do fault.Do) int {
		s := fault.NewSet(rand.NewPCG(1, 2))
		_, err := s.Add(fault.Fault{Do: do})
		require.NoError(t, err)
		return s.Bytes()
	}
	for name, do := range map[string]fault.Do{"message": {Message: &long}, "body": {Body: &long}, "headers": {Headers: map[string]string{"X": long}}} {
		require.GreaterOrEqual(t, bytes(do), bytes(fault.Do{})+len(long), name)
	}
}
