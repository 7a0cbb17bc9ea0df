package sign

// mends are all kinds of findings, each with what is to be done about it.
var mends = map[string]string{
	// The signature itself.
	"sign-missing":         "Send the parameter sign (§6)",
	"signment-missing":     "Send the field signment (§10)",
	"lower-case":           "Write the hex digits in upper case (§6)",
	"sign-padded":          "Send the 32 digits and nothing else",
	"sign-separated":       "Send the 32 digits without anything between them",
	"base64":               "Write the 16 bytes of the hash as 32 hex digits in upper case",
	"not-hex":              "A signature is 32 hex digits in upper case (§6)",
	"leading-zero-dropped": "Print every byte of the hash as two digits (%02X), zeros included",
	"truncated":            "Send all 32 digits; a 16-digit MD5 is not what §6 asks for",
	"sha1":                 "Hash with MD5 (§6)",
	"sha256":               "Hash with MD5 (§6)",
	"sha512":               "Hash with MD5 (§6)",
	"hmac-md5":             "Use plain MD5 with the key as a part of the text, no HMAC",
	"hmac-sha1":            "Use plain MD5 with the key as a part of the text, no HMAC",
	"hmac-sha256":          "Use plain MD5 with the key as a part of the text, no HMAC",
	"hmac-sha512":          "Use plain MD5 with the key as a part of the text, no HMAC",

	// How the parts were put together.
	"key-stamp-swapped":    "The order is data, key, time_stamp (§6)",
	"parts-reordered":      "Keep the order: data, key, time_stamp in a request (§6), merchant_no, data, key in a push (§10)",
	"key-missing":          "The merchant's key is part of the text",
	"stamp-missing":        "time_stamp is part of the text (§6)",
	"data-missing":         "data is part of the text (§6)",
	"push-formula":         "That is the formula of pushes (§10); a request signs data, key, time_stamp (§6)",
	"request-formula":      "That is a formula of requests (§6); a push signs merchant_no, data, key (§10)",
	"merchant-no-included": "merchant_no is not part of a request's text (§6)",
	"merchant-no-for-key":  "Sign with the merchant's key, not with its number",
	"ampersand-joined":     "Put nothing between the parts: no names, no &",
	"separator-joined":     "Put nothing between the parts",
	"trailing-newline":     "Hash the text without a line end (echo -n, not echo)",
	"whitespace-stripped":  "Keep white space when signing, or set the rule sign.whitespace to either",
	"whitespace-kept":      "Strip white space when signing, or set the rule sign.whitespace to either",

	// The key.
	"key-trailing-newline": "The key was read with its line end; trim it (echo -n, not echo)",
	"key-padded":           "The key was read with a space, a byte order mark or quotes around it; trim it",
	"key-trimmed":          "The server's key has white space around it; take that out of its configuration",
	"key-case":             "Use the key in the case it was given in",
	"key-hashed":           "Use the key itself, not its MD5",
	"other-merchant-key":   "Use the key that belongs to the merchant_no that is sent",

	// The time stamp.
	"stamp-format": "Sign the very text that is sent as time_stamp, yyyyMMddHHmmss (§6)",
	"stamp-zone":   "Sign the very text that is sent as time_stamp, in Asia/Shanghai",
	"stamp-drift":  "The clock was asked twice; keep one time_stamp, sign it and send it",

	// data, as text.
	"data-url-encoded":     "Sign data before it is URL-encoded",
	"data-double-encoded":  "Encode data once, and sign it before",
	"plus-for-space":       "A + in a form means a space; send a plus sign as %2B and a space as %20",
	"gbk-encoded":          "Hash the UTF-8 bytes, not GBK: name the character set (getBytes(\"UTF-8\"))",
	"ascii-question-marks": "The character set used has no Chinese; name UTF-8 (getBytes(\"UTF-8\"))",
	"utf8-twice":           "The text was encoded in UTF-8 twice; encode it once",
	"data-framed":          "Sign data without anything around it",
	"data-quoted":          "data was marshalled twice; sign the object's text, not a JSON string of it",

	// data, as JSON. What all have in common: marshal once, and keep that text.
	"json-spaced":            "Sign the very text that is sent; it has less white space",
	"json-compacted":         "Sign the very text that is sent; it has other white space",
	"json-escaped-unicode":   "Sign the very text that is sent; it has the characters themselves, not \\u escapes (ensure_ascii=False)",
	"json-escaped-slash":     "Sign the very text that is sent; it has / without a backslash (JSON_UNESCAPED_SLASHES)",
	"json-escaped-html":      "Sign the very text that is sent; it has no HTML escapes (SetEscapeHTML(false), disableHtmlEscaping)",
	"json-unescaped":         "Sign the very text that is sent; it has escapes",
	"keys-sorted":            "Sign the very text that is sent; its keys are not sorted",
	"keys-reordered":         "Sign the very text that is sent; its keys stand in another order",
	"json-number-quoted":     "Sign the very text that is sent; its numbers are not quoted",
	"json-number-unquoted":   "Sign the very text that is sent; its numbers are quoted",
	"number-rewritten":       "Keep a number's literal text; 5.50 is not 5.5",
	"null-for-empty":         "Sign \"\" where \"\" is sent, not null",
	"empty-for-null":         "Sign null where null is sent, not \"\"",
	"empty-dropped":          "Sign empty values too",
	"values-trimmed":         "Sign the values as they are sent, white space included",
	"values-joined":          "Sign the JSON text, not the values joined (in a push: the rule push.sign_data)",
	"keys-and-values-joined": "Sign the JSON text, not its names and values joined",
	"query-joined":           "Sign the JSON text, not name=value pairs (in a push: the rule push.sign_data)",
	"map-to-string":          "Sign the JSON text, not the printed map",
	"python-repr":            "Sign the JSON text (json.dumps), not the printed dict",

	// A push.
	"malformed":         "A push is one flat JSON object in UTF-8, each name once",
	"json-signed":       "Sign the text that the rule push.sign_data says, which is not the JSON",
	"field-order":       "Keep the fields in the order they are sent; decode into something that keeps it",
	"signment-included": "Take signment out before signing or checking",
	"query-url-encoded": "Do not URL-encode the values that are signed",

	"unknown": "No known mistake gives this signature; compare that text with yours byte by byte, and the key",
}
