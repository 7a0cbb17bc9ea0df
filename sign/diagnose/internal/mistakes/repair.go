package mistakes

import (
	"encoding/hex"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// rawRows are damage to the parameter data as such: what arrived raw makes the signature right, read in another way.
var rawRows = []guess.Hypothesis{
	{
		Kind: "data-not-url-encoded", In: guess.OfRequests, At: guess.InRaw, Try: notEncoded,
		What: words.Phrase{En: "data was sent without URL encoding, and a character of it means something else there", Zh: "data 未做 URL 编码，其中的字符在表单里另有含义"},
		Fix:  words.Phrase{En: "URL-encode data: & is %26, + is %2B, % is %25, a space is %20", Zh: "请对 data 做 URL 编码：& 写成 %26，+ 写成 %2B，% 写成 %25，空格写成 %20"},
	},
	{
		Kind: "parameter-twice", In: guess.OfRequests, At: guess.InRaw, Alone: true, What: words.Phrase{En: "a parameter came twice, and the signature belongs to the later one", Zh: "同名参数出现了两次，签名对应的是后一个"},
		Fix: words.Phrase{En: "Send each parameter once; the first one counts", Zh: "每个参数只发送一次；以第一个为准"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			for i, p := range s.Came.Pairs {
				value := wire.Unescape(p.Raw, true)
				if !wire.IsParameter(p.Name) || value == "" {
					continue
				}
				twice := g
				switch {
				case p.Name == "data" && value != g.Data:
					twice.Data = value
				case p.Name == "time_stamp" && value != g.Stamp:
					twice.Stamp = value
				default:
					continue
				}
				twice.Evidence = words.Phrase{En: fmt.Sprintf("parameter %d is a second %s", i+1, p.Name), Zh: fmt.Sprintf("第 %d 个参数是第二个 %s", i+1, p.Name)}
				if !yield(twice) {
					return false
				}
			}
			return true
		},
	},
	{
		Kind: "form-charset", In: guess.OfRequests, At: guess.InRaw, Try: formCharset,
		What: words.Phrase{En: "the form is not in UTF-8", Zh: "表单不是 UTF-8 编码"},
		Fix:  words.Phrase{En: "Escape the form as UTF-8 (URLEncoder.encode(data, \"UTF-8\")), not in the default charset", Zh: "请按 UTF-8 对表单做转义（URLEncoder.encode(data, \"UTF-8\")），不要用默认字符集"},
	},
}

// notEncoded reads data as it stood in the form: with the + and % that were meant, and with what followed behind a bare &.
func notEncoded(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	c := &s.Came
	if c.Joined == "" || len(c.Joined) > wire.Longest {
		return true
	}
	var readings []string
	for _, raw := range []string{c.RawData, c.Joined} {
		readings = append(readings, raw)
		for _, unescape := range []func(string, bool) string{wire.Unescape, wire.UnescapeReserved, wire.UnescapeMarks} {
			readings = append(readings, unescape(raw, false), unescape(raw, true))
		}
	}
	for i, r := range readings {
		if r == g.Data || r == c.RawData && !guess.IsRaw(r) {
			continue // that is an encoded text that was signed, which is another mistake
		}
		if slices.Contains(readings[:i], r) {
			continue
		}
		next := g
		next.Data, next.Doc = r, nil
		next.Evidence, next.Fix = lostMark(s, r, g.Data)
		if !yield(next) {
			return false
		}
	}
	return true
}

// lostMark says which character of data was lost since data was not URL-encoded.
func lostMark(s *guess.Case, meant, arrived string) (evidence, fix words.Phrase) {
	at := words.FirstDifference(meant, arrived)
	mark := "%"
	switch {
	case at < len(meant) && meant[at] == '+':
		mark = "+"
	case at == len(arrived) && at < len(meant) && meant[at] == '&':
		mark = "&"
	}
	code := fmt.Sprintf("%%%02X", mark[0])
	evidence = s.Difference(&guess.Guess{Data: meant}, at)
	switch mark {
	case "&":
		after := s.Show(s.Came.After, -1)
		evidence = words.Phrase{En: fmt.Sprintf("data ends at the & of byte %d; %s followed it as another parameter", at+1, after), Zh: fmt.Sprintf("data 在第 %d 字节的 & 处结束；其后的 %s 成了另一个参数", at+1, after)}
		fix = words.Phrase{En: "URL-encode data: & is " + code, Zh: "请对 data 做 URL 编码：& 写成 " + code}
	case "+":
		fix = words.Phrase{En: "URL-encode data: + is " + code + ", since a bare + means a space", Zh: "请对 data 做 URL 编码：+ 写成 " + code + "，裸 + 表示空格"}
	default:
		fix = words.Phrase{En: "URL-encode data: % is " + code + ", since a bare % begins an escape", Zh: "请对 data 做 URL 编码：% 写成 " + code + "，裸 % 会被当成转义的开头"}
	}
	return evidence, fix
}

func formCharset(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	readings := []string{g.Data}
	if raw := s.Came.RawData; len(raw) <= 3*wire.Longest && len(g.Data) <= wire.Longest && (!wire.IsASCII(g.Data) || strings.Contains(g.Data, "\x00")) {
		readings = append(readings, wire.Unescape(raw, true))
	}
	if !inUTF7(s, g, yield) || !inWideOrShifted(s, g, yield) {
		return false
	}
	for _, bytes := range readings {
		if len(bytes) > wire.Longest || wire.IsASCII(bytes) && !strings.Contains(bytes, "\x00") {
			continue
		}
		for _, c := range wire.Multibyte {
			if wide := c == wire.UTF16LE || c == wire.UTF16BE; wide != strings.Contains(bytes, "\x00") || !wide && isUTF8(bytes, c) {
				continue
			}
			text := strings.TrimPrefix(wire.DecodeFrom(c, bytes), "\uFEFF")
			if text == "" || strings.ContainsRune(text, utf8.RuneError) || text == g.Data {
				continue
			}
			at := words.FirstDifference(text, bytes)
			next := g
			next.Data, next.Doc = text, nil
			next.What = words.Phrase{En: "the form is in " + c.Name, Zh: "表单是 " + c.Name + " 编码"}
			hexed := fmt.Sprintf("% X", bytes[at:min(len(bytes), at+2)])
			otherwise, otherwiseZh := "no UTF-8", "不是 UTF-8"
			if utf8.ValidString(bytes) {
				otherwise, otherwiseZh = firstRune(bytes[at:])+" in UTF-8", "在 UTF-8 中却是“"+firstRune(bytes[at:])+"”"
			}
			next.Evidence = words.Phrase{
				En: fmt.Sprintf("byte %d of data: %s is %s in %s, and %s", at+1, hexed, firstRune(text[at:]), c.Name, otherwise),
				Zh: fmt.Sprintf("data 第 %d 字节：%s 是 %s 编码的“%s”，%s", at+1, hexed, c.Name, firstRune(text[at:]), otherwiseZh),
			}
			if field := guess.FieldAt(text, at); field != "" {
				next.Evidence = next.Evidence.Plus(", in "+field, "，字段 "+field)
			}
			next.Fix = words.Phrase{
				En: "The form is " + c.Name + "; escape it as UTF-8 (URLEncoder.encode(data, \"UTF-8\"), new UrlEncodedFormEntity(list, \"UTF-8\"))",
				Zh: "表单是 " + c.Name + " 编码；请按 UTF-8 转义（URLEncoder.encode(data, \"UTF-8\")、new UrlEncodedFormEntity(list, \"UTF-8\")）",
			}
			if !yield(next) {
				return false
			}
			if few {
				return true
			}
		}
	}
	return true
}

// isUTF8 reports whether bytes can only be UTF-8. Two bytes of GBK may look like it: those of 鲁 are ³, those of 使 are ʹ.
func isUTF8(bytes string, c wire.Charset) bool {
	const twoBytes = 0x7ff // the last character that UTF-8 writes in two bytes
	gbk := c == wire.GBK || c == wire.GB18030
	return utf8.ValidString(bytes) && (!gbk || strings.ContainsFunc(bytes, func(r rune) bool { return r > twoBytes }))
}

var (
	lostEscape = lazyregexp.New(`\bu([0-9a-fA-F]{4})`)
	spaceless  = lazyregexp.New(`"(\d{4}-\d\d-\d\d)(\d\d:\d\d:\d\d)"`)
)

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return words.Visible(s[:size])
}

