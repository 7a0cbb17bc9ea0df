package diagnose

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// layout is an order of parts that was hashed instead.
type layout struct {
	kind string
	in   scope
	form []string
}

var layouts = []layout{
	{"key-missing", ofRequests, []string{theData, theStamp}},
	{"key-missing", ofPushes, []string{theNo, theData}},
	{"key-stamp-swapped", ofRequests, []string{theData, theStamp, theKey}},
	{"parts-reordered", ofRequests, []string{theKey, theData, theStamp}},
	{"parts-reordered", ofRequests, []string{theKey, theStamp, theData}},
	{"parts-reordered", ofRequests, []string{theStamp, theData, theKey}},
	{"parts-reordered", ofRequests, []string{theStamp, theKey, theData}},
	{"parts-reordered", ofPushes, []string{theKey, theData, theNo}},
	{"parts-reordered", ofPushes, []string{theData, theNo, theKey}},
	{"parts-reordered", ofPushes, []string{theNo, theKey, theData}},
	{"parts-reordered", ofPushes, []string{theKey, theNo, theData}},
	{"parts-reordered", ofPushes, []string{theKey, theData}},
	{"stamp-missing", ofRequests, []string{theData, theKey}},
	{"data-missing", ofRequests, []string{theKey, theStamp}},
	{"push-formula", ofRequests, []string{theNo, theData, theKey}},
	{"request-formula", ofPushes, []string{theData, theKey}},
	{"request-formula", ofPushes, []string{theData, theKey, theNo}},
	{"merchant-no-included", ofRequests, []string{theNo, theData, theKey, theStamp}},
	{"merchant-no-included", ofRequests, []string{theData, theKey, theStamp, theNo}},
	{"merchant-no-included", ofRequests, []string{theData, theNo, theKey, theStamp}},
	{"merchant-no-for-key", ofRequests, []string{theData, theNo, theStamp}},
	{"ampersand-joined", ofRequests, []string{theData, "&", theKey, "&", theStamp}},
	{"ampersand-joined", ofRequests, []string{"data=", theData, "&key=", theKey, "&time_stamp=", theStamp}},
	{"ampersand-joined", ofRequests, []string{"data=", theData, "&merchant_key=", theKey, "&time_stamp=", theStamp}},
	{"ampersand-joined", ofRequests, []string{"data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp, theKey}},
	{"ampersand-joined", ofRequests, []string{"merchant_no=", theNo, "&time_stamp=", theStamp, "&data=", theData, "&key=", theKey}},
	{"ampersand-joined", ofRequests, []string{theData, "&", theStamp, "&", theKey}},
	{"ampersand-joined", ofPushes, []string{theNo, "&", theData, "&", theKey}},
	{"ampersand-joined", ofPushes, []string{"merchant_no=", theNo, "&data=", theData, "&key=", theKey}},
	{"ampersand-joined", ofPushes, []string{"merchant_no=", theNo, "&data=", theData, "&merchant_key=", theKey}},
	{"ampersand-joined", ofPushes, []string{theData, "&key=", theKey}},
	{"separator-joined", ofRequests, []string{theData, ",", theKey, ",", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "|", theKey, "|", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "+", theKey, "+", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "_", theKey, "_", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "-", theKey, "-", theStamp}},
	{"separator-joined", ofRequests, []string{theData, ":", theKey, ":", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "#", theKey, "#", theStamp}},
	{"separator-joined", ofRequests, []string{theData, " ", theKey, " ", theStamp}},
	{"separator-joined", ofRequests, []string{theData, " + ", theKey, " + ", theStamp}},
	{"separator-joined", ofRequests, []string{theData, "\n", theKey, "\n", theStamp}},
	{"separator-joined", ofPushes, []string{theNo, ",", theData, ",", theKey}},
	{"separator-joined", ofPushes, []string{theNo, "|", theData, "|", theKey}},
	{"separator-joined", ofPushes, []string{theNo, "+", theData, "+", theKey}},
	{"separator-joined", ofPushes, []string{theNo, "_", theData, "_", theKey}},
	{"separator-joined", ofPushes, []string{theNo, "-", theData, "-", theKey}},
	{"separator-joined", ofPushes, []string{theNo, "\n", theData, "\n", theKey}},
	{"trailing-newline", ofRequests, []string{theData, theKey, theStamp, "\n"}},
	{"trailing-newline", ofRequests, []string{theData, theKey, theStamp, "\r\n"}},
	{"trailing-newline", ofRequests, []string{theData, "\n", theKey, theStamp}},
	{"trailing-newline", ofPushes, []string{theNo, theData, "\n", theKey}},
	{"trailing-newline", ofPushes, []string{theNo, theData, "\r\n", theKey}},
	{"trailing-newline", ofPushes, []string{theNo, theData, theKey, "\r\n"}},
}

// laidOut tries the layouts of a kind.
func laidOut(kind string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, few bool, yield func(guess) bool) bool {
		if !slices.Equal(g.form, s.right.form) {
			return true
		}
		tried := 0
		for _, l := range layouts {
			if l.kind != kind || l.in&s.scope == 0 {
				continue
			}
			if tried++; few && tried > 4 {
				break
			}
			if g.form = l.form; !yield(g) {
				return false
			}
		}
		return true
	}
}

var formRows = []hypothesis{
	{kind: "key-missing", in: ofBoth, at: inForm, what: words.Say("the key was left out", "漏掉了密钥"), fix: words.Say("The merchant's key is part of the text", "商户密钥是待签名文本的一部分")},
	{kind: "key-stamp-swapped", in: ofRequests, at: inForm, what: words.Say("time_stamp stands before the key", "time_stamp 放在了密钥之前"), fix: words.Say("The order is data, key, time_stamp (§6)", "顺序是 data、密钥、time_stamp（§6）")},
	{
		kind: "parts-reordered", in: ofBoth, at: inForm, what: words.Say("the parts stand in another order", "各部分的顺序不对"),
		fix: words.Say("The order is data, key, time_stamp (§6)", "顺序是 data、密钥、time_stamp（§6）"), pushFix: words.Say("The order is merchant_no, data, key (§10)", "顺序是 merchant_no、data、密钥（§10）"),
	},
	{kind: "stamp-missing", in: ofRequests, at: inForm, what: words.Say("time_stamp was left out", "漏掉了 time_stamp"), fix: words.Say("time_stamp is part of the text (§6)", "time_stamp 是待签名文本的一部分（§6）")},
	{kind: "data-missing", in: ofRequests, at: inForm, what: words.Say("data was left out", "漏掉了 data"), fix: words.Say("data is part of the text (§6)", "data 是待签名文本的一部分（§6）")},
	{kind: "push-formula", in: ofRequests, at: inForm, what: words.Say("the formula of pushes was used (§10)", "用了推送的公式（§10）"), fix: words.Say("A request signs data, key, time_stamp (§6)", "请求应签 data、密钥、time_stamp（§6）")},
	{kind: "request-formula", in: ofPushes, at: inForm, what: words.Say("a formula of requests was used (§6)", "用了请求的公式（§6）"), fix: words.Say("A push signs merchant_no, data, key (§10)", "推送应签 merchant_no、data、密钥（§10）")},
	{kind: "merchant-no-included", in: ofRequests, at: inForm, what: words.Say("merchant_no was put into the text", "文本中加进了 merchant_no"), fix: words.Say("merchant_no is not part of a request's text (§6)", "请求的待签名文本里没有 merchant_no（§6）")},
	{kind: "merchant-no-for-key", in: ofRequests, at: inForm, what: words.Say("merchant_no stands where the key belongs", "密钥的位置放的是 merchant_no"), fix: words.Say("Sign with the merchant's key, not with its number", "请用商户密钥签名，而不是商户号")},
	{kind: "ampersand-joined", in: ofBoth, at: inForm, what: words.Say("the parts were joined by &", "各部分用 & 相连"), fix: words.Say("Put nothing between the parts: no names, no &", "各部分直接相连：不要参数名，也不要 &")},
	{kind: "separator-joined", in: ofBoth, at: inForm, what: words.Say("something stands between the parts", "各部分之间有分隔符"), fix: words.Say("Put nothing between the parts", "各部分直接相连，中间什么也不加")},
	{kind: "trailing-newline", in: ofBoth, at: inForm, what: words.Say("a line end was hashed, too", "换行符也参与了哈希"), fix: words.Say("Hash the text without a line end (echo -n, not echo)", "不要把换行符一起哈希（用 echo -n，不用 echo）")},
}

func init() {
	for i := range formRows {
		formRows[i].try = laidOut(formRows[i].kind)
	}
}

// whole makes a row's try of functions over the whole text.
func whole(of ...func([]byte) []byte) func(*search, guess, bool, func(guess) bool) bool {
	return func(_ *search, g guess, _ bool, yield func(guess) bool) bool {
		if g.size() > wire.Huge || g.whole != nil {
			return true
		}
		for _, f := range of {
			if g.whole = f; !yield(g) {
				return false
			}
		}
		return true
	}
}

var wholeRows = []hypothesis{
	{
		kind: "whitespace-stripped", in: ofBoth, at: inWhole, what: words.Say("white space was taken out before hashing", "求哈希之前去掉了空白"),
		fix:     words.Say("Keep white space when signing, or set the rule sign.whitespace to either", "签名时保留空白，或把规则 sign.whitespace 设为 either"),
		pushFix: words.Say("Keep white space: hash the text as it is", "保留空白，按原文求哈希"),
		try: func(s *search, g guess, few bool, yield func(guess) bool) bool {
			if g.size() > wire.Huge || !bytes.ContainsAny(g.append(nil), " \t\r\n") {
				return true
			}
			return whole(wire.Stripped)(s, g, few, yield)
		},
	},
	{
		kind: "whitespace-kept", in: ofRequests, at: inWhole, alone: true, what: words.Say("white space was kept, and the rule sign.whitespace is strip", "保留了空白，而规则 sign.whitespace 为 strip"),
		fix: words.Say("Strip white space when signing, or set the rule sign.whitespace to either", "签名时去掉空白，或把规则 sign.whitespace 设为 either"),
		try: func(_ *search, g guess, _ bool, yield func(guess) bool) bool { return yield(g) },
	},
	{
		kind: "utf16-encoded", in: ofBoth, at: inWhole, what: words.Say("the text was hashed as UTF-16, two bytes for a character", "按 UTF-16（每字符两字节）求了哈希"),
		fix: words.Say("Hash the UTF-8 bytes: getBytes(\"UTF-8\"), Encoding.UTF8, not Encoding.Unicode", "请对 UTF-8 字节求哈希：用 getBytes(\"UTF-8\")、Encoding.UTF8，不用 Encoding.Unicode"),
		try: whole(wire.InUTF16(false, false), wire.InUTF16(true, false), wire.InUTF16(true, true), wire.InUTF16(false, true)),
	},
	{
		kind: "low-bytes", in: ofBoth, at: inWhole, alone: true, what: words.Say("of each character only the low byte was hashed, as old JavaScript MD5 libraries do", "每个字符只取了低字节，旧的 JavaScript MD5 库会这样"),
		fix: words.Say("Hash the UTF-8 bytes; use an MD5 library that takes UTF-8", "请对 UTF-8 字节求哈希，换用支持 UTF-8 的 MD5 库"),
		try: func(s *search, g guess, few bool, yield func(guess) bool) bool {
			if g.settle(); len(g.data) > wire.Longest || !strings.ContainsFunc(g.data, func(r rune) bool { return r > 0xff }) {
				return true
			}
			return whole(wire.LowBytes)(s, g, few, yield)
		},
	},
	{
		kind: "text-case", in: ofBoth, at: inWhole, alone: true, what: words.Say("the whole text was turned into upper or lower case before hashing", "求哈希之前把整个文本转成了大写或小写"),
		fix: words.Say("Turn the hash into upper case, not the text", "转成大写的应是哈希结果，而不是文本"), try: whole(bytes.ToUpper, bytes.ToLower),
	},
	{
		kind: "text-base64", in: ofBoth, at: inWhole, alone: true, what: words.Say("the text was written in Base64 before hashing", "求哈希之前把文本做了 Base64"),
		fix: words.Say("Hash the text itself", "请直接对文本求哈希"),
		try: whole(func(text []byte) []byte { return base64.StdEncoding.AppendEncode(nil, text) }),
	},
}

var hashRows = []hypothesis{
	{
		kind: "md5-twice", in: ofBoth, at: inHash, what: words.Say("the MD5 of the MD5 was taken", "对 MD5 的结果又求了一次 MD5"),
		fix: words.Say("Hash once", "只求一次 MD5"),
		try: func(_ *search, g guess, _ bool, yield func(guess) bool) bool {
			for _, again := range []func([md5.Size]byte) [md5.Size]byte{
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum([]byte(hex.EncodeToString(h[:]))) },
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum([]byte(upperHex(h))) },
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum(h[:]) },
			} {
				if g.rehash = again; !yield(g) {
					return false
				}
			}
			return true
		},
	},
	{
		kind: "md5-salted-twice", in: ofBoth, at: inHash, alone: true, what: words.Say("the MD5 of data alone was hashed once more with the rest", "先对 data 求 MD5，再与其余部分一起求 MD5"),
		fix: words.Say("Put the text of data itself into the text", "待签名文本里应放 data 的原文"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			if g.settle(); len(g.data) > wire.Longest {
				return true
			}
			s.left -= len(g.data)
			s.hashed += len(g.data)
			sum := md5.Sum([]byte(g.data))
			for _, text := range []string{hex.EncodeToString(sum[:]), upperHex(sum)} {
				if g.data = text; !yield(g) {
					return false
				}
			}
			return true
		},
	},
}

