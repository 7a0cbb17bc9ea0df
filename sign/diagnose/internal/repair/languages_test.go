package repair_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
)

// object is data as clients have it: flat, with texts and numbers that no language has to escape, and no name in a value.
func object() *rapid.Generator[*jsondoc.Node] {
	return rapid.Custom(func(t *rapid.T) *jsondoc.Node {
		n := &jsondoc.Node{Kind: '{'}
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{2,6}([A-Z][a-z]{2,5})?`), 2, 4, strings.ToLower).Draw(t, "names")
		for _, name := range names {
			noName := func(text string) bool {
				return !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(n)) })
			}
			value := &jsondoc.Node{Kind: '"', Text: rapid.StringMatching(`[a-z渝][a-zA-Z0-9渝]{1,8}`).Filter(noName).Draw(t, name)}
			if rapid.IntRange(0, 3).Draw(t, "number") == 0 {
				value = &jsondoc.Node{Kind: 'l', Text: rapid.StringMatching(`[1-9][0-9]{0,3}(\.[1-9])?`).Draw(t, name)}
			}
			n.Names, n.Members = append(n.Names, name), append(n.Members, value)
		}
		return n
	})
}

// Whatever a language writes of an object, what reads its texts finds the object again: its names, in their order where the language keeps it, and its values as texts.
func TestLanguages_readWhatTheyWrite(t *testing.T) {
	t.Parallel()
	for i := range repair.Languages {
		l := &repair.Languages[i]
		if l.Write == nil {
			continue
		}
		t.Run(l.Kind, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				n := object().Draw(t, "object")
				want := map[string]string{}
				for i, name := range n.Names {
					want[strings.ToLower(name)] = n.Members[i].Text
				}
				texts := l.Write(n)
				require.NotEmpty(t, texts)
				for _, text := range texts {
					if !strings.Contains(strings.ToLower(text), strings.ToLower(n.Names[0])) {
						continue // of values alone the names cannot be known
					}
					if strings.HasPrefix(text, "<"+n.Names[0]+">") {
						continue // what has no root is no XML
					}
					read := l.Read(text)
					require.NotNil(t, read, "%q", text)
					got := map[string]string{}
					for i, name := range read.Names {
						got[strings.ToLower(name)] = read.Members[i].Text
					}
					require.Equal(t, want, got, "%q", text)
				}
			})
		})
	}
}

// Of Python's pairs a value is what it is: a text, a number, or one of the words that JSON writes otherwise.
func TestLanguages_pythonPairs(t *testing.T) {
	t.Parallel()
	const data = `{"a":"x","n":7.5,"free":null,"yes":true,"no":false}`
	const pairs = "[('a', 'x'), ('n', 7.5), ('free', None), ('yes', True), ('no', False)]"
	for i := range repair.Languages {
		if l := &repair.Languages[i]; l.Kind == "python-object" {
			require.Contains(t, l.Write(jsondoc.Parse(data)), pairs)
			require.Equal(t, data, string(l.Read(pairs).Append(nil, jsondoc.Style{}, 0)))
		}
	}
}

// JSON is no text of another language, and what no language has written is none of any.
func TestLanguages_readNothingElse(t *testing.T) {
	t.Parallel()
	for i := range repair.Languages {
		l := &repair.Languages[i]
		for _, text := range []string{"", "x", "null", `{"a":"b"}`, `{"plateNumber":"渝ATX061","payment":8.5}`, "渝ATX061", "{", "[", "<", "%{", "Map(", "[object Object]"} {
			require.Nil(t, l.Read(text), "%s of %q", l.Kind, text)
		}
		require.NotEmpty(t, l.English())
		require.Regexp(t, `\p{Han}|^[A-Z]+$|^ ?[A-Za-z]`, l.Chinese(), l.Kind)
		require.NotContains(t, l.Chinese()+l.English(), "  ")
	}
}

// Of JSON that was marshalled again, as often as it was, the object is found; of other texts nothing.
func TestMarshalled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := object().Draw(t, "object")
		plain := string(n.Append(nil, jsondoc.Style{}, 0))
		require.True(t, json.Valid([]byte(plain)))
		once, err := json.Marshal(plain)
		require.NoError(t, err)
		require.Equal(t, plain, repair.Marshalled(string(once)))
	})
	for _, text := range []string{"", `"`, `""`, "x", `"x`} {
		require.NotContains(t, repair.Marshalled(text), "{", "%q", text)
	}
}

// A comment and a comma before a bracket are taken out, wherever they stand but in a text.
func TestPlain(t *testing.T) {
	t.Parallel()
	for _, row := range [][2]string{
		{`{"a":1,}`, `{"a":1}`},
		{`{"a":[1,2,],"b":{"c":3,},}`, `{"a":[1,2],"b":{"c":3}}`},
		{`{/* x */"a":1}`, `{"a":1}`},
		{`{"a":"// no comment, /* neither */ ,}"}`, `{"a":"// no comment, /* neither */ ,}"}`},
		{`{"a":"x\",}"}`, `{"a":"x\",}"}`},
	} {
		require.Equal(t, row[1], repair.Plain(row[0]), row[0])
	}
}
