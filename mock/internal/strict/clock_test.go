package strict_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"2017-08-20 12:00:00":       "2017-08-20 12:00:00",
		"2017-08-20T12:00:00+08:00": "2017-08-20 12:00:00",
		"2017-08-20T04:00:00Z":      "2017-08-20 12:00:00",
		"2017-08-20T04:00:00.5Z":    "2017-08-20 12:00:00",
		"1970-01-01 00:00:00":       "1970-01-01 00:00:00",
		"1969-12-31T16:00:00Z":      "1970-01-01 00:00:00",
		"9999-12-31 23:59:59":       "9999-12-31 23:59:59",
		"2020-02-29 00:00:00":       "2020-02-29 00:00:00",
	} {
		got, err := strict.ParseTime(text)
		require.NoError(t, err, text)
		require.Equal(t, want, strict.Time{Time: got}.String())
	}
	const form = `want a time such as "2017-08-20 12:00:00" (Asia/Shanghai) or "2017-08-20T12:00:00+08:00",`
	for text, want := range map[string]string{
		"":                       form + ` got ""`,
		"2017-08-20":             form + ` got "2017-08-20"`,
		"2017-08-20 1:00:00":     form + ` got "2017-08-20 1:00:00"`,
		"2017-08-20 12:00:00.5":  form + ` got "2017-08-20 12:00:00.5"`,
		"2017-08-20 1:00:00.":    form + ` got "2017-08-20 1:00:00."`,
		"2017-08-20T12:00:00":    form + ` got "2017-08-20T12:00:00"`,
		"2017-08-20T1:00:00.00Z": form + ` got "2017-08-20T1:00:00.00Z"`,
		"2017-02-29 00:00:00":    form + ` day out of range: got "2017-02-29 00:00:00"`,
		"2017-08-20 24:00:00":    form + ` hour out of range: got "2017-08-20 24:00:00"`,
		"1969-12-31 23:59:59":    `want a time of the years 1970 to 9999, got "1969-12-31 23:59:59"`,
		"9999-12-31T23:59:59Z":   `want a time of the years 1970 to 9999, got "9999-12-31T23:59:59Z"`,
		"2017年08月20日 12:00:00":   form + ` got "2017年08月20日 12:00:00"`,
	} {
		_, err := strict.ParseTime(text)
		require.EqualError(t, err, want, text)
	}
}

func TestTypes_inEncodingJSON(t *testing.T) {
	type values struct {
		At strict.Time     `json:"at"`
		By strict.Duration `json:"by"`
	}
	var v values
	const text = `{"at":"2017-08-20 12:00:00","by":"8d"}`
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	require.Equal(t, text, string(out))
	require.Error(t, json.Unmarshal([]byte(`{"at":5}`), &v))
	require.Error(t, json.Unmarshal([]byte(`{"by":"x"}`), &v))
}
