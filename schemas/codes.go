package schemas

import "slices"

// The codes of §11.
const (
	CodeOK                = 0
	CodeFailed            = 1
	CodeServerError       = 2
	CodeTimestampExpired  = 3
	CodeSignMismatch      = 4
	CodeUnknownMerchant   = 5
	CodeMalformed         = 6
	CodeUpdateOrder       = 7
	CodeCreateOrder       = 8
	CodeOperationFailed   = 20100
	CodeInvalidToken      = 20101
	CodeMissingParameter  = 20102
	CodePhone             = 20201
	CodeSMSNotSent        = 20202
	CodeSMSWrong          = 20203
	CodePaymentMismatch   = 20206
	CodePlateBoundByOther = 20802
	CodeBindLimit         = 20803
	CodeBindLimitMonth    = 20804
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
	{CodeSignMismatch, "SignMismatch", "签名校验非法"},
	{CodeUnknownMerchant, "UnknownMerchant", "没有找到商户密钥"},
	{CodeMalformed, "Malformed", "参数错误"},
	{CodeUpdateOrder, "UpdateOrder", "更新订单失败"},
	{CodeCreateOrder, "CreateOrder", "生产订单失败"},
	{CodeOperationFailed, "OperationFailed", "操作失败"},
	{CodeInvalidToken, "InvalidToken", "无效 token"},
	{CodeMissingParameter, "MissingParameter", "缺少必要参数"},
	{CodePhone, "Phone", "手机号错误"},
	{CodeSMSNotSent, "SMSNotSent", "获取验证码失败"},
	{CodeSMSWrong, "SMSWrong", "手机验证码错误"},
	{CodePaymentMismatch, "PaymentMismatch", "支付金额与应付金额不匹配"},
	{CodePlateBoundByOther, "PlateBoundByOther", "该车辆已被他人绑定"},
	{CodeBindLimit, "BindLimit", "绑定数量超限"},
	{CodeBindLimitMonth, "BindLimitMonth", "一月最多绑定 4 辆不同的车"},
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
		CodeServerError, CodeTimestampExpired, CodeSignMismatch,
		CodeUnknownMerchant, CodeMalformed, CodeMissingParameter,
	}
}
