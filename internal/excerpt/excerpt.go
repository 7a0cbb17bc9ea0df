// Package excerpt shortens texts for messages.
package excerpt

import (
	"net/url"
	"strings"
)

// Runes is a text of at most a number of characters, "…" standing for what was left out.
func Runes(text string, most int) string {
	count := 0
	for i := range text {
		if count++; count > most {
			return text[:i] + "…"
		}
	}
	return text
}

// Bytes is a text of at most a number of bytes, cut between characters, "…" standing for what was left out.
func Bytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// Given is what somebody gave, as a message quotes it: at most 60 characters.
func Given(text string) string { return Runes(text, 60) }

// Message is a message of at most a number of bytes. What it quotes is shortened first, so that what it says of it stays.
func Message(text string, most int) string {
	if len(text) <= most {
		return text
	}
	var out strings.Builder
	for out.Len() <= most {
		before, rest, found := strings.Cut(text, `"`)
		out.WriteString(Bytes(before, most))
		if !found {
			break
		}
		end := 0
		for end < len(rest) && rest[end] != '"' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(rest) {
			out.WriteString(`"` + Given(rest))
			break
		}
		out.WriteString(`"` + Given(rest[:end]) + `"`)
		text = rest[end+1:]
	}
	return Bytes(out.String(), most)
}

// Host is a URL up to its host: without the path and the query, which say nothing about who was not reached, and without a user's secret.
func Host(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return text
	}
	return u.Scheme + "://" + u.Host
}
