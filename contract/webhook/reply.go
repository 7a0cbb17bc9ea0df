package webhook

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// reply is what an endpoint answered.
type reply struct {
	wire.Reply

	written bool // the endpoint was sent the request, whatever became of the connection then
}

// NeverCame says that the request met nobody. One that is answered before all of it was sent, such as a huge body with HTTP 413, met somebody.
func (r *reply) NeverCame() bool { return r.Status == 0 && !r.written && r.Reply.NeverCame() }

// refusal says why an answer does not accept a push; none: it does (docs/protocol.md, pushes).
func (r *reply) refusal(timeout time.Duration) lang.Text {
	switch {
	case r.TimedOut():
		return lang.Text{EN: "no answer within %s", ZH: "%s 内没有应答"}.With(timeout)
	case r.misencoded():
		return lang.Text{EN: "the answer says Content-Encoding: gzip, and its body is none", ZH: "应答声明了 Content-Encoding: gzip，正文却不是 gzip"}
	case r.Err != nil:
		return lang.Text{EN: "the connection was cut without a whole answer: %s", ZH: "连接在应答完整之前断开：%s"}.With(plainError(r.Err))
	case r.encoding() != "":
		return lang.Text{EN: "the answer is compressed (Content-Encoding: %s), which a push does not ask for", ZH: "应答经过压缩（Content-Encoding: %s），而推送没有要求压缩"}.With(r.encoding())
	case r.Status < 200 || r.Status > 299:
		return lang.Text{EN: "HTTP %d; only 2xx counts as delivered", ZH: "HTTP %d；只有 2xx 才算投递成功"}.With(r.Status)
	}
	code, problem := r.code()
	if problem.IsZero() && !isZero(code) {
		return lang.Text{EN: "code %s; only the number 0 counts as delivered", ZH: "code 为 %s；只有数字 0 才算投递成功"}.With(code)
	}
	return problem
}

// misencoded says that an answer came, and is not compressed though it says so.
func (r *reply) misencoded() bool {
	return r.Status != 0 && (errors.Is(r.Err, gzip.ErrHeader) || r.encoding() == "gzip" && r.Err == nil && !bytes.HasPrefix(r.Body, gzipMagic))
}

// gzipMagic is what a gzip stream begins with (RFC 1952 §2.3.1).
var gzipMagic = []byte{0x1f, 0x8b}

// encoding is how an answer is compressed, "" where it is not. net/http takes the header away from what it has decoded.
func (r *reply) encoding() string {
	name := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	if name == "identity" {
		return ""
	}
	return name
}

// isZero reports whether a JSON number is 0, however it is written: 0.0 and 0e5 are.
func isZero(number string) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
	return !strings.ContainsAny(mantissa, "123456789")
}

var noObject = lang.Text{EN: "the answer is not a JSON object", ZH: "应答不是 JSON 对象"}

// code is the number code of an answer, as it is written.
func (r *reply) code() (code string, problem lang.Text) {
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &answer); err != nil || answer == nil {
		switch {
		case len(r.Body) == 0:
			return "", lang.Text{EN: "the answer's body is empty; it has to be JSON with code and message", ZH: "应答正文为空；必须是含 code 和 message 的 JSON"}
		case json.NewDecoder(bytes.NewReader(r.Body)).Decode(&answer) == nil && answer != nil:
			return "", lang.Text{EN: "something follows the JSON object", ZH: "JSON 对象之后还有内容"}
		}
		return "", noObject
	}
	raw, has := answer["code"]
	var number json.Number
	switch {
	case !has:
		return "", lang.Text{EN: "the answer has no code", ZH: "应答没有 code"}
	case len(raw) > 0 && raw[0] == '"':
		return "", lang.Text{EN: "code is the text %s; it has to be a number, without quotes", ZH: "code 是字符串 %s；必须是不带引号的数字"}.With(raw)
	case json.Unmarshal(raw, &number) != nil || number == "":
		return "", lang.Text{EN: "code is %.40s; it has to be a number", ZH: "code 为 %.40s；必须是数字"}.With(raw)
	}
	return number.String(), lang.Text{}
}

// messageProblem says what is wrong with the message of an answer.
func messageProblem(r *reply) lang.Text {
	var answer struct {
		Message any `json:"message"`
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		return noObject
	}
	switch m := answer.Message.(type) {
	case nil:
		return lang.Text{EN: "the answer has no message", ZH: "应答没有 message"}
	case string:
		return lang.Text{}
	default:
		return lang.Text{EN: "message is no text: %s", ZH: "message 不是字符串：%s"}.With(wire.Head([]byte(jsonvalue.Encode(m))))
	}
}

// emptyMessage says of an answer that its message says nothing.
func emptyMessage(r *reply) lang.Text {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(r.Body, &answer) == nil && strings.TrimSpace(answer.Message) == "" {
		return lang.Text{EN: "message is empty", ZH: "message 为空"}
	}
	return lang.Text{}
}

// in is an answer as a report shows it, in a language.
func (r *reply) in(language string) string {
	if r.Err != nil && r.Status == 0 {
		return lang.Text{EN: "nothing: %s", ZH: "没有应答：%s"}.With(plainError(r.Err)).In(language)
	}
	text := fmt.Sprintf("HTTP %d %s %s", r.Status, r.Header.Get("Content-Type"), wire.Head(r.Body))
	if r.Err != nil {
		text += lang.Text{EN: " …cut short: %s", ZH: " ……中途断开：%s"}.With(plainError(r.Err)).In(language)
	}
	return strings.TrimSpace(text)
}

// plainError says why there is no whole answer: what happens to any handler in words, anything else as Go's packages say it, without the URL.
func plainError(err error) lang.Text {
	text := err.Error()
	if i := strings.LastIndex(text, `": `); i >= 0 && strings.Contains(text, "://") {
		text = text[i+3:]
	}
	switch {
	case wire.Kind(err) == "timeout":
		return lang.Text{EN: "the time to wait for it was over", ZH: "等待超时"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return lang.Text{EN: text, ZH: "连接被断开"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return lang.Text{EN: text, ZH: "连接被对方重置"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return lang.Text{EN: text, ZH: "连接被拒绝"}
	}
	return lang.Same(text)
}
