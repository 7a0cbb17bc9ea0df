package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A cell stays in its cell whatever it holds, and the table may be written again.
func TestTable_cells(t *testing.T) {
	t.Parallel()
	require.Equal(t, "| a | b |\n|---|---|\n| `x\\|y` | two lines |\n", table{{"a", "b"}, {"`x|y`", "two\nlines"}}.String())
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		rows := table(rapid.SliceOfN(rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune("ab|\n渝 "))), width, width), 1, 4).Draw(t, "rows"))
		text := rows.String()
		require.Equal(t, text, rows.String(), "again")
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		require.Len(t, lines, len(rows)+1, "a line a row, and one below the head")
		for _, line := range slices.Delete(lines, 1, 2) {
			require.Equal(t, width+1, strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"), line)
		}
	})
	require.Equal(t, "`a`, `b`", coded([]string{"a", "b"}))
	require.Equal(t, "`` a`b ``", code("a`b"), "a backtick ends no code")
	require.Equal(t, "5, 20102", numbers([]int{5, 20102}))
	require.Empty(t, coded(nil)+numbers(nil))
}

// A page is written where it changed, and only there; what is wrong with one is said with its name, and leaves it as it was.
func TestRun(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	page := func(name, text string) string {
		path := filepath.Join(root, "docs", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	have := func(path string) string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
	const block = "before\n<!-- generated: checks -->\nold\n<!-- end -->\nafter\n"
	stale, below, plain, other := page("a.md", block), page("zh-CN/b.md", strings.Replace(block, "checks", "checks zh", 1)), page("c.md", "no table\n"), page("d.txt", block)
	require.NoError(t, run(t.Context(), root))
	require.Contains(t, have(stale), "before\n<!-- generated: checks -->\n| # | check | code |\n")
	require.True(t, strings.HasSuffix(have(stale), "\n<!-- end -->\nafter\n"))
	require.Contains(t, have(below), "| # | 校验 | code |\n")
	require.Equal(t, "no table\n", have(plain))
	require.Equal(t, block, have(other), "no page")
	info, err := os.Stat(stale)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(stale, 0o400))
	require.NoError(t, run(t.Context(), root), "what is up to date is not written")
	again, err := os.Stat(stale)
	require.NoError(t, err)
	require.Equal(t, info.ModTime(), again.ModTime())
	wrong := page("e.md", "<!-- generated: nonsense -->\nold\n<!-- end -->\n")
	err = run(t.Context(), root)
	require.ErrorIs(t, err, errNoTable)
	require.ErrorContains(t, err, "e.md: nonsense: ")
	require.Equal(t, "<!-- generated: nonsense -->\nold\n<!-- end -->\n", have(wrong))
	require.Error(t, run(t.Context(), filepath.Join(root, "nowhere")))
}

// A table that is never closed is an error: else it would take the text up to the end of the next with it.
func TestFilled_notClosed(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		"<!-- generated: checks -->\nold\n", "<!-- generated: checks -->\nold\n\nprose\n\n<!-- generated: codes -->\nold\n<!-- end -->\n", "<!-- generated: checks --> here\n<!-- end -->\n",
	} {
		text, err := filled(t.Context(), page)
		require.ErrorIs(t, err, errNotClosed, page)
		require.Equal(t, page, text)
	}
	both, err := filled(t.Context(), "<!-- generated: checks -->\n<!-- end -->\n<!-- generated: nonsense -->\n<!-- end -->\n<!-- generated: codes -->\n<!-- end -->\n")
	require.ErrorIs(t, err, errNoTable)
	require.Contains(t, both, "| 20802 | 该车辆已被他人绑定 | ")
	require.Contains(t, both, "| 11 | The endpoint's own rules | those of the endpoint |")
}

// Each table is of what its name says, with a row for each thing that there is, and a cell for each of its titles.
func TestTables_rows(t *testing.T) {
	t.Parallel()
	s := source{ctx: t.Context()}
	for name, rows := range map[string]int{
		"checks": len(schemas.Checks()), "endpoints": len(schemas.Endpoints()), "codes": len(schemas.Codes()), "pushes": len(schemas.Pushes()), "parameters": -1, "steps": -1, "modifiers": -1, "matchers": -1, "webhook-checks": -1, "unseen-bugs": -1, "routes Clock": -1,
	} {
		for _, language := range []string{"", " zh"} {
			got, err := s.table(name + language)
			if name == "routes Clock" && err != nil {
				got, err = s.table("routes " + schemas.ControlRoutes()[0].Tag + language)
			}
			require.NoError(t, err, name+language)
			if rows >= 0 {
				require.Len(t, got, rows+1, name)
			}
			require.Greater(t, len(got), 1, name)
			for _, row := range got {
				require.Len(t, row, len(got[0]), "%s: %q", name, row)
				require.NotEmpty(t, row[0], "%s: %q", name, row)
			}
		}
	}
	for _, name := range []string{"", "zh", "routes", "routes nonsense", "routes nonsense zh", "check"} {
		_, err := s.table(name)
		require.ErrorIs(t, err, errNoTable, name)
	}
}

