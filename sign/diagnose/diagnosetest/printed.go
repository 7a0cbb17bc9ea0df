package diagnosetest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/url"
	"strings"
)

// printed are the texts that languages and formats write of bound, by the kind that a diagnosis names where one of them was sent.
var printed = []struct{ kind, name, text, en, zh, fix string }{
	{"php-array", "print_r", "Array\n(\n    [token] => d970cff4-3811\n    [plateNumber] => 渝ATX061\n    [plateColor] => 1\n)\n", "PHP array", "PHP 数组", "json_encode"},
	{"php-array", "var_export", "array (\n  'token' => 'd970cff4-3811',\n  'plateNumber' => '渝ATX061',\n  'plateColor' => '1',\n)", "PHP array", "PHP 数组", "json_encode"},
	{"php-array", "serialize", `a:3:{s:5:"token";s:13:"d970cff4-3811";s:11:"plateNumber";s:9:"渝ATX061";s:10:"plateColor";s:1:"1";}`, "PHP array", "PHP 数组", "json_encode"},
	{"php-array", "var_dump", "array(3) {\n  [\"token\"]=>\n  string(13) \"d970cff4-3811\"\n  [\"plateNumber\"]=>\n  string(9) \"渝ATX061\"\n  [\"plateColor\"]=>\n  string(1) \"1\"\n}\n", "PHP array", "PHP 数组", "json_encode"},
	{"data-yaml", "YAML", "token: d970cff4-3811\nplateNumber: 渝ATX061\nplateColor: '1'\n", "YAML", "YAML", "JSON"},
	{"data-xml", "XML", "<xml><token>d970cff4-3811</token><plateNumber>渝ATX061</plateNumber><plateColor>1</plateColor></xml>", "XML", "XML", "JSON"},
	{"dotnet-object", "an anonymous type of C#", "{ token = d970cff4-3811, plateNumber = 渝ATX061, plateColor = 1 }", ".NET object", ".NET 对象", "JsonSerializer"},
	{"dotnet-object", "a record of C#", "BindCar { token = d970cff4-3811, plateNumber = 渝ATX061, plateColor = 1 }", ".NET object", ".NET 对象", "JsonSerializer"},
	{"scala-map", "a Scala Map", "Map(token -> d970cff4-3811, plateNumber -> 渝ATX061, plateColor -> 1)", "Scala", "Scala", "JSON"},
	{"swift-dictionary", "a Swift dictionary", `["token": "d970cff4-3811", "plateNumber": "渝ATX061", "plateColor": "1"]`, "Swift", "Swift", "JSONSerialization"},
	{"elixir-map", "an Elixir map", `%{"token" => "d970cff4-3811", "plateNumber" => "渝ATX061", "plateColor" => "1"}`, "Elixir", "Elixir", "Jason"},
	{"elixir-map", "an Elixir map of atoms", `%{token: "d970cff4-3811", plateNumber: "渝ATX061", plateColor: "1"}`, "Elixir", "Elixir", "Jason"},
	{"erlang-map", "an Erlang map", `#{<<"token">> => <<"d970cff4-3811">>,<<"plateNumber">> => <<"渝ATX061"/utf8>>,<<"plateColor">> => <<"1">>}`, "Erlang", "Erlang", "json:encode"},
	{"clojure-map", "a Clojure map", `{:token "d970cff4-3811", :plateNumber "渝ATX061", :plateColor "1"}`, "Clojure", "Clojure", "write-str"},
	{"powershell-hashtable", "a PowerShell object", `@{token=d970cff4-3811; plateNumber=渝ATX061; plateColor=1}`, "PowerShell", "PowerShell", "ConvertTo-Json"},
	{"groovy-map", "a Groovy map", `[token:d970cff4-3811, plateNumber:渝ATX061, plateColor:1]`, "Groovy", "Groovy", "JsonOutput"},
	{"dart-map", "a Dart map", `{token: d970cff4-3811, plateNumber: 渝ATX061, plateColor: 1}`, "Dart", "Dart", "jsonEncode"},
	{"objc-dictionary", "an NSDictionary", "{\n    plateColor = 1;\n    plateNumber = \"\\U6e1dATX061\";\n    token = \"d970cff4-3811\";\n}", "NSDictionary", "NSDictionary", "NSJSONSerialization"},
	{"python-object", "an OrderedDict", `OrderedDict([('token', 'd970cff4-3811'), ('plateNumber', '渝ATX061'), ('plateColor', '1')])`, "Python object", "Python 对象", "json.dumps"},
	{"python-object", "an OrderedDict of Python 3.12", `OrderedDict({'token': 'd970cff4-3811', 'plateNumber': '渝ATX061', 'plateColor': '1'})`, "Python object", "Python 对象", "json.dumps"},
	{"python-object", "a dataclass", `BindCar(token='d970cff4-3811', plateNumber='渝ATX061', plateColor='1')`, "Python object", "Python 对象", "json.dumps"},
	{"python-object", "str() of a pydantic model", `token='d970cff4-3811' plateNumber='渝ATX061' plateColor='1'`, "Python object", "Python 对象", "json.dumps"},
	{"go-struct", "%+v of a Go struct", `{Token:d970cff4-3811 PlateNumber:渝ATX061 PlateColor:1}`, "Go struct", "Go 结构体", "json.Marshal"},
	{"rust-debug", "{:?} of Rust", `BindCar { token: "d970cff4-3811", plateNumber: "渝ATX061", plateColor: "1" }`, "Rust", "Rust", "serde_json"},
	{"perl-dump", "Data::Dumper", "$VAR1 = {\n          'token' => 'd970cff4-3811',\n          'plateNumber' => '渝ATX061',\n          'plateColor' => '1'\n        };\n", "Perl", "Perl", "encode_json"},
	{"name-value-list", "jQuery's serializeArray", `[{"name":"token","value":"d970cff4-3811"},{"name":"plateNumber","value":"渝ATX061"},{"name":"plateColor","value":"1"}]`, "list of names and values", "键值列表", "JSON.stringify"},
	{"name-value-list", "a list of pairs", `[["token","d970cff4-3811"],["plateNumber","渝ATX061"],["plateColor","1"]]`, "list of names and values", "键值列表", "JSON.stringify"},
	{"json-single-quoted", "JSON written with '", `{'token':'d970cff4-3811','plateNumber':'渝ATX061','plateColor':'1'}`, "'", "'", "double quotes"},
}

