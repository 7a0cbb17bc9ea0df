package jsondoc

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign"
)

// Escape is what a JSON library escapes beyond what it must.
type Escape uint8

// What may be escaped.
const (
	EscapeUnicode    Escape = 1 << iota // non-ASCII as \u6e1d: Python, PHP
	EscapeUpper                         // hex digits in upper case
	EscapeSlash                         // / as \/: PHP, fastjson, old Java
	EscapeHTML                          // <, > and & as \u003c: Go
	EscapeEquals                        // = as \u003d: Gson
	EscapeApostrophe                    // ' as \u0027: Gson, .NET
	EscapePlus                          // +, ` and " as \u002B, \u0060, \u0022: .NET's System.Text.Json
	escapeMixed                         // in a text as it came: no library's habit
)

// EscapeDotNet is what System.Text.Json escapes.
const EscapeDotNet = EscapeUnicode | EscapeUpper | EscapeHTML | EscapeApostrophe | EscapePlus

// Escapes are the habits of known libraries.
var Escapes = []Escape{
	0, EscapeUnicode, EscapeUnicode | EscapeUpper, EscapeSlash, EscapeUnicode | EscapeSlash,
	EscapeHTML, EscapeHTML | EscapeEquals | EscapeApostrophe, EscapeDotNet,
}

// Style is how a JSON library lays out a value.
type Style struct {
	Spacing int // an index of Spacings, or irregular
	Escape  Escape
}

const irregular = -1

// Regular reports whether a library lays values out so.
func (s Style) Regular() bool { return s.Spacing != irregular }

// Spacings are the layouts of known libraries; the first has no white space.
var Spacings = []struct {
	comma, colon, line, indent, pad string
	En, Zh                          string // who writes so
	Likely                          bool
	end                             string // behind the last bracket
}{
	{",", ":", "", "", "", "without any white space", "没有任何空白", true, ""},
	{", ", ": ", "", "", "", "with spaces after commas and colons, as Python's json.dumps writes", "逗号和冒号后带空格，如 Python 的 json.dumps", true, ""},
	{",", ": ", "", "", "", "with spaces after colons", "冒号后带空格", false, ""},
	{", ", ":", "", "", "", "with spaces after commas", "逗号后带空格", false, ""},
	{",", ": ", "\n", "  ", "", "indented by two spaces, as JSON.stringify(…, 2) and Gson write", "以两个空格缩进，如 JSON.stringify(…, 2)、Gson", true, ""},
	{",", ": ", "\n", "    ", "", "indented by four spaces, as PHP's JSON_PRETTY_PRINT and Hutool write", "以四个空格缩进，如 PHP 的 JSON_PRETTY_PRINT、Hutool", true, ""},
	{",", ": ", "\n", "\t", "", "indented by tabs", "以制表符缩进", false, ""},
	{",", " : ", "\n", "  ", "", "indented by two spaces with spaces around colons, as Jackson writes", "以两个空格缩进、冒号两侧带空格，如 Jackson", true, ""},
	{",", " : ", "\n", "   ", "", "indented by three spaces with spaces around colons, as Perl's JSON::PP writes", "以三个空格缩进、冒号两侧带空格，如 Perl 的 JSON::PP", false, ""},
	{",", " : ", "\n", "   ", "", "indented by three spaces with spaces around colons and a line end behind it, as Perl's JSON::PP writes", "以三个空格缩进、冒号两侧带空格、末尾换行，如 Perl 的 JSON::PP", false, "\n"},
	{",", ":", "\n", "\t", "", "indented by tabs without spaces, as fastjson's pretty print writes", "以制表符缩进且无空格，如 fastjson 的格式化输出", true, ""},
	{",", ":", "\n", "  ", "", "indented by two spaces", "以两个空格缩进", false, ""},
	{",", ":", "\n", "    ", "", "indented by four spaces", "以四个空格缩进", false, ""},
	{", ", ": ", "\n", "    ", "", "indented by four spaces, with spaces at line ends, as Python 2 writes", "以四个空格缩进且行尾带空格，如 Python 2", false, ""},
	{", ", ": ", "\n", "  ", "", "indented by two spaces, with spaces at line ends, as Python 2 writes", "以两个空格缩进且行尾带空格，如 Python 2", false, ""},
	{",", ": ", "\r\n", "  ", "", "indented by two spaces with the line ends CR LF, as .NET writes on Windows", "以两个空格缩进、换行为 CRLF，如 Windows 上的 .NET", true, ""},
	{",", ": ", "\r\n", "    ", "", "indented by four spaces with the line ends CR LF", "以四个空格缩进、换行为 CRLF", false, ""},
	{",", ": ", "\r\n", "\t", "", "indented by tabs with the line ends CR LF", "以制表符缩进、换行为 CRLF", false, ""},
	{",", " : ", "\r\n", "  ", "", "indented by two spaces with the line ends CR LF, as Jackson writes on Windows", "以两个空格缩进、换行为 CRLF，如 Windows 上的 Jackson", false, ""},
	{",", ":", "\r\n", "\t", "", "indented by tabs with the line ends CR LF", "以制表符缩进、换行为 CRLF", false, ""},
	{",", ":", "\r\n", "  ", "", "indented by two spaces with the line ends CR LF", "以两个空格缩进、换行为 CRLF", false, ""},
	{",", ":", "\r\n", "    ", "", "indented by four spaces with the line ends CR LF", "以四个空格缩进、换行为 CRLF", false, ""},
	{",", ":", "\n", "", "", "with a line end after each member", "每个成员后换行", false, ""},
	{",", ": ", "\n", "", "", "with a line end after each member", "每个成员后换行", false, ""},
	{", ", ": ", "", "", " ", "with spaces inside the braces, after commas and colons", "花括号内、逗号和冒号后带空格", false, ""},
	{",", ":", "", "", " ", "with spaces inside the braces", "花括号内带空格", false, ""},
	{", ", " : ", "", "", "", "with spaces around colons", "冒号两侧带空格", false, ""},
	{",", " : ", "", "", "", "with spaces around colons", "冒号两侧带空格", false, ""},
}