var keyRows = []hypothesis{
	{
		kind: "key-trailing-newline", in: ofBoth, at: inKey, what: words.Say("a line end stands behind the key", "密钥后面带有换行符"),
		fix: words.Say("The key was read with its line end; trim it (echo -n, not echo)", "读取密钥时带上了换行符，请去掉（用 echo -n，不用 echo）"), try: keys("\n", "\r\n"),
	},
	{
		kind: "key-padded", in: ofBoth, at: inKey, alone: true, what: words.Say("a space, a byte order mark or quotes stand around the key", "密钥前后带有空格、BOM 或引号"),
		fix: words.Say("Trim the key when it is read", "读取密钥时去掉前后的空格、BOM 和引号"),
		try: func(s *search, g guess, few bool, yield func(guess) bool) bool {
			key := s.right.key
			return yieldKeys(g, yield, key+" ", " "+key, key+"\t", "\uFEFF"+key, `"`+key+`"`, "'"+key+"'")
		},
	},
	{
		kind: "key-trimmed", in: ofBoth, at: inKey, alone: true, what: words.Say("the key was trimmed", "密钥被去掉了首尾空白"),
		fix: words.Say("The server's key has white space around it; take that out of its configuration", "服务器上的密钥前后有空白，请从其配置中去掉"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			return yieldKeys(g, yield, strings.TrimSpace(s.right.key))
		},
	},
	{
		kind: "key-case", in: ofBoth, at: inKey, alone: true, what: words.Say("the key was in another case", "密钥的大小写不同"), fix: words.Say("Use the key in the case it was given in", "密钥区分大小写，请按原样使用"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			return yieldKeys(g, yield, strings.ToLower(s.right.key), strings.ToUpper(s.right.key))
		},
	},
	{
		kind: "key-hashed", in: ofBoth, at: inKey, alone: true, what: words.Say("the MD5 of the key stands for the key", "用密钥的 MD5 代替了密钥"), fix: words.Say("Use the key itself, not its MD5", "请直接用密钥，而不是密钥的 MD5"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			sum := md5.Sum([]byte(s.right.key))
			return yieldKeys(g, yield, hex.EncodeToString(sum[:]), upperHex(sum))
		},
	},
	{
		kind: "other-merchant-key", in: ofBoth, at: inKey, alone: true, what: words.Say("another merchant's key was used", "用了另一商户的密钥"),
		fix: words.Say("Use the key that belongs to the merchant_no that is sent", "请使用与所发 merchant_no 对应的密钥"), pushFix: words.Say("Verify with the key that belongs to the merchant_no of this push", "请使用与该推送的 merchant_no 对应的密钥"),
		try: otherKeys,
	},
}

func keys(behind ...string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, _ bool, yield func(guess) bool) bool {
		for _, b := range behind {
			if !yieldKeys(g, yield, s.right.key+b) {
				return false
			}
		}
		return true
	}
}

func yieldKeys(g guess, yield func(guess) bool, keys ...string) bool {
	before := g.key
	for _, key := range keys {
		if g.key = key; key != before && !yield(g) {
			return false
		}
	}
	return true
}

// otherKeys are the keys of other merchants. Two may have the same key: the first number is named. However many there are, half of the
// effort is left for what comes after.
func otherKeys(s *search, g guess, _ bool, yield func(guess) bool) bool {
	name := ""
	if g.size() > wire.Huge {
		return true
	}
	for no, key := range s.others {
		if s.left < effort/2 {
			break
		}
		g.key = key
		if (name == "" || no < name) && s.want != ([md5.Size]byte{}) && s.fits(&g) {
			name = no
		}
	}
	if name == "" {
		return true
	}
	who := s.show(name, -1)
	g.key, g.what = s.others[name], words.Say("the key of merchant "+who+" was used", "用了商户 "+who+" 的密钥")
	return yield(g)
}
