package language_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"../../builtin/temporary-car-pays-online.yaml", "testdata/valid/everything.yaml", "testdata/invalid/meaning/bomb.yaml", "testdata/invalid/meaning/many.yaml"} {
		text := read(b, name)
		b.Run(filepath.Base(name), func(b *testing.B) {
			for b.Loop() {
				_, _ = language.Parse(name, text)
			}
		})
	}
}

// A folder of a thousand scenarios.
func BenchmarkLoad1000(b *testing.B) {
	files := fstest.MapFS{}
	text := string(read(b, "../../builtin/temporary-car-pays-online.yaml"))
	for i := range 1000 {
		name := fmt.Sprintf("s%04d", i)
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "temporary-car-pays-online", name, 1))}
	}
	for b.Loop() {
		library, err := language.LoadFS(nil, files)
		require.NoError(b, err)
		require.Len(b, library.Own(), 1000)
	}
}
