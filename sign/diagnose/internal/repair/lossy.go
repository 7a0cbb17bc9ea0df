package repair

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// misread is a text and what its UTF-8 becomes, read in a charset that lacks some of the bytes.
type misread struct{ wrong, right string }

// lossyWestern and lossyGBK are the provinces of plates and the cities, as those charsets read them.
var (
	lossyWestern = sync.OnceValue(func() []misread { return misreadings(wire.Windows1252, "") })
	lossyGBK     = sync.OnceValue(func() []misread { return misreadings(wire.GBK, "\"ABCDEFGHJKLMNPQRSTUVWXYZ") })
)

// misreadings are the misread names of a charset; in one of two bytes the last byte takes the character behind it with it.
func misreadings(c wire.Charset, behind string) (all []misread) {
	add := func(right string) {
		read := wire.DecodeFrom(c, right)
		if !strings.ContainsRune(read, utf8.RuneError) { // whole, or the beginning of it would be taken for a part of another
			all = append(all, misread{read, right})
			return
		}
		for _, mark := range []string{"\uFFFD", "?", ""} {
			all = append(all, misread{strings.ReplaceAll(read, "\uFFFD", mark), right})
		}
		if behind != "" {
			return
		}
		var controls strings.Builder // a decoder that passes the byte on
		for i, r := range []rune(read) {
			if r == utf8.RuneError {
				r = rune(right[i])
			}
			controls.WriteRune(r)
		}
		all = append(all, misread{controls.String(), right})
	}
	for name := range strings.SplitSeq(wire.PlateProvinces+wire.PlateEnds, "") {
		if behind == "" {
			add(name)
		}
		for _, next := range behind {
			add(name + string(next))
		}
	}
	for _, name := range Cities() {
		if behind != "" {
			name += `"`
		}
		add(name)
	}
	slices.SortStableFunc(all, func(a, b misread) int { return len(b.wrong) - len(a.wrong) })
	return slices.DeleteFunc(all, func(m misread) bool { return m.wrong == "" || wire.IsASCII(m.wrong) })
}

// Lossless undoes the reading of provinces and cities in a charset that has lost some of their bytes; "" where there are none.
func Lossless(c wire.Charset, data string) string {
	var known []misread
	switch c {
	case wire.Windows1252:
		known = lossyWestern()
	case wire.GB18030:
		known = lossyGBK()
	default:
		return ""
	}
	text := data
	for _, m := range known {
		if strings.Contains(text, m.wrong) {
			text = strings.ReplaceAll(text, m.wrong, m.right)
		}
	}
	if text == data {
		return ""
	}
	return text
}
