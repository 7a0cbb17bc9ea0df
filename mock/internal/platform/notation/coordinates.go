package notation

import (
	"strconv"
	"strings"
)

// Latitude reads a plain decimal of degrees from -90 to 90 (§9.10).
func Latitude(text string) (degrees float64, ok bool) { return coordinate(text, 90) }

// Longitude reads a plain decimal of degrees from -180 to 180 (§9.10).
func Longitude(text string) (degrees float64, ok bool) { return coordinate(text, 180) }

// coordinate reads a plain decimal of degrees within ±most.
func coordinate(text string, most float64) (float64, bool) {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(text) > 24 || whole == "" || !Digits(whole) || !Digits(fraction) || (pointed && fraction == "") {
		return 0, false
	}
	degrees, err := strconv.ParseFloat(text, 64)
	return degrees, err == nil && degrees >= -most && degrees <= most
}
