package guess_test

import (
	"crypto/md5"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

const stamp = "20171027093000"

func caseOf(data, key string) *guess.Case {
	return &guess.Case{
		Right: guess.Guess{Form: []string{guess.TheData, guess.TheKey, guess.TheStamp}, Data: data, Key: key, Stamp: stamp, No: "M1"},
		Scope: guess.OfRequests, Rule: sign.Exact, Left: guess.Effort,
	}
}

// The text of a guess is its parts in the order of its form; the right one has the signature of §6.
func TestGuess_Append(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, key := rapid.String().Draw(t, "data"), rapid.String().Draw(t, "key")
		c := caseOf(data, key)
		require.Equal(t, data+key+stamp, string(c.Right.Append(nil)))
		require.Equal(t, len(data+key+stamp), c.Right.Size())
		require.Equal(t, sign.Request(data, key, stamp), guess.UpperHex(c.Right.Hash(c.Right.Append(nil))))
		g := c.Right
		g.Form = []string{"data=", guess.TheData, "&no=", guess.TheNo}
		require.Equal(t, "data="+data+"&no=M1", string(g.Append(nil)))
	})
}

// A guess fits where its text, or what the rule sign.whitespace makes of it, has the hash that is wanted; each try is paid for.
func TestCase_Fits(t *testing.T) {
	data := `{"a": 1}`
	c := caseOf(data, "k e y")
	g := c.Right
	g.Form = []string{guess.TheKey, guess.TheData}
	c.Want = md5.Sum([]byte("k e y" + data))
	before := c.Left
	require.True(t, c.Fits(&g))
	require.False(t, c.Fits(&c.Right))
	require.Less(t, c.Left, before-2*guess.Overhead)
	c.Want = md5.Sum([]byte(`key{"a":1}`))
	require.False(t, c.Fits(&g))
	c.Rule = sign.Either
	require.True(t, c.Fits(&g), "stripped")
	c.Half, c.Want = true, [md5.Size]byte{}
	sum := md5.Sum([]byte("k e y" + data))
	copy(c.Want[4:12], sum[4:12])
	require.True(t, c.Fits(&g), "of a 16-digit MD5 the middle is known")
	c.Left = 0
	require.False(t, c.Fits(&g), "the effort is used up")
}

// Of long data what stands behind it is tried, without hashing it once more for each try.
func TestCase_Fits_longData(t *testing.T) {
	data := `{"a":"` + strings.Repeat("x", wire.Longest) + `"}`
	c := caseOf(data, "key-1")
	g := c.Right
	for _, form := range [][]string{{guess.TheData, guess.TheStamp, guess.TheKey}, {guess.TheData, guess.TheKey}, {guess.TheData, "&", guess.TheKey, "&", guess.TheStamp}} {
		g.Form = form
		c.Want = md5.Sum(g.Append(nil))
		require.True(t, c.Fits(&g), "%q", form)
	}
	require.Less(t, c.Hashed, 2*len(data))
	g.Form = []string{guess.TheKey, guess.TheData}
	c.Want = md5.Sum(g.Append(nil))
	require.False(t, c.Fits(&g), "what stands before it is not")
}

// In no text that is shown a key stands, in whatever dress and wherever it is cut; control characters do not either.
func TestCase_Show(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9]{8,16}`).Draw(t, "key")
		around := rapid.StringMatching(`[xyz渝 \n\t]{0,400}`)
		text := around.Draw(t, "before") + rapid.SampledFrom([]string{key, strings.ToLower(key), strings.ToUpper(key)}).Draw(t, "dress") + around.Draw(t, "behind")
		shown := caseOf(text, key).Show(text, rapid.IntRange(-1, len(text)).Draw(t, "at"))
		for n := range len(key) - 6 {
			require.NotContains(t, strings.ToLower(shown), strings.ToLower(key[n:n+6]))
		}
		require.NotContains(t, shown, "\n")
		require.True(t, utf8.ValidString(shown))
		require.LessOrEqual(t, utf8.RuneCountInString(shown), 320)
	})
	quoted := caseOf("", `s"e/c r+t`)
	for _, dress := range []string{`s"e/c r+t`, `s\"e/c r+t`, `s\"e\/c r+t`, "s%22e%2Fc+r%2Bt", "s%2522e%252Fc%2Br%252Bt", `s"e/cr+t`, "s&#34;e/c r+t"} {
		require.Equal(t, "a•••b", quoted.Mask("a"+dress+"b"), dress)
	}
	require.Equal(t, "a1b", caseOf("", "1").Mask("a1b"), "what is in every text is no secret")
	others := caseOf("", "key-of-mine")
	others.Others = map[string]string{"M2": "key-of-mine-2"}
	require.Equal(t, "•••/•••", others.Mask("key-of-mine/key-of-mine-2"), "a key may begin with another one")
}

