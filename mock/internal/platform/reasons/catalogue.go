package reasons

import "github.com/etcp-mock/etcp-mock/schemas"

type explanation struct {
	code   int
	en, zh string
}

// catalogue is every reason there is: one place for both languages.
var catalogue = map[string]explanation{
	"unknown-path": {
		schemas.CodeFailed,
		"The platform has no path {path}.",
		"平台没有 {path} 这个地址。",
	},
	"method-not-allowed": {
		schemas.CodeFailed,
		"{endpoint} takes {want}, not {given} ({section}). {fix}",
		"{endpoint} 只接受 {want}，而不是 {given}（{section}）。{fix}",
	},
	"body-too-large": {
		schemas.CodeBadParameter,
		"The body is over 1 MiB and was not read.",
		"请求体超过 1 MiB，未读取。",
	},
	"body-malformed": {
		schemas.CodeBadParameter,
		"The form could not be read: {cause}.",
		"表单无法解析：{cause}。",
	},
	"missing-parameter": {
		schemas.CodeMissingParameter,
		"{param} is required, but {where} {how}.",
		"缺少必要参数 {param}（{where}：{how}）。",
	},
	"unknown-merchant": {
		schemas.CodeUnknownMerchant,
		"No sandbox of this server has a merchant {given}.",
		"本服务器的所有沙箱里都没有商户号 {given}。",
	},
	"timestamp-malformed": {
		schemas.CodeBadParameter,
		"time_stamp {given} is not an instant written yyyyMMddHHmmss in Asia/Shanghai (§3.2).",
		"time_stamp {given} 不是 yyyyMMddHHmmss 格式的北京时间（§3.2）。",
	},
	"timestamp-expired": {
		schemas.CodeTimestampExpired,
		"time_stamp {given} is {wallOff} the wall clock ({wall}) and {sandboxOff} the sandbox's clock ({sandbox}); the rule timestamp.window allows {window} either way of one of them.",
		"time_stamp {given} 比真实时钟（{wall}）{wallOff}，比沙箱时钟（{sandbox}）{sandboxOff}；规则 timestamp.window 允许与其中之一前后相差 {window}。",
	},
	"sign-mismatch": {
		schemas.CodeBadSignature,
		"sign is {given}, but {want} is the MD5 of the text {signed} (• stands for the key). {diagnosis}",
		"sign 为 {given}，而待签名串 {signed}（• 代表密钥）的 MD5 是 {want}。{diagnosis}",
	},
	"sign-unexamined": { // of an event, where many signatures are wrong at once
		schemas.CodeBadSignature,
		"sign is not the right signature; what it would match instead is said by request {id} of the journal.",
		"签名不正确；它究竟是什么的签名，见请求日志中的 {id}。",
	},
	"data-malformed": {
		schemas.CodeBadParameter,
		"data must be a JSON object in UTF-8; it is {cause}.",
		"data 必须是 UTF-8 编码的 JSON 对象（{cause}）。",
	},
	"malformed-parameter": {
		schemas.CodeBadParameter,
		"data.{param} is {given}: {want}.",
		"data.{param} 的值 {given} 格式不对：{want}。",
	},
	"too-long": {
		schemas.CodeBadParameter,
		"data.{param} has {length} characters; {most} are kept.",
		"data.{param} 有 {length} 个字符，最多保留 {most} 个。",
	},
	"strict-lint": {
		schemas.CodeBadParameter,
		"The rule strict is on, and the request has a lint, {rule}: {detail}.",
		"规则 strict 已开启，请求触犯了 {rule}：{detail}。",
	},
	"token-unknown": {
		schemas.CodeInvalidToken,
		"This sandbox never gave the token {token}, or has long forgotten it.",
		"本沙箱没有发过 token {token}，或早已将其清除。",
	},
	"token-of-other-merchant": {
		schemas.CodeInvalidToken,
		"The token was given to merchant {owner}; merchant {caller} cannot use it.",
		"该 token 是发给商户 {owner} 的，商户 {caller} 不能使用。",
	},
	"token-superseded": {
		schemas.CodeInvalidToken,
		"The token of {phone}, given at {since}, was voided by a newer one at {by} (same merchant, appId and phone, §9.3).",
		"{phone} 于 {since} 取得的 token 已在 {by} 被新的 token 取代（同一商户、appId、手机号，§9.3）。",
	},
	"token-expired": {
		schemas.CodeInvalidToken,
		"The token was given at {since} and is {age} old; it is void after {ttl} (rule token.ttl).",
		"该 token 于 {since} 发放，已过 {age}；有效期为 {ttl}（规则 token.ttl）。",
	},
	"sms-too-soon": {
		schemas.CodeSMSFailed,
		"{phone} was sent a code at {since}, {age} ago; the next is allowed {interval} after it (rule sms.interval).",
		"{phone} 在 {since}（{age} 前）已获取过验证码；间隔须满 {interval}（规则 sms.interval）。",
	},
	"sms-never-sent": {
		schemas.CodeWrongSMSCode,
		"{phone} was never sent a code.",
		"{phone} 从未获取过验证码。",
	},
	"sms-code-used": {
		schemas.CodeWrongSMSCode,
		"The code sent to {phone} at {since} was used up by a login.",
		"{since} 发给 {phone} 的验证码已被一次登录用掉。",
	},
	"sms-code-expired": {
		schemas.CodeWrongSMSCode,
		"The code was sent to {phone} at {since}, {age} ago; it is valid for {ttl} (rule sms.ttl).",
		"验证码于 {since}（{age} 前）发给 {phone}；有效期为 {ttl}（规则 sms.ttl）。",
	},
	"sms-code-wrong": {
		schemas.CodeWrongSMSCode,
		"The code {given} is not the one sent to {phone} at {since}.",
		"验证码 {given} 不是 {since} 发给 {phone} 的那个。",
	},
	"plate-bound-by-other": {
		schemas.CodeBoundByOther,
		"{vehicle} is bound by {owner} since {since}.",
		"{vehicle}自 {since} 起已被 {owner} 绑定。",
	},
	"bind-limit": {
		schemas.CodeTooManyBound,
		"{phone} has {count} vehicles bound ({vehicles}); {most} are allowed at once (rule bind.max).",
		"{phone} 已绑定 {count} 辆车（{vehicles}）；同时最多 {most} 辆（规则 bind.max）。",
	},
	"bind-limit-month": {
		schemas.CodeTooManyBoundInAMonth,
		"{phone} has bound {count} different vehicles since {since} ({vehicles}); {most} are allowed within a month (rules bind.max_per_month, bind.month).",
		"{phone} 自 {since} 起已绑定过 {count} 辆不同的车（{vehicles}）；一个月内最多 {most} 辆（规则 bind.max_per_month、bind.month）。",
	},
	"plate-not-bound": {
		schemas.CodeOperationFailed,
		"{plate} is not bound by {phone}. {fix}",
		"{plate} 未被 {phone} 绑定。{fix}",
	},
	"order-unknown": {
		schemas.CodeOrderUpdateFailed,
		"There is no order {given}.",
		"没有订单 {given}。",
	},
	"verification-info-invalid": {
		schemas.CodeOrderUpdateFailed,
		"verificationInfo was not issued for order {order}: {cause}.",
		"verificationInfo 不是为订单 {order} 签发的：{cause}。",
	},
	"external-order-reused": {
		schemas.CodeOrderCreateFailed,
		"externalOrderId {external} already paid {firstPayment} for order {firstOrder}; it cannot pay {payment} for order {order}.",
		"externalOrderId {external} 已为订单 {firstOrder} 支付 {firstPayment} 元，不能再为订单 {order} 支付 {payment} 元。",
	},
	"nothing-to-pay": {
		schemas.CodeOrderUpdateFailed,
		"Order {order} owes nothing: fee {fee}, paid {paid}. {why}",
		"订单 {order} 已无欠费：停车费 {fee} 元，已付 {paid} 元。{why}",
	},
	"payment-mismatch": {
		schemas.CodeWrongAmount,
		"payment is {payment}, but {want} is due, so it is off by {off}. {basis} {how}",
		"支付金额 {payment} 元，应付 {want} 元，相差 {off} 元。{basis}{how}",
	},
	"vehicle-unregistered": {
		schemas.CodeOperationFailed,
		"{vehicle} is not in the registry, and the rule retrieve.registry is closed.",
		"{vehicle}不在车辆登记中，且规则 retrieve.registry 为 closed。",
	},
	"vehicle-mismatch": {
		schemas.CodeOperationFailed,
		"The registry has another {what} for {vehicle} than {given}.",
		"车辆登记中{vehicle}的 {what} 与 {given} 不符。",
	},
	"scroll-id-invalid": {
		schemas.CodeBadParameter,
		"scrollId was not issued to merchant {merchant} by this sandbox.",
		"scrollId 不是本沙箱发给商户 {merchant} 的。",
	},
	"parking-unknown": {
		schemas.CodeFailed,
		"There is no car park {given}.",
		"没有停车场 {given}。",
	},
	"injected-fault": {
		schemas.CodeServerError,
		"The injected fault {fault} {what} in the platform's place; nothing was carried out.",
		"注入的故障 {fault} 代替平台{what}，请求并未执行。",
	},
	"memory-max-reached": {
		schemas.CodeServerError,
		"The sandbox takes {size} of memory, and the rule memory.max allows {most}; nothing was carried out.",
		"沙箱已占用内存 {size}，规则 memory.max 允许 {most}，请求并未执行。",
	},
	"storage-unavailable": {
		schemas.CodeServerError,
		"The sandbox is kept, and its storage cannot be written now ({cause}); nothing was carried out.",
		"该沙箱需要落盘，但目前无法写入存储（{cause}），请求并未执行。",
	},
	"storage-uncertain": {
		schemas.CodeServerError,
		"The sandbox is kept, and it is not known whether its storage has the request ({cause}), so it may have been carried out.",
		"该沙箱需要落盘，但无法确认存储是否已写入该请求（{cause}），它可能已经执行。",
	},
	"panic": {
		schemas.CodeServerError,
		"The mock itself failed at this request; its log says where. The state is as it was before.",
		"模拟平台自身在处理该请求时出错（见日志）；状态未改变。",
	},
}
