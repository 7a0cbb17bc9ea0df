// Package chinese has the Chinese of what files and calls are refused for: problems of fixtures, scenarios and bodies, and the refusals
// of the control API. They are made in English in many places, most of them of a format and values. A test walks the formats of those
// packages and fails for one that has no row here, and for a row that nothing says any more.
package chinese

import (
	"maps"

	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

var book = phrases.New(tables()...)

// Of is a message in Chinese. What has no row, and values that are no messages, stay as they are.
func Of(message string) string { return book.Of(message) }

// All are the rows: formats in English, each with its Chinese.
func All() map[string]string {
	all := map[string]string{}
	for _, rows := range tables() {
		maps.Copy(all, rows)
	}
	return all
}

func tables() []map[string]string {
	return []map[string]string{forms, bodies, states, calls, files, expressions, commands, system}
}
