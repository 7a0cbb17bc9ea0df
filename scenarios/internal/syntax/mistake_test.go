package syntax_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// What is wrong with the syntax of a file is reported where the mistake is, not where reading ended.
func TestRead_mistakes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"brace", "a:\n  - {no: M1, key: k1\nb:\n  - {id: \"1\", name: A}\n", `f:2:5: { is never closed (a } is missing)`},
		{"bracket", "a: [1, 2\nb: 3\n", `f:1:4: [ is never closed (a ] is missing)`},
		{"brace of JSON", "{\"a\": [{\"b\": 1}\n", `f:1:1: { is never closed (]} are missing)`},
		{"brace before an item", "s:\n  - x: 1\n    d: {m: \"1\", a: E\n  - y: 2\n    d: {b: 1}\n", `f:3:8: { is never closed (a } is missing)`},
		{"brace with a comma before an item", "s:\n- d: {m: \"1\",\n- y: 2\n", `f:2:6: { is never closed (a } is missing)`},
		{"brace before an item in quotes", "s:\n- d: {m: \"1\"\n- y: \"2\"x\n", `f:2:6: { is never closed (a } is missing)`},
		{"brackets before a key", "a: 1\nb: {c: [1\nd: [{e: 1}]\n", `f:2:4: { is never closed (]} are missing)`},
		{"bracket before a brace that closes", "a: [1, 2\nb:\n  - {c: 1}\n", `f:1:4: [ is never closed (a ] is missing)`},
		{"brace before a deeper key", "a:\n  - d: {m: 1\n      n: 2}\n", `f:3:7: a comma is missing before this (put one between the two)`},
		{"lines of JSON at the margin", "a: {\n\"b\": 1,\n\"c\": @x,\n\"d\": 2\n}\n", `f:3:6: no text begins with @ (put it in quotes)`},
		{"wrong bracket", "a: {b: [1, 2}\n", `f:1:13: } closes no bracket: the last that is open is [ of line 1 (a ] is missing)`},
		{"one bracket too many", "a: {b: 1}}\n", `f:1:10: } closes no bracket`},
		{"too little indented", "m:\n  - no: M1\n   key: k1\np: []\n", `f:3:4: is indented by 3, where no line above it begins (indent it by 2 or 4)`},
		{"key among items", "m:\n  - no: M1\n  key: k1\n", `f:3:3: a key stands where the items of a list begin (begin the item with a dash, or indent it by 4)`},
		{"too far indented", "m:\n  - no: M1\n      key: k1\n", `f:3:7: is indented below "no", which has a value already (indent it by 4)`},
		{"tab", "m:\n\t- {no: M1}\n", `f:2:1: the line is indented with a tab (YAML is indented with spaces)`},
		{"quote", "m:\n  - phone: \"138\n    plates: []\n", `f:2:12: the quote is never closed`},
		{"quote that a later one closes", "m:\n  - phone: \"138\n    name: \"x\"\n", `f:2:12: the quote is closed only in line 3 (close the quote in its own line)`},
		{"quote inside", "a: \"x\"y\"\n", `f:1:7: a text goes on behind its closing quote (a quote inside quotes is written \")`},
		{"at", "a: @x\n", `f:1:4: no text begins with @ (put it in quotes)`},
		{"at in brackets", "a: {b: @x}\n", `f:1:8: no text begins with @ (put it in quotes)`},
		{"two colons and no key", "{: : ", `f:1:4: a comma is missing before this (put one between the two)`},
		{"comma behind a text", "a:\n  - {id: \"1\", name: x city: y}\n", `f:2:23: a comma is missing before this (put one between the two)`},
		{"comma behind a quote", "a:\n  - {id: \"1\" name: x}\n", `f:2:14: a comma is missing before this (put one between the two)`},
		{"comma at the end of a line", "a: {b: \"1\"\n  c: 2}\n", `f:2:3: a comma is missing before this (put one between the two)`},
		{"comma behind a bracket", "a: {b: [1, 2] c: 2}\n", `f:1:15: a comma is missing before this (put one between the two)`},
		{"comma between items", "a:\n  [{b: 1}\n   {b: 2}]\n", `f:3:4: a comma is missing before this (put one between the two)`},
		{"comma too many", "a: {b: 1, , c: 2}\n", `f:1:11: nothing stands before the comma (leave it out)`},
		{"text over two lines", "a: {b: one\n  two, c: , d, \"e\": 'f', g: [h: 1, i: {}], j: http://x:1/}\nk: @x\n", `f:3:4: no text begins with @ (put it in quotes)`},
		{"full-width colon", "a:\n  - exit：{b: \"1\"}\n    expect: {c: 2}\n", `f:2:9: a full-width colon stands behind the key (write : and a space for the full-width colon)`},
		{"full-width colon in a text", "a: 早：晚\nb: x\n  早：晚\nc: @x\n", `f:4:4: no text begins with @ (put it in quotes)`},
		{"full-width colon behind the first key", "name：a\nsteps:\n  - x: 1\n", `f:1:5: a full-width colon stands behind the key (write : and a space for the full-width colon)`},
		{"full-width brace", "a: 早，晚\nb: {c: \"x\"｝\n", `f:2:11: ｝ is full-width punctuation (write } for it)`},
		{"full-width comma", "a: {b: \"，\"， c: d}\n", `f:1:11: ， is full-width punctuation (write , for it)`},
		{"full-width quotes", "a: {b: “x”, c: @}\n", `f:1:8: “ is full-width punctuation (write " for it)`},
		{"GBK", "a: 1\nname: \xb3\xb5\n", "f:2:7: the file is not UTF-8 (it looks like GBK: save it as UTF-8)"},
		{"bytes", "a: \xff\x01\n", "f:1:4: the file is not UTF-8 (save it as UTF-8)"},
		{"none of these", "a: b: c\n", `f:1:1: mapping values are not allowed in this context`},
		{"below what is right", "# {\nn: |\n  { [ \"\nm: a { b\n'k': \"}\"\nl:\n- x\n- y: 1 # [\n  z: ']'\nq:\n  r:\n    - - 1\n      - 2\n  s: {a: [1,\n 2], b: 'it''s'}\nt: [\n", `f:16:4: [ is never closed (a ] is missing)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := syntax.Read("f", []byte(c.text), syntax.Limits{Bytes: 1 << 20, Nodes: 1000})
			require.EqualError(t, err, c.want)
		})
	}
}
