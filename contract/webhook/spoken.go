package webhook

import (
	"fmt"
	"net/http"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// byStatus are the fixes that follow from the status of an answer, whatever its body.
var byStatus = map[int]lang.Text{
	http.StatusUnauthorized:          {EN: "a push carries no login: leave this path out of authentication, and trust the signment instead", ZH: "推送不带登录信息：请将此路径排除在登录认证之外，改为验证 signment"},
	http.StatusForbidden:             {EN: "a filter refuses the request before the handler sees it: leave this path out of CSRF protection, IP lists and firewalls' rules", ZH: "请求在到达处理程序之前就被过滤器拒绝：请将此路径排除在 CSRF 防护、IP 名单和防火墙规则之外"},
	http.StatusNotFound:              {EN: "nothing is served at this path: correct the URL (context path, a slash at the end, upper and lower case)", ZH: "此路径没有对应的处理程序：请更正 URL（上下文路径、结尾的斜杠、大小写）"},
	http.StatusMethodNotAllowed:      {EN: "this path does not take POST: pushes come by POST", ZH: "此路径不接受 POST：推送使用 POST"},
	http.StatusNotAcceptable:         {EN: "a push has no Accept header: answer JSON whatever is accepted", ZH: "推送没有 Accept 请求头：请直接返回 JSON"},
	http.StatusRequestEntityTooLarge: {EN: "the limit of a body is too small: the document sets none, take 64 KiB at least", ZH: "正文大小限制过小：文档没有规定上限，请至少接受 64 KiB"},
	http.StatusUnsupportedMediaType:  {EN: "take the Content-Type of pushes: application/json;charset=UTF-8 (--encoding form: a form)", ZH: "请接受推送的 Content-Type：application/json;charset=UTF-8（--encoding form 时为表单）"},
	http.StatusTooManyRequests:       {EN: "a limit of requests is in the way: the platform does not wait, and a lost push comes again later than it should", ZH: "触发了限流：平台不会等待，被拒绝的推送会延后重发"},
	http.StatusInternalServerError:   {EN: "the handler failed: its own log shows the error, and at which field", ZH: "处理程序出错：错误及出错字段见它自己的日志"},
	http.StatusBadGateway:            {EN: "a gateway answered in place of the endpoint, which gave it no answer: look whether the process runs, and into its log", ZH: "网关代替端点应答，说明端点没有应答：请查看进程是否在运行及其日志"},
	http.StatusServiceUnavailable:    {EN: "it was too busy, or not there: give it more workers, store the push first and do the slow work afterwards", ZH: "服务繁忙或未启动：请增加工作线程，先保存推送，耗时的工作放到之后"},
	http.StatusGatewayTimeout:        {EN: "a gateway waited for the endpoint in vain: store the push, answer code 0, and do the slow work afterwards", ZH: "网关等待端点超时：请先保存推送并返回 code 0，耗时的工作放到之后"},
}

// spoken is the fix that follows from an answer as it is: none where the answer is a refusal with a code.
func (x *examination) spoken(r *reply) lang.Text {
	switch {
	case r.TimedOut():
		return lang.Text{EN: "answer within %s: store the push, answer code 0, and do the slow work (database, calls to others) afterwards", ZH: "请在 %s 内应答：先保存推送并返回 code 0，耗时的工作（数据库、调用其他系统）放到之后"}.With(x.endpoint.Timeout)
	case r.NeverCame():
		return lang.Text{EN: "the connection was refused (%s): raise the listen backlog (net.core.somaxconn, acceptCount, backlog) and the number of workers", ZH: "连接被拒绝（%s）：请调大监听队列（net.core.somaxconn、acceptCount、backlog）和工作线程数"}.With(plainError(r.Err))
	case r.Err != nil && r.Status == 0:
		return lang.Text{EN: "the connection was closed without an answer (%s): the handler crashed (its own log shows the error), or the listen backlog and the number of workers are too small for so many at once", ZH: "连接在没有应答的情况下关闭（%s）：处理程序崩溃（错误见它自己的日志），或者监听队列和工作线程数不足"}.With(plainError(r.Err))
	case r.misencoded():
		return lang.Text{EN: "leave the header Content-Encoding away, or compress the answer: a proxy or filter adds it twice, say", ZH: "请去掉 Content-Encoding 响应头，或真正压缩应答（例如代理或过滤器重复添加了该头）"}
	case r.Err == nil && r.encoding() != "":
		return lang.Text{EN: "compress only what asks for it: a push has no Accept-Encoding header", ZH: "只在请求要求时才压缩：推送没有 Accept-Encoding 请求头"}
	case r.Err != nil:
		return lang.Text{EN: "the answer ended before it was whole (%s): Content-Length counts bytes, not characters", ZH: "应答不完整（%s）：Content-Length 按字节计算，而不是按字符"}.With(plainError(r.Err))
	case r.Status < 200 || r.Status > 299:
		if f, ok := inspect.Answer(r.Body); ok && (f.Kind == "answer-html" || f.Kind == "answer-xml") {
			return lang.Text{EN: "HTTP %d: %s. %s", ZH: "HTTP %d：%s。%s"}.With(r.Status, lang.Text{EN: f.Detail, ZH: f.DetailZh}, lang.Text{EN: f.Fix, ZH: f.FixZh})
		}
		if fix, known := byStatus[r.Status]; known {
			return lang.Text{EN: "HTTP %d: %s", ZH: "HTTP %d：%s"}.With(r.Status, fix)
		}
		return lang.Text{}
	}
	f, ok := inspect.Answer(r.Body)
	if !ok || f.Kind == "answer-code-not-0" && answerCode(r) != "200" {
		return lang.Text{}
	}
	return lang.Text{EN: "%s (%s). %s", ZH: "%s（%s）。%s"}.With(lang.Text{EN: f.Detail, ZH: f.DetailZh}, lang.Text{EN: f.Evidence, ZH: f.EvidenceZh}, lang.Text{EN: f.Fix, ZH: f.FixZh})
}

func answerCode(r *reply) string {
	code, _ := r.code()
	return code
}

// verdict is how a push was answered, in short: what tells one refusal from another.
func (r *reply) verdict() string {
	if code := answerCode(r); code != "" {
		return fmt.Sprintf("HTTP %d code %s", r.Status, code)
	}
	return fmt.Sprintf("HTTP %d", r.Status)
}

// otherReason says that it is not the signature for which a right push is refused: a forged one is answered in another way. None where both are
// answered alike.
func (x *examination) otherReason(r *reply) lang.Text {
	if x.forgedReply == nil {
		x.forgedReply = x.send(x.maker.entry().signedAs(x.forged()))
	}
	f := x.forgedReply
	switch {
	case f.Err != nil || r.Err != nil:
		return lang.Text{}
	case f.refusal(x.endpoint.Timeout).IsZero() && x.order:
		return lang.Text{EN: "it is not the signature: a forged push is accepted", ZH: "原因不是签名：伪造的推送也被接受"}
	case f.refusal(x.endpoint.Timeout).IsZero():
		return lang.Text{EN: "it is not the signature: a forged push is accepted. Something in these fields is refused", ZH: "原因不是签名：伪造的推送也被接受。被拒绝的是这些字段中的内容"}
	case f.verdict() != r.verdict() && x.order:
		return lang.Text{EN: "it is not the signature: a forged push is answered with %s, and this one with %s", ZH: "原因不是签名：伪造的推送得到 %s，而本推送得到 %s"}.With(f.verdict(), r.verdict())
	case f.verdict() != r.verdict():
		return lang.Text{EN: "it is not the signature: a forged push is answered with %s, and this one with %s. Something in these fields is refused", ZH: "原因不是签名：伪造的推送得到 %s，而本推送得到 %s。被拒绝的是这些字段中的内容"}.
			With(f.verdict(), r.verdict())
	}
	return lang.Text{}
}
