package diagnose

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// whole makes a row's try of functions over the whole text.
func whole(of ...func([]byte) []byte) func(*search, guess, bool, func(guess) bool) bool {
	return func(_ *search, g guess, few bool, yield func(guess) bool) bool {
		if g.size() > wire.Huge || g.whole != nil {
			return true
		}
		for i, f := range of {
			if few && i > 0 {
				break
			}
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
		fix: words.Say("Turn the hash into upper case, not the text", "转成大写的应是哈希结果，而不是文本"), try: whole(bytes.ToUpper, bytes.ToLower, func(text []byte) []byte { return bytes.ToLower([]byte(url.QueryEscape(string(text)))) }),
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
		kind: "md5-salted-twice", in: ofBoth, at: inHash, alone: true, what: words.Say("the MD5 of some of the parts was hashed once more with the rest", "先对其中一部分求 MD5，再与其余部分一起求 MD5"),
		fix: words.Say("Put data itself into the text, and hash once", "待签名文本里放 data 的原文，只求一次 MD5"), try: nested,
	},
}

// isDigest says of a part of a form that it is a hash, which is shown as such.
func isDigest(part string) bool {
	return len(part) == 2*md5.Size && strings.IndexFunc(part, notHex) < 0
}

// nested tries the MD5 of some of the parts in the place of them, in hex digits of either case.
func nested(s *search, g guess, _ bool, yield func(guess) bool) bool {
	if g.settle(); len(g.data) > wire.Longest || !slices.Equal(g.form, s.right.form) {
		return true
	}
	digest := func(upper bool, parts ...string) string {
		inner := g
		inner.form = parts
		if s.left < 0 {
			return ""
		}
		text := inner.append(nil)
		s.left -= len(text)
		s.hashed += len(text)
		sum := md5.Sum(text)
		if upper {
			return upperHex(sum)
		}
		return hex.EncodeToString(sum[:])
	}
	for _, upper := range []bool{false, true} {
		forms := [][]string{
			{digest(upper, theData), theKey, theStamp},
			{digest(upper, theData, theKey), theStamp},
			{theData, digest(upper, theKey, theStamp)},
			{digest(upper, theData, theKey, theStamp), theKey},
			{theKey, digest(upper, theData, theStamp)},
			{digest(upper, theData, theStamp), theKey},
			{digest(upper, theData), digest(upper, theKey), digest(upper, theStamp)},
			{theKey, digest(upper, theData), theStamp},
			{digest(upper, theKey), theData, theStamp},
			{theKey, digest(upper, theData)},
			{digest(upper, theData), theKey},
			{digest(upper, theData, theStamp, theKey), theKey},
		}
		if s.scope == ofPushes {
			forms = [][]string{
				{theNo, digest(upper, theData), theKey},
				{digest(upper, theNo, theData), theKey},
				{theNo, digest(upper, theData, theKey)},
				{digest(upper, theNo, theData, theKey), theKey},
				{digest(upper, theData), theKey},
				{theKey, digest(upper, theNo, theData)},
			}
		}
		for _, form := range forms {
			if g.form = form; !yield(g) {
				return false
			}
		}
	}
	return true
}
