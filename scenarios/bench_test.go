package scenarios_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"builtin/temporary-car-pays-online.yaml", "testdata/valid/everything.yaml", "testdata/invalid/meaning/bomb.yaml", "testdata/invalid/meaning/many.yaml"} {
		text := read(b, name)
		b.Run(filepath.Base(name), func(b *testing.B) {
			for b.Loop() {
				_, _ = scenarios.Parse(name, text)
			}
		})
	}
}

// A folder of a thousand scenarios.
func BenchmarkLoad1000(b *testing.B) {
	files := fstest.MapFS{}
	text := string(read(b, "builtin/temporary-car-pays-online.yaml"))
	for i := range 1000 {
		name := fmt.Sprintf("s%04d", i)
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "temporary-car-pays-online", name, 1))}
	}
	for b.Loop() {
		library, err := scenarios.LoadFS(nil, files)
		require.NoError(b, err)
		require.Len(b, library.Own(), 1000)
	}
}

// A case with two calls: what the engine adds to them.
func BenchmarkRunCase(b *testing.B) {
	s, err := scenarios.Parse("bench.yaml", []byte(`name: bench
vars: {phone: "13800000001"}
sandbox: {clock: 2017-08-20 12:00:00}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: ETCP}
    save: {token: data.token}
  - call: carnum
    data: {token: "${token}"}
    expect: {data: {number: 0}}
`))
	require.NoError(b, err)
	target := inProcess(b)
	b.ReportAllocs()
	for b.Loop() {
		result, err := scenarios.RunCase(b.Context(), target, s.Cases()[0], scenarios.Options{})
		if err != nil || result.Status != scenarios.Passed {
			b.Fatal(err, show(b, result))
		}
	}
}
