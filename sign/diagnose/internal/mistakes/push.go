package mistakes

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// pushRows are mistakes that only those make who receive pushes (§10): signment cut out of the body badly, a class that has the fields of all pushes, a time in the text.
var pushRows = []guess.Hypothesis{
	{
		Kind: "signment-cut-badly", In: guess.OfPushes, At: guess.InText, Alone: true, Try: cutBadly, What: words.Phrase{En: "signment was cut out of the body, and what stands around it was left or cut with it", Zh: "从正文中剪掉 signment 时，留下了旁边的符号或多剪了一部分"},
		Fix: words.Phrase{En: "Cut signment out together with the comma before it, and leave the closing brace: {…,\"remainingDays\":\"\"}", Zh: "剪掉 signment 时要连同它前面的逗号一起剪掉，并保留右花括号：{…,\"remainingDays\":\"\"}"},
	},
	{
		Kind: "field-added", In: guess.OfPushes, At: guess.InValues, Alone: true, Try: withOtherFields, What: words.Phrase{En: "fields were added that were not received, as a class writes them that serves all four pushes", Zh: "加进了没有收到的字段，像是四种推送共用的类序列化出来的"},
		Fix: words.Phrase{En: "Hash the text as received, not an object that was written anew: fields that were not in the push do not belong into the text", Zh: "请对收到的原文求哈希，而不是重新序列化的对象：推送里没有的字段不能参与哈希"},
	},
	{
		Kind: "push-time-included", In: guess.OfPushes, At: guess.InForm, Alone: true, Try: withTime, What: words.Phrase{En: "a time was put into the text beside merchant_no, data and the key", Zh: "文本中除 merchant_no、data 和密钥外还加进了时间"},
		Fix: words.Phrase{En: "Hash merchant_no + data + key and nothing else (§10): a request's signature has a time_stamp, a push's has none", Zh: "只对 merchant_no + data + 密钥 求哈希（§10）：请求的签名里有 time_stamp，推送的没有"},
	},
}

// cutBadly are the texts that are left where signment was cut out of a body with too little or too much around it.
func cutBadly(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	g.Settle()
	open, closed := strings.CutSuffix(g.Data, "}")
	if !closed {
		return true
	}
	for _, c := range []struct{ text, en, zh string }{
		{open + ",}", "a comma stands before the closing brace", "右花括号前多了一个逗号"},
		{open, "the closing brace is missing", "缺少右花括号"},
		{open + ",", "the text ends with a comma, without a closing brace", "文本以逗号结尾，没有右花括号"},
		{open + ", }", "a comma and a space stand before the closing brace", "右花括号前多了逗号和空格"},
		{open + `,"signment":}`, "the name signment was left", "留下了字段名 signment"},
		{open + `,"signment":`, "the name signment was left, without a closing brace", "留下了字段名 signment，没有右花括号"},
		{open + `,"":""}`, "an empty field was left", "留下了一个空字段"},
		{open + "}}", "a second closing brace was put", "多了一个右花括号"},
		{open + " }", "a space was left before the closing brace", "右花括号前留下了空格"},
	} {
		g.Data, g.Doc, g.Evidence = c.text, nil, words.Phrase{En: c.en, Zh: c.zh}
		if !yield(g) {
			return false
		}
	}
	return true
}

// allFields are the fields of the four pushes, in the document's order (§10); true where the value is a number.
var allFields = []struct {
	name   string
	number bool
}{
	{"synId", false},
	{"plateNumber", false},
	{"parkName", false},
	{"parkId", true},
	{"entranceTime", false},
	{"userType", false},
	{"pushTime", false},
	{"exitTime", false},
	{"stayedTime", true},
	{"receivableFee", true},
	{"fixParkingId", false},
	{"remainingDays", false},
	{"time", false},
}

// withOtherFields are the pushes as a class writes them that has the fields of all four, or of entry and exit: null, "" and 0 where nothing came.
func withOtherFields(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if g.Doc == nil || g.Flat != nil {
		return true
	}
	doc := g.Doc
	null, empty, zero, zeroes := &jsondoc.Node{Kind: 'l', Text: "null"}, &jsondoc.Node{Kind: '"'}, &jsondoc.Node{Kind: 'l', Text: "0"}, &jsondoc.Node{Kind: 'l', Text: "0.0"}
	for _, fields := range [][]string{{"exitTime", "stayedTime", "receivableFee"}, {"exitTime", "stayedTime", "receivableFee", "time"}, nil} {
		for _, values := range []struct{ text, number *jsondoc.Node }{{null, null}, {empty, zero}, {null, zero}, {nil, zero}, {empty, null}, {empty, empty}, {nil, zeroes}} {
			for _, behind := range []bool{false, true} {
				other, added := joinedFields(doc, fields, values.text, values.number, behind)
				if len(added) == 0 {
					continue
				}
				g.Doc = other
				g.Evidence = words.Phrase{En: "the text has " + strings.Join(added, ", ") + ", which the push does not have", Zh: "文本中有推送里没有的 " + strings.Join(added, "、")}
				if !yield(g) {
					return false
				}
			}
		}
	}
	return true
}

// joinedFields is an object with those of allFields that it lacks (of some names, where there are any): at their places in the document's order, or behind.
func joinedFields(doc *jsondoc.Node, some []string, text, number *jsondoc.Node, behind bool) (other *jsondoc.Node, added []string) {
	other = &jsondoc.Node{Kind: doc.Kind}
	put := func(name string, value *jsondoc.Node) {
		other.Names, other.Members = append(other.Names, name), append(other.Members, value)
	}
	if behind {
		other.Names, other.Members = slices.Clone(doc.Names), slices.Clone(doc.Members)
	}
	for _, f := range allFields {
		value := text
		if f.number {
			value = number
		}
		at := slices.Index(doc.Names, f.name)
		switch {
		case at >= 0 && !behind:
			put(f.name, doc.Members[at])
		case at < 0 && value != nil && (some == nil || contains(some, f.name)):
			put(f.name, value)
			added = append(added, f.name)
		}
	}
	if !behind && len(other.Names) != len(doc.Names)+len(added) {
		return doc, nil // it has fields that the document does not know, and their places are not known
	}
	return other, added
}

// withTime puts one of the push's own times into the text: as it is, as digits, and as seconds and milliseconds.
func withTime(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if g.Doc == nil {
		return true
	}
	for i, name := range g.Doc.Names {
		at, err := time.ParseInLocation(time.DateTime, g.Doc.Members[i].Text, zone.Shanghai)
		if err != nil {
			continue
		}
		g.Evidence = words.Phrase{En: "the time in it is " + name, Zh: "其中的时间是 " + name}
		for _, text := range []string{g.Doc.Members[i].Text, at.Format(zone.StampLayout), strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(at.UnixMilli(), 10)} {
			for _, form := range [][]string{
				{guess.TheNo, guess.TheData, guess.TheKey, text}, {guess.TheData, guess.TheKey, text}, {guess.TheNo, text, guess.TheData, guess.TheKey}, {guess.TheNo, guess.TheData, text, guess.TheKey}, {guess.TheData, guess.TheKey, text, guess.TheNo},
			} {
				if g.Form = form; !yield(g) {
					return false
				}
			}
		}
	}
	return true
}