// printedSent are those texts sent in the place of the JSON that was signed; of a map that is sorted the sorted JSON was.
func (c client) printedSent() (all []Request) {
	sorted := `{"plateColor":"1","plateNumber":"渝ATX061","token":"d970cff4-3811"}`
	for _, p := range printed {
		signed := bound
		if p.kind == "objc-dictionary" {
			signed = sorted
		}
		all = append(all, c.damaged(p.name+" sent, JSON signed", p.kind, signed, url.QueryEscape(p.text), p.text).says("was signed|"+p.en, "签名|"+p.zh, p.fix, ""))
	}
	return all
}

// printedSigned are those texts signed in the place of the JSON that was sent.
func (c client) printedSigned() []Request {
	each := func(name, text string) Request {
		return c.signs(name+" signed, JSON sent", "printed-signed", bound, c.of(text))
	}
	text := func(name string) string {
		for _, p := range printed {
			if p.name == name {
				return p.text
			}
		}
		panic(name)
	}
	all := []Request{each("print_r", text("print_r")).says("PHP array|print_r", "PHP 数组", "JSON text that is sent", "实际发送的 JSON")}
	for _, name := range []string{"var_export", "serialize", "YAML", "XML", "an anonymous type of C#", "a Scala Map", "a Swift dictionary", "an Elixir map", "a Groovy map", "an OrderedDict", "%+v of a Go struct"} {
		all = append(all, each(name, text(name)))
	}
	return append(all, each("%v of a Go struct", "{d970cff4-3811 渝ATX061 1}"), each("util.inspect", "{\n  token: 'd970cff4-3811',\n  plateNumber: '渝ATX061',\n  plateColor: '1'\n}"))
}

// escapedTexts are characters as escapes of other languages than JSON, sent or signed, and further dresses of the whole text.
func (c client) escapedTexts() []Request {
	with := func(escape string) string { return strings.ReplaceAll(bound, "渝", escape) }
	sent := func(name, kind, arrived string) Request {
		return c.damaged(name, kind, bound, url.QueryEscape(arrived), arrived)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(bound))
	_ = w.Close()
	quoted := strings.ReplaceAll(bound, `"`, `\"`)
	return []Request{
		sent("str(bytes) of Python", "python-bytes", "b'"+with(`\xe6\xb8\x9d`)+"'").says("Python bytes", "Python bytes", "decode('utf-8')", "decode('utf-8')"),
		sent("bytes as escapes", "characters-escaped", with(`\xe6\xb8\x9d`)).says(`another language|\xe6`, "其他语言的转义", "the text that was signed", "签名用的文本"),
		sent("octal escapes", "characters-escaped", with(`\346\270\235`)),
		sent("quoted-printable", "characters-escaped", with("=E6=B8=9D")),
		sent("an escape of ES6", "characters-escaped", with(`\u{6E1D}`)),
		sent("a code point", "characters-escaped", with("U+6E1D")),
		sent("JSON.stringify twice", "data-quoted", `"`+quoted+`"`).says("marshalled twice", "序列化了两次", "Marshal once", "只序列化一次"),
		sent("JSON.stringify three times", "data-quoted", `"\"`+strings.ReplaceAll(bound, `"`, `\\\"`)+`\""`),
		sent("json_encode twice, characters escaped", "data-quoted", `"`+strings.ReplaceAll(quoted, "渝", `\u6e1d`)+`"`),
		sent("a comma before the brace", "json-extended", strings.Replace(bound, `"1"}`, `"1",}`, 1)).says("comma", "逗号", "plain JSON", "标准 JSON"),
		sent("a comment in it", "json-extended", strings.Replace(bound, `{"token"`, `{/* bind */"token"`, 1)).says("comment", "注释", "plain JSON", "标准 JSON"),
		sent("gzip in Base64", "data-compressed", base64.StdEncoding.EncodeToString(packed.Bytes())).says("compressed", "压缩", "JSON text itself", "JSON 文本"),
		sent("German quotes", "full-width-punctuation", `{„token“:„d970cff4-3811“,„plateNumber“:„渝ATX061“,„plateColor“:„1“}`),
		c.signs("signed with the bytes as escapes", "characters-escaped", bound, c.of(with(`\xe6\xb8\x9d`))).says(`\xe6`, `\xe6`, "very text that is sent", "实际发送的文本"),
		c.signs("signed as str(bytes)", "characters-escaped", bound, c.of("b'"+with(`\xe6\xb8\x9d`)+"'")),
		c.signs("signed in quoted-printable", "characters-escaped", bound, c.of(with("=E6=B8=9D"))),
	}
}
