package webhook

import (
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// body is a request that is no push.
func body(text string) message { return message{raw: &text} }

// jsonBody is a JSON text in the encoding of the examination.
func (x *examination) jsonBody(text string) message {
	if x.sender.encoding == EncodingForm || x.sender.encoding == EncodingFormParam {
		return body("data=" + strings.ReplaceAll(text, "%", "%25"))
	}
	return body(text)
}

var errorFix = lang.Text{
	EN: "catch the error, answer it, and go on; let nothing from outside reach a panic or an unhandled exception",
	ZH: "捕获错误并返回错误应答，然后继续服务；外部输入不得引发 panic 或未处理的异常",
}

var robustnessChecks = []check{
	{
		id: "broken-json", level: report.Must, section: "§10", fix: errorFix,
		title: lang.Text{EN: "JSON that ends too early is refused", ZH: "不完整的 JSON 必须被拒绝"},
		sent:  lang.Text{EN: "the first half of a push", ZH: "推送的前半部分"},
		judge: survives(func(x *examination) message {
			_, _, text := x.sender.encode(x.maker.entry())
			return body(text[:len(text)/2])
		}),
	},
	{
		id: "empty-body", level: report.Must, section: "§10", fix: errorFix,
		title: lang.Text{EN: "an empty body is refused", ZH: "空正文必须被拒绝"},
		sent:  lang.Text{EN: "a POST without a body", ZH: "没有正文的 POST"},
		judge: survives(func(*examination) message { return body("") }),
	},
	{
		id: "huge-body", level: report.Must, section: "§10",
		title: lang.Text{EN: "a huge body is refused", ZH: "超大正文必须被拒绝"},
		sent:  lang.Text{EN: "a POST of 8 MiB", ZH: "8 MiB 的 POST"},
		fix: lang.Text{
			EN: "read no more than 64 KiB (http.MaxBytesReader, client_max_body_size, …): a push stays under 1 KiB",
			ZH: "最多读取 64 KiB（http.MaxBytesReader、client_max_body_size 等）：一条推送不到 1 KiB",
		},
		judge: survivesOrCuts(func(*examination) message { return body(`{"synId":"` + strings.Repeat("x", 8<<20) + `"}`) }),
	},
	{
		id: "method-get", level: report.Should, section: "§10",
		title: lang.Text{EN: "GET is refused", ZH: "GET 应被拒绝"},
		sent:  lang.Text{EN: "a GET", ZH: "GET 请求"},
		fix:   lang.Text{EN: "pushes come by POST: HTTP 405 for others", ZH: "推送使用 POST：其他方法返回 HTTP 405"},
		judge: survives(func(*examination) message {
			m := body("")
			m.method, m.contentType = http.MethodGet, noContentType
			return m
		}),
	},
	{
		id: "json-no-object", level: report.Must, section: "§10", after: afterForged, fix: errorFix,
		title: lang.Text{EN: "JSON that is no object is refused", ZH: "不是对象的 JSON 必须被拒绝"},
		sent:  lang.Text{EN: "the JSON text [1,2]", ZH: "JSON 文本 [1,2]"},
		judge: survives(func(x *examination) message { return x.jsonBody("[1,2]") }),
	},
	{
		id: "json-null", level: report.Must, section: "§10", after: afterForged, fix: errorFix,
		title: lang.Text{EN: "JSON null is refused", ZH: "JSON null 必须被拒绝"},
		sent:  lang.Text{EN: "the JSON text null", ZH: "JSON 文本 null"},
		judge: survives(func(x *examination) message { return x.jsonBody("null") }),
	},
	{
		id: "json-empty-object", level: report.Must, section: "§10", after: []string{forged, "signature-missing"}, fix: errorFix,
		title: lang.Text{EN: "an object without fields is refused", ZH: "没有字段的对象必须被拒绝"},
		sent:  lang.Text{EN: "the JSON text {}", ZH: "JSON 文本 {}"},
		judge: survives(func(x *examination) message { return x.jsonBody("{}") }),
	},
	{
		id: "json-wrong-types", level: report.Must, section: "§10", after: afterForged, fix: errorFix,
		title: lang.Text{EN: "fields of the wrong type are refused", ZH: "类型错误的字段必须被拒绝"},
		sent:  lang.Text{EN: "a push whose plateNumber is an object and whose parkId is a list", ZH: "plateNumber 为对象、parkId 为数组的推送"},
		judge: survives(func(x *examination) message {
			return x.jsonBody(`{"synId":{},"plateNumber":{"a":1},"parkId":[1],"entranceTime":5,"signment":"` + x.forged() + `"}`)
		}),
	},
	{
		id: "json-deep", level: report.Must, section: "§10", after: afterForged,
		title: lang.Text{EN: "JSON nested ten thousand deep is refused", ZH: "嵌套一万层的 JSON 必须被拒绝"},
		sent:  lang.Text{EN: "10 000 opening brackets and as many closing ones", ZH: "10000 个左括号和同样多的右括号"},
		fix:   lang.Text{EN: "limit the depth, or use a parser that does", ZH: "限制嵌套深度，或使用会限制深度的解析器"},
		judge: survivesOrCuts(func(x *examination) message {
			return x.jsonBody(`{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`)
		}),
	},
	{
		id: "not-utf-8", level: report.Must, section: "§10", after: afterForged, fix: errorFix,
		title: lang.Text{EN: "a body that is no UTF-8 is refused", ZH: "不是 UTF-8 的正文必须被拒绝"},
		sent:  lang.Text{EN: "a push whose plate is in GBK", ZH: "含 GBK 编码文本的推送"},
		judge: survives(func(x *examination) message {
			_, _, text := x.sender.encode(x.maker.entry().signedAs(x.forged()))
			return body(strings.ReplaceAll(text, "ETCP", "\xd3\xe5\xff"))
		}),
	},
	{
		id: "no-content-type", level: report.Should, section: "§10", fix: errorFix,
		title: lang.Text{EN: "a body of no kind is refused or read", ZH: "没有 Content-Type 的正文应被拒绝或按推送读取"},
		sent:  lang.Text{EN: "the text `x` without a Content-Type", ZH: "没有 Content-Type 的文本 `x`"},
		judge: survives(func(*examination) message {
			m := body("x")
			m.contentType = noContentType
			return m
		}),
	},
	{
		id: "other-content-type", level: report.Should, section: "§10", fix: errorFix,
		title: lang.Text{EN: "a body of another kind is refused", ZH: "其他类型的正文应被拒绝"},
		sent:  lang.Text{EN: "a page of HTML", ZH: "一个 HTML 页面"},
		judge: survives(func(*examination) message {
			m := body("<html><body>hello</body></html>")
			m.contentType = "text/html"
			return m
		}),
	},
}

// keyInAnswer looks at what was heard in all checks before.
func keyInAnswer(x *examination, sent lang.Text) {
	if heard := x.withKey; heard != nil {
		x.fail(heard.message, heard.reply, lang.Text{EN: "%s: an answer has the merchant's key in it", ZH: "%s：有应答包含商户密钥"}.With(sent))
	}
}

var lastChecks = []check{
	{
		id: "key-in-answer", level: report.Must, section: "§10",
		title: lang.Text{EN: "no answer has the merchant's key in it", ZH: "任何应答都不得包含商户密钥"},
		sent:  lang.Text{EN: "all that was sent before", ZH: "此前发送的全部内容"},
		fix: lang.Text{
			EN: "who has the key signs whatever he likes, and the sender of a push may be anybody: leave the key out of answers and headers, and write no exceptions or signed texts into them",
			ZH: "拿到密钥就能为任意内容签名，而任何人都可以发送推送：应答正文和响应头中不得出现密钥，也不要把异常或待签名文本写进应答",
		},
		judge: judge{expected: lang.Text{EN: "no key in the body or the headers of an answer", ZH: "应答正文和响应头中没有密钥"}, run: keyInAnswer},
	},
}

var burstChecks = []check{
	{
		id: "burst", level: report.Must, section: "§10",
		title: lang.Text{EN: "many pushes at once are all accepted in time", ZH: "同时到达的大量推送都必须及时被接受"},
		sent:  lang.Text{EN: "right pushes of as many cars at once (--burst, 50)", ZH: "同时发送多辆车的正确推送（--burst，默认 50）"},
		fix: lang.Text{
			EN: "store the push, answer, and do the slow work afterwards; give the connection pool room; where one push alone is answered at once, %s",
			ZH: "先保存推送并应答，再处理耗时的工作；连接池要足够大；如果单条推送应答很快，则是%s",
		}.With(shortQueue),
		judge: acceptsAtOnce(lang.Text{EN: "%s, all of them", ZH: "%s，全部如此"}.With(isAccepted), func(x *examination) []message {
			messages := make([]message, x.endpoint.Burst)
			for i := range messages {
				messages[i] = x.maker.entry()
			}
			return messages
		}),
	},
	{
		id: "after-burst", level: report.Must, section: "§10",
		title: lang.Text{EN: "after many pushes at once a right push is accepted", ZH: "大量推送之后，正确的推送必须被接受"},
		sent:  lang.Text{EN: "one right push", ZH: "一条正确的推送"},
		fix:   lang.Text{EN: "what was left behind (a queue, locks, connections) has to end with its request", ZH: "残留的资源（队列、锁、连接）必须随请求结束"},
		judge: acceptsOne((*maker).entry),
	},
}
