package diagnosetest

import (
	"encoding/base64"
	"encoding/hex"
)

// nearDatas are further values of data that are no JSON object, signed as they are: what languages and formats write of an object, what was not filled in, and slips in JSON.
func (c client) nearDatas() (all []Envelope) {
	each := func(name, kind, data, en, zh, fix string) {
		all = append(all, Envelope{Name: name, Wire: post(openAPI+"bindcar", formContent, c.form(data)), Reason: "data-malformed", Kind: kind}.says(en, zh, fix, ""))
	}
	for _, p := range printed {
		each(p.name+", signed as it is", p.kind, p.text, p.en, p.zh, p.fix)
	}
	encrypted := base64.StdEncoding.EncodeToString([]byte("\x01\xfe\x9c\x85\xf3\xa0\xb1\xc7\xd0\x93\x12\xfe\x9c\x85\xf3\xa0\xb1\xc7\xd0\x93\x12\xfe\x9c\x85"))
	for _, d := range []struct{ name, kind, data, en, zh, fix string }{
		{"bytes of Python", "python-bytes", `b'{"token":"t"}'`, "Python bytes", "Python bytes", "decode('utf-8')"},
		{"AES in Base64", "data-encrypted", encrypted, "encrypted or compressed?|24 bytes", "加密或压缩|24 字节", "neither encrypts nor compresses"},
		{"hex digits", "data-hex", hex.EncodeToString([]byte(bound)), "hex digits", "十六进制", "not in hex"},
		{"a variable of JavaScript before it", "data-framed", `var data = {"token":"t"};`, "`var data = ` stands before it, `;` behind it", "前面是 `var data = `", "JSON object alone"},
		{"a label before it", "data-framed", `data: {"token":"t"}`, "`data: ` stands before it", "前面是 `data: `", "JSON object alone"},
		{"PHP's warning before it", "data-framed", "<br />\n<b>Warning</b>: x on line 3<br />\n{\"a\":1}", "Warning", "Warning", "JSON object alone"},
		{"a hash of Perl", "object-text", "HASH(0x55d0c8a0)", "prints of an object", "打印对象", "JSON object"},
		{"an object of Python", "object-text", "<__main__.BindCar object at 0x7f01>", "prints of an object", "打印对象", "JSON object"},
		{"a table of Lua", "object-text", "table: 0x5581", "prints of an object", "打印对象", "JSON object"},
		{"nil of Go", "object-text", "<nil>", "prints of an object", "打印对象", "JSON object"},
		{"%v of a Go struct", "object-text", "{t 渝ATX061 1}", "prints of an object", "打印对象", "JSON object"},
		{"a template", "data-placeholder", "${data}", "not filled in", "没有替换", "Fill it in"},
		{"curl's --data-raw @file", "data-placeholder", "@data.json", "file that was not read", "没有读取的文件", "--data-urlencode data@file"},
		{"True of Python", "data-not-json", `{"now":True}`, "Python's True|byte 8", "True|第 8 字节", "json.dumps"},
		{"undefined in it", "data-not-json", `{"token":undefined}`, "without a value|byte 10", "未赋值|第 10 字节", "null"},
		{"a code with a zero in front", "data-not-json", `{"code":012345}`, "begins with 0|byte 10", "以 0 开头", "in quotes"},
		{"a comma missing", "data-not-json", `{"a":"1" "b":"2"}`, "comma is missing|byte 10", "缺少逗号|第 10 字节", "JSON library"},
		{"a quote inside of a text", "data-not-json", `{"note":"say "hi" now"}`, "no backslash before it|byte 15", "没有反斜杠|第 15 字节", "JSON library"},
		{"= for :", "data-not-json", `{"token"="t"}`, "= stands where : belongs", "应为冒号处写的是 =", "value"},
		{"; for ,", "data-not-json", `{"a":"1";"b":"2"}`, "semicolon", "分号", "commas"},
		{"a text without quotes", "data-not-json", `{"token":d970}`, "a text has no quotes", "文本没有引号", "double quotes"},
		{"a date without quotes", "data-not-json", `{"payTime":2017-08-20 12:00:00}`, "date has no quotes", "没有引号", "double quotes"},
		{"addslashes before a '", "data-not-json", `{"note":"it\'s"}`, "has a backslash before it", "前有反斜杠", "addslashes"},
		{"a path of Windows", "data-not-json", `{"a":"C:\zip"}`, "begins no escape", "不是 JSON 的转义", "JSON library"},
		{"a comment of YAML", "data-not-json", "{\n# the token\n\"token\":\"t\"}", "comment|line 2", "注释|第 2 行", "comment"},
		{"cut in the middle of a character", "data-cut", "{\"plateNumber\":\"\xe6\xb8", "middle of a character", "字符中间", "Content-Length"},
		{"a text of JSON", "data-word", `"hello"`, "not an object", "不是对象", "JSON object"},
	} {
		each(d.name, d.kind, d.data, d.en, d.zh, d.fix)
	}
	return all
}
