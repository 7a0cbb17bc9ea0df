package strict_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "0d": 0, "45m": 45 * time.Minute, "26h30m": 26*time.Hour + 30*time.Minute, "8d": 8 * day, "1d12h": 36 * time.Hour,
		"1.5d": 36 * time.Hour, "500ms": 500 * time.Millisecond, "1h0m5s": time.Hour + 5*time.Second, "36524d23h": 36524*day + 23*time.Hour, ".5h": 30 * time.Minute,
	} {
		got, err := strict.ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"":            `want a duration such as "45m", "26h30m" or "8d", got ""`,
		"5":           `want a duration such as "45m", "26h30m" or "8d", got "5"`,
		"d":           `want a duration such as "45m", "26h30m" or "8d", got "d"`,
		"xd":          `want a duration such as "45m", "26h30m" or "8d", got "xd"`,
		"1h2d":        `want a duration such as "45m", "26h30m" or "8d", got "1h2d"`,
		"1d2d":        `want a duration such as "45m", "26h30m" or "8d", got "1d2d"`,
		"+1d":         `want a duration such as "45m", "26h30m" or "8d", got "+1d"`,
		"+1h":         `want a duration such as "45m", "26h30m" or "8d", got "+1h"`,
		"1d-1h":       `want a duration such as "45m", "26h30m" or "8d", got "1d-1h"`,
		"1 h":         `want a duration such as "45m", "26h30m" or "8d", got "1 h"`,
		"-1h":         `want a duration such as "45m", "26h30m" or "8d", not negative, got "-1h"`,
		"36525d":      `want a duration below 100 years, got "36525d"`,
		"36524d24h":   `want a duration below 100 years, got "36524d24h"`,
		"900000h":     `want a duration below 100 years, got "900000h"`,
		"9999999999h": `want a duration such as "45m", "26h30m" or "8d", got "9999999999h"`,
	} {
		_, err := strict.ParseDuration(text)
		require.EqualError(t, err, want, text)
	}
}

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "10m": 10 * time.Minute, "7d": 7 * 24 * time.Hour, "26h30m": 26*time.Hour + 30*time.Minute, "36h": 36 * time.Hour, "1h5s": time.Hour + 5*time.Second,
		"1.5s": 1500 * time.Millisecond, "1h500ms": time.Hour + 500*time.Millisecond, "1d": 24 * time.Hour, "1m30s": 90 * time.Second,
	} {
		require.Equal(t, want, strict.FormatDuration(d))
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(36525*24*time.Hour)-1).Draw(rt, "d"))
		got, err := strict.ParseDuration(strict.Duration(d).String())
		require.NoError(rt, err)
		require.Equal(rt, d, got)
	})
}

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
