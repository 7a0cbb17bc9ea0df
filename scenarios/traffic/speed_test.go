package traffic

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// A speed that is taken is a number that time can be divided by, or none.
func FuzzSpeed(f *testing.F) {
	for _, seed := range []string{"max", "10x", "1", "0", "-1x", "NaN", "Inf", "1e9x", "1e10", "xx", "0x10", "1_0", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		speed, err := ParseSpeed(text)
		if err == nil {
			require.True(t, speed >= 0 && !math.IsInf(speed, 0) && !math.IsNaN(speed), speed)
		}
	})
}
