// Package translation has the Chinese of what the commands print, by its English: help, flags, tables, messages and errors. The
// English stands where it is used, so that code reads as it prints; a test fails for a text of the commands that has no row here, and
// for a row that nothing uses.
//
// The placeholder of a flag that the text has a Chinese word for stands right behind that word, "令牌`token`": the help shows it behind the flag,
// and in the text the word alone.
//
// Formats have the verbs of their English, in its order or with indexes such as %[2]s.
package translation

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// chinese is read only where somebody wants Chinese.
var chinese = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		maps.Copy(all, part())
	}
	return all
})

var parts = []func() map[string]string{sharedHelp, programHelp, contractHelp, tables, messages, problems, outcomes}

// In is an English text in a language; one without a row stays English.
func In(language, english string) string {
	if language != lang.Chinese || english == "" {
		return english
	}
	if text, known := chinese()[english]; known {
		return text
	}
	return english
}

// Format is an English format in a language, filled in with [lang.Arguments]. Lengths of time in whole seconds are in that language, too.
func Format(language, format string, args ...any) string {
	args = lang.Arguments(language, args)
	if language == lang.Chinese {
		for i, arg := range args {
			if d, ok := arg.(time.Duration); ok && d%time.Second == 0 {
				args[i] = duration.Chinese(d)
			}
		}
	}
	return fmt.Sprintf(In(language, format), args...)
}

// Known reports whether an English text has a row.
func Known(english string) bool {
	_, known := chinese()[english]
	return known
}

// All are the rows.
func All() map[string]string { return maps.Clone(chinese()) }
