package schemas

import "slices"

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

// What a success says. The table of §11 has 成功 for code 0, but none of the
// document's examples sends it: they say "ok", and §9.8.3 has words of its own.
const (
	MessageOK   = "ok"
	MessagePaid = "支付通知成功"
)

// codes holds §11, in its order. The spaces in 20101 and 20804 are the
// document's, and go on the wire.
var codes = []Code{
	{CodeOK, "OK", "成功"},
	{CodeFailed, "Failed", "失败"},
	{CodeServerError, "ServerError", "服务器异常"},
	{CodeTimestampExpired, "TimestampExpired", "时间戳超时"},
	{CodeBadSignature, "BadSignature", "签名校验非法"},
	{CodeUnknownMerchant, "UnknownMerchant", "没有找到商户密钥"},
	{CodeBadParameter, "BadParameter", "参数错误"},
	{CodeOrderUpdateFailed, "OrderUpdateFailed", "更新订单失败"},
	{CodeOrderCreateFailed, "OrderCreateFailed", "生产订单失败"},
	{CodeOperationFailed, "OperationFailed", "操作失败"},
	{CodeInvalidToken, "InvalidToken", "无效 token"},
	{CodeMissingParameter, "MissingParameter", "缺少必要参数"},
	{CodeBadPhone, "BadPhone", "手机号错误"},
	{CodeSMSFailed, "SMSFailed", "获取验证码失败"},
	{CodeWrongSMSCode, "WrongSMSCode", "手机验证码错误"},
	{CodeWrongAmount, "WrongAmount", "支付金额与应付金额不匹配"},
	{CodeBoundByOther, "BoundByOther", "该车辆已被他人绑定"},
	{CodeTooManyBound, "TooManyBound", "绑定数量超限"},
	{CodeTooManyBoundInAMonth, "TooManyBoundInAMonth", "一月最多绑定 4 辆不同的车"},
}

var messageByCode = func() map[int]string {
	m := make(map[int]string, len(codes))
	for _, c := range codes {
		m[c.Code] = c.Message
	}
	return m
}()

// Codes lists §11 in its order. The slice is the caller's.
func Codes() []Code { return slices.Clone(codes) }

// Message is the text of §11 for a code, byte for byte as it goes on the wire
// where the call failed (a success says [MessageOK] or [MessagePaid]). A code
// the document does not know has none: "".
func Message(code int) string { return messageByCode[code] }

// EnvelopeCodes lists the codes any endpoint can answer before its own rules
// are asked: those of the checks of docs/protocol.md, and 2, the server's own fault.
// The slice is the caller's.
func EnvelopeCodes() []int {
	return []int{
		CodeServerError, CodeTimestampExpired, CodeBadSignature,
		CodeUnknownMerchant, CodeBadParameter, CodeMissingParameter,
	}
}