// A difference is said with its byte, its character where that is another, and its field; of the stamp, too.
func TestCase_Difference(t *testing.T) {
	sent := `{"plateNumber":"渝A1","payment":8.50}`
	c := caseOf(sent, "key-1234")
	g := c.Right
	g.Data = strings.Replace(sent, "8.50", "8.5", 1)
	said := c.Difference(&g, strings.Index(sent, "0}"))
	require.Equal(t, "first difference at byte 37 (character 35) of data, in payment: signed `}`, but sent `0}`", said.En)
	require.Equal(t, "data 的第一处不同在第 37 字节（第 35 个字符），字段 payment：签名的是 `}`，发送的是 `0}`", said.Zh)
	g = c.Right
	g.Stamp = "20171027173000"
	require.Equal(t, "first difference at byte 9 of time_stamp: signed 20171027173000, but sent 20171027093000", c.Difference(&g, -1).En)
	require.Equal(t, "the right text is "+sent+"•••"+stamp, c.Difference(&c.Right, -1).En)
	require.Contains(t, c.Difference(&guess.Guess{Data: sent + "x"}, len(sent)).En, "but sent nothing more")
	for at, field := range map[int]string{0: "plateNumber", 17: "plateNumber", 30: "payment", len(sent): "payment"} {
		require.Equal(t, field, guess.FieldAt(sent, at), at)
	}
	require.Empty(t, guess.FieldAt("no JSON", 3))
}

// What arrived: the first data of the body, then of the query, with what a bare & has cut off behind it.
func TestCameOf(t *testing.T) {
	for _, row := range []struct {
		raw, query, body, wantRaw, joined string
	}{
		{"", "", "merchant_no=1&data=a&sign=s", "a", "a"},
		{"", "", "data=a&b=c&d&sign=s&e=f", "a", "a&b=c&d"},
		{"", "data=q", "", "q", "q"},
		{"", "data=q", "data=b", "b", "b&data=q"[:1]},
		{"", "data=q", `{"json":1}`, "q", "q"},
		{"given", "", "data=b", "given", "b"},
		{"given", "", "", "given", "given"},
		{"", "", "d%61ta=x", "x", "x"},
		{"", "", "data=&data=y", "y", "y"},
	} {
		c := guess.CameOf(row.raw, row.query, row.body)
		require.Equal(t, row.wantRaw, c.RawData, row)
		require.Equal(t, row.joined, c.Joined, row)
	}
	require.True(t, guess.CameOf("", "", "").Unknown)
	huge := guess.CameOf("", "", "data="+strings.Repeat("x", 3*wire.Huge))
	require.Less(t, len(huge.RawData), wire.Huge)
}

// A body is short by as many bytes as its characters take more than one; raw data has what an encoded one does not have.
func TestCame_CutBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := "data=" + rapid.StringMatching(`[a-z渝鲁A0-9]{0,20}`).Draw(t, "data") + "渝A12345"
		runes := utf8.RuneCountInString(whole)
		cut := whole[:runes] // what is sent where Content-Length counts characters
		came := guess.CameOf("", "", cut)
		require.LessOrEqual(t, came.CutBytes(), len(whole)-runes)
		if !strings.ContainsAny(whole[max(0, runes-2):], "渝鲁") { // all characters arrived
			require.Equal(t, len(whole)-runes, came.CutBytes())
			require.Contains(t, came.CutEvidence().En, "bytes are missing")
		}
		require.True(t, guess.IsRaw(whole))
		require.False(t, guess.IsRaw(url.QueryEscape(whole)))
	})
	ascii := guess.CameOf("", "", "data=abc")
	require.Zero(t, ascii.CutBytes())
}

// Data that is an object is taken apart once; what is none, or too long, is not.
func TestCase_DocOf(t *testing.T) {
	c := caseOf(`{"a": 1}`, "key-1")
	g := c.Right
	require.True(t, c.DocOf(&g))
	require.Equal(t, jsondoc.Style{Spacing: 1}, g.Style)
	g.Settle()
	require.Equal(t, c.Right.Data, g.Data)
	require.Nil(t, g.Doc)
	left := c.Left
	require.True(t, c.DocOf(&g))
	require.Equal(t, left, c.Left, "it is known")
	for _, data := range []string{"[]", `"{}"`, "{", `{"a":"` + strings.Repeat("x", wire.Longest) + `"}`} {
		other := guess.Guess{Data: data}
		require.False(t, c.DocOf(&other), data)
	}
}

// A guess that is noted keeps its mistakes apart from those of the guess it came from.
func TestGuess_Noted(t *testing.T) {
	first := guess.Guess{Last: &guess.Hypothesis{Kind: "a"}}
	one := first.Noted()
	one.Last = &guess.Hypothesis{Kind: "b"}
	two := one.Noted()
	one.Last = &guess.Hypothesis{Kind: "c"}
	three := one.Noted()
	require.Equal(t, []string{"a", "b"}, two.Kinds())
	require.Equal(t, []string{"a", "c"}, three.Kinds())
	require.Empty(t, first.Kinds())
}
