package inspect

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// syntaxCase is one way in which a text breaks JSON's syntax: what stands at the byte where it breaks, and what the parser says of that.
type syntaxCase struct {
	is        func(before, rest, message string) bool
	what, fix words.Phrase
}

// useLibrary is what to do about most of them.
var useLibrary = words.Phrase{En: "Build data with a JSON library, not by joining texts", Zh: "请用 JSON 库生成 data，不要拼接字符串"}

var (
	pythonWord  = lazyregexp.New(`^(?:True|False|None)\b`)
	scriptWord  = lazyregexp.New(`^(?:undefined|nil|NULL|null\w|Null)\b?`)
	placeholder = lazyregexp.New(`^(?:[$#%]?\{|<\w|%[sd]|\$\w)`)
	bareWord    = lazyregexp.New(`^[\pL_]`)
)

func at(letters string) func(before, rest, message string) bool {
	return func(_, rest, _ string) bool { return rest != "" && strings.ContainsRune(letters, rune(rest[0])) }
}

func where(position string, ok func(before, rest, message string) bool) func(before, rest, message string) bool {
	return func(before, rest, message string) bool {
		return strings.Contains(message, position) && ok(before, rest, message)
	}
}

const (
	behindPair, behindName, atValue, atName = "after object key:value pair", "after object key", "looking for beginning of value", "looking for beginning of object key string"
)

