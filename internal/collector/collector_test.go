package collector

import (
	"runtime/metrics"
	"testing"

	"github.com/stretchr/testify/require"
)

// A small heap may grow by 24 MiB, a large one by half.
func TestTarget(t *testing.T) {
	target := (&tuner{growth: growth, most: most}).target
	require.Equal(t, most, target(0))
	require.Equal(t, most, target(1<<20))
	require.Equal(t, 300, target(8<<20))
	require.Equal(t, 100, target(24<<20))
	require.Equal(t, 50, target(48<<20))
	require.Equal(t, 50, target(4<<30))
	ofRun := (&tuner{growth: runGrowth, most: mostOfRun}).target
	require.Equal(t, mostOfRun, ofRun(0))
	require.Equal(t, 100, ofRun(48<<20))
}

// A program that rests gives memory back once, where that is worth it, and again after it was busy.
func TestIdler(t *testing.T) {
	i := &idler{}
	require.False(t, i.wants(100<<20, 50<<20), "it was busy")
	require.False(t, i.wants(100<<20, worth-1), "there is little to give back")
	require.True(t, i.wants(100<<20+1000, 50<<20))
	require.False(t, i.wants(100<<20+2000, 50<<20), "it was just done")
	require.False(t, i.wants(200<<20, 50<<20), "it is busy again")
	require.True(t, i.wants(200<<20, 50<<20))
	(&idler{sample: []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}}).look()
}
