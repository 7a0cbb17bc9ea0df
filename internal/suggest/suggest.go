// Package suggest finds the name that was probably meant.
package suggest

import (
	"fmt"
	"strings"
)

// longest is how many letters a name may have that is compared letter by letter.
const longest = 64

// Nearest is the name among those known that is most like a given one: the same but for case, spaces and punctuation, or else up to a
// third of its letters away, three at the most. It is "" where none is like it.
func Nearest(given string, known []string) string {
	if len(given) > 16*longest {
		return "" // however it is folded
	}
	plain := []rune(fold(given))
	if len(plain) == 0 {
		return ""
	}
	best, least := "", 1+min(3, len(plain)/3)
	for _, name := range known {
		other := []rune(fold(name))
		if string(other) == string(plain) {
			return name
		}
		if off := len(other) - len(plain); off >= least || -off >= least || len(plain) > longest || len(other) > longest {
			continue
		}
		if d := distance(plain, other); d < least {
			best, least = name, d
		}
	}
	return best
}

// DidYouMean is `did you mean "name"?` with the nearest of the known names, or "".
func DidYouMean(given string, known []string) string {
	if near := Nearest(given, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// SameStart is the only one of the known names that begins as a given one does, by three letters at least and half of its own: entry of
// "entrance". It is "" where none does, or several.
func SameStart(given string, known []string) string {
	found, start := "", []rune(given)
	for _, name := range known {
		letters, n := []rune(name), 0
		for n < len(letters) && n < len(start) && letters[n] == start[n] {
			n++
		}
		if n < 3 || 2*n < len(letters) {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

var punctuation = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

func fold(s string) string { return strings.ToLower(punctuation.Replace(s)) }

// distance is how many letters have to be put in, left out, changed or swapped with their neighbour to make b of a.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
