package repair

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// Language is the text in which a language or a format writes an object that is no JSON.
type Language struct {
	Kind         string
	Name, NameZh string // what such a text is, after "the text of"
	JSON         string // what gives JSON there; "" where there is no one way
	// Read reads such a text, nil where it is none. What it reads is an object: texts that look like numbers may have been numbers.
	Read func(data string) *jsondoc.Node
	// Write are the texts of an object; nil where they cannot be known, since they hold a type's name.
	Write func(n *jsondoc.Node) []string
}

// English is what such a text is: a format, or the text of something.
func (l *Language) English() string {
	if l.JSON == "" {
		return l.Name
	}
	return "the text of " + l.Name
}

// Chinese is English in Chinese, with a space before a Latin letter.
func (l *Language) Chinese() string {
	name := l.NameZh
	if wire.IsASCII(name[:1]) {
		name = " " + name
	}
	if l.JSON == "" {
		return name
	}
	if wire.IsASCII(name[len(name)-1:]) {
		name += " "
	}
	return name + "的文本"
}

// Languages are those of which a reader is known, beside the ones that package mistakes names by themselves (Python's dict, Java's Map and objects, Ruby, Go's map, JavaScript).
var Languages = []Language{
	{"php-array", "a PHP array (print_r, var_export, var_dump or serialize)", "PHP 数组（print_r、var_export、var_dump 或 serialize 的输出）", "json_encode($data)", phpArray, phpTexts},
	{"data-yaml", "YAML", "YAML", "", yamlObject, yamlTexts},
	{"data-xml", "XML or HTML", "XML 或 HTML", "", xmlObject, xmlTexts},
	{"dotnet-object", "a .NET object ({ a = b })", ".NET 对象（{ a = b }）", "JsonSerializer.Serialize(o)", dotNetObject, flattenedAs(jsondoc.Flattening{Open: "{ ", Colon: " = ", Comma: ", ", End: " }"})},
	{"scala-map", "a Scala Map (Map(a -> b))", "Scala Map（Map(a -> b)）", "write(map)", scalaMap, flattenedAs(jsondoc.Flattening{Open: "Map(", Colon: " -> ", Comma: ", ", End: ")"})},
	{"swift-dictionary", "a Swift dictionary ([\"a\": \"b\"])", "Swift 字典（[\"a\": \"b\"]）", "JSONSerialization.data(withJSONObject: d)", swiftDictionary, flattenedAs(jsondoc.Flattening{Open: "[", Colon: ": ", Comma: ", ", Quote: `"`, End: "]"})},
	{"elixir-map", "an Elixir map (%{…})", "Elixir map（%{…}）", "Jason.encode!(map)", elixirMap, flattenedAs(
		jsondoc.Flattening{Open: "%{", Colon: " => ", Comma: ", ", Quote: `"`, End: "}", Words: map[string]string{"null": "nil"}},
		jsondoc.Flattening{Open: "%{", Colon: ": ", Comma: ", ", Quote: `"`, BareNames: true, End: "}", Words: map[string]string{"null": "nil"}})},
	{"erlang-map", "an Erlang map (#{a => b})", "Erlang map（#{a => b}）", "json:encode(Map)", erlangMap, nil},
	{"clojure-map", "a Clojure map ({:a b})", "Clojure map（{:a b}）", "(json/write-str m)", clojureMap, nil},
	{"powershell-hashtable", "a PowerShell object (@{a=b; c=d})", "PowerShell 对象（@{a=b; c=d}）", "ConvertTo-Json -Compress", powerShellObject, flattenedAs(jsondoc.Flattening{Open: "@{", Colon: "=", Comma: "; ", End: "}"})},
	{"groovy-map", "a Groovy map ([a:b])", "Groovy map（[a:b]）", "JsonOutput.toJson(map)", groovyMap, flattenedAs(jsondoc.Flattening{Open: "[", Colon: ":", Comma: ", ", End: "]"})},
	{"dart-map", "a Dart map ({a: b})", "Dart Map（{a: b}）", "jsonEncode(map)", dartMap, nil}, // map-to-string tries it
	{"objc-dictionary", "an NSDictionary ({ a = b; })", "NSDictionary（{ a = b; }）", "NSJSONSerialization", nsDictionary, nil},
	{"python-object", "a Python object (OrderedDict, dataclass or a list of pairs)", "Python 对象（OrderedDict、dataclass 或键值对列表）", "json.dumps(d)", pythonObject, pythonTexts},
	{"go-struct", "a Go struct ({Name:value})", "Go 结构体（{Name:value}）", "json.Marshal(v)", goStruct, goTexts},
	{"rust-debug", "a Rust value ({:?})", "Rust 值（{:?} 输出）", "serde_json::to_string(&v)", rustDebug, nil},
	{"perl-dump", "a Perl hash (Data::Dumper)", "Perl 哈希（Data::Dumper 输出）", "encode_json($data)", perlDump, nil},
	{"name-value-list", "a list of names and values ([{\"name\":…,\"value\":…}])", "键值列表（[{\"name\":…,\"value\":…}]）", "JSON.stringify(Object.fromEntries(new FormData(form)))", nameValueList, nil},
}

