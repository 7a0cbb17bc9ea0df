package client_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
)

func TestFen(t *testing.T) {
	for text, want := range map[string]client.Fen{
		"8": 800, "8.0": 800, "8.00": 800, "8.000": 800, "10.34": 1034, "0": 0, "0.05": 5, "-1.5": -150, "007": 700,
		"92233720368547758.07": math.MaxInt64,
	} {
		got, err := client.ParseYuan(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		again, err := client.ParseYuan(got.String())
		require.NoError(t, err)
		assert.Equal(t, want, again)
	}
	for _, text := range []string{"", "-", ".5", "5.", "+8", "8e0", "1.005", "--1", "1,5", "８", "92233720368547758.08", " 8"} {
		_, err := client.ParseYuan(text)
		assert.Error(t, err, text)
	}
	for fen, want := range map[client.Fen]string{800: "8.0", 550: "5.5", 1034: "10.34", 5: "0.05", 0: "0.0", -150: "-1.5", math.MinInt64: "-92233720368547758.08"} {
		assert.Equal(t, want, fen.String())
	}
	var read []client.Fen
	require.NoError(t, json.Unmarshal([]byte(`["5.5", 5.5, 2, "0.0"]`), &read))
	assert.Equal(t, []client.Fen{550, 550, 200, 0}, read)
	for _, text := range []string{`null`, `true`, `{}`, `"x"`, `1e3`, `1.234`} {
		var fen client.Fen
		assert.Error(t, json.Unmarshal([]byte(text), &fen), text)
	}
}

// A number that comes as text is a number for the caller (§9.11), and what is none is not taken for 0.
func TestCount(t *testing.T) {
	var read []client.Count
	require.NoError(t, json.Unmarshal([]byte(`["114", 114, "0", "007"]`), &read))
	assert.Equal(t, []client.Count{114, 114, 0, 7}, read)
	for _, text := range []string{`null`, `true`, `[]`, `""`, `"x"`, `"-1"`, `-1`, `1.5`, `"1e3"`, `1e3`, `"99999999999999999999"`} {
		var n client.Count
		assert.Error(t, json.Unmarshal([]byte(text), &n), text)
	}
}

func TestTime(t *testing.T) {
	at := client.At(time.Date(2017, 8, 20, 4, 59, 54, 999, time.UTC))
	assert.Equal(t, "2017-08-20 12:59:54", at.String())
	text, err := json.Marshal([]client.Time{at, {}})
	require.NoError(t, err)
	assert.JSONEq(t, `["2017-08-20 12:59:54",""]`, string(text))
	var back []client.Time
	require.NoError(t, json.Unmarshal(text, &back))
	assert.True(t, back[0].Equal(at.Time))
	assert.True(t, back[1].IsZero())
	for _, bad := range []string{"2017-8-20 12:59:54", "2017-02-30 00:00:00", "2017-08-20T12:59:54", "2017-08-20 12:59:54.5", "x", ""} {
		_, err := client.ParseTime(bad)
		assert.Error(t, err, bad)
	}
	assert.Error(t, json.Unmarshal([]byte(`7`), &at))
}

func TestID_isReadFromStringAndNumber(t *testing.T) {
	var ids []client.ID
	require.NoError(t, json.Unmarshal([]byte(`["1002559", 3126]`), &ids))
	assert.Equal(t, []client.ID{"1002559", "3126"}, ids)
}
