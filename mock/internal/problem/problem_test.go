package problem

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// A problem with all that one may have is as the schema of the control API has it.
func TestProblem_asItsSchema(t *testing.T) {
	pending, first := 1, uint64(2)
	whole := Problem{
		Type: "about:blank", Title: "Conflict", Status: 409, Detail: "what is wrong", Reason: UnknownPush, Parameter: "limit", Pending: &pending, First: &first,
		Errors: []Field{{Pointer: "/a", Detail: "is wrong", Line: 3, Column: 4}},
		Clock:  map[string]any{"now": "2017-08-20 12:00:00", "mode": "frozen", "rate": 1},
	}
	text, err := json.Marshal(whole)
	require.NoError(t, err)
	var members map[string]any
	require.NoError(t, json.Unmarshal(text, &members))
	require.Len(t, members, 10, "all that is sent")
	require.NoError(t, schemas.ValidateControl("Problem", text))
}
