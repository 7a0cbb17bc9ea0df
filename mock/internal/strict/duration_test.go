package strict_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func TestDuration_inEncodingJSON(t *testing.T) {
	type values struct {
		By strict.Duration `json:"by"`
	}
	var v values
	const text = `{"by":"8d"}`
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	require.Equal(t, text, string(out))
	require.Error(t, json.Unmarshal([]byte(`{"by":5}`), &v))
	require.Error(t, json.Unmarshal([]byte(`{"by":"x"}`), &v))
}
