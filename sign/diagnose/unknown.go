package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// unknown is the finding about a signature that no hypothesis explains: the right text, and what is odd about what came.
func (s *search) unknown(signature string) Finding {
	right := s.FormText(&s.Right, -1)
	what := words.Phrase{En: "no known mistake gives this signature; the text to sign is " + right, Zh: "没有哪种已知错误会得出这个签名；应当签名的文本是 " + right}
	fix := words.Phrase{En: "Compare that text with yours byte by byte, and check the key", Zh: "请逐字节比对该文本与你的文本，并核对密钥"}
	if s.Scope == guess.OfPushes { // the number is a part of what is hashed
		fix = words.Phrase{En: "Compare that text with yours byte by byte, and check the key and merchant_no", Zh: "请逐字节比对该文本与你的文本，并核对密钥和商户号"}
	}
	var evidence words.Phrase
	if by := hashesOf(signature); by != "" {
		evidence = words.Phrase{En: fmt.Sprintf("the signature has %d hex digits, as many as %s gives; MD5 gives 32", len(signature), by), Zh: fmt.Sprintf("签名有 %d 位十六进制，与 %s 的位数相同；MD5 是 32 位", len(signature), strings.NewReplacer(", ", "、", " or ", " 或 ", "RSA of 1024 bits", "1024 位 RSA", "RSA of 2048 bits", "2048 位 RSA").Replace(by))}
		fix = words.Phrase{En: "Hash with MD5 (§6), and compare that text with yours byte by byte", Zh: "请用 MD5（§6），并逐字节比对该文本与你的文本"}
	}
	if evidence == (words.Phrase{}) && utf8.RuneCountInString(signature) != md5Digits {
		evidence = words.Phrase{
			En: fmt.Sprintf("the signature has %s; an MD5 in hex has %d digits, 0-9 and A-F", words.Characters(utf8.RuneCountInString(signature)), md5Digits),
			Zh: fmt.Sprintf("签名有 %d 个字符；十六进制的 MD5 是 %d 位 0-9 和 A-F", utf8.RuneCountInString(signature), md5Digits),
		}
		fix = words.Phrase{En: "Send the 32 hex digits of the MD5 of that text (§6)", Zh: "请发送该文本 MD5 的 32 位十六进制（§6）"}
	}
	if s.Scope == guess.OfRequests {
		for i, o := range s.oddities() {
			if i == 0 {
				fix = o.fix
			}
			if evidence == (words.Phrase{}) {
				evidence = o.what
				continue
			}
			evidence = evidence.Plus("; "+o.what.En, "；"+o.what.Zh)
		}
		if s.Came.Unknown {
			separator, separatorZh := "; ", "；"
			if evidence == (words.Phrase{}) {
				separator, separatorZh = "", ""
			}
			evidence = evidence.Plus(separator+"the body as it came is not known, so it was not looked for damage on the way", separatorZh+"原始请求体未知，因此没有检查传输途中的损坏")
		}
	}
	return words.Note("unknown", what, words.Phrase{En: words.Visible(s.Mask(evidence.En)), Zh: words.Visible(s.Mask(evidence.Zh))}, fix)
}

// md5Digits is how many hex digits an MD5 has.
const md5Digits = 32

// hashesOf names the hashes that have as many hex digits as a signature that is no MD5; "" where none has, or it is no hex number.
func hashesOf(signature string) string {
	if strings.IndexFunc(signature, guess.NotHex) >= 0 || strings.Trim(signature, "01") == "" {
		return ""
	}
	return map[int]string{
		8: "CRC-32 or Adler-32", 40: "SHA-1 or RIPEMD-160", 48: "Tiger", 56: "SHA-224", 64: "SHA-256, SM3, SHA3-256, BLAKE2s or HMAC-SHA256", 96: "SHA-384", 128: "SHA-512, SHA3-512 or BLAKE2b", 256: "RSA of 1024 bits", 512: "RSA of 2048 bits",
	}[len(signature)]
}

// oddity is something that is seen of what came, whether or not it is the cause.
type oddity struct{ what, fix words.Phrase }

