package push

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/phrases"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// The reasons for which an attempt fails, in both languages. What is kept of an attempt is the English text; the Chinese one is
// read off it by [ErrorZh], through this table alone.
var (
	failStopping  = failure("given up before the answer: the mock is stopping", "mock 正在停止，未等到应答")
	failTimeout   = failure("no answer within %s", "%v 内没有应答")
	failDenied    = failure("not sent: the URL's host is %s", "未发送：%s")
	_             = failure("not among the places that pushes may go to (--push-allow)", "不在允许推送的范围之内（--push-allow）")
	_             = failure("at a private address, where no pushes go (--push-deny-private; --push-allow makes an exception)", "它是内网地址，推送不发往内网（--push-deny-private，可用 --push-allow 放行）")
	failRefused   = failure("connection refused", "连接被拒绝")
	failReset     = failure("connection reset before the answer was complete", "应答未收完，连接被重置")
	failClosed    = failure("connection closed before the answer was complete", "应答未收完，连接被关闭")
	failHost      = failure("host %s not found", "找不到主机 %v")
	failRedirect  = failure("redirect to %s (HTTP %s) not followed", "要求重定向到 %v（HTTP %v），推送不跟随重定向")
	failBroken    = failure("answered HTTP %s, but then: %s", "应答 HTTP %v 之后出错：%s")
	failStatus    = failure("answered HTTP %s", "应答为 HTTP %v")
	failTooLong   = failure("answer is longer than 1 MiB", "应答超过 1 MiB")
	failEmpty     = failure("answer is empty, want a JSON object with the number code 0", "应答为空，应为 JSON 对象，其中 code 为数字 0")
	failNoObject  = failure("answer is %s, want a JSON object with the number code 0", "应答是%s，应为 JSON 对象，其中 code 为数字 0")
	failNotJSON   = failure("answer is not JSON: %s", "应答不是 JSON：%s")
	failNoCode    = failure("answer has no code, want the number 0", "应答中没有 code，应为数字 0")
	failString    = failure("code is the string %s, not the number 0", "code 是字符串 %v，应为数字 0")
	failNoNumber  = failure("code is %s, not the number 0", "code 是%s，应为数字 0")
	failCode      = failure("code is %s, not 0", "code 为 %v，应为 0")
	failDropped   = failure("dropped by the fault %s", "被故障 %v 丢弃")
	failSending   = failure("the mock itself failed at sending it; its log says where", "mock 自身在发送时出错，详见其日志")
	failKindArray = failure("an array", "数组")
	failKindText  = failure("a string", "字符串")
	failKindOther = failure("an object", "对象")
	failKindNull  = failure("null", " null")
	_             = failure("true", " true")
	_             = failure("false", " false")
	failKindCount = failure("a number", "数字")
)

// failures are all of them, each with its Chinese.
var failures = map[string]string{}

func failure(en, zh string) lang.Text {
	failures[en] = zh
	return lang.T(en, zh)
}

// english is a failure as it is kept.
func english(text lang.Text, values ...any) string {
	if len(values) == 0 {
		return text.EN
	}
	return fmt.Sprintf(text.EN, values...)
}

var inChinese = phrases.New(failures, chinese.All())

// ErrorZh is an attempt's Error in Chinese. What no table knows stays as it is.
func ErrorZh(text string) string {
	if zh := inChinese.Of(text); zh != text {
		return zh
	}
	return chinese.Of(text)
}

// AnswerErrorZh is [ErrorZh] where the answer is known: what was found of it stands at the end of the Error.
func AnswerErrorZh(text, answer string) string {
	if text == "" {
		return "" // it did not fail
	}
	if f, ok := inspect.Answer([]byte(answer)); ok {
		more, moreZh := moreOf(&f)
		if why, ends := strings.CutSuffix(text, ": "+more); ends && more != "" {
			return ErrorZh(why) + "：" + moreZh
		}
	}
	return ErrorZh(text)
}

// DroppedBy is the Error of an attempt that faults lost.
func DroppedBy(faults []string) string { return english(failDropped, strings.Join(faults, ", ")) }

// SendingFailed is the Error of an attempt at which the sender itself failed.
var SendingFailed = failSending.EN
