package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A ring is the newest of what was put into it, and as large as they are.
func TestRing_asASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r ring[int]
		var all []int
		most, mostBytes := rapid.IntRange(1, 9).Draw(t, "most"), rapid.IntRange(1, 40).Draw(t, "bytes")
		for _, v := range rapid.SliceOf(rapid.IntRange(0, 20)).Draw(t, "values") {
			had := len(all)
			all = append(all, v)
			sum := func() (n int) {
				for _, v := range all {
					n += v
				}
				return n
			}
			for len(all) > 1 && (len(all) > most || sum() > mostBytes) {
				all = all[1:]
			}
			require.EqualValues(t, had+1-len(all), r.add(v, v, most, mostBytes))
			require.Equal(t, len(all), r.len())
			require.Equal(t, sum(), r.size)
			for i, v := range all {
				require.Equal(t, v, *r.at(i))
			}
		}
	})
}
