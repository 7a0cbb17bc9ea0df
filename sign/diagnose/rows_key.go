package diagnose

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var keyRows = []hypothesis{
	{
		kind: "key-trailing-newline", in: ofBoth, at: inKey, what: words.Say("a line end stands behind the key", "密钥后面带有换行符"),
		fix: words.Say("The key was read with its line end; trim it (echo -n, not echo)", "读取密钥时带上了换行符，请去掉（用 echo -n，不用 echo）"), try: keys("\n", "\r\n"),
	},
	{
		kind: "key-padded", in: ofBoth, at: inKey, what: words.Say("a space, a byte order mark or quotes stand around the key", "密钥前后带有空格、BOM 或引号"),
		fix: words.Say("Trim the key when it is read", "读取密钥时去掉前后的空格、BOM 和引号"),
		try: func(s *search, g guess, few bool, yield func(guess) bool) bool {
			key := s.right.key
			if few {
				return yieldKeys(g, yield, key+" ")
			}
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
		kind: "key-case", in: ofBoth, at: inKey, what: words.Say("the key was in another case", "密钥的大小写不同"), fix: words.Say("Use the key in the case it was given in", "密钥区分大小写，请按原样使用"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			return yieldKeys(g, yield, strings.ToLower(s.right.key), strings.ToUpper(s.right.key))
		},
	},
	{
		kind: "key-hashed", in: ofBoth, at: inKey, what: words.Say("the MD5 of the key stands for the key", "用密钥的 MD5 代替了密钥"), fix: words.Say("Use the key itself, not its MD5", "请直接用密钥，而不是密钥的 MD5"),
		try: func(s *search, g guess, few bool, yield func(guess) bool) bool {
			sum := md5.Sum([]byte(s.right.key))
			return yieldKeys(g, yield, hex.EncodeToString(sum[:]), upperHex(sum))
		},
	},
	{
		kind: "key-unset", in: ofBoth, at: inKey, alone: true, what: words.Say("a placeholder stands where the key belongs", "密钥的位置是占位文本"),
		fix: words.Say("Give the client its key: the setting was not read, or still has its example", "请给客户端配置密钥：配置没有读到，或仍是示例值"),
		try: func(_ *search, g guess, _ bool, yield func(guess) bool) bool {
			return yieldKeys(g, yield, unsetKeys...)
		},
	},
	{
		kind: "other-merchant-key", in: ofBoth, at: inKey, what: words.Say("another merchant's key was used", "用了另一商户的密钥"),
		fix: words.Say("Use the key that belongs to the merchant_no that is sent", "请使用与所发 merchant_no 对应的密钥"), pushFix: words.Say("Verify with the key that belongs to the merchant_no of this push", "请使用与该推送的 merchant_no 对应的密钥"),
		try: otherKeys,
	},
}

// keyTextRows are rarer texts of the key.
var keyTextRows = []hypothesis{
	{
		kind: "key-encoded", in: ofBoth, at: inKey, alone: true, what: words.Say("the key was decoded from hex or Base64, or encoded, before hashing", "求哈希之前密钥被做了十六进制或 Base64 解码（或编码）"),
		fix: words.Say("Use the key's text as it was given, neither decoded nor encoded", "请直接使用给定的密钥文本，不要解码或编码"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			key := s.right.key
			all := []string{base64.StdEncoding.EncodeToString([]byte(key)), hex.EncodeToString([]byte(key)), strings.ToUpper(hex.EncodeToString([]byte(key))), url.QueryEscape(key)}
			if raw, err := hex.DecodeString(key); err == nil {
				all = append(all, string(raw))
			}
			if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(key, "=")); err == nil {
				all = append(all, string(raw))
			}
			return yieldKeys(g, yield, all...)
		},
	},
	{
		kind: "key-cut", in: ofBoth, at: inKey, alone: true, what: words.Say("characters are missing at an end of the key", "密钥的开头或末尾缺了字符"),
		fix: words.Say("Copy the whole key: its first or last characters were left out", "请复制完整的密钥：开头或末尾的字符漏掉了"),
		try: func(s *search, g guess, _ bool, yield func(guess) bool) bool {
			key := s.right.key
			const most = 3
			for n := 1; n <= most && n < len(key); n++ {
				if !yieldKeys(g, yield, key[:len(key)-n], key[n:]) {
					return false
				}
			}
			return yieldKeys(g, yield, key+key)
		},
	},
}

// unsetKeys are what stands for a key that was not set, and the keys of examples.
var unsetKeys = []string{"null", "undefined", "None", "nil", "key", "merchant_key", "merchantKey", "merchant-key", "MERCHANT_KEY", "your_key", "your-key", "yourKey", "YOUR_KEY", "secret", "noxxxxx", "xxxxxx", "${merchant_key}", "${merchantKey}", "<key>", "123456"}

func keys(behind ...string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, few bool, yield func(guess) bool) bool {
		for i, b := range behind {
			if few && i > 1 {
				break
			}
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
func otherKeys(s *search, g guess, few bool, yield func(guess) bool) bool {
	name := ""
	if g.size() > wire.Huge {
		return true
	}
	if few {
		return fewOtherKeys(s, g, yield)
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

// fewOtherKeys are those of a server with few merchants, where another mistake comes with it.
func fewOtherKeys(s *search, g guess, yield func(guess) bool) bool {
	const most = 3
	if len(s.others) > most {
		return true
	}
	for _, no := range slices.Sorted(maps.Keys(s.others)) {
		who := s.show(no, -1)
		g.key, g.what = s.others[no], words.Say("the key of merchant "+who+" was used", "用了商户 "+who+" 的密钥")
		if !yield(g) {
			return false
		}
	}
	return true
}