// AppendStyled appends text as a JSON string with the escapes of a library.
func AppendStyled(dst []byte, text string, e Escape) []byte {
	if plain(text) {
		return append(append(append(dst, '"'), text...), '"')
	}
	start := len(dst)
	dst = sign.AppendJSONString(dst, text)
	if e == 0 {
		return dst
	}
	quoted := string(dst[start+1 : len(dst)-1])
	dst = dst[:start+1]
	backslash := false
	for _, r := range quoted {
		switch {
		case backslash && r == '"' && e&EscapePlus != 0:
			dst = appendEscaped(dst[:len(dst)-1], r, true)
		case r == '/' && e&EscapeSlash != 0:
			dst = append(dst, `\/`...)
		case e&EscapeHTML != 0 && strings.ContainsRune("<>&\u2028\u2029", r),
			e&EscapeEquals != 0 && r == '=', e&EscapeApostrophe != 0 && r == '\'', e&EscapePlus != 0 && (r == '+' || r == '`'),
			e&EscapeUnicode != 0 && r >= utf8.RuneSelf:
			dst = appendEscaped(dst, r, e&EscapeUpper != 0)
		default:
			dst = utf8.AppendRune(dst, r)
		}
		backslash = r == '\\' && !backslash
	}
	return append(dst, '"')
}

// plain reports whether no library escapes anything of a text.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i] | 0x20; (c < 'a' || c > 'z') && (text[i] < '-' || text[i] > ':' || text[i] == '/') && text[i] != ' ' {
			return false
		}
	}
	return true
}

func appendEscaped(dst []byte, r rune, upper bool) []byte {
	format := `\u%04x`
	if upper {
		format = `\u%04X`
	}
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return fmt.Appendf(fmt.Appendf(dst, format, high), format, low)
	}
	return fmt.Appendf(dst, format, r)
}

// Flattening is a text of an object that is no JSON.
type Flattening struct {
	Open, Colon, Comma, Quote, End string
	values                         bool // without the names
	Encode                         func(string) string
	Words                          map[string]string // null, true and false as they are printed
	BareNames                      bool              // quotes stand around texts alone
	Sorted                         bool              // by name, whatever order they came in
}

// Texts that push.sign_data knows (§10): the values joined, and k=v joined by &.
var (
	AsValues = &Flattening{values: true}
	AsQuery  = &Flattening{Colon: "=", Comma: "&"}
)

// ValuesJoined are the values alone with something between them.
func ValuesJoined(separator string) *Flattening { return &Flattening{Comma: separator, values: true} }

// ValuesQuoted are the values alone in quotes, texts and numbers alike, with something around and between them.
func ValuesQuoted(open, separator, end string) *Flattening {
	return &Flattening{Open: open, Comma: separator, Quote: `"`, End: end, values: true}
}

// Append appends an object's members; what is inside of them stays JSON.
func (f *Flattening) Append(dst []byte, n *Node) []byte {
	dst = append(dst, f.Open...)
	order := make([]int, len(n.Members))
	for i := range order {
		order[i] = i
	}
	if f.Sorted {
		slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(n.Names[a], n.Names[b]) })
	}
	for at, i := range order {
		m := n.Members[i]
		if at > 0 {
			dst = append(dst, f.Comma...)
		}
		if !f.values {
			quote := f.Quote
			if f.BareNames {
				quote = ""
			}
			dst = append(append(append(append(dst, quote...), n.Names[i]...), quote...), f.Colon...)
		}
		text := m.Text
		if m.Kind == '{' || m.Kind == '[' {
			text = string(m.Append(nil, Style{}, 0))
		}
		if word, ok := f.Words[text]; ok && m.Kind != '"' {
			text = word
		}
		if f.Encode != nil {
			text = f.Encode(text)
		}
		if m.Kind == '"' {
			dst = append(append(append(dst, f.Quote...), text...), f.Quote...)
		} else {
			dst = append(dst, text...)
		}
	}
	return append(dst, f.End...)
}
