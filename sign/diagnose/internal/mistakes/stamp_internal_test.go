package mistakes

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// A time with milliseconds is written as its layout writes it, whichever second it falls into.
func TestInSeconds(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{time.Date(2017, 8, 20, 12, 0, 0, 0, zone.Shanghai), time.Date(1969, 12, 31, 23, 59, 59, 0, zone.Shanghai)} {
		write := inSeconds(at, func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.") }, "Z")
		for ms := -2300; ms < 2300; ms++ {
			require.Equal(t, at.Add(time.Duration(ms)*time.Millisecond).UTC().Format("2006-01-02T15:04:05.000Z"), write(ms))
		}
	}
}