func flattenedAs(ways ...jsondoc.Flattening) func(n *jsondoc.Node) []string {
	return func(n *jsondoc.Node) (all []string) {
		for i := range ways {
			all = append(all, string(ways[i].Append(nil, n)))
		}
		return all
	}
}

// between is what stands between two marks around a text, false where it has not both.
func between(text, open, end string) (string, bool) {
	text, found := strings.CutPrefix(text, open)
	if !found {
		return "", false
	}
	return strings.CutSuffix(text, end)
}

var typeName = lazyregexp.New(`^[A-Za-z_$][\w.$]*\s*\{`)

// dotNetObject reads what .NET prints of an anonymous type or a record: { a = b, c = d }, with the record's name before it.
func dotNetObject(data string) *jsondoc.Node {
	if typeName().MatchString(data) {
		data = data[strings.IndexByte(data, '{'):]
	}
	inner, ok := between(data, "{ ", " }")
	if !ok || !strings.Contains(inner, " = ") {
		return nil
	}
	return Pairs(inner, ", ", " = ")
}

func scalaMap(data string) *jsondoc.Node {
	for _, name := range []string{"Map(", "HashMap(", "ListMap(", "TreeMap("} {
		if inner, ok := between(data, name, ")"); ok && strings.Contains(inner, " -> ") {
			return Pairs(inner, ", ", " -> ")
		}
	}
	return nil
}

func swiftDictionary(data string) *jsondoc.Node {
	inner, ok := between(data, `["`, "]")
	if !ok || !strings.Contains(inner, `":`) {
		return nil
	}
	return object(`{"` + inner + "}")
}

func elixirMap(data string) *jsondoc.Node {
	rest, ok := strings.CutPrefix(data, "%")
	if !ok {
		return nil
	}
	if n := RubyHash(rest); n != nil {
		return n
	}
	return BareNames(rest)
}

// erlangMap reads what Erlang prints of a map, whose texts are binaries.
func erlangMap(data string) *jsondoc.Node {
	rest, ok := strings.CutPrefix(data, "#")
	if !ok || !strings.HasPrefix(rest, "{") || !strings.Contains(rest, "=>") {
		return nil
	}
	return matched(erlangPair().FindAllStringSubmatch(rest, -1))
}

func clojureMap(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "{:") || strings.Contains(data, "=>") {
		return nil
	}
	return matched(clojurePair().FindAllStringSubmatch(data, -1))
}

// powerShellObject reads what PowerShell prints of an object in a text: "@{a=b; c=d}".
func powerShellObject(data string) *jsondoc.Node {
	inner, ok := between(data, "@{", "}")
	if !ok || strings.Contains(inner, `"`) {
		return nil
	}
	return Pairs(inner, "; ", "=")
}

func groovyMap(data string) *jsondoc.Node {
	inner, ok := between(data, "[", "]")
	if !ok || strings.ContainsAny(inner, `"{[`) {
		return nil
	}
	return Pairs(inner, ", ", ":")
}

func dartMap(data string) *jsondoc.Node {
	inner, ok := between(data, "{", "}")
	if !ok || strings.ContainsAny(inner, "\"'=\n") || !strings.Contains(inner, ": ") {
		return nil
	}
	return Pairs(inner, ", ", ": ")
}

var (
	erlangPair  = lazyregexp.New(`(?:<<")?([A-Za-z_]\w*)(?:">>)? ?=> ?(?:(?:<<)?"([^"]*)"(?:/utf8)?(?:>>)?|([^\s,{}"<]+))`)
	clojurePair = lazyregexp.New(`:(\w+) (?:"([^"]*)"|([^\s,{}"]+))`)
)

var nsEscape = lazyregexp.New(`\\U([0-9a-fA-F]{4})`)

// nsDictionary reads what Objective-C prints of a dictionary: a line for each pair, a semicolon behind it.
func nsDictionary(data string) *jsondoc.Node {
	inner, ok := between(strings.TrimSpace(data), "{", "}")
	if !ok || !strings.Contains(inner, ";") {
		return nil
	}
	n := &jsondoc.Node{Kind: '{'}
	for pair := range strings.SplitSeq(strings.TrimSpace(inner), ";") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, found := strings.Cut(strings.TrimSpace(pair), " = ")
		if !found {
			return nil
		}
		if strings.HasPrefix(value, `"`) {
			text := jsondoc.Parse(nsEscape().ReplaceAllString(value, `\u$1`))
			if text == nil {
				return nil
			}
			value = text.Text
		}
		n.Names, n.Members = append(n.Names, strings.Trim(name, `"`)), append(n.Members, &jsondoc.Node{Kind: '"', Text: value})
	}
	return n
}

var (
	pythonPair = lazyregexp.New(`\('(\w+)', (?:'([^']*)'|([^'(),]+))\)`)
	pythonCall = lazyregexp.New(`^[A-Za-z_]\w*\((\w+=(?:'|\d|None|True|False).*)\)$`)
	bareField  = lazyregexp.New(`^\w+='`)
)