// syntaxCases are asked in their order.
var syntaxCases = []syntaxCase{
	{where("after top-level value", func(string, string, string) bool { return true }), words.Phrase{En: "something follows the JSON object", Zh: "JSON 对象之后还有内容"}, words.Phrase{En: "Send one object and nothing behind it", Zh: "只发送一个对象，后面不要有任何内容"}},
	{
		func(before, rest, _ string) bool {
			return rest != "" && (rest[0] == '}' || rest[0] == ']') && strings.HasSuffix(strings.TrimRight(before, " \t\r\n"), ",")
		}, words.Phrase{En: "a comma stands before a closing bracket", Zh: "右括号前多了一个逗号"}, words.Phrase{En: "Take the last comma out", Zh: "去掉最后一个逗号"},
	},
	{
		func(before, rest, _ string) bool { return invisibleAt(before+rest, len(before)) },
		words.Phrase{En: "an invisible character stands where JSON allows none", Zh: "JSON 中不该有的位置出现了不可见字符"},
		words.Phrase{En: "Take invisible characters out; they come from a copied text (outside of its strings JSON has space, tab and line ends only)", Zh: "请去掉不可见字符，它们多来自复制的文本（字符串之外 JSON 只允许空格、制表符和换行）"},
	},
	{
		func(_, rest, message string) bool {
			return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "#") && !strings.Contains(message, "in string")
		}, words.Phrase{En: "a comment stands in it, which JSON does not have", Zh: "其中有注释，而 JSON 没有注释"}, words.Phrase{En: "Take the comment out", Zh: "请去掉注释"},
	},
	{
		func(before, rest, _ string) bool {
			return notFinite().MatchString(before[max(0, len(before)-1):] + rest)
		},
		words.Phrase{En: "NaN or Infinity stands in it, which JSON does not have", Zh: "其中有 NaN 或 Infinity，而 JSON 没有这样的值"},
		words.Phrase{En: "Send a number: check the amount before it is written to JSON", Zh: "请发送数字：写入 JSON 之前先检查该值"},
	},
	{
		where("in string literal", func(string, string, string) bool { return true }),
		words.Phrase{En: "a control character stands in a string, such as a line end", Zh: "字符串中有控制字符，如换行"},
		words.Phrase{En: "Write it as an escape (\\n): build data with a JSON library", Zh: "请写成转义（\\n）：用 JSON 库生成 data"},
	},
	{
		where("in string escape code", at("'")),
		words.Phrase{En: "a quote ' has a backslash before it, which JSON does not allow", Zh: "单引号 ' 前有反斜杠，而 JSON 不允许"},
		words.Phrase{En: "Write ' without a backslash: addslashes is not for JSON", Zh: "单引号不要加反斜杠：addslashes 不适用于 JSON"},
	},
	{
		where("escape", func(string, string, string) bool { return true }),
		words.Phrase{En: "a backslash begins no escape that JSON has (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)", Zh: "反斜杠后面不是 JSON 的转义（\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX）"},
		words.Phrase{En: "Write a backslash as \\\\ and characters as \\u escapes: build data with a JSON library", Zh: "反斜杠写成 \\\\，字符用 \\u 转义：请用 JSON 库生成 data"},
	},
	{where(atValue, func(_, rest, _ string) bool { return pythonWord().MatchString(rest) }), words.Phrase{En: "it has Python's True, False or None", Zh: "其中有 Python 的 True、False 或 None"}, words.Phrase{En: "JSON has true, false and null: use json.dumps, not str or a template", Zh: "JSON 里是 true、false、null：请用 json.dumps，而不是 str 或模板"}},
	{where(atValue, func(_, rest, _ string) bool { return scriptWord().MatchString(rest) }), words.Phrase{En: "a variable without a value was written into it", Zh: "写入了未赋值的变量"}, words.Phrase{En: "Give it a value, or write null", Zh: "请赋值，或写 null"}},
	{where(atValue, at("'")), words.Phrase{En: "a text stands in ' in place of \"", Zh: "文本用了 ' 而不是 \""}, words.Phrase{En: "JSON has its texts in double quotes", Zh: "JSON 的文本要用双引号"}},
	{where(atValue, at("+.")), words.Phrase{En: "a number begins with + or with its point", Zh: "数字以 + 或小数点开头"}, words.Phrase{En: "Write numbers as 1 and 0.5", Zh: "数字请写成 1、0.5"}},
	{where(atValue, at("},]")), words.Phrase{En: "a value is missing", Zh: "缺少值"}, words.Phrase{En: "Give the field a value, \"\" or null", Zh: "请给字段赋值，或写 \"\"、null"}},
	{where("looking for", func(_, rest, _ string) bool { return placeholder().MatchString(rest) }), words.Phrase{En: "a placeholder was not filled in", Zh: "占位符没有被替换"}, words.Phrase{En: "Fill the template in before it is signed and sent", Zh: "签名和发送前请先填充模板"}},
	{where(atValue, func(_, rest, _ string) bool { return bareWord().MatchString(rest) }), words.Phrase{En: "a text has no quotes", Zh: "文本没有引号"}, words.Phrase{En: "Put texts into double quotes", Zh: "文本要用双引号"}},
	{where(atName, at("'")), words.Phrase{En: "a name stands in ' in place of \"", Zh: "键用了 ' 而不是 \""}, words.Phrase{En: "JSON has its names in double quotes", Zh: "JSON 的键要用双引号"}},
	{where(atName, func(_, rest, _ string) bool { return bareWord().MatchString(rest) }), words.Phrase{En: "a name has no quotes", Zh: "键没有引号"}, words.Phrase{En: "JSON has its names in double quotes", Zh: "JSON 的键要用双引号"}},
	{where(behindPair, at(";")), words.Phrase{En: "a semicolon stands where a comma belongs", Zh: "应为逗号处写的是分号"}, words.Phrase{En: "Separate members by commas", Zh: "成员之间用逗号分隔"}},
	{where(behindPair, at("\"")), words.Phrase{En: "a comma is missing between two members, or a quote inside of a text has no backslash", Zh: "两个成员之间缺少逗号，或文本里的引号没有加反斜杠"}, useLibrary},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, "0") && rest[0] >= '0' && rest[0] <= '9'
	}), words.Phrase{En: "a number begins with 0", Zh: "数字以 0 开头"}, words.Phrase{En: "Write numbers without zeros in front, or as texts in quotes (codes, phones)", Zh: "数字不要有前导零，或作为带引号的文本（验证码、手机号）"}},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, "0") && (rest[0] == 'x' || rest[0] == 'X')
	}), words.Phrase{En: "a number is written in hex", Zh: "数字写成了十六进制"}, words.Phrase{En: "Write numbers in decimal", Zh: "数字请用十进制"}},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, `"`) && bareWord().MatchString(rest)
	}), words.Phrase{En: "a quote inside of a text has no backslash before it", Zh: "文本里的引号前没有反斜杠"}, useLibrary},
	{where(behindPair, at("-: ")), words.Phrase{En: "a text such as a date has no quotes", Zh: "日期之类的文本没有引号"}, words.Phrase{En: "Put texts into double quotes", Zh: "文本要用双引号"}},
	{where(behindName, at("=")), words.Phrase{En: "= stands where : belongs", Zh: "应为冒号处写的是 ="}, words.Phrase{En: "Write \"name\":value", Zh: "请写成 \"name\":value"}},
	{where(behindName, func(string, string, string) bool { return true }), words.Phrase{En: "the colon behind a name is missing", Zh: "键后面缺少冒号"}, words.Phrase{En: "Write \"name\":value", Zh: "请写成 \"name\":value"}},
}

// brokenAt says why a text is no JSON, from where it breaks and what the parser says.
func brokenAt(text string, at int, message string) (what, fix words.Phrase) {
	before, rest := text[max(0, at-64):at], text[at:]
	for _, c := range syntaxCases {
		if c.is(before, rest, message) {
			return c.what, c.fix
		}
	}
	return words.Phrase{En: "it is not JSON: " + message, Zh: "它不是 JSON：此处不符合 JSON 语法"}, words.Phrase{En: "Build data with a JSON library", Zh: "请用 JSON 库生成 data"}
}