// oddities are what is seen of a request that may well be the cause: data that is no JSON, or ends early, or is not UTF-8; parameters that came twice or that nobody knows.
func (s *search) oddities() (all []oddity) {
	data := s.Right.Data
	if s.Came.After != "" {
		all = append(all, oddity{
			words.Phrase{En: "behind data came " + s.Show(s.Came.After, -1), Zh: "data 之后还有 " + s.Show(s.Came.After, -1)},
			words.Phrase{En: "URL-encode data: a bare & ends it, & is %26", Zh: "请对 data 做 URL 编码：裸 & 会截断它，& 写成 %26"},
		})
	}
	seen := map[string]int{}
	for _, p := range s.Came.Pairs {
		seen[p.Name]++
		if seen[p.Name] == 2 && wire.IsParameter(p.Name) {
			all = append(all, oddity{
				words.Phrase{En: p.Name + " came twice", Zh: p.Name + " 出现了两次"},
				words.Phrase{En: "Send each parameter once, " + p.Name + " as one text: data is JSON text, not an object given to a form encoder", Zh: "每个参数只发送一次，" + p.Name + " 是一段文本：data 应是 JSON 文本，而不是交给表单编码器的对象"},
			})
		}
	}
	if len(data) <= wire.Huge && !wire.IsObject(data) {
		f := inspect.Data(data)
		all = append(all, oddity{words.Phrase{En: "data is no JSON object: " + f.Detail + ", " + f.Evidence, Zh: "data 不是 JSON 对象：" + f.DetailZh + "，" + f.EvidenceZh}, words.Phrase{En: f.Fix, Zh: f.FixZh}})
	} else if strings.Contains(data, "\uFFFD") || strings.Contains(data, "??") || lostProvince().MatchString(words.First(data, wire.Longest)) {
		at := strings.IndexAny(data, "?\uFFFD")
		where := words.AtByte(data, at)
		all = append(all, oddity{
			words.Phrase{En: "data has ? where characters may have been lost, " + where.En, Zh: "data 中有 ?，可能是丢失的汉字，" + where.Zh},
			words.Phrase{En: "Write the form in UTF-8; ISO-8859-1, the default of Apache HttpClient, has no Chinese", Zh: "请用 UTF-8 写表单；Apache HttpClient 默认的 ISO-8859-1 没有汉字"},
		})
	}
	for _, name := range s.otherCase() {
		all = append(all, oddity{
			words.Phrase{En: "the letters of the name `" + name[0] + "` are in another case than those of " + name[1], Zh: "字段名 `" + name[0] + "` 的大小写与 " + name[1] + " 不同"},
			words.Phrase{En: "Send data as it was signed: no toLowerCase, strtolower or ToUpper over the form, the URL or data", Zh: "请按签名的原样发送 data：不要对表单、URL 或 data 做 toLowerCase、strtolower 或 ToUpper"},
		})
		break
	}
	for _, p := range s.Came.Pairs {
		if p.Name != "" && !wire.IsParameter(p.Name) && s.Came.After == "" {
			all = append(all, oddity{
				words.Phrase{En: "a parameter `" + words.Visible(words.Cut(p.Name, 40)) + "` came that the platform does not know", Zh: "收到平台没有的参数 `" + words.Visible(words.Cut(p.Name, 40)) + "`"},
				words.Phrase{En: "Compare that text with yours byte by byte, and check the key", Zh: "请逐字节比对该文本与你的文本，并核对密钥"},
			})
			break
		}
	}
	return all
}

// otherCase are the names of data that a field of §9 has but for the case of its letters, with that.
func (s *search) otherCase() (names [][2]string) {
	g := s.Right
	if g.Doc = nil; len(g.Data) > wire.Longest || !s.DocOf(&g) {
		return nil
	}
	for _, name := range g.Doc.Names {
		if at := slices.IndexFunc(wire.Fields, func(field string) bool { return field != name && strings.EqualFold(field, name) }); at >= 0 {
			names = append(names, [2]string{words.Visible(name), wire.Fields[at]})
		}
	}
	return names
}

// lostProvince is a plate whose first character was lost.
var lostProvince = lazyregexp.New(`"\?[A-Z][A-Z0-9]{5,6}"`)
