package mask_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// A secret is hidden in capitals and small letters, in URLs however they escape it, and in base64, wherever it stands in what was encoded.
func TestMasker_spellings(t *testing.T) {
	const secret = "s3cret/Key+1?"
	m := mask.New(secret)
	inURL := url.QueryEscape(secret)
	for _, text := range []string{secret, "S3CRET/KEY+1?", "s3cret/key+1?", inURL, strings.ToLower(inURL), url.QueryEscape(inURL), url.PathEscape(secret), fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
		require.Equal(t, "a=•••;", m.Text("a="+text+";"), text)
		require.True(t, m.In([]byte("a="+text)), text)
	}
	for before := range 7 {
		for behind := range 7 {
			plain := strings.Repeat("u", before) + secret + strings.Repeat("v", behind)
			for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				text := coding.EncodeToString([]byte(plain))
				for _, written := range []string{text, url.QueryEscape(text)} {
					hidden := m.Text(written)
					require.Contains(t, hidden, "•••", plain)
					left := strings.Split(hidden, "•••")
					require.LessOrEqual(t, len(left[0]), before*8/6+1, "next to nothing of it is left in %s", hidden)
				}
			}
		}
	}
	require.Equal(t, "azE", mask.New("k1").Text("azE"), "of a short one it would be found in what is none")
}

// A secret is hidden in every spelling; a short one only where it stands alone, so that "k" does not eat the letters of other words.
func TestMasker(t *testing.T) {
	m := mask.New("s3cret/key", "k1", "s3cret/key+more", "")
	for text, want := range map[string]string{
		"key=s3cret/key.":                "key=•••.",
		"?key=s3cret%2Fkey&a=1":          "?key=•••&a=1",
		"s3cret/key+more":                "•••",
		`{"key":"k1","other":"ok1"}`:     `{"key":"•••","other":"ok1"}`,
		"k1 k12 xk1 k1":                  "••• k12 xk1 •••",
		"nothing":                        "nothing",
		"渝k1":                            "渝k1",
		"":                               "",
		`{"a":"s3cre\u0074/key"} \u0041`: `{"a":"•••"} \u0041`,
		`\u0041 \u00`:                    `\u0041 \u00`,
	} {
		require.Equal(t, want, m.Text(text), text)
	}
	value := map[string]any{"a": []any{"k1", 1.0, nil}, "b": "s3cret/key"}
	require.Equal(t, map[string]any{"a": []any{"•••", 1.0, nil}, "b": "•••"}, m.Value(value))
	require.Equal(t, "k1", value["a"].([]any)[0], "the value itself is left alone")
	require.True(t, mask.New("", "").IsZero())
	require.Equal(t, "k1", mask.Masker{}.Text("k1"))
}

// However JSON writes a secret's characters, beyond U+FFFF by two numbers too, it is hidden; the name of a member is a text as well.
func TestMasker_escaped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringOfN(rapid.SampledFrom([]rune("ab1渝😀\u00e9")), 4, 12, -1).Draw(t, "secret")
		var written strings.Builder
		for _, unit := range utf16.Encode([]rune(secret)) {
			fmt.Fprintf(&written, rapid.SampledFrom([]string{`\u%04x`, `\u%04X`}).Draw(t, "digits"), unit)
		}
		m := mask.New(secret)
		require.Equal(t, `{"key":"•••"}`, m.Text(`{"key":"`+written.String()+`"}`), secret)
		require.Equal(t, `{"data":"•••"}`, string(m.JSON([]byte(`{"data":"`+written.String()+`"}`), func(name string) bool { return name == "data" }, nobody)))
		require.Equal(t, map[string]any{"•••": true}, m.Value(map[string]any{secret: true}))
	})
}

