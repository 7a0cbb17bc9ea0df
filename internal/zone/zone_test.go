package zone_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// §3.2's example is 13:24:52 in Asia/Shanghai, eight hours before UTC's clock, in winter and in summer.
func TestShanghai(t *testing.T) {
	at, err := time.ParseInLocation(zone.StampLayout, "20170721132452", zone.Shanghai)
	require.NoError(t, err)
	require.Equal(t, time.Date(2017, 7, 21, 5, 24, 52, 0, time.UTC), at.UTC())
	require.Equal(t, "2017-07-21 13:24:52", at.Format(zone.Layout))
	_, offset := time.Date(2017, 1, 1, 0, 0, 0, 0, zone.Shanghai).Zone()
	require.Equal(t, 8*60*60, offset)
}

// A time is given as the platform writes it or in RFC 3339, and is told in Shanghai's zone.
func TestParse(t *testing.T) {
	for text, whole := range map[string]bool{
		"2026-11-28 12:00:00": true, "2026-11-28T12:00:00+08:00": true, "2026-11-28T04:00:00Z": true, "2026-11-27T23:00:00-05:00": true,
		"2026-11-28T04:00:00.000Z": false,
	} {
		at, named, err := zone.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, "2026-11-28 12:00:00", at.Format(zone.Layout), text)
		require.Equal(t, whole, named, text)
	}
	at, _, err := zone.Parse("2026-11-28T12:00:00.25+08:00")
	require.NoError(t, err)
	require.Equal(t, 250*time.Millisecond, at.Sub(at.Truncate(time.Second)))
	for _, text := range []string{"", "noon", "2026-11-28", "2026-11-28 12:00", "2026-11-28 12:00:00.5", "2026-11-28T12:00:00", "2026-11-31 12:00:00", "2026-11-28 12:00:00+08:00", "20261128120000"} {
		_, _, err := zone.Parse(text)
		require.Error(t, err, text)
	}
}
