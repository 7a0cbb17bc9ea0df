package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tables of the documentation are those that the code gives: make docs writes them.
func TestPages_current(t *testing.T) {
	tables := 0
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		page, err := os.ReadFile(path)
		require.NoError(t, err)
		tables += len(marked.FindAll(page, -1))
		text, err := filled(t.Context(), string(page))
		require.NoError(t, err, path)
		require.Equal(t, text, string(page), "%s: write it anew with make docs", path)
		return nil
	}))
	require.Greater(t, tables, 7)
}

// A name that is no table's is an error, and leaves the page as it was.
func TestPages_unknownTable(t *testing.T) {
	const page = "<!-- generated: nonsense -->\nold\n<!-- end -->\n"
	text, err := filled(t.Context(), page)
	require.ErrorIs(t, err, errNoTable)
	require.Equal(t, page, text)
}

// A table in Chinese has no cell that is left in English: a text without a translation is an error, code and numbers aside.
func TestTranslated(t *testing.T) {
	got, err := translated(table{{"check", "code"}, {"The merchant is known", "5"}, {"`carnum` by a rule", "GET"}})
	require.NoError(t, err)
	require.Equal(t, table{{"校验", "code"}, {"商户存在", "5"}, {"`carnum`（规则开启时）", "GET"}}, got)

	_, err = translated(table{{"check"}, {"The merchant is not known"}})
	require.ErrorIs(t, err, errNoChinese)
	require.ErrorContains(t, err, "The merchant is not known")
}
