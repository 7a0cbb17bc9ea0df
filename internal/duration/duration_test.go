package duration_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/duration"
)

func TestParse(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "0d": 0, "45m": 45 * time.Minute, "26h30m": 26*time.Hour + 30*time.Minute, "8d": 8 * day, "1d12h": 36 * time.Hour,
		"1.5d": 36 * time.Hour, "500ms": 500 * time.Millisecond, "1h0m5s": time.Hour + 5*time.Second, "36524d23h": 36524*day + 23*time.Hour, ".5h": 30 * time.Minute,
	} {
		got, err := duration.Parse(text)
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
		_, err := duration.Parse(text)
		require.EqualError(t, err, want, text)
	}
}

func TestFormat(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "10m": 10 * time.Minute, "7d": 7 * 24 * time.Hour, "26h30m": 26*time.Hour + 30*time.Minute, "36h": 36 * time.Hour, "1h5s": time.Hour + 5*time.Second,
		"1.5s": 1500 * time.Millisecond, "1h500ms": time.Hour + 500*time.Millisecond, "1d": 24 * time.Hour, "1m30s": 90 * time.Second,
	} {
		require.Equal(t, want, duration.Format(d))
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(36525*24*time.Hour)-1).Draw(rt, "d"))
		got, err := duration.Parse(duration.Format(d))
		require.NoError(rt, err)
		require.Equal(rt, d, got)
	})
}

// What people read: whole seconds, days only from two on.
func TestProse(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0:                                {"0s", "0 秒"},
		250 * time.Millisecond:           {"250ms", "250 毫秒"},
		24871930:                         {"24ms", "24 毫秒"},
		45 * time.Minute:                 {"45m", "45 分钟"},
		90 * time.Second:                 {"1m30s", "1 分 30 秒"},
		90 * time.Minute:                 {"1h30m", "1 小时 30 分"},
		24 * time.Hour:                   {"24h", "24 小时"},
		26*time.Hour + 30*time.Minute:    {"26h30m", "26 小时 30 分"},
		7 * 24 * time.Hour:               {"7d", "7 天"},
		-90 * time.Second:                {"-1m30s", "-1 分 30 秒"},
		90*time.Second + time.Nanosecond: {"1m30s", "1 分 30 秒"},
	} {
		require.Equal(t, want[0], duration.Prose(d))
		require.Equal(t, want[1], duration.Chinese(d))
	}
	require.Equal(t, "-2562047h47m16s", duration.Prose(math.MinInt64))
	require.Equal(t, "-2562047 小时 47 分 16 秒", duration.Chinese(math.MinInt64))
}

// A duration is never negative, and what is printed of whole seconds reads as the same.
func FuzzDuration(f *testing.F) {
	for _, seed := range []string{"45m", "26h30m", "8d", "1d12h", "60s", "0", "0s", "-1s", "d", "1.5h", "999999d", "1d-1h", "1dd", "9223372036s", "1e9s", "1h1d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := duration.Parse(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, d, time.Duration(0), text)
		if d%time.Second == 0 {
			again, err := duration.Parse(duration.Prose(d))
			require.NoError(t, err, duration.Prose(d))
			require.Equal(t, d, again, text)
		}
	})
}

func TestBetween(t *testing.T) {
	from := time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		to               time.Time
		english, chinese string
	}{
		{from.Add(90 * time.Minute), "1h30m", "1 小时 30 分"},
		{from.AddDate(0, 0, 7), "7d", "7 天"},
		{from.AddDate(0, 0, 376_200).Add(time.Hour), "376200d", "376200 天"}, // over 292 years
	} {
		english, chinese := duration.Between(from, row.to)
		require.Equal(t, row.english, english)
		require.Equal(t, row.chinese, chinese)
	}
}
