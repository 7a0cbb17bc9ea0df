package syntax_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// odd are texts that some reader of YAML takes for something else.
var odd = []string{
	"", " ", "~", "null", "Null", "yes", "NO", "on", "y", "true", "007", "0x1F", "0o17", "1_000", "1e3", ".5", ".inf", ".nan", "-", "--- a", "...", "- a", "? a", ": a", "a: b", "a #b", "#", "&a", "*a", "!a", "!!str a", "|", ">", "%a", "@a", "`a",
	"'", `"`, "[", "]", "{", "}", ",", "a,b", "<<", "=", "2017-08-20", "2017-08-20 12:00:00", "12:30:45", "1h30m", "8d", "渝ATX061", "a\nb", "a\n", "\ta", "a\t", "\u00a0", "a\rb", "a\u0085b", "\u2028", "a\u2029b", "\ufeff", "\ufffe", "\v", "\x00", "\u007f", "\U0001F17F", `\u0041`, "${x}", strings.Repeat("long ", 40),
}

// document is a JSON object of some depth.
func document() *rapid.Generator[map[string]any] {
	text := rapid.OneOf(rapid.SampledFrom(odd), rapid.String(), rapid.StringMatching(`[a-z0-9.:#-]{1,8}`))
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		leaves := []*rapid.Generator[any]{
			rapid.Map(text, func(s string) any { return s }), rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
			rapid.Map(rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?`), func(s string) any { return json.Number(s) }),
		}
		if depth > 0 {
			leaves = append(leaves, rapid.Map(rapid.SliceOfN(value(depth-1), 0, 3), func(s []any) any { return s }), rapid.Map(rapid.MapOfN(text, value(depth-1), 0, 3), func(m map[string]any) any { return m }))
		}
		return rapid.OneOf(leaves...)
	}
	return rapid.MapOfN(text, value(3), 0, 4)
}

// hostileLine is a text that, where some character of it ended the line, would go on as YAML.
func hostileLine() *rapid.Generator[string] {
	odd := rapid.SampledFrom([]string{"\r", "\n", "\r\n", "\u0085", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ufffd", "\x00", "\v", "\f", "\x1b", "\x7f", "\u009f", "\xff", "\U000e0001", "渝"})
	return rapid.Map(rapid.SliceOfN(odd, 0, 4), func(parts []string) string { return "a note" + strings.Join(parts, "injected: 1") + "injected: 1" })
}

// What is written as YAML reads back as the same JSON, to the digits of its numbers, whatever its texts and keys look like.
func TestWriteYAML_anything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given, err := json.Marshal(document().Draw(t, "document"))
		require.NoError(t, err)
		long := rapid.SampledFrom([][]string{nil, {"steps"}, odd}).Draw(t, "long")
		written, err := syntax.WriteYAML(given, long, hostileLine().Draw(t, "note"))
		require.NoError(t, err)
		node, err := syntax.Read("w.yaml", written, limits)
		require.NoError(t, err, "%s", written)
		var back, want bytes.Buffer
		node.WriteJSON(&back)
		plain, err := syntax.Read("w.json", given, limits)
		require.NoError(t, err, "%s", given)
		plain.WriteJSON(&want)
		require.Equal(t, want.String(), back.String(), "%s", written)
	})
}

// JSON is read as it is: its numbers by their digits, its keys in their order.
func TestRead_json(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given, err := json.Marshal(document().Draw(t, "document"))
		require.NoError(t, err)
		node, err := syntax.Read("w.json", given, limits)
		require.NoError(t, err, "%s", given)
		var back bytes.Buffer
		node.WriteJSON(&back)
		require.JSONEq(t, string(given), back.String())
	})
}

// Every value of a file is found by its pointer, where it stands, and a pointer into what is not there ends at the nearest parent.
func TestNode_find(t *testing.T) {
	t.Parallel()
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	rapid.Check(t, func(t *rapid.T) {
		given, err := json.MarshalIndent(document().Draw(t, "document"), "", " ")
		require.NoError(t, err)
		root, err := syntax.Read("w.json", given, limits)
		require.NoError(t, err)
		lines := strings.Split(string(given), "\n")
		var walk func(n *syntax.Node, pointer string)
		walk = func(n *syntax.Node, pointer string) {
			found, at, _ := root.Find(pointer)
			require.Same(t, n, found, pointer)
			require.Equal(t, n.Position, at)
			require.LessOrEqual(t, at.Line, len(lines))
			missing, at, _ := root.Find(pointer + "/not there")
			if !slices.ContainsFunc(n.Members, func(m syntax.Member) bool { return m.Name == "not there" }) {
				require.Nil(t, missing)
				require.Equal(t, n.Position, at)
			}
			for i, item := range n.Items {
				_, _, key := root.Find(pointer + "/" + strconv.Itoa(i))
				require.Equal(t, item.Position, key, "an item has no key")
				walk(item, pointer+"/"+strconv.Itoa(i))
			}
			for _, m := range n.Members {
				_, _, key := root.Find(pointer + "/" + escape.Replace(m.Name))
				require.Equal(t, m.Position, key)
				walk(m.Value, pointer+"/"+escape.Replace(m.Name))
			}
		}
		walk(root, "")
	})
}

// A file that cannot be read has one problem, which lies in it, whatever brackets, quotes and indentations it has.
func TestRead_mistakesLieInTheFile(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a: ", "b: 1\n", "- ", "  ", "\n", "{", "}", "[", "]", ",", ": ", "\"", "'", "#", " # x\n", "\t", "|\n", ">\n", "@", "`", "\\", "渝", "---\n", "...\n", "*x", "&x ", "<<: ", "\r\n", "%"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), "")
		_, err := syntax.Read("m.yaml", []byte(text), limits)
		if err == nil {
			return
		}
		var p *problem.Problem
		require.ErrorAs(t, err, &p)
		require.NotEmpty(t, p.Detail)
		lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		require.True(t, p.Line >= 1 && p.Line <= len(lines)+1, "%q: %v", text, p)
		require.True(t, p.Column >= 1 && (p.Line > len(lines) || p.Column <= len([]rune(lines[p.Line-1]))+1), "%q: %v", text, p)
	})
}