// Who reads no Chinese reads what every endpoint and push does; the Chinese page has the document's own titles and no English.
func TestTables_titlesInBothLanguages(t *testing.T) {
	t.Parallel()
	s := source{ctx: t.Context()}
	does := map[string][]string{}
	for _, e := range schemas.Endpoints() {
		does["endpoints"] = append(does["endpoints"], e.Does)
	}
	for _, p := range schemas.Pushes() {
		does["pushes"] = append(does["pushes"], p.Does)
	}
	for name, wanted := range does {
		english, err := s.table(name)
		require.NoError(t, err)
		chinese, err := s.table(name + " zh")
		require.NoError(t, err)
		for i, want := range wanted {
			require.Regexp(t, `^[a-z][a-z]+ [^\p{Han}]+$`, want)
			require.Contains(t, english[i+1], want)
			require.NotContains(t, chinese[i+1], want)
			require.Contains(t, chinese[i+1], english[i+1][slices.Index(english[0], "title")])
		}
	}
}

// What a code is answered by: every endpoint for those of the envelope, else those whose own it is, by a rule or not.
func TestCodes(t *testing.T) {
	t.Parallel()
	by := map[string]string{}
	for _, row := range codes()[1:] {
		by[row[0]] = row[2]
	}
	require.Equal(t, "every endpoint", by["0"])
	require.Equal(t, "every endpoint", by["4"])
	require.Equal(t, "`usersigin` by a rule, `bindcar`, `carretrieve`", by["20803"])
	require.Contains(t, by["2"], "a failure of the mock itself")
	for code, whom := range by {
		require.NotEmpty(t, whom, code)
	}
}

// A server that breaks off, or answers no JSON, ends the tables that are its, and no other.
func TestSource_wrongServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	t.Cleanup(server.Close)
	ended, stop := context.WithCancel(t.Context())
	stop()
	for _, s := range []source{{t.Context(), control.New(server.URL)}, {ended, control.New(server.URL)}} {
		for _, name := range []string{"rules", "reasons", "lints", "rules zh"} {
			_, err := s.table(name)
			require.Error(t, err, name)
			require.NotErrorIs(t, err, errNoTable)
		}
	}
}

// A licence is recognised by sentences that it must have, and a module without one that is known is an error.
func TestLicense(t *testing.T) {
	t.Parallel()
	const mit = "Permission is hereby granted, free of charge, to any person\nobtaining a copy"
	const bsd = "Redistribution and use in source\n and binary forms"
	for text, want := range map[string][]string{
		mit: {"MIT"}, "Apache License\n Version 2.0": {"Apache-2.0"}, "Mozilla Public License, version 2.0": {"MPL-2.0"}, "Permission to use, copy, modify, and/or distribute this software for any purpose": {"ISC"},
		bsd: {"BSD-2-Clause"}, bsd + " … to endorse or promote products": {"BSD-3-Clause"}, mit + "\nApache License, Version 2.0": {"MIT", "Apache-2.0"}, "all rights reserved": nil,
	} {
		require.Equal(t, want, licensesIn(text), text)
	}
	dir := t.TempDir()
	m := linked{Path: "example.org/m", Version: "v1", Dir: dir}
	_, err := m.license()
	require.ErrorContains(t, err, "example.org/m v1 brings no licence that is known")
	for name, text := range map[string]string{"LICENSE-MIT": mit, "licence.md": mit, "COPYING": bsd, "README.md": "Apache License, Version 2.0", "UNLICENSED": "Apache License, Version 2.0"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "LICENSES"), 0o700))
	name, err := m.license()
	require.NoError(t, err)
	require.Equal(t, "BSD-2-Clause, MIT", name)
	_, err = linked{Path: "example.org/m", Dir: filepath.Join(dir, "nowhere")}.license()
	require.ErrorContains(t, err, "example.org/m: ")
}

// Each form of a parameter has its words.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, e := range schemas.Endpoints() {
		for _, p := range e.Params {
			require.Contains(t, forms, p.Form, "%s.%s", e.Name, p.Name)
		}
	}
}

// Of the scenario's steps each has what it alone takes; what every step takes stands in a table of its own.
func TestSteps_own(t *testing.T) {
	t.Parallel()
	all, err := steps("")
	require.NoError(t, err)
	common, err := modifiers("")
	require.NoError(t, err)
	own := map[string]string{}
	for _, row := range all[1:] {
		own[row[0]] = row[2]
	}
	require.Contains(t, own["`call`"], "`data`")
	require.Contains(t, own["`enter`"], "plateNumber")
	for _, row := range common[1:] {
		for step, fields := range own {
			require.NotContains(t, strings.Split(fields, "; ")[0], row[0], step)
		}
	}
	require.Equal(t, map[string]string{"a": "A"}, modifiersOf([]*node{{Properties: map[string]*node{"a": {Description: "A"}, "b": {}}}, {Properties: map[string]*node{"a": {}, "c": {}}}}))
}

// A cell that is no text to translate stays; whatever is English and has no Chinese is named, each of them.
func TestTranslated_names(t *testing.T) {
	t.Parallel()
	_, err := translated(table{{"check"}, {"nobody wrote this"}, {"nor this"}})
	require.ErrorContains(t, err, "nobody wrote this")
	require.ErrorContains(t, err, "nor this")
	got, err := translated(table{{"`only code`", "20102", "§9.4", "沙箱", ""}})
	require.NoError(t, err)
	require.Equal(t, table{{"`only code`", "20102", "§9.4", "沙箱", ""}}, got)
}
