package portable_test

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/portable"
)

// The results are those of package math, but for the last bits.
func TestNearPackageMath(t *testing.T) {
	const rad = math.Pi / 180
	for degrees := -180.0; degrees <= 180; degrees += 0.001953125 {
		sin, cos := portable.SinCos(degrees)
		require.InDelta(t, math.Sin(degrees*rad), sin, 4e-16, degrees)
		require.InDelta(t, math.Cos(degrees*rad), cos, 4e-16, degrees)
	}
	for _, exact := range [][3]float64{{0, 0, 1}, {90, 1, 0}, {-90, -1, 0}, {180, 0, -1}, {-180, 0, -1}} {
		sin, cos := portable.SinCos(exact[0])
		require.Equal(t, exact[1:], []float64{sin + 0, cos + 0}, "at %v degrees", exact[0]) // + 0: no -0
	}
	for x := 0.0; x <= 0.001; x += 1e-6 {
		require.InEpsilon(t, 1+math.Asin(x), 1+portable.AsinSmall(x), 1e-18)
	}
	for x := 0.001; x <= 1; x += 0.001 {
		require.GreaterOrEqual(t, portable.AsinSmall(x), x)
		require.LessOrEqual(t, portable.AsinSmall(x), math.Asin(x)+1e-18)
	}
	for x := 1e-300; x < 1e300; x *= 1.37 {
		require.InDelta(t, 1, portable.Log(x)/math.Log(x), 1e-15, x)
	}
	require.Zero(t, portable.Log(1))
	for x := -700.0; x < 700; x += 0.37 {
		require.InDelta(t, 1, portable.Exp(x)/math.Exp(x), 1e-15, x)
	}
	require.Equal(t, 1.0, portable.Exp(0))
	require.Equal(t, 0.0, portable.Exp(-1e9))
	require.True(t, math.IsInf(portable.Exp(1e9), 1))
}

func TestNormal_isNormal(t *testing.T) {
	const n = 100_000
	source := rand.NewPCG(1, 2)
	var sum, squares float64
	within := 0
	for range n {
		x := portable.Normal(source)
		sum, squares = sum+x, squares+x*x
		if math.Abs(x) < 1 {
			within++
		}
	}
	require.InDelta(t, 0, sum/n, 0.01)
	require.InDelta(t, 1, squares/n, 0.02)
	require.InDelta(t, 0.6827, float64(within)/n, 0.005)
}

// The bits are these on every architecture: the number was found on amd64 and again on arm64.
func TestSameBitsEverywhere(t *testing.T) {
	digest := fnv.New64a()
	add := func(all ...float64) {
		for _, x := range all {
			require.NoError(t, binary.Write(digest, binary.BigEndian, math.Float64bits(x)))
		}
	}
	source := rand.NewPCG(3, 4)
	rng := rand.New(source)
	for range 20_000 {
		sin, cos := portable.SinCos(float64(rng.Float64()*360) - 180)
		add(sin, cos, portable.AsinSmall(float64(rng.Float64()/1000)), portable.Log(float64(rng.Float64()*1e6)), portable.Exp(float64(rng.Float64()*100)-50), portable.Normal(source))
	}
	require.Equal(t, uint64(0x90232d6a94e3c1e7), digest.Sum64())
}
