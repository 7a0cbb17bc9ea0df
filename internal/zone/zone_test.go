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
