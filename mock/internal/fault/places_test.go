package fault_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// An effect can be set wherever a fault is: it is in the schema of the control API, in its client, in the steps of scenarios, and a flag of fault add.
func TestEffects_canBeSetEverywhere(t *testing.T) {
	text, err := os.ReadFile("../../../schemas/control/defs.json")
	require.NoError(t, err)
	var defs struct {
		Fault struct {
			Properties struct {
				Do struct{ Properties map[string]json.RawMessage }
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &defs))
	commands, err := os.ReadFile("../../../cmd/etcp-mock/internal/sandbox/fault.go")
	require.NoError(t, err)
	field := map[string]string{} // of the client, by name in JSON
	for f := range reflect.TypeFor[control.FaultDo]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		field[name] = f.Name
	}
	require.Len(t, defs.Fault.Properties.Do.Properties, len(fault.Effects()))
	require.Len(t, field, len(fault.Effects()))
	for _, e := range fault.Effects() {
		require.Contains(t, defs.Fault.Properties.Do.Properties, e.Name, "schemas/control/defs.json")
		require.NotEmpty(t, field[e.Name], "client/control/faults.go: %s", e.Name)
		require.Regexp(t, regexp.MustCompile(`fault\.Do\.`+field[e.Name]+`\b`), string(commands), "cmd/etcp-mock/internal/sandbox/fault.go")
		_, err := scenarios.Parse("effect.yaml", []byte("name: effect\nsteps:\n- fault: {do: {"+e.Name+": {nothing: [like, that]}}}\n"))
		require.NotContains(t, err.Error(), "unknown field \""+e.Name, "scenarios/internal/language/table_fixture.go")
		require.NotContains(t, err.Error(), "unknown field "+e.Name, "scenarios/internal/language/table_fixture.go")
	}
	_, err = scenarios.Parse("effect.yaml", []byte("name: effect\nsteps:\n- fault: {do: {explode: true}}\n"))
	require.ErrorContains(t, err, "explode")
	require.ErrorContains(t, err, "unknown field", "what an effect that is not in the table is refused as")
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
