package client

import (
	"errors"
	"fmt"
)

// The codes of §11.
const (
	CodeOK                   = 0
	CodeFailed               = 1
	CodeServerError          = 2
	CodeTimestampExpired     = 3
	CodeBadSignature         = 4
	CodeUnknownMerchant      = 5
	CodeBadParameter         = 6
	CodeOrderUpdateFailed    = 7
	CodeOrderCreateFailed    = 8
	CodeOperationFailed      = 20100
	CodeInvalidToken         = 20101
	CodeMissingParameter     = 20102
	CodeBadPhone             = 20201
	CodeSMSFailed            = 20202
	CodeWrongSMSCode         = 20203
	CodeWrongAmount          = 20206
	CodeBoundByOther         = 20802
	CodeTooManyBound         = 20803
	CodeTooManyBoundInAMonth = 20804
)

// The refusals of §11, for errors.Is. Each matches an [*Error] with its code, whatever the message and the endpoint.
var (
	ErrFailed               error = codeError(CodeFailed)               // 1 失败
	ErrServerError          error = codeError(CodeServerError)          // 2 服务器异常
	ErrTimestampExpired     error = codeError(CodeTimestampExpired)     // 3 时间戳超时
	ErrBadSignature         error = codeError(CodeBadSignature)         // 4 签名校验非法
	ErrUnknownMerchant      error = codeError(CodeUnknownMerchant)      // 5 没有找到商户密钥
	ErrBadParameter         error = codeError(CodeBadParameter)         // 6 参数错误
	ErrOrderUpdateFailed    error = codeError(CodeOrderUpdateFailed)    // 7 更新订单失败
	ErrOrderCreateFailed    error = codeError(CodeOrderCreateFailed)    // 8 生产订单失败
	ErrOperationFailed      error = codeError(CodeOperationFailed)      // 20100 操作失败
	ErrInvalidToken         error = codeError(CodeInvalidToken)         // 20101 无效 token
	ErrMissingParameter     error = codeError(CodeMissingParameter)     // 20102 缺少必要参数
	ErrBadPhone             error = codeError(CodeBadPhone)             // 20201 手机号错误
	ErrSMSFailed            error = codeError(CodeSMSFailed)            // 20202 获取验证码失败
	ErrWrongSMSCode         error = codeError(CodeWrongSMSCode)         // 20203 手机验证码错误
	ErrWrongAmount          error = codeError(CodeWrongAmount)          // 20206 支付金额与应付金额不匹配
	ErrBoundByOther         error = codeError(CodeBoundByOther)         // 20802 该车辆已被他人绑定
	ErrTooManyBound         error = codeError(CodeTooManyBound)         // 20803 绑定数量超限
	ErrTooManyBoundInAMonth error = codeError(CodeTooManyBoundInAMonth) // 20804 一月最多绑定 4 辆不同的车
)

// ErrNotEnvelope matches an answer that is not the envelope of §3: no JSON object, or one without an integer code.
var ErrNotEnvelope = errors.New("client: the answer is not the platform's envelope")

// ErrUnexpectedData matches a successful answer whose data is not what §9 says it is.
var ErrUnexpectedData = errors.New("client: the answer's data is not what the document says")

// Error is a refusal by the platform.
type Error struct {
	Endpoint string // the last element of the path
	Code     int    // of §11, never 0
	Message  string // the platform's, in Chinese
	Reason   string // the mock's stable word (kebab-case), "" where the real platform answered
	// RequestID is the id of the request in the mock's journal (etcp-mock requests show), "" where the real platform answered.
	RequestID string
}

// Error names the endpoint, the code, the platform's message and the mock's reason, where there is one.
func (e *Error) Error() string {
	text := fmt.Sprintf("etcp %s: code %d: %s", e.Endpoint, e.Code, e.Message)
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	return text
}

// Is reports whether target is the sentinel of e's code, or an *Error of the same code that says nothing else.
func (e *Error) Is(target error) bool {
	switch t := target.(type) {
	case codeError:
		return int(t) == e.Code
	case *Error:
		return *t == Error{Code: e.Code} || *t == *e
	}
	return false
}

// codeError is a code as a sentinel.
type codeError int

func (r codeError) Error() string { return fmt.Sprintf("etcp: code %d", int(r)) }
