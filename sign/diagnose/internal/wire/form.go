// Package wire knows the texts of requests and pushes as they travel: character sets, URL encoding, forms, JSON that is cut, the platform's own formats.
package wire

import (
	"slices"
	"strings"
)

// parameters are the four parameters of a request (§3), as they are named.
var parameters = []string{"merchant_no", "time_stamp", "data", "sign"}

// Pair is a parameter as it stands in a query or form: its name decoded, its value not.
type Pair struct{ Name, Raw, Text string }

// mostPairs bounds how many parameters are looked at.
const mostPairs = 64

// IsParameter reports whether §3 has a parameter of that name.
func IsParameter(name string) bool {
	return slices.Contains(parameters, name)
}

// Pairs are the first parameters of a query or form, in their order.
func Pairs(text string) (pairs []Pair) {
	for p := range strings.SplitSeq(text, "&") {
		if len(pairs) == mostPairs {
			break
		}
		name, raw, _ := strings.Cut(p, "=")
		pairs = append(pairs, Pair{Unescape(name, true), raw, p})
	}
	return pairs
}

// Longest is the data that is taken apart as JSON, repaired or encoded anew; of a longer one only the parts' order, the key and the stamp are tried.
const Longest = 4 << 10

// Huge is the data that is hashed twice at most.
const Huge = 64 << 10
