package platform

import "strings"

// Nearest is the name that was probably meant, or "" where none is near: the
// same but for case and spaces, or else within a third of its letters.
func Nearest(given string, names []string) string {
	const longest = 64
	given = strings.ToLower(strings.TrimSpace(given))
	if given == "" || len(given) > longest {
		return ""
	}
	best, least := "", 1+len(given)/3
	for _, name := range names {
		if off := len(name) - len(given); off > least || -off > least || len(name) > longest {
			continue
		}
		if d := distance(given, strings.ToLower(name)); d < least || d == least && best == "" {
			best, least = name, d
		}
	}
	return best
}

// distance is how many bytes must be put in, taken out or changed (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
