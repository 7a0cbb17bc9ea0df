package mistakes

import (
	"slices"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var signTheSent = words.Phrase{En: "Sign the very text that is sent: bring the value into its form before data is marshalled, once", Zh: "请对实际发送的文本签名：先把值整理好再序列化 data，且只做一次"}

// renamedRows are objects of which one of the two ways wrote names or values in a form of its own: a naming strategy, a plate's separator, a colour in words.
var renamedRows = []guess.Hypothesis{
	{
		Kind: "field-names-rewritten", In: guess.OfBoth, At: guess.InEmpty, Alone: true, Try: renamed, What: words.Phrase{En: "the fields had names in another style, as a naming strategy writes them", Zh: "字段名是另一种写法，像是命名策略改写的"},
		Fix:     words.Phrase{En: "Marshal data once and sign the very text that is sent: signing and sending use serializers of different naming strategies (snake_case, PascalCase)", Zh: "data 只序列化一次，并对实际发送的文本签名：签名和发送用了命名策略不同的序列化器（snake_case、PascalCase）"},
		PushFix: words.Phrase{En: "Hash the text as received, not an object that was written anew under another naming strategy (snake_case, PascalCase)", Zh: "请对收到的原文求哈希，而不是按另一种命名策略（snake_case、PascalCase）重新序列化的对象"},
	},
	{
		Kind: "plate-rewritten", In: guess.OfBoth, At: guess.InValues, Alone: true, Try: altered(plateRewritten), What: words.Phrase{En: "a plate was signed in another form than it was sent: with a separator, a space or masked", Zh: "车牌签名时与发送时写法不同：带分隔符、空格或脱敏"},
		Fix: signTheSent, PushFix: words.Phrase{En: "Hash the text as received, before the plate is brought into another form", Zh: "请对收到的原文求哈希，之后再改写车牌"},
	},
	{
		Kind: "color-rewritten", In: guess.OfRequests, At: guess.InValues, Alone: true, Try: recolored, What: words.Phrase{En: "another plateColor was signed than was sent", Zh: "签名用的 plateColor 与发送的不同"}, Fix: signTheSent,
	},
	{
		Kind: "id-rewritten", In: guess.OfBoth, At: guess.InValues, Alone: true, Try: altered(redashed), What: words.Phrase{En: "an id was signed without its dashes and sent with them, or the other way round", Zh: "标识签名时不带连字符而发送时带，或相反"},
		Fix: signTheSent, PushFix: words.Phrase{En: "Hash the text as received, with the dashes of its ids", Zh: "请对收到的原文求哈希，保留标识中的连字符"},
	},
	{
		Kind: "json-single-quoted", In: guess.OfBoth, At: guess.InFlat, Alone: true, Try: flattened(&jsondoc.Flattening{Open: "{", Colon: ":", Comma: ",", Quote: "'", End: "}"}), What: words.Phrase{En: "data was signed with ' in the place of \"", Zh: "签名的 data 用 ' 代替了 \""},
		Fix: words.Phrase{En: "Sign the JSON text that is sent, with its double quotes", Zh: "请对实际发送的 JSON 文本签名，保留双引号"}, PushFix: words.Phrase{En: "Hash the JSON text as received, with its double quotes", Zh: "请对收到的 JSON 原文求哈希，保留双引号"},
	},
}

// renamed are the names in the styles of naming strategies.
func renamed(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || g.Flat != nil {
		return true
	}
	doc := g.Doc
	seen := [][]string{doc.Names}
	for _, style := range []func(string) string{snake, pascal, camel, strings.ToLower, strings.ToUpper, func(n string) string { return strings.ToUpper(snake(n)) }, func(n string) string { return strings.ReplaceAll(snake(n), "_", "-") }} {
		names := make([]string, len(doc.Names))
		for i, name := range doc.Names {
			names[i] = style(name)
		}
		if slices.ContainsFunc(seen, func(other []string) bool { return slices.Equal(other, names) }) {
			continue
		}
		seen = append(seen, names)
		for _, escape := range []jsondoc.Escape{g.Style.Escape, jsondoc.EscapeDotNet} {
			next := g
			next.Doc, next.Style.Escape = &jsondoc.Node{Kind: doc.Kind, Names: names, Members: doc.Members}, escape
			if !yield(next) {
				return false
			}
		}
	}
	return true
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func pascal(name string) string {
	name = camel(name)
	return strings.ToUpper(words.First(name, 1)) + name[min(1, len(name)):]
}

// camel is plate_number and PlateNumber as plateNumber.
func camel(name string) string {
	var b strings.Builder
	up := false
	for i, r := range name {
		switch {
		case r == '_' || r == '-':
			up = i > 0
			continue
		case i == 0:
			r = unicode.ToLower(r)
		case up:
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

var (
	somePlate  = lazyregexp.New(`^\p{Han}[A-Za-z][A-Za-z0-9]{4,6}\p{Han}?$`)
	plateMarks = strings.NewReplacer("·", "", "•", "", "・", "", ".", "", "-", "", " ", "", "\u00a0", "", "\u3000", "", "\u200b", "", "\uFEFF", "")
)

// plateRewritten are the other ways to write a plate.
func plateRewritten(m *jsondoc.Node) (all []*jsondoc.Node) {
	const longest = 40
	if m.Kind != '"' || len(m.Text) > longest {
		return nil
	}
	plain := plateMarks.Replace(m.Text)
	if plain != m.Text {
		if somePlate().MatchString(plain) {
			all = append(m.With('"', plain, true), m.With('"', strings.ToUpper(plain), true)...)
		}
		return all
	}
	if !somePlate().MatchString(plain) {
		return nil
	}
	runes := []rune(plain)
	for _, mark := range []string{"·", " ", "-", ".", "•", "・", "\u00a0", "\u3000", "\u200b"} {
		all = append(all, m.With('"', string(runes[:2])+mark+string(runes[2:]), true)...)
	}
	for _, text := range []string{string(runes[:1]) + " " + string(runes[1:]), string(runes[:1]) + "****" + string(runes[len(runes)-2:]), string(runes[1:]), fullWidth(plain), " " + plain, plain + " "} {
		all = append(all, m.With('"', text, true)...)
	}
	return all
}

// recolored are the other values of plateColor, and its words.
func recolored(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || !contains(g.Doc.Names, "plateColor") {
		return true
	}
	at := slices.Index(g.Doc.Names, "plateColor")
	return altered(func(m *jsondoc.Node) (all []*jsondoc.Node) {
		if m != g.Doc.Members[at] {
			return nil
		}
		for _, text := range []string{"0", "1", "2", "3", "4", "5"} {
			all = append(append(all, m.With(m.Kind, text, true)...), m.With('"'+'l'-m.Kind, text, true)...)
		}
		for _, text := range []string{"蓝", "黑", "黄", "白", "绿", "蓝色", "黑色", "黄色", "白色", "绿色", "蓝牌", "黄牌", "blue", "black", "yellow", "white", "green", "BLUE", "BLACK", "YELLOW", "WHITE"} {
			all = append(all, m.With('"', text, true)...)
		}
		return all
	})(s, g, few, yield)
}

var hexID = lazyregexp.New(`^[0-9A-Fa-f]{32}$`)

// redashed are ids without their dashes, and 32 hex digits in the groups of a UUID.
func redashed(m *jsondoc.Node) []*jsondoc.Node {
	const longest = 64
	t := m.Text
	switch {
	case m.Kind != '"' || len(t) > longest:
		return nil
	case hexID().MatchString(t):
		return m.With('"', t[:8]+"-"+t[8:12]+"-"+t[12:16]+"-"+t[16:20]+"-"+t[20:], true)
	case strings.Contains(t, "-") && wire.IsASCII(t) && !strings.ContainsAny(t, " :"):
		plain := strings.ReplaceAll(t, "-", "")
		return append(m.With('"', plain, true), m.With('"', strings.ToUpper(plain), true)...)
	}
	return nil
}
