package suggest

import "strings"

// Dotted is the name that was probably meant among names with dots, such as bind.max of bind.maximum; or else those that have their first part in
// common with the given one, or, where none has, their last; there may be none.
func Dotted(given string, known []string) (meant string, alike []string) {
	if meant = Nearest(given, known); meant != "" {
		return meant, nil
	}
	group, last := given, given
	if i := strings.LastIndexByte(given, '.'); i >= 0 {
		group, last = given[:i], given[i+1:]
	}
	var others []string
	for _, name := range known {
		rest, same := strings.CutPrefix(name, group+".")
		switch {
		case same && last != group && len(rest) > 2 && (strings.HasPrefix(last, rest) || strings.HasPrefix(rest, last)):
			if meant == "" || len(name) < len(meant) {
				meant = name
			}
			alike = append(alike, name)
		case same:
			alike = append(alike, name)
		case strings.HasSuffix(name, "."+last):
			others = append(others, name)
		}
	}
	if len(alike) == 0 {
		alike = others
	}
	if meant == "" && len(alike) == 1 && strings.Trim(last, "0123456789") != "" {
		meant = alike[0]
	}
	if meant != "" {
		return meant, nil
	}
	return "", alike
}
