package mistakes

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// replaced puts Chinese characters where ? or U+FFFD stand: provinces in front of plates, what plates end in, and cities.
func replaced(_ *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	data := g.Data
	if len(data) > wire.Longest {
		return true
	}
	for _, mark := range repair.Marks {
		runs := repair.RunsOf(data, mark)
		if len(runs) == 0 || len(runs) > 3 {
			continue
		}
		next := g
		next.Doc = nil
		if (mark == "_" || mark == "*") && !strings.Contains(data, `"`+mark) {
			continue
		}
		next.Evidence = replacedWhere(data, runs[0], mark)
		if mark == "锟斤拷" || mark == "\uFFFD" {
			next.What = words.Phrase{En: "characters were replaced by U+FFFD on their way: bytes that were not UTF-8 were read as UTF-8", Zh: "汉字在途中被替换成了 U+FFFD：非 UTF-8 的字节被当成 UTF-8 读取"}
			next.Fix = words.Phrase{En: "Write and read the form in UTF-8", Zh: "请用 UTF-8 写表单、读表单"}
		}
		if !repair.Fill(data, runs, func(text string) bool {
			next.Data = text
			return yield(next)
		}) {
			return false
		}
	}
	return true
}

func replacedWhere(data string, r repair.Run, mark string) words.Phrase {
	name := words.Visible(mark)
	if mark == "\uFFFD" {
		name = "U+FFFD"
	}
	evidence := words.Phrase{En: fmt.Sprintf("byte %d of data is %s", r.From+1, name), Zh: fmt.Sprintf("data 第 %d 字节是 %s", r.From+1, name)}
	if field := guess.FieldAt(data, r.From); field != "" {
		evidence = evidence.Plus(", in "+field, "，字段 "+field)
	}
	return evidence
}

// dropped puts back what an encoder left out that was told to ignore what it cannot write: a plate's province, a city.
func dropped(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	data := g.Data
	if len(data) > wire.Longest || !wire.IsASCII(data) {
		return true
	}
	next := g
	next.Doc = nil
	put := func(at int, evidence words.Phrase, texts []string) bool {
		next.Evidence = evidence
		for _, text := range texts {
			if next.Data = data[:at] + text + data[at:]; !yield(next) {
				return false
			}
		}
		return true
	}
	if m := repair.Provinceless(data); m != nil {
		at := m[0] + 1
		where := words.Phrase{En: fmt.Sprintf("byte %d of data begins a plate without a province: %s", at+1, data[at:m[1]-1]), Zh: fmt.Sprintf("data 第 %d 字节起是没有省份简称的车牌：%s", at+1, data[at:m[1]-1])}
		if !put(at, where, strings.Split(wire.PlateProvinces, "")) {
			return false
		}
	}
	if at := strings.Index(data, `"city":""`); at >= 0 {
		at += len(`"city":"`)
		return put(at, words.Phrase{En: "city is empty", Zh: "city 为空"}, repair.Cities())
	}
	return true
}

// quoteRows are data whose quotes were lost or doubled by what it was written for.
var quoteRows = []guess.Hypothesis{
	{
		Kind: "quotes-lost", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "the quotes of data were lost on its way", Zh: "data 的引号在途中丢失"},
		Fix: words.Phrase{En: "A shell took the quotes away: put data into single quotes, or read it from a file", Zh: "引号被 shell 去掉了：请用单引号括住 data，或从文件读取"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if strings.Contains(data, `"`) || !strings.HasPrefix(data, "{") || !strings.HasSuffix(data, "}") {
				return nil
			}
			return []string{repair.Requoted(data, ",", ":"), repair.Requoted(data, ", ", ": ")}
		}),
	},
	{
		Kind: "quotes-doubled", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "the quotes of data were doubled on its way, as CSV, SQL and Visual Basic write them", Zh: "data 的引号在途中变成了两个，CSV、SQL、Visual Basic 会这样写"},
		Fix: words.Phrase{En: "Send the text itself: doubled quotes belong to the syntax of a CSV file or a literal, so read it with a CSV parser or without them", Zh: "请发送文本本身：双写引号是 CSV 文件或字面量的语法，请用 CSV 解析器读取，或去掉多余的引号"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.Contains(data, `{""`) {
				return nil
			}
			inside := strings.TrimSpace(data)
			if strings.HasPrefix(inside, `"{`) && strings.HasSuffix(inside, `}"`) {
				inside = inside[1 : len(inside)-1]
			}
			return []string{strings.ReplaceAll(inside, `""`, `"`)}
		}),
	},
}
