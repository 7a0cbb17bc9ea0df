package params

import "slices"

// LintRule is a row of the table of lints: its name on journal entries, the section it rests on, and what was done.
type LintRule struct {
	Rule, Section string
	En, Zh        string
}

var lintTable = []LintRule{
	{"post-parameter-in-query", "§5", "A POST carries one of the four parameters in its query, where servlets look too.", "POST 的公共参数放在了查询串里；servlet 也会去那里找。"},
	{"data-not-url-encoded", "§5", "data arrived raw in the query or form: it was accepted, but a +, &, % or space in it would not arrive.", "data 未做 URL 编码就放进了查询串或表单：已接受，但其中若有 +、&、% 或空格就会出错。"},
	{"duplicate-key", "§5", "data has a key more than once; the last one counts.", "data 中同一个键出现多次，以最后一个为准。"},
	{"unknown-field", "§9", "data has a field that is none of the endpoint's parameters; it is ignored.", "data 中有该接口没有的字段，已忽略。"},
	{"either-or", "§9.10", "surroundingparking was sent a city beside coordinates, which the document forbids; the coordinates count.", "surroundingparking 同时传了城市和坐标，文档不允许；以坐标为准。"},
	{"scalar-coerced", "§9", "A parameter is a JSON number where the document has a string.", "文档中为字符串的参数传成了 JSON 数字。"},
	{"plate-spaces", "§9.4", "A plate has spaces; they were removed.", "车牌中含有空格，已去除。"},
	{"plate-case", "§9.4", "A plate has lower-case letters; they were upper-cased.", "车牌中含有小写字母，已转为大写。"},
}

// LintRules lists every lint there is. The slice is the caller's.
func LintRules() []LintRule { return slices.Clone(lintTable) }
