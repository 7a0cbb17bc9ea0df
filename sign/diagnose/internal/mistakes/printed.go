package mistakes

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// printedRows are objects that were sent as a language prints them, and signed as JSON.
var printedRows = []guess.Hypothesis{
	printedRow("python-dict", words.Phrase{En: "data was sent as the text of a Python dict, and JSON was signed", Zh: "data 以 Python dict 的文本发送，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed: text = json.dumps(d), then sign text and send text, not d or str(d)", Zh: "请发送签名用的文本：text = json.dumps(d)，对 text 签名并发送 text，而不是 d 或 str(d)"}, alone(repair.PythonDict)),
	printedRow("java-map", words.Phrase{En: "data was sent as the text of a Java Map ({a=b}), and JSON was signed", Zh: "data 以 Java Map 的文本（{a=b}）发送，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed: String text = JSON.toJSONString(map), then sign text and send text, not map.toString()", Zh: "请发送签名用的文本：String text = JSON.toJSONString(map)，对 text 签名并发送 text，而不是 map.toString()"}, alone(repair.JavaMap)),
	printedRow("java-object", words.Phrase{En: "data was sent as the text of a Java object, and JSON was signed", Zh: "data 以 Java 对象的文本发送，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed: String text = JSON.toJSONString(o), then sign text and send text, not o.toString()", Zh: "请发送签名用的文本：String text = JSON.toJSONString(o)，对 text 签名并发送 text，而不是 o.toString()"}, alone(repair.JavaObject)),
	printedRow("ruby-hash", words.Phrase{En: "data was sent as the text of a Ruby hash, and JSON was signed", Zh: "data 以 Ruby Hash 的文本发送，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed: text = hash.to_json, then sign text and send text", Zh: "请发送签名用的文本：text = hash.to_json，对 text 签名并发送 text"}, alone(repair.RubyHash)),
	printedRow("go-map", words.Phrase{En: "data was sent as the text of a Go map, and JSON was signed", Zh: "data 以 Go map 的文本发送，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed, of json.Marshal(m), not fmt.Sprint(m)", Zh: "请发送签名用的 json.Marshal(m) 文本，而不是 fmt.Sprint(m)"}, alone(repair.GoMap)),
	printedRow("javascript-object", words.Phrase{En: "data was sent with names that have no quotes, and JSON was signed", Zh: "发送的 data 键没有引号，而签名的是 JSON"},
		words.Phrase{En: "Send the text that was signed, of JSON.stringify(data)", Zh: "请发送签名用的 JSON.stringify(data) 文本"}, alone(repair.BareNames)),
	printedRow("query-for-json", words.Phrase{En: "data was sent as name=value pairs, and JSON was signed", Zh: "data 以 name=value 发送，而签名的是 JSON"},
		words.Phrase{En: "Send the JSON text that was signed as data, URL-encoded (§3.3)", Zh: "data 请发送签名用的 JSON 文本，并做 URL 编码（§3.3）"}, queryPairs),
}

// printedRow is a row of objects that read gives back: as compact JSON, and as Python's json.dumps writes it.
func printedRow(kind string, what, fix words.Phrase, read func(s *guess.Case, data string) *jsondoc.Node) guess.Hypothesis {
	return guess.Hypothesis{Kind: kind, In: guess.OfRequests, At: guess.InRepair, What: what, Fix: fix, Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if g.Size() > wire.Longest {
			return true
		}
		n := read(s, g.Data)
		if n == nil || len(n.Members) == 0 {
			return true
		}
		numbers := false
		for _, m := range n.Members {
			numbers = numbers || m.Kind == '"' && jsondoc.IsNumber(m.Text)
		}
		nodes := []*jsondoc.Node{n}
		if numbers {
			nodes = append(nodes, repair.WithNumbers(n))
		}
		for _, n := range nodes {
			for _, style := range []jsondoc.Style{{}, {Spacing: 1}, {Spacing: 1, Escape: jsondoc.EscapeUnicode}} {
				next := g
				next.Doc, next.Style, next.Flat = n, style, nil
				if !yield(next) {
					return false
				}
				if few {
					break
				}
			}
		}
		return true
	}}
}

// alone reads data whatever else came.
func alone(read func(data string) *jsondoc.Node) func(*guess.Case, string) *jsondoc.Node {
	return func(_ *guess.Case, data string) *jsondoc.Node { return read(data) }
}

// queryPairs are the fields of data written as a query: a bare & ends data, and the others are parameters behind it.
func queryPairs(s *guess.Case, data string) *jsondoc.Node {
	if strings.ContainsAny(data, `{"`) || !strings.Contains(data, "=") {
		return nil
	}
	if s.Came.After != "" {
		return repair.Pairs(wire.Unescape(s.Came.Joined, true), "&", "=")
	}
	return repair.Pairs(data, "&", "=")
}
