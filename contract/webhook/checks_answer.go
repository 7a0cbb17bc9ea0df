package webhook

import (
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var rightPush = lang.T("a right push", "正确的推送")

var answerChecks = []check{
	{
		id: "answer-message", level: report.Must, section: "§10.1", sent: rightPush,
		title: lang.T("an answer has a message", "应答必须有 message"),
		fix:   lang.T(`answer {"code":0,"message":"ok"}: both fields are required`, `返回 {"code":0,"message":"ok"}：两个字段都必须有`),
		judge: answers(lang.T("message is there, and a text", "有 message，且为字符串"), messageProblem),
	},
	{
		id: "answer-message-empty", level: report.Should, section: "§10.1", sent: rightPush, after: []string{"answer-message"},
		title: lang.T("a message says something", "message 应有内容"),
		fix:   lang.T(`message is 成功或者失败描述, what succeeded or failed: answer {"code":0,"message":"ok"}`, `message 是成功或者失败描述：返回 {"code":0,"message":"ok"}`),
		judge: answers(lang.T("message is not empty", "message 不为空"), emptyMessage),
	},
	{
		id: "answer-code-integer", level: report.Should, section: "§10.1", sent: rightPush,
		title: lang.T("code is an Int", "code 应为 Int"),
		fix:   lang.T("code is an Int: 0, not 0.0 or 0e0", "code 是 Int：写 0，而不是 0.0 或 0e0"),
		judge: answers(lang.T("code is written as a whole number", "code 写成整数"), func(r *reply) lang.Text {
			if code, _ := r.code(); code != "0" {
				return lang.T("code is written %s", "code 写成了 %s").With(code)
			}
			return lang.Text{}
		}),
	},
	{
		id: "answer-content-type", level: report.Should, section: "§10.1", sent: rightPush,
		title: lang.T("an answer says that it is JSON", "应答应声明为 JSON"),
		fix:   lang.T("set Content-Type: application/json;charset=UTF-8", "设置 Content-Type: application/json;charset=UTF-8"),
		judge: answers(lang.Same("Content-Type: application/json"), func(r *reply) lang.Text {
			if !strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/json") {
				return lang.T("Content-Type is %q", "Content-Type 为 %q").With(r.Header.Get("Content-Type"))
			}
			return lang.Text{}
		}),
	},
	{
		id: "answer-utf-8", level: report.Must, section: "§10.1", sent: rightPush,
		title: lang.T("an answer is UTF-8", "应答必须为 UTF-8"),
		fix:   lang.T("write the answer in UTF-8, whatever the language of the machine is", "无论机器的语言环境如何，都用 UTF-8 编写应答"),
		judge: answers(lang.T("the body is valid UTF-8", "正文为合法 UTF-8"), func(r *reply) lang.Text {
			if !utf8.Valid(r.Body) {
				return lang.T("the body is no UTF-8", "正文不是 UTF-8")
			}
			return lang.Text{}
		}),
	},
}
