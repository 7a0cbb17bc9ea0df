package sign

// mends are all kinds of findings, each with what is to be done about it.
var mends = map[string]phrase{
	// The signature itself.
	"sign-missing": {
		"Send the parameter sign (§6)",
		"请发送参数 sign（§6）",
	},
	"signment-missing": {
		"Send the field signment (§10)",
		"请发送字段 signment（§10）",
	},
	"lower-case": {
		"Write the hex digits in upper case (§6)",
		"十六进制字母一律大写（§6）",
	},
	"sign-padded": {
		"Send the 32 digits and nothing else",
		"只发送那 32 位，不要带别的字符",
	},
	"sign-separated": {
		"Send the 32 digits without anything between them",
		"32 位之间不要有任何分隔符",
	},
	"base64": {
		"Write the 16 bytes of the hash as 32 hex digits in upper case",
		"把 16 字节的哈希写成 32 位大写十六进制",
	},
	"not-hex": {
		"A signature is 32 hex digits in upper case (§6)",
		"签名是 32 位大写十六进制（§6）",
	},
	"leading-zero-dropped": {
		"Print every byte of the hash as two digits (%02X), zeros included",
		"每个字节都打印成两位（%02X），包括前导零",
	},
	"truncated": {
		"Send all 32 digits; a 16-digit MD5 is not what §6 asks for",
		"请发送全部 32 位；§6 要的不是 16 位 MD5",
	},
	"sha1": {
		"Hash with MD5 (§6)",
		"请用 MD5（§6）",
	},
	"sha256": {
		"Hash with MD5 (§6)",
		"请用 MD5（§6）",
	},
	"sha512": {
		"Hash with MD5 (§6)",
		"请用 MD5（§6）",
	},
	"hmac-md5": {
		"Use plain MD5 with the key as a part of the text, no HMAC",
		"请用普通 MD5，密钥是文本的一部分，不用 HMAC",
	},
	"hmac-sha1": {
		"Use plain MD5 with the key as a part of the text, no HMAC",
		"请用普通 MD5，密钥是文本的一部分，不用 HMAC",
	},
	"hmac-sha256": {
		"Use plain MD5 with the key as a part of the text, no HMAC",
		"请用普通 MD5，密钥是文本的一部分，不用 HMAC",
	},
	"hmac-sha512": {
		"Use plain MD5 with the key as a part of the text, no HMAC",
		"请用普通 MD5，密钥是文本的一部分，不用 HMAC",
	},

	// How the parts were put together.
	"key-stamp-swapped": {
		"The order is data, key, time_stamp (§6)",
		"顺序是 data、密钥、time_stamp（§6）",
	},
	"parts-reordered": {
		"Keep the order: data, key, time_stamp in a request (§6), merchant_no, data, key in a push (§10)",
		"请求的顺序是 data、密钥、time_stamp（§6），推送的顺序是 merchant_no、data、密钥（§10）",
	},
	"key-missing": {
		"The merchant's key is part of the text",
		"商户密钥是待签名文本的一部分",
	},
	"stamp-missing": {
		"time_stamp is part of the text (§6)",
		"time_stamp 是待签名文本的一部分（§6）",
	},
	"data-missing": {
		"data is part of the text (§6)",
		"data 是待签名文本的一部分（§6）",
	},
	"push-formula": {
		"That is the formula of pushes (§10); a request signs data, key, time_stamp (§6)",
		"这是推送的公式（§10）；请求应签 data、密钥、time_stamp（§6）",
	},
	"request-formula": {
		"That is a formula of requests (§6); a push signs merchant_no, data, key (§10)",
		"这是请求的公式（§6）；推送应签 merchant_no、data、密钥（§10）",
	},
	"merchant-no-included": {
		"merchant_no is not part of a request's text (§6)",
		"请求的待签名文本里没有 merchant_no（§6）",
	},
	"merchant-no-for-key": {
		"Sign with the merchant's key, not with its number",
		"请用商户密钥签名，而不是商户号",
	},
	"ampersand-joined": {
		"Put nothing between the parts: no names, no &",
		"各部分直接相连：不要参数名，也不要 &",
	},
	"separator-joined": {
		"Put nothing between the parts",
		"各部分直接相连，中间什么也不加",
	},
	"trailing-newline": {
		"Hash the text without a line end (echo -n, not echo)",
		"不要把换行符一起哈希（用 echo -n，不用 echo）",
	},
	"whitespace-stripped": {
		"Keep white space when signing, or set the rule sign.whitespace to either",
		"签名时保留空白，或把规则 sign.whitespace 设为 either",
	},
	"whitespace-kept": {
		"Strip white space when signing, or set the rule sign.whitespace to either",
		"签名时去掉空白，或把规则 sign.whitespace 设为 either",
	},

	// The key.
	"key-trailing-newline": {
		"The key was read with its line end; trim it (echo -n, not echo)",
		"读取密钥时带上了换行符，请去掉（用 echo -n，不用 echo）",
	},
	"key-padded": {
		"The key was read with a space, a byte order mark or quotes around it; trim it",
		"读取密钥时带上了空格、BOM 或引号，请去掉",
	},
	"key-trimmed": {
		"The server's key has white space around it; take that out of its configuration",
		"服务器上的密钥前后有空白，请从其配置中去掉",
	},
	"key-case": {
		"Use the key in the case it was given in",
		"密钥区分大小写，请按原样使用",
	},
	"key-hashed": {
		"Use the key itself, not its MD5",
		"请直接用密钥，而不是密钥的 MD5",
	},
	"other-merchant-key": {
		"Use the key that belongs to the merchant_no that is sent",
		"请使用与所发 merchant_no 对应的密钥",
	},

	// The time stamp.
	"stamp-format": {
		"Sign the very text that is sent as time_stamp, yyyyMMddHHmmss (§6)",
		"签名要用与所发 time_stamp 完全相同的文本，yyyyMMddHHmmss（§6）",
	},
	"stamp-zone": {
		"Sign the very text that is sent as time_stamp, in Asia/Shanghai",
		"签名要用与所发 time_stamp 完全相同的文本，北京时间",
	},
	"stamp-drift": {
		"The clock was asked twice; keep one time_stamp, sign it and send it",
		"取了两次当前时间；请只取一次 time_stamp，既用于签名也用于发送",
	},

	// data, as text.
	"data-url-encoded": {
		"Sign data before it is URL-encoded",
		"请先对 data 签名，再做 URL 编码",
	},
	"data-double-encoded": {
		"Encode data once, and sign it before",
		"data 只编码一次，并在编码之前签名",
	},
	"plus-for-space": {
		"A + in a form means a space; send a plus sign as %2B and a space as %20",
		"表单里的 + 表示空格；加号请写成 %2B，空格请写成 %20",
	},
	"gbk-encoded": {
		"Hash the UTF-8 bytes, not GBK: name the character set (getBytes(\"UTF-8\"))",
		"请对 UTF-8 字节求哈希，而不是 GBK：写明字符集（getBytes(\"UTF-8\")）",
	},
	"ascii-question-marks": {
		"The character set used has no Chinese; name UTF-8 (getBytes(\"UTF-8\"))",
		"所用字符集没有汉字；请写明 UTF-8（getBytes(\"UTF-8\")）",
	},
	"utf8-twice": {
		"The text was encoded in UTF-8 twice; encode it once",
		"文本被做了两次 UTF-8 编码，只编码一次即可",
	},
	"data-framed": {
		"Sign data without anything around it",
		"签名的 data 前后不要带任何东西",
	},
	"data-quoted": {
		"data was marshalled twice; sign the object's text, not a JSON string of it",
		"data 被序列化了两次；请签对象的文本，而不是它的 JSON 字符串",
	},

	// data, as JSON. What all have in common: marshal once, and keep that text.
	"json-spaced": {
		"Sign the very text that is sent; it has less white space",
		"请对实际发送的文本签名；它的空白更少",
	},
	"json-compacted": {
		"Sign the very text that is sent; it has other white space",
		"请对实际发送的文本签名；它的空白不同",
	},
	"json-escaped-unicode": {
		"Sign the very text that is sent; it has the characters themselves, not \\u escapes (ensure_ascii=False)",
		"请对实际发送的文本签名；它直接写汉字，不用 \\u 转义（ensure_ascii=False）",
	},
	"json-escaped-slash": {
		"Sign the very text that is sent; it has / without a backslash (JSON_UNESCAPED_SLASHES)",
		"请对实际发送的文本签名；其中的 / 前没有反斜杠（JSON_UNESCAPED_SLASHES）",
	},
	"json-escaped-html": {
		"Sign the very text that is sent; it has no HTML escapes (SetEscapeHTML(false), disableHtmlEscaping)",
		"请对实际发送的文本签名；它没有 HTML 转义（SetEscapeHTML(false)、disableHtmlEscaping）",
	},
	"json-unescaped": {
		"Sign the very text that is sent; it has escapes",
		"请对实际发送的文本签名；它带有转义",
	},
	"keys-sorted": {
		"Sign the very text that is sent; its keys are not sorted",
		"请对实际发送的文本签名；它的键没有排序",
	},
	"keys-reordered": {
		"Sign the very text that is sent; its keys stand in another order",
		"请对实际发送的文本签名；它的键顺序不同",
	},
	"json-number-quoted": {
		"Sign the very text that is sent; its numbers are not quoted",
		"请对实际发送的文本签名；它的数字不带引号",
	},
	"json-number-unquoted": {
		"Sign the very text that is sent; its numbers are quoted",
		"请对实际发送的文本签名；它的数字带引号",
	},
	"number-rewritten": {
		"Keep a number's literal text; 5.50 is not 5.5",
		"请保留数字的原文；5.50 不是 5.5",
	},
	"null-for-empty": {
		"Sign \"\" where \"\" is sent, not null",
		"发送的是 \"\" 就签 \"\"，不要签 null",
	},
	"empty-for-null": {
		"Sign null where null is sent, not \"\"",
		"发送的是 null 就签 null，不要签 \"\"",
	},
	"empty-dropped": {
		"Sign empty values too",
		"空值也要参与签名",
	},
	"values-trimmed": {
		"Sign the values as they are sent, white space included",
		"各值按发送的原样签名，包括空白",
	},
	"values-joined": {
		"Sign the JSON text, not the values joined (in a push: the rule push.sign_data)",
		"请签 JSON 文本，而不是把各值相连（推送见规则 push.sign_data）",
	},
	"keys-and-values-joined": {
		"Sign the JSON text, not its names and values joined",
		"请签 JSON 文本，而不是把键和值相连",
	},
	"query-joined": {
		"Sign the JSON text, not name=value pairs (in a push: the rule push.sign_data)",
		"请签 JSON 文本，而不是 name=value（推送见规则 push.sign_data）",
	},
	"map-to-string": {
		"Sign the JSON text, not the printed map",
		"请签 JSON 文本，而不是 Map 打印出来的样子",
	},
	"python-repr": {
		"Sign the JSON text (json.dumps), not the printed dict",
		"请签 JSON 文本（json.dumps），而不是 dict 打印出来的样子",
	},

	// A push.
	"malformed": {
		"A push is one flat JSON object in UTF-8, each name once",
		"推送是一个扁平的 UTF-8 JSON 对象，每个字段名只出现一次",
	},
	"json-signed": {
		"Sign the text that the rule push.sign_data says, which is not the JSON",
		"请签规则 push.sign_data 所规定的文本，它不是 JSON",
	},
	"field-order": {
		"Keep the fields in the order they are sent; decode into something that keeps it",
		"字段要保持发送时的顺序；请用能保序的结构解析",
	},
	"signment-included": {
		"Take signment out before signing or checking",
		"签名或验签前先去掉 signment",
	},
	"query-url-encoded": {
		"Do not URL-encode the values that are signed",
		"参与签名的值不要做 URL 编码",
	},

	"unknown": {
		"No known mistake gives this signature; compare that text with yours byte by byte, and the key",
		"没有哪种已知错误会得出这个签名；请逐字节比对该文本与你的文本，并核对密钥",
	},
}
