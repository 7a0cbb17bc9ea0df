package syntax

import (
	"slices"
	"strings"
)

// placeOf is the one of some fields under which a name stands that is none of them: a name with a dot is that of a rule; "" where there is none, or
// several. What is expected of a step comes before what it does.
func placeOf(fields []Field, name string) string {
	place := ""
	for _, f := range fields {
		switch {
		case f.Name == "rules" && strings.Contains(name, "."):
			return f.Name
		case !f.Form.hasField(name):
		case f.Name == "expect":
			return f.Name
		case place != "":
			return ""
		default:
			place = f.Name
		}
	}
	return place
}

// hasField reports whether a mapping, or one that a value may be, has a field.
func (f *Form) hasField(name string) bool {
	return slices.ContainsFunc(f.Fields, func(f Field) bool { return f.Name == name }) || slices.ContainsFunc(f.Options, func(f *Form) bool { return f.hasField(name) })
}

// SplitHint takes from what a server says is wrong with a value what it says to do about it.
func SplitHint(said string) (detail, hint string) {
	if detail, near, found := strings.Cut(said, "; did you mean "); found {
		return detail, "did you mean " + near
	}
	if detail, place, found := strings.Cut(said, "; it stands under "); found {
		return detail, "it stands under " + place
	}
	if detail, known, found := strings.Cut(said, "; there are "); found {
		return detail, "there are " + known
	}
	return said, ""
}
