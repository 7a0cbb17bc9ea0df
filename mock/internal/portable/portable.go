// Package portable has the few functions of floating point that a sandbox keeps results of, with the same bits on every
// architecture. Those of package math differ in their last bits: some are written in assembly for one architecture and not
// for another, and on arm64, ppc64le and s390x the compiler joins a product and a sum into one operation that rounds once.
// Here every product is rounded by a conversion, which the language promises to be enough, and beyond + - * / only
// functions are used that IEEE 754 or their definition makes exact: Sqrt, Round, Frexp, Ldexp.
//
// The results are within some units in the last place of the true ones.
package portable

import (
	"math"
	"math/rand/v2"
)

// SinCos is the sine and cosine of an angle in degrees, from -180 to 180.
func SinCos(degrees float64) (sin, cos float64) {
	quarter := math.Round(degrees / 90)
	rest := degrees - float64(quarter*90) // exact: the two are within a factor of two of each other, or quarter is 0
	sin, cos = sinCosNear0(float64(rest * (math.Pi / 180)))
	switch int(quarter) {
	case 1:
		return cos, -sin
	case -1:
		return -cos, sin
	case 2, -2:
		return -sin, -cos
	default:
		return sin, cos
	}
}

// The coefficients are those of the Cephes library, as in package math.
var (
	sinSeries = [...]float64{1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6, -1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1}
	cosSeries = [...]float64{-1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7, 2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2}
)

// sinCosNear0 is of angles up to a quarter of π, in radians.
func sinCosNear0(x float64) (sin, cos float64) {
	square := float64(x * x)
	for i := range sinSeries {
		sin = float64(sin*square) + sinSeries[i]
		cos = float64(cos*square) + cosSeries[i]
	}
	return x + float64(x*float64(square*sin)), 1 - float64(square*0.5) + float64(float64(square*square)*cos)
}

// AsinSmall is the arc sine of a number from 0 to 0.001; of a larger one it gives less than the arc sine, but never less
// than the number.
func AsinSmall(x float64) float64 {
	square := float64(x * x)
	return float64(x * (1 + float64(square*(1+float64(square*9)/20))/6)) // x + x³/6 + 3x⁵/40
}

// Log is the natural logarithm of a positive number.
func Log(x float64) float64 {
	m, exponent := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, exponent = float64(2*m), exponent-1
	}
	f := (m - 1) / (m + 1) // log m = 2·(f + f³/3 + f⁵/5 + …), and f is below 0.172
	square, sum := float64(f*f), 0.0
	for n := 23; n > 0; n -= 2 {
		sum = 1/float64(n) + float64(square*sum)
	}
	return float64(float64(exponent)*math.Ln2) + float64(2*float64(f*sum))
}

// Exp is e to the power of a number.
func Exp(x float64) float64 {
	switch {
	case x > 709:
		return math.Inf(1)
	case x < -709:
		return 0
	}
	const (
		ln2High = 6.93147180369123816490e-01 // its last 32 bits are 0, so that its product with an exponent is exact
		ln2Low  = 1.90821492927058770002e-10
	)
	exponent := math.Round(x / math.Ln2)
	r := x - float64(exponent*ln2High) - float64(exponent*ln2Low)
	sum := 1.0
	for n := 16; n > 0; n-- {
		sum = 1 + float64(r*sum)/float64(n)
	}
	return math.Ldexp(sum, int(exponent))
}

// Normal draws from the normal distribution around 0 with the deviation 1 (Marsaglia's polar method).
func Normal(source rand.Source) float64 {
	rng := rand.New(source) //nolint:gosec // what is drawn has to repeat
	for {
		u, v := float64(2*rng.Float64())-1, float64(2*rng.Float64())-1
		square := float64(u*u) + float64(v*v)
		if square > 0 && square < 1 {
			return float64(u * math.Sqrt(-2*Log(square)/square))
		}
	}
}
