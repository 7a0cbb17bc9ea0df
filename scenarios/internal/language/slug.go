package language

import (
	"path/filepath"
	"strings"
	"unicode"
)

// NameOf is a name for a scenario in a file: the file's, without folder and ending.
func NameOf(file string) string {
	name := filepath.Base(file)
	name = strings.TrimSpace(strings.TrimSuffix(name, filepath.Ext(name)))
	if !title().MatchString(name) {
		return "my-scenario"
	}
	return name
}

// Slug makes of a name what files and URLs take: its letters and digits in lower case, and a dash for anything between
// them. A name without letters and digits is scenario.
func Slug(name string) string {
	var out strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && out.Len() > 0:
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
		default:
			gap = true
		}
	}
	if out.Len() == 0 {
		return "scenario"
	}
	return out.String()
}
