package mistakes

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// frameRows are data that was sent with something around it, and signed without.
var frameRows = []guess.Hypothesis{
	{
		Kind: "data-padded", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "white space stands around data as it was sent, and was not signed", Zh: "发送的 data 前后有空白，而签名时没有"},
		Fix: words.Phrase{En: "Send data without white space around it, as it was signed: trim it before it is sent (curl --data-urlencode data@file sends the file's line end, too)", Zh: "请像签名时那样发送前后没有空白的 data：发送前先去掉（curl --data-urlencode data@file 会连文件末尾的换行一起发送）"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			return []string{strings.TrimSpace(data), strings.TrimRight(data, "\r\n"), strings.TrimLeft(data, " \t\r\n")}
		}),
	},
	{
		Kind: "data-framed", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "something stands around data as it was sent, and was not signed", Zh: "发送的 data 前后多了未参与签名的内容"},
		Fix: words.Phrase{En: "Send exactly the text that was signed, without quotes, brackets or anything else around it", Zh: "请发送与签名完全相同的文本，前后不要带引号、方括号或其他内容"}, Try: unframed,
	},
	{
		Kind: "data-framed", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was sent inside of another object, and the object in it was signed", Zh: "data 外面多套了一层对象发送，而签名的是里面的对象"}, Try: unwrapped,
		Fix: words.Phrase{En: "Send the object that was signed as data itself, without another object around it", Zh: "data 直接发送签名用的那个对象，外面不要再套一层"},
	},
	{
		Kind: "braces-lost", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "the braces of data were lost on its way", Zh: "data 的花括号在途中丢失"}, Fix: words.Phrase{En: "Send data with its braces: {…}", Zh: "请连同花括号 {…} 一起发送 data"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.HasPrefix(data, `"`) && !strings.HasSuffix(data, "}") {
				return nil
			}
			return []string{"{" + data + "}", "{" + data}
		}),
	},
}

// unframed takes away what stands around an object.
func unframed(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if g.Size() > wire.Longest {
		return true
	}
	data := g.Data
	from, to := strings.IndexByte(data, '{'), strings.LastIndexByte(data, '}')+1
	if from < 0 || to <= from || strings.HasPrefix(data, "\uFEFF") || strings.HasPrefix(data, "ï»¿") {
		return true
	}
	before, after := data[:from], data[to:]
	dec := json.NewDecoder(strings.NewReader(data[from:]))
	if err := dec.Decode(new(json.RawMessage)); err == nil { // a brace behind it is none of the object's
		to = from + int(dec.InputOffset())
		after = data[to:]
	}
	if strings.TrimSpace(before+after) == "" {
		return true // white space is data-padded
	}
	const longest = 40 // a frame; more of it is another text
	if len(before)+len(after) > longest {
		return true
	}
	g.Data, g.Doc = data[from:to], nil
	g.Evidence = words.Phrase{En: fmt.Sprintf("`%s` stands before it, `%s` behind it", words.Visible(before), words.Visible(after)), Zh: fmt.Sprintf("前面是 `%s`，后面是 `%s`", words.Visible(before), words.Visible(after))}
	switch {
	case strings.TrimSpace(before) == "[" && strings.TrimSpace(after) == "]":
		g.What = words.Phrase{En: "data was sent as a JSON array, and the object in it was signed", Zh: "data 以 JSON 数组发送，而签名的是其中的对象"}
		g.Fix = words.Phrase{En: "Send one object {…}, without [ ] around it, as it was signed", Zh: "请发送与签名一致的一个对象 {…}，外面不要加 [ ]"}
	case strings.HasPrefix(before, `"`) || strings.HasPrefix(before, "'") || strings.HasPrefix(before, "`"):
		g.What = words.Phrase{En: "quotes stand around data as it was sent, and were not signed", Zh: "发送的 data 外面带有引号，而签名时没有"}
		g.Fix = words.Phrase{En: "Send data without quotes around it; in a file of settings or a shell they belong to the syntax, not to the text", Zh: "发送的 data 外面不要带引号；配置文件或 shell 里的引号是语法，不是文本的一部分"}
	}
	return yield(g)
}

// unwrapped takes an object out of another that has it alone, as it is or as a text.
func unwrapped(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	var outer map[string]json.RawMessage
	if len(g.Data) > wire.Longest || !strings.HasPrefix(g.Data, "{") || json.Unmarshal([]byte(g.Data), &outer) != nil || len(outer) != 1 {
		return true
	}
	for name, inner := range outer {
		text := ""
		switch {
		case inner[0] == '{':
			text = string(inner)
		case inner[0] == '"' && json.Unmarshal(inner, &text) == nil && strings.HasPrefix(text, "{"):
		default:
			return true
		}
		shown := words.Visible(words.Cut(name, 40))
		g.Data, g.Doc = text, nil
		g.Evidence = words.Phrase{En: "data has one member alone, " + shown + ", which holds the object that was signed", Zh: "data 只有一个成员 " + shown + "，里面才是签名用的对象"}
		return yield(g)
	}
	return true
}