// Whatever a secret is made of, it is hidden in JSON with and without escapes of HTML, in JSON within JSON, in URLs, all of it escaped, and in HTML.
func TestMasker_everyEscape(t *testing.T) {
	t.Parallel()
	secrets := []string{`S&P"2024"`, `a"b<c12`, `a"b&c12`, `a\b&c12`, `秘"密&钥1`, "tab\t+<1", `quo"te"key1`, "k: yaml #12", "slash/plus+=", "demo-key1", "100%sure", "a+b c"}
	for _, secret := range secrets {
		m := mask.New(secret)
		for _, written := range spellings(t, secret) {
			require.Equal(t, "a=•••;", m.Text("a="+written+";"), "%s as %s", secret, written)
			for _, html := range []bool{false, true} {
				document := `{"data":` + inJSON(t, "a="+written+";", html) + `,"id":"1"}`
				require.JSONEq(t, `{"data":"a=•••;","id":"1"}`, string(m.JSON([]byte(document), func(name string) bool { return name == "data" }, nobody)), "%s as %s", secret, written)
			}
		}
	}
}

// Of a secret that ends with a backslash, which escapes what follows it, at most that is left.
func TestMasker_backslashAtTheEnd(t *testing.T) {
	t.Parallel()
	m := mask.New(`back\`)
	for _, written := range spellings(t, `back\`) {
		require.NotContains(t, strings.ToLower(m.Text(`{"a":"`+written+`"}`)), "back")
	}
}

// spellings are ways to write a text, and ways to write those.
func spellings(t *testing.T, text string) (all []string) {
	t.Helper()
	numbers := func(format, of string) string {
		var out strings.Builder
		for _, b := range []byte(of) {
			fmt.Fprintf(&out, format, b)
		}
		return out.String()
	}
	units := func(format, of string) string {
		var out strings.Builder
		for _, u := range utf16.Encode([]rune(of)) {
			fmt.Fprintf(&out, format, u)
		}
		return out.String()
	}
	once := func(of string) []string {
		plain, forHTML := inJSON(t, of, false), inJSON(t, of, true)
		plain, forHTML = plain[1:len(plain)-1], forHTML[1:len(forHTML)-1]
		return []string{
			plain, forHTML, strings.ReplaceAll(plain, "/", `\/`), units(`\u%04x`, of), units(`\u%04X`, of),
			url.QueryEscape(of), url.PathEscape(of), strings.ReplaceAll(url.QueryEscape(of), "+", "%20"), numbers("%%%02x", of), numbers("%%%02X", of), html.EscapeString(of),
		}
	}
	for _, first := range once(text) {
		all = append(append(all, first), once(first)...)
	}
	return append(all, strings.ToUpper(text), strings.ToLower(text))
}

var nobody map[string]func(string) bool

func inJSON(t *testing.T, text string, html bool) string {
	t.Helper()
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(html)
	require.NoError(t, enc.Encode(text))
	return strings.TrimSpace(out.String())
}

// Of very many secrets it is only said that one may be there; of some, whether one is.
func TestMasker_in(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 200 {
		many = append(many, fmt.Sprintf("secret-%03d", i))
	}
	require.True(t, mask.New(many...).In([]byte("nothing")), "that may be")
	require.Equal(t, "••• and •••", mask.New(many...).Text("secret-000 and secret-199"))
	require.False(t, mask.New(many[:2]...).In([]byte("nothing")))
	require.False(t, mask.Masker{}.In([]byte("nothing")))
	a, b := "secret-000", "none"
	mask.New(many...).Texts(&a, &b)
	require.Equal(t, []string{"•••", "none"}, []string{a, b})
}

// How secrets are written is found out when a text is searched for them: an answer without one, of a server with very many, costs nothing for each.
func TestMasker_manyAreSpelledLate(t *testing.T) {
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprintf("secret-%04d", i))
	}
	document := []byte(`{"status":"ok","data":1}`)
	inside := func(member string) bool { return member == "data" }
	allocations := testing.AllocsPerRun(1, func() {
		require.Equal(t, string(document), string(mask.New(many...).JSON(document, func(string) bool { return false }, nobody)))
	})
	require.Less(t, allocations, 1000.0, "less than one for each secret")
	require.JSONEq(t, `{"data":"•••"}`, string(mask.New(many...).JSON([]byte(`{"data":"secret-4999"}`), inside, nobody)))
}
