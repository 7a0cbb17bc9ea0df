package webhook

import (
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var rightPush = lang.Text{EN: "a right push", ZH: "正确的推送"}

var answerChecks = []check{
	{
		id: "answer-message", level: report.Must, section: "§10.1", sent: rightPush,
		title: lang.Text{EN: "an answer has a message", ZH: "应答必须有 message"},
		fix:   lang.Text{EN: `answer {"code":0,"message":"ok"}: both fields are required`, ZH: `返回 {"code":0,"message":"ok"}：两个字段都必须有`},
		judge: answers(lang.Text{EN: "message is there, and a text", ZH: "有 message，且为字符串"}, messageProblem),
	},
	{
		id: "answer-message-empty", level: report.Should, section: "§10.1", sent: rightPush, after: []string{"answer-message"},
		title: lang.Text{EN: "a message says something", ZH: "message 应有内容"},
		fix:   lang.Text{EN: `message is 成功或者失败描述, what succeeded or failed: answer {"code":0,"message":"ok"}`, ZH: `message 是成功或者失败描述：返回 {"code":0,"message":"ok"}`},
		judge: answers(lang.Text{EN: "message is not empty", ZH: "message 不为空"}, emptyMessage),
	},
	{
		id: "answer-code-integer", level: report.Should, section: "§10.1", sent: rightPush,
		title: lang.Text{EN: "code is an Int", ZH: "code 应为 Int"},
		fix:   lang.Text{EN: "code is an Int: 0, not 0.0 or 0e0", ZH: "code 是 Int：写 0，而不是 0.0 或 0e0"},
		judge: answers(lang.Text{EN: "code is written as a whole number", ZH: "code 写成整数"}, func(r *reply) lang.Text {
			if code, _ := r.code(); code != "0" {
				return lang.Text{EN: "code is written %s", ZH: "code 写成了 %s"}.With(code)
			}
			return lang.Text{}
		}),
	},
	{
		id: "answer-content-type", level: report.Should, section: "§10.1", sent: rightPush,
		title: lang.Text{EN: "an answer says that it is JSON", ZH: "应答应声明为 JSON"},
		fix:   lang.Text{EN: "set Content-Type: application/json;charset=UTF-8", ZH: "设置 Content-Type: application/json;charset=UTF-8"},
		judge: answers(lang.Same("Content-Type: application/json"), func(r *reply) lang.Text {
			if !strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/json") {
				return lang.Text{EN: "Content-Type is %q", ZH: "Content-Type 为 %q"}.With(r.Header.Get("Content-Type"))
			}
			return lang.Text{}
		}),
	},
	{
		id: "answer-utf-8", level: report.Must, section: "§10.1", sent: rightPush,
		title: lang.Text{EN: "an answer is UTF-8", ZH: "应答必须为 UTF-8"},
		fix:   lang.Text{EN: "write the answer in UTF-8, whatever the language of the machine is", ZH: "无论机器的语言环境如何，都用 UTF-8 编写应答"},
		judge: answers(lang.Text{EN: "the body is valid UTF-8", ZH: "正文为合法 UTF-8"}, func(r *reply) lang.Text {
			if !utf8.Valid(r.Body) {
				return lang.Text{EN: "the body is no UTF-8", ZH: "正文不是 UTF-8"}
			}
			return lang.Text{}
		}),
	},
}
