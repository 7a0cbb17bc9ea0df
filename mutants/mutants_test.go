package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mutants/schema"
)

// The text of each row stands exactly once in the tree, and the code compiles with each bug.
func TestTable(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	rows, err := schema.Read("table.yaml")
	require.NoError(t, err)
	planted, err := schema.PlantAll(root, rows)
	require.NoError(t, err)
	exports, err := schema.ListExports(root, "./mock/internal/...", "./sign", "./mutants/active")
	require.NoError(t, err)
	checked := map[string]bool{}
	for path := range planted.Texts {
		if folder := filepath.Dir(path); !checked[folder] {
			checked[folder] = true
			wrong, err := schema.Check(folder, planted.Texts, exports)
			require.NoError(t, err)
			for _, w := range wrong {
				if w.Number > 0 {
					t.Errorf("%s: %v", rows[w.Number-1], w.Err)
					continue
				}
				t.Errorf("%v", w.Err)
			}
		}
	}
}

// A row that names no rule of the document is refused.
func TestTable_unknownRule(t *testing.T) {
	table := filepath.Join(t.TempDir(), "table.yaml")
	write := func(rule string) {
		row := "- {file: sign.go, rule: " + rule + ", before: a, after: b}\n"
		require.NoError(t, os.WriteFile(table, []byte("- {file: sign.go, rule: sign-case, before: a, after: b}\n"+row), 0o600))
	}
	write("sign-key")
	rows, err := schema.Read(table)
	require.NoError(t, err)
	require.Len(t, rows, 2)
	write("sign-keys")
	_, err = schema.Read(table)
	require.ErrorIs(t, err, schema.ErrRule)
	require.ErrorContains(t, err, `"sign-keys"`)
}