// cutFix is what to do about data that ends early, from how it arrived: one that was URL-encoded was cut before that. None where its raw text is not known.
func cutFix(s *guess.Case) words.Phrase {
	switch raw := s.Came.RawData; {
	case raw == "":
		return words.Phrase{}
	case !guess.IsRaw(raw):
		return words.Phrase{En: "Send all of data: it was cut before it was URL-encoded, by a column, a buffer or a limit that is too small", Zh: "请发送完整的 data：它在 URL 编码之前就被截断了，如数据库字段、缓冲区或长度限制太小"}
	}
	return words.Phrase{En: "Send all of data: URL-encode it, since a bare & or # ends it (%26, %23), and let Content-Length count bytes", Zh: "请发送完整的 data：做 URL 编码，裸 & 或 # 会截断它（写成 %26、%23），Content-Length 用字节数"}
}

// repairRows are damage to the text of data: repaired, it makes the signature right.
var repairRows = []guess.Hypothesis{
	{
		Kind: "characters-replaced", In: guess.OfRequests, At: guess.InRepair, Try: replaced,
		What: words.Phrase{En: "characters were replaced by ? on their way: the client wrote the form in a charset without Chinese", Zh: "汉字在途中被替换成了 ?：客户端用不含汉字的字符集写了表单"},
		Fix: words.Phrase{
			En: "Write the form in UTF-8: new UrlEncodedFormEntity(list, \"UTF-8\"), new StringEntity(body, \"UTF-8\"); ISO-8859-1, the default of Apache HttpClient, has no Chinese",
			Zh: "请用 UTF-8 写表单：new UrlEncodedFormEntity(list, \"UTF-8\")、new StringEntity(body, \"UTF-8\")；Apache HttpClient 默认的 ISO-8859-1 没有汉字",
		},
	},
	{
		Kind: "characters-dropped", In: guess.OfRequests, At: guess.InRepair, Alone: true, Try: dropped,
		What: words.Phrase{En: "characters were left out on their way: the text was written in a charset without Chinese, and what it lacks was ignored", Zh: "汉字在途中被丢掉：文本用不含汉字的字符集写出，写不出的字符被忽略"},
		Fix:  words.Phrase{En: "Write the form in UTF-8, and let errors be raised instead of ignoring them (Python's errors='ignore', iconv -c, //IGNORE)", Zh: "请用 UTF-8 写表单，遇到写不出的字符要报错而不是忽略（Python 的 errors='ignore'、iconv -c、//IGNORE）"},
	},
	{
		Kind: "mojibake", In: guess.OfRequests, At: guess.InRepair, Try: mojibake,
		What: words.Phrase{En: "data was encoded twice: its UTF-8 was read in another charset and written as UTF-8 again", Zh: "data 被编码了两次：其 UTF-8 字节被按另一字符集读取，又写成 UTF-8"},
		Fix:  words.Phrase{En: "Read and write the text as UTF-8 everywhere: new String(bytes, \"UTF-8\")", Zh: "读写文本时处处使用 UTF-8：new String(bytes, \"UTF-8\")"},
	},
	{
		Kind: "html-escaped", In: guess.OfRequests, At: guess.InRepair, Try: escapedHTML,
		What: words.Phrase{En: "data was HTML-escaped on its way", Zh: "data 在途中被做了 HTML 转义"},
		Fix:  words.Phrase{En: "Send data as it is, without HTML escaping (no htmlspecialchars, no XSS filter over it)", Zh: "请原样发送 data，不要做 HTML 转义（不要用 htmlspecialchars 或 XSS 过滤）"},
	},
	{
		Kind: "bom", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "a byte order mark stands before data", Zh: "data 前面有 BOM"},
		Fix: words.Phrase{En: "Take the byte order mark (U+FEFF) off before data is sent", Zh: "发送前去掉 data 开头的 BOM（U+FEFF）"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			for _, mark := range []string{"\uFEFF", "ï»¿", "\uFFFE"} {
				if strings.HasPrefix(data, mark) {
					return []string{data[len(mark):]}
				}
			}
			if rest, found := strings.CutPrefix(data, "锘縶"); found { // read as GBK, together with the brace
				return []string{"{" + rest}
			}
			return nil
		}),
	},
	{
		Kind: "invisible-characters", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data has invisible characters that were not signed", Zh: "data 中有未参与签名的不可见字符"},
		Fix: words.Phrase{En: "Take invisible characters out before data is built, and sign what is sent", Zh: "组装 data 之前去掉不可见字符，并对实际发送的文本签名"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if wire.IsASCII(data) {
				return nil
			}
			var b strings.Builder
			for i, r := range data {
				if !words.Invisible(r) || i == 0 && r == '\uFEFF' {
					b.WriteRune(r)
				}
			}
			return []string{b.String(), strings.ReplaceAll(data, "\u00a0", " ")}
		}),
	},
	{
		Kind: "content-length-in-characters", In: guess.OfRequests, At: guess.InRepair, Alone: true, Fix: guess.CutFix,
		What: words.Phrase{En: "data ends early: it is not complete JSON, and the body lacks as many bytes as UTF-8 has more than characters", Zh: "data 提前结束，不是完整的 JSON；请求体缺少的正好是 UTF-8 字节数与字符数之差"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			n := s.Came.CutBytes()
			if n == 0 {
				return true
			}
			g.Evidence = s.Came.CutEvidence()
			for _, text := range repair.Completions(g.Data, n) {
				if g.Data = text; !yield(g) {
					return false
				}
			}
			return true
		},
	},
	{
		Kind: "data-cut", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "data ends early: it is not complete JSON", Zh: "data 提前结束，不是完整的 JSON"},
		Fix: words.Phrase{En: "Send all of data: URL-encode it (a bare & or # ends it), and let Content-Length count bytes", Zh: "请发送完整的 data：做 URL 编码（裸 & 或 # 会截断它），Content-Length 用字节数"},
		Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
			return texts(func(s *guess.Case, data string, _ bool) []string {
				if closing := wire.Closers(data); closing != "" && s.Came.CutBytes() != len(closing) {
					return []string{data + closing}
				}
				return nil
			})(s, g, few, func(g guess.Guess) bool { // for complete data, however long, nobody asks how it arrived
				g.Fix = cutFix(s)
				return yield(g)
			})
		},
	},
	{
		Kind: "backslashes-added", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "backslashes were put before the quotes of data on its way", Zh: "data 的引号在途中被加上了反斜杠"},
		Fix: words.Phrase{En: "Send data as it is: no addslashes, no second JSON encoding, no escaping for a shell", Zh: "请原样发送 data：不要用 addslashes，不要再次做 JSON 编码或 shell 转义"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.Contains(data, `\`) {
				return nil
			}
			return []string{
				strings.ReplaceAll(data, `\"`, `"`), strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`, `\'`, `'`).Replace(data), strings.ReplaceAll(data, `\\`, `\`),
				strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\t`, "\t", `\"`, `"`).Replace(data),
			}
		}),
	},
	{
		Kind: "backslashes-lost", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "the backslashes of data were lost on its way", Zh: "data 中的反斜杠在途中丢失"},
		Fix: words.Phrase{En: "Send data as it was signed: no stripslashes over it, and no shell or template that takes its backslashes", Zh: "请按签名的原样发送 data：不要用 stripslashes，也不要让 shell 或模板去掉反斜杠"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			escaped := lostEscape().ReplaceAllString(data, `\u$1`)
			if escaped == data {
				return nil
			}
			return []string{escaped, strings.ReplaceAll(escaped, "/", `\/`)}
		}),
	},
	{
		Kind: "space-lost", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "the space between a date and a time was lost on its way", Zh: "日期和时间之间的空格在途中丢失"},
		Fix: words.Phrase{En: "Send the very text that was signed, with its white space: a space is %20 or + in a form", Zh: "请发送签名用的同一段文本，包括空白：表单里空格写成 %20 或 +"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			return []string{spaceless().ReplaceAllString(data, `"$1 $2"`), strings.ReplaceAll(data, "%20", " "), strings.ReplaceAll(data, "&nbsp;", " ")}
		}),
	},
	{
		Kind: "percent-u-escaped", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was escaped by JavaScript's escape(), which writes %u6E1D", Zh: "data 是用 JavaScript 的 escape() 转义的，会写成 %u6E1D"},
		Fix: words.Phrase{En: "Use encodeURIComponent, not escape", Zh: "请用 encodeURIComponent，不要用 escape"},
		Try: texts(func(s *guess.Case, data string, _ bool) []string {
			if raw := s.Came.RawData; strings.Contains(raw, "%u") {
				return []string{wire.Unescape(wire.UnescapeU(raw), false), wire.Unescape(wire.UnescapeU(raw), true)}
			}
			return []string{wire.UnescapeU(data)}
		}),
	},
	{
		Kind: "full-width-punctuation", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was sent with full-width quotes or marks in place of JSON's", Zh: "发送的 data 用了全角引号或标点，代替了 JSON 的半角符号"},
		Fix: words.Phrase{En: "Send the text that was signed, with \" : , { } in ASCII: an editor or an input method has changed it on its way", Zh: "请发送签名用的文本，\" : , { } 用半角：编辑器或输入法在途中改动了它"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if wire.IsASCII(data) {
				return nil
			}
			return []string{wire.HalfWidth(data)}
		}),
	},
	{
		Kind: "line-ends-changed", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "the line ends of data were changed on its way", Zh: "data 的换行符在途中被改变"},
		Fix: words.Phrase{En: "Send compact JSON without line ends", Zh: "请发送不含换行的紧凑 JSON"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.ContainsAny(data, "\r\n") {
				return nil
			}
			if !strings.Contains(data, "\n") && strings.Contains(data, "\r") {
				return []string{strings.ReplaceAll(data, "\r", "\n"), strings.ReplaceAll(data, "\r", "\r\n")}
			}
			unix := strings.ReplaceAll(data, "\r\n", "\n")
			return []string{unix, strings.ReplaceAll(unix, "\n", "\r\n"), unix + "\n"}
		}),
	},
	{
		Kind: "data-base64", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was sent in Base64, and its plain text was signed", Zh: "data 以 Base64 发送，而签名用的是明文"},
		Fix: words.Phrase{En: "Send the JSON text itself as data, URL-encoded, not in Base64", Zh: "data 应直接发送 JSON 文本并做 URL 编码，不要用 Base64"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if strings.ContainsAny(data, "{\"") {
				return nil
			}
			plain := wire.FromBase64(wire.Unescape(data, false))
			return []string{plain, wire.FromBase64(plain)}
		}),
	},
	{
		Kind: "data-hex", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "data was sent as hex digits, and its plain text was signed", Zh: "data 以十六进制发送，而签名用的是明文"},
		Fix: words.Phrase{En: "Send the JSON text itself as data, URL-encoded, not in hex", Zh: "data 应直接发送 JSON 文本并做 URL 编码，不要用十六进制"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			plain, err := hex.DecodeString(data)
			if err != nil || !utf8.Valid(plain) {
				return nil
			}
			return []string{string(plain)}
		}),
	},
}

