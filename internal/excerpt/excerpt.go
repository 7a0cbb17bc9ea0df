// Package excerpt shortens texts for messages.
package excerpt

import (
	"strings"
	"unicode/utf8"
)

// Runes is a text of at most a number of characters, "…" standing for what was left out.
func Runes(text string, most int) string {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// Bytes is a text of at most a number of bytes, cut between characters, "…" standing for what was left out.
func Bytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
