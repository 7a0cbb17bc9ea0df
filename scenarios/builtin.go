package scenarios

import (
	"embed"
	"io/fs"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

//go:embed builtin/*.yaml
var builtinFiles embed.FS

// Builtin are the scenarios that come with the mock.
func Builtin() *language.Library { return builtin }

var builtin = language.LazyLibrary(func() *language.Library {
	sub, err := fs.Sub(builtinFiles, "builtin")
	if err != nil {
		panic(err)
	}
	l, err := language.LoadFS(nil, sub)
	if err != nil {
		panic("scenarios: built in: " + err.Error()) // a test parses them all
	}
	return l
})
