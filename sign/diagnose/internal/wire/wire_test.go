package wire_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// text has characters of one to four bytes, and what URLs and JSON escape.
func text() *rapid.Generator[string] {
	return rapid.StringOf(rapid.SampledFrom([]rune("aZ09 渝鲁é𝄞+%&=/?*~!'()\"{}[],:\n")))
}

// Each way to URL-encode a text is decoded to that text again, by a form's rules or by a path's; what was encoded twice, decoded twice, is among
// what is tried.
func TestURLEncodings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text().Draw(t, "text")
		for i, encoded := range wire.URLEncodings(s) {
			const ofURI, ofPath = 6, 7 // leave a + alone
			require.Equal(t, s, wire.Unescape(encoded, i != ofURI && i != ofPath), "%d: %s", i, encoded)
		}
		require.Subset(t, wire.URLEncodings(s), wire.LikelyEncodings(s))
		twice := url.QueryEscape(url.QueryEscape(s))
		if again := url.QueryEscape(s); again != s {
			require.Contains(t, wire.DecodedAgain(twice), s)
			require.Contains(t, wire.DoubleEncodings(s), twice)
		}
	})
	require.Equal(t, []string{"a b%"}, wire.DecodedAgain("a+b%25"), "a bare % ends it")
}

// A form is unescaped as a server does it, except that what is no escape stays; JavaScript's %u is another escape.
func TestUnescape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOf(rapid.SampledFrom([]rune("aF0%+u渝 "))).Draw(t, "raw")
		if want, err := url.QueryUnescape(raw); err == nil {
			require.Equal(t, want, wire.Unescape(raw, true))
		}
		if want, err := url.PathUnescape(raw); err == nil {
			require.Equal(t, want, wire.Unescape(raw, false))
		}
		require.NotPanics(t, func() { wire.UnescapeU(raw) })
	})
	for raw, want := range map[string]string{"100%": "100%", "%zz+": "%zz ", "%4": "%4", "%E6%B8%9D": "渝", "%41%": "A%"} {
		require.Equal(t, want, wire.Unescape(raw, true))
	}
	for raw, want := range map[string]string{"%u6E1DA": "渝A", "%U6e1d": "渝", "%uD834%uDD1E": "𝄞", "%u6E1": "%u6E1", "%u6E1G": "%u6E1G", "a%41": "a%41"} {
		require.Equal(t, want, wire.UnescapeU(raw))
	}
}

// What a charset can write it reads again; what it lacks it does not write, and marks stand in its place.
func TestCharsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("aZ9{}\"渝鲁重慶東한é\u0081"))).Draw(t, "text")
		for _, c := range append([]wire.Charset{wire.Latin1, wire.Windows1252}, wire.Multibyte...) {
			if encoded := wire.EncodeIn(c, s); encoded != "" && !strings.Contains(s, "\u0081") {
				require.Equal(t, s, wire.DecodeFrom(c, encoded), c.Name)
			}
		}
		marked := wire.QuestionMarks(s)
		require.True(t, wire.IsASCII(marked))
		require.Equal(t, utf8.RuneCountInString(s), len(marked))
		require.Equal(t, s == marked, wire.IsASCII(s))
		back := wire.EncodeIn(wire.Latin1, wire.UTF8Twice(s))
		require.Equal(t, s, back, "read as ISO-8859-1, each byte is a character")
	})
	require.Empty(t, wire.EncodeIn(wire.Latin1, "渝"))
	require.Equal(t, "\xd3\xe5", wire.EncodeIn(wire.GBK, "渝"))
	require.Equal(t, "\x81\x8d\x80", wire.EncodeIn(wire.Windows1252, "\u0081\u008d€"), "browsers pass the bytes that have no meaning")
	require.Equal(t, "a??b", wire.ReplacedBy("a渝b", "??"))
	require.Equal(t, "a\x1d", string(wire.LowBytes([]byte("a渝"))))
	require.Equal(t, "\xfe\xff\x00a\x6e\x1d", string(wire.InUTF16(true, true)([]byte("a渝"))))
	require.Equal(t, "a\x00\x1d\x6e", string(wire.InUTF16(false, false)([]byte("a渝"))))
}

// An object that was cut between tokens is whole again with its closers; one that is whole needs none.
func TestClosers(t *testing.T) {
	whole := `{"token":"a\"b{","list":[{"b":"渝"},[1,2]],"n":{"x":"y"}}`
	require.Empty(t, wire.Closers(whole))
	completed := 0
	for at := 1; at < len(whole); at++ {
		cut, _ := wire.WholeRunes(whole[:at])
		closing := wire.Closers(cut)
		require.NotEmpty(t, closing, cut)
		if json.Valid([]byte(cut + closing)) {
			completed++
		}
	}
	require.Greater(t, completed, len(whole)/3, "the others go through a name, or end behind a colon or comma")
	for cut, closing := range map[string]string{
		`{"a":"渝`: `"}`, `{"a":[1`: `]}`, `{"a":{"b":"c\\`: `"}}`, `["a"`: "", `x`: "", `{"a":1}`: "", "\n{\"a\":1": "}",
		strings.Repeat(`{"a":`, 9): "", `{"a":"` + strings.Repeat("x", wire.Longest): "",
	} {
		require.Equal(t, closing, wire.Closers(cut), cut)
	}
}

