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
var useLibrary = words.Say("Build data with a JSON library, not by joining texts", "请用 JSON 库生成 data，不要拼接字符串")

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
	{where("after top-level value", func(string, string, string) bool { return true }), words.Say("something follows the JSON object", "JSON 对象之后还有内容"), words.Say("Send one object and nothing behind it", "只发送一个对象，后面不要有任何内容")},
	{
		func(before, rest, _ string) bool {
			return rest != "" && (rest[0] == '}' || rest[0] == ']') && strings.HasSuffix(strings.TrimRight(before, " \t\r\n"), ",")
		}, words.Say("a comma stands before a closing bracket", "右括号前多了一个逗号"), words.Say("Take the last comma out", "去掉最后一个逗号"),
	},
	{
		func(before, rest, _ string) bool { return invisibleAt(before+rest, len(before)) },
		words.Say("an invisible character stands where JSON allows none", "JSON 中不该有的位置出现了不可见字符"),
		words.Say("Take invisible characters out; they come from a copied text (outside of its strings JSON has space, tab and line ends only)", "请去掉不可见字符，它们多来自复制的文本（字符串之外 JSON 只允许空格、制表符和换行）"),
	},
	{
		func(_, rest, message string) bool {
			return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "#") && !strings.Contains(message, "in string")
		}, words.Say("a comment stands in it, which JSON does not have", "其中有注释，而 JSON 没有注释"), words.Say("Take the comment out", "请去掉注释"),
	},
	{
		func(before, rest, _ string) bool {
			return notFinite().MatchString(before[max(0, len(before)-1):] + rest)
		},
		words.Say("NaN or Infinity stands in it, which JSON does not have", "其中有 NaN 或 Infinity，而 JSON 没有这样的值"), words.Say("Send a number: check the amount before it is written to JSON", "请发送数字：写入 JSON 之前先检查该值"),
	},
	{
		where("in string literal", func(string, string, string) bool { return true }), words.Say("a control character stands in a string, such as a line end", "字符串中有控制字符，如换行"),
		words.Say("Write it as an escape (\\n): build data with a JSON library", "请写成转义（\\n）：用 JSON 库生成 data"),
	},
	{
		where("in string escape code", at("'")), words.Say("a quote ' has a backslash before it, which JSON does not allow", "单引号 ' 前有反斜杠，而 JSON 不允许"),
		words.Say("Write ' without a backslash: addslashes is not for JSON", "单引号不要加反斜杠：addslashes 不适用于 JSON"),
	},
	{
		where("escape", func(string, string, string) bool { return true }), words.Say("a backslash begins no escape that JSON has (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)", "反斜杠后面不是 JSON 的转义（\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX）"),
		words.Say("Write a backslash as \\\\ and characters as \\u escapes: build data with a JSON library", "反斜杠写成 \\\\，字符用 \\u 转义：请用 JSON 库生成 data"),
	},
	{where(atValue, func(_, rest, _ string) bool { return pythonWord().MatchString(rest) }), words.Say("it has Python's True, False or None", "其中有 Python 的 True、False 或 None"), words.Say("JSON has true, false and null: use json.dumps, not str or a template", "JSON 里是 true、false、null：请用 json.dumps，而不是 str 或模板")},
	{where(atValue, func(_, rest, _ string) bool { return scriptWord().MatchString(rest) }), words.Say("a variable without a value was written into it", "写入了未赋值的变量"), words.Say("Give it a value, or write null", "请赋值，或写 null")},
	{where(atValue, at("'")), words.Say("a text stands in ' in place of \"", "文本用了 ' 而不是 \""), words.Say("JSON has its texts in double quotes", "JSON 的文本要用双引号")},
	{where(atValue, at("+.")), words.Say("a number begins with + or with its point", "数字以 + 或小数点开头"), words.Say("Write numbers as 1 and 0.5", "数字请写成 1、0.5")},
	{where(atValue, at("},]")), words.Say("a value is missing", "缺少值"), words.Say("Give the field a value, \"\" or null", "请给字段赋值，或写 \"\"、null")},
	{where("looking for", func(_, rest, _ string) bool { return placeholder().MatchString(rest) }), words.Say("a placeholder was not filled in", "占位符没有被替换"), words.Say("Fill the template in before it is signed and sent", "签名和发送前请先填充模板")},
	{where(atValue, func(_, rest, _ string) bool { return bareWord().MatchString(rest) }), words.Say("a text has no quotes", "文本没有引号"), words.Say("Put texts into double quotes", "文本要用双引号")},
	{where(atName, at("'")), words.Say("a name stands in ' in place of \"", "键用了 ' 而不是 \""), words.Say("JSON has its names in double quotes", "JSON 的键要用双引号")},
	{where(atName, func(_, rest, _ string) bool { return bareWord().MatchString(rest) }), words.Say("a name has no quotes", "键没有引号"), words.Say("JSON has its names in double quotes", "JSON 的键要用双引号")},
	{where(behindPair, at(";")), words.Say("a semicolon stands where a comma belongs", "应为逗号处写的是分号"), words.Say("Separate members by commas", "成员之间用逗号分隔")},
	{where(behindPair, at("\"")), words.Say("a comma is missing between two members, or a quote inside of a text has no backslash", "两个成员之间缺少逗号，或文本里的引号没有加反斜杠"), useLibrary},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, "0") && rest[0] >= '0' && rest[0] <= '9'
	}), words.Say("a number begins with 0", "数字以 0 开头"), words.Say("Write numbers without zeros in front, or as texts in quotes (codes, phones)", "数字不要有前导零，或作为带引号的文本（验证码、手机号）")},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, "0") && (rest[0] == 'x' || rest[0] == 'X')
	}), words.Say("a number is written in hex", "数字写成了十六进制"), words.Say("Write numbers in decimal", "数字请用十进制")},
	{where(behindPair, func(before, rest, _ string) bool {
		return strings.HasSuffix(before, `"`) && bareWord().MatchString(rest)
	}), words.Say("a quote inside of a text has no backslash before it", "文本里的引号前没有反斜杠"), useLibrary},
	{where(behindPair, at("-: ")), words.Say("a text such as a date has no quotes", "日期之类的文本没有引号"), words.Say("Put texts into double quotes", "文本要用双引号")},
	{where(behindName, at("=")), words.Say("= stands where : belongs", "应为冒号处写的是 ="), words.Say("Write \"name\":value", "请写成 \"name\":value")},
	{where(behindName, func(string, string, string) bool { return true }), words.Say("the colon behind a name is missing", "键后面缺少冒号"), words.Say("Write \"name\":value", "请写成 \"name\":value")},
}

// brokenAt says why a text is no JSON, from where it breaks and what the parser says.
func brokenAt(text string, at int, message string) (what, fix words.Phrase) {
	before, rest := text[max(0, at-64):at], text[at:]
	for _, c := range syntaxCases {
		if c.is(before, rest, message) {
			return c.what, c.fix
		}
	}
	return words.Say("it is not JSON: "+message, "它不是 JSON：此处不符合 JSON 语法"), words.Say("Build data with a JSON library", "请用 JSON 库生成 data")
}