var (
	readLiterals    = strings.NewReplacer("None", "null", "True", "true", "False", "false")
	writtenLiterals = strings.NewReplacer("null", "None", "true", "True", "false", "False")
)

// pythonObject reads an OrderedDict, a list of pairs, and what dataclasses and pydantic print.
func pythonObject(data string) *jsondoc.Node {
	for _, open := range []string{"OrderedDict([", "[", "dict_items(["} {
		end := strings.NewReplacer("OrderedDict([", "])", "dict_items([", "])", "[", "]").Replace(open)
		inner, ok := between(data, open, end)
		if !ok || !strings.HasPrefix(inner, "('") {
			continue
		}
		n := &jsondoc.Node{Kind: '{'}
		for _, m := range pythonPair().FindAllStringSubmatch(inner, -1) {
			value := &jsondoc.Node{Kind: '"', Text: m[2]}
			if m[3] != "" {
				value = &jsondoc.Node{Kind: 'l', Text: readLiterals.Replace(m[3])}
			}
			n.Names, n.Members = append(n.Names, m[1]), append(n.Members, value)
		}
		return n
	}
	if inner, ok := between(data, "OrderedDict(", ")"); ok {
		return PythonDict(inner)
	}
	if m := pythonCall().FindStringSubmatch(data); m != nil {
		return Pairs(strings.ReplaceAll(m[1], "'", ""), ", ", "=")
	}
	if bareField().MatchString(data) && !strings.Contains(data, "&") {
		return Pairs(strings.ReplaceAll(strings.TrimSuffix(data, "'"), "' ", "\x00"), "\x00", "='")
	}
	return nil
}

func pythonTexts(n *jsondoc.Node) []string {
	pairs := make([]string, len(n.Members))
	for i, m := range n.Members {
		value := "'" + m.Text + "'"
		if m.Kind != '"' {
			value = writtenLiterals.Replace(m.Text)
		}
		pairs[i] = "('" + n.Names[i] + "', " + value + ")"
	}
	list := "[" + strings.Join(pairs, ", ") + "]"
	return []string{"OrderedDict(" + list + ")", list, "dict_items(" + list + ")"}
}

var goFields = lazyregexp.New(`^&?(?:\w+\.\w+)?\{([A-Z]\w*:.*)\}$`)

// goStruct reads what %+v of Go prints of a struct, whose JSON has names that begin with a small letter.
func goStruct(data string) *jsondoc.Node {
	m := goFields().FindStringSubmatch(data)
	if m == nil || strings.ContainsAny(m[1], "\n,") {
		return nil
	}
	n := Pairs(m[1], " ", ":")
	if n != nil {
		for i, name := range n.Names {
			n.Names[i] = strings.ToLower(name[:1]) + name[1:]
		}
	}
	return n
}

func goTexts(n *jsondoc.Node) []string {
	plain, named := make([]string, len(n.Members)), make([]string, len(n.Members))
	for i, m := range n.Members {
		if plain[i] = m.Text; m.Kind == 'l' && m.Text == "null" {
			plain[i] = "<nil>"
		}
		name := n.Names[i]
		if name != "" {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		named[i] = name + ":" + plain[i]
	}
	values, fields := "{"+strings.Join(plain, " ")+"}", "{"+strings.Join(named, " ")+"}"
	return []string{values, fields, "&" + values, "&" + fields}
}

func rustDebug(data string) *jsondoc.Node {
	if !typeName().MatchString(data) || !strings.Contains(data, `: `) {
		return nil
	}
	return BareNames(data[strings.IndexByte(data, '{'):])
}

func perlDump(data string) *jsondoc.Node {
	inner, ok := between(strings.TrimSpace(data), "$VAR1 = {", "};")
	if !ok {
		return nil
	}
	return arrows(strings.TrimSpace(inner))
}

// nameValueList reads a list of objects of a name and a value, as jQuery's serializeArray writes, and a list of pairs.
func nameValueList(data string) *jsondoc.Node {
	list := jsondoc.Parse(data)
	if list == nil || list.Kind != '[' || len(list.Members) == 0 {
		return nil
	}
	n := &jsondoc.Node{Kind: '{'}
	for _, m := range list.Members {
		var name, value *jsondoc.Node
		switch {
		case m.Kind == '[' && len(m.Members) == 2:
			name, value = m.Members[0], m.Members[1]
		case m.Kind == '{' && len(m.Members) == 2:
			for i, inner := range m.Members {
				switch strings.ToLower(m.Names[i]) {
				case "name", "key":
					name = inner
				case "value":
					value = inner
				}
			}
		}
		if name == nil || value == nil || name.Kind != '"' {
			return nil
		}
		n.Names, n.Members = append(n.Names, name.Text), append(n.Members, value)
	}
	return n
}

// Marshalled takes the object out of a JSON string that holds it, and out of one that holds such a string; "" where there is none.
func Marshalled(data string) string {
	const rounds = 3
	for range rounds {
		n := jsondoc.Parse(data)
		if n == nil || n.Kind != '"' {
			return ""
		}
		if data = n.Text; wire.IsObject(data) {
			return data
		}
	}
	return ""
}