// The piece of a character at the end of a text that was cut is taken off, and is what was taken off.
func TestWholeRunes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text().Draw(t, "text")
		cut := s[:rapid.IntRange(0, len(s)).Draw(t, "at")]
		whole, part := wire.WholeRunes(cut)
		require.Equal(t, cut, whole+part)
		require.True(t, utf8.ValidString(whole))
		require.True(t, strings.HasPrefix(s, whole))
		require.Less(t, len(part), utf8.UTFMax)
	})
}

// Parameters stand in their order, with their names decoded and their values as they came; no more than 64 are looked at.
func TestPairs(t *testing.T) {
	require.Equal(t, []wire.Pair{{"merchant_no", "M%31", "merchant%5Fno=M%31"}, {"data", "{\"a\"=1}", "data={\"a\"=1}"}, {"b c", "", "b+c"}, {"", "", ""}},
		wire.Pairs("merchant%5Fno=M%31&data={\"a\"=1}&b+c&"))
	require.Len(t, wire.Pairs(strings.Repeat("a=b&", 1000)), 64)
	for name, ok := range map[string]bool{"data": true, "sign": true, "merchant_no": true, "time_stamp": true, "merchantNo": false, "Sign": false, "": false} {
		require.Equal(t, ok, wire.IsParameter(name), name)
	}
}

// Base64 of any sort is read: with and without =, of the URL's alphabet, over several lines, with + that became spaces; what is no text is not.
func TestFromBase64(t *testing.T) {
	for encoded, want := range map[string]string{
		"eyJhIjoi5ridIn0=": `{"a":"渝"}`, "eyJhIjoi5ridIn0": `{"a":"渝"}`, "eyJhIjoi\n5ridIn0=\n": `{"a":"渝"}`, "fn5+fn8=": "~~~~\x7f", "fn5 fn8=": "~~~~\x7f", "fn5-fn8": "~~~~\x7f",
		"": "", "{}": "", "渝": "", "gIA=": "", "x": "",
	} {
		require.Equal(t, want, wire.FromBase64(encoded), encoded)
	}
}

// White space that rule sign.whitespace strips is space, tab, CR and LF, and nothing else; what an input method made of JSON is JSON again.
func TestStrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("a渝 \t\r\n\u00a0\u3000\v"))).Draw(t, "text")
		require.Equal(t, strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(s), wire.Strip(s))
	})
	require.JSONEq(t, `{"a":"b","c":1}`, wire.HalfWidth(`｛“a”：‘b’，＂c＂:1｝`))
	require.True(t, wire.IsObject(" {\"a\":1}\n"))
	for _, other := range []string{"[]", `"{}"`, "{", "{}{}", ""} {
		require.False(t, wire.IsObject(other), other)
	}
}

// The other ways to write a text, by their standards: UTF-7 (RFC 2152), UTF-32, JavaScript's escape(), bytes in Base64.
func TestOtherWriting(t *testing.T) {
	for s, want := range map[string]string{"Hi Mom ☺!": "Hi Mom +Jjo-!", "1+1": "1+-1", "渝A": "+bh0-A", "𝄞": "+2DTdHg-", "plain": "plain"} {
		require.Equal(t, want, wire.InUTF7(s))
		require.Equal(t, s, wire.FromUTF7(want))
	}
	require.Equal(t, `"渝"`, wire.FromUTF7(`"+bh0"`), "Python needs no mark where no digit of Base64 follows")
	require.Equal(t, "\xb4\xe4A\xb4\xfc\xa5\x5d", wire.EncodeIn(wire.Big5, "港A渝包"), "as Windows, Java and iconv write it")
	require.Empty(t, wire.EncodeIn(wire.Big5, "港😀渝"))
	for _, big := range []bool{false, true} {
		require.Equal(t, "渝𝄞", wire.FromUTF32(string(wire.InUTF32(big)([]byte("\uFEFF渝𝄞")))))
	}
	require.Empty(t, wire.FromUTF32("abc")+wire.FromUTF32("abcd"))
	for _, none := range []string{"a+b", "渝+bh0-", "+bh-", "+2DQ-", "+bh0x-"} {
		require.Equal(t, none, wire.FromUTF7(none), "it is no UTF-7")
	}
	for s, want := range map[string]string{"渝A": "%u6E1DA", "𝄞": "%uD834%uDD1E", "é ~": "%E9%20%7E", "@*_+-./": "@*_+-./"} {
		require.Equal(t, want, wire.EscapedU(s))
	}
	require.Equal(t, "\x00\x00\x6e\x1d\x00\x01\xd1\x1e", string(wire.InUTF32(true)([]byte("渝𝄞"))))
	require.Equal(t, "\x1d\x6e\x00\x00", string(wire.InUTF32(false)([]byte("渝"))))
	for encoded, want := range map[string]string{"gIA=": "\x80\x80", "gI\nA": "\x80\x80", "_-8": "\xff\xef", "/+8=": "\xff\xef", "渝": ""} {
		require.Equal(t, want, string(wire.Base64Bytes(encoded)), encoded)
	}
}