func escapedHTML(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	readings := []string{g.Data}
	if joined := s.Came.Joined; len(joined) <= 3*wire.Longest && strings.IndexByte(joined, '&') >= 0 {
		readings = append(readings, wire.Unescape(joined, true), wire.Unescape(joined, false))
	}
	for _, text := range readings {
		if len(text) > wire.Longest || strings.IndexByte(text, '&') < 0 || strings.IndexByte(text, ';') < 0 {
			continue
		}
		at := strings.IndexByte(text, '&')
		plain := html.UnescapeString(text)
		for _, meant := range []string{plain, html.UnescapeString(plain)} {
			if meant == text || meant == g.Data {
				continue
			}
			next := g
			next.Data, next.Doc = meant, nil
			entity := text[at:min(len(text), at+8)]
			if end := strings.IndexByte(entity, ';'); end > 0 {
				entity = entity[:end+1]
			}
			next.Evidence = words.Phrase{
				En: fmt.Sprintf("byte %d of data is %s, which stands for %s", at+1, entity, firstRune(meant[min(at, len(meant)-1):])),
				Zh: fmt.Sprintf("data 第 %d 字节是 %s，本应是 %s", at+1, entity, firstRune(meant[min(at, len(meant)-1):])),
			}
			if !yield(next) {
				return false
			}
		}
	}
	return true
}
