package jsonvalue

import (
	"encoding/json"
	"strconv"
	"strings"
)

// SameNumber reports whether two values that [Decode] gave are numbers of the same value, however they are written: 8 and 8.0.
func SameNumber(a, b any) bool {
	x, isNumber := a.(json.Number)
	y, both := b.(json.Number)
	return isNumber && both && EqualNumbers(x.String(), y.String())
}

// EqualNumbers reports whether two JSON numbers have the same value, exactly, however long they are.
func EqualNumbers(a, b string) bool {
	if a == b {
		return true
	}
	if !strings.ContainsAny(a, ".eE") && !strings.ContainsAny(b, ".eE") {
		return false
	}
	negativeA, digitsA, exponentA, okA := scientific(a)
	negativeB, digitsB, exponentB, okB := scientific(b)
	return okA && okB && digitsA == digitsB && (digitsA == "" || negativeA == negativeB && exponentA == exponentB)
}

// scientific splits a JSON number into its digits without zeros around them and the power of ten of the last. Zero has no digits.
func scientific(text string) (negative bool, digits string, exponent int, ok bool) {
	text, negative = strings.CutPrefix(text, "-")
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(text[i+1:]); err != nil {
			return false, "", 0, false
		}
		text = text[:i]
	}
	whole, part, _ := strings.Cut(text, ".")
	digits = strings.TrimLeft(whole+part, "0")
	exponent -= len(part)
	kept := strings.TrimRight(digits, "0")
	return negative, kept, exponent + len(digits) - len(kept), true
}
