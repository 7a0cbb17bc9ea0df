package mistakes

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var keyRows = []guess.Hypothesis{
	{
		Kind: "key-trailing-newline", In: guess.OfBoth, At: guess.InKey, What: words.Say("a line end stands behind the key", "密钥后面带有换行符"),
		Fix: words.Say("The key was read with its line end; trim it (echo -n, not echo)", "读取密钥时带上了换行符，请去掉（用 echo -n，不用 echo）"), Try: keys("\n", "\r\n", "\r", "\n\n", "\r\n\r\n"),
	},
	{
		Kind: "key-padded", In: guess.OfBoth, At: guess.InKey, What: words.Say("a space, quotes or something invisible stand around the key", "密钥前后带有空格、引号或不可见字符"),
		Fix: words.Say("Trim the key when it is read", "读取密钥时去掉前后多余的字符"), Try: padded,
	},
	{
		Kind: "key-trimmed", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Say("the key was trimmed", "密钥被去掉了首尾空白"),
		Fix: words.Say("The server's key has white space around it; take that out of its configuration", "服务器上的密钥前后有空白，请从其配置中去掉"),
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			return yieldKeys(g, yield, strings.TrimSpace(s.Right.Key))
		},
	},
	{
		Kind: "key-case", In: guess.OfBoth, At: guess.InKey, What: words.Say("the key was in another case", "密钥的大小写不同"), Fix: words.Say("Use the key in the case it was given in", "密钥区分大小写，请按原样使用"),
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			return yieldKeys(g, yield, strings.ToLower(s.Right.Key), strings.ToUpper(s.Right.Key))
		},
	},
	{
		Kind: "key-hashed", In: guess.OfBoth, At: guess.InKey, What: words.Say("the MD5 of the key stands for the key", "用密钥的 MD5 代替了密钥"), Fix: words.Say("Use the key itself, not its MD5", "请直接用密钥，而不是密钥的 MD5"),
		Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
			sum := md5.Sum([]byte(s.Right.Key))
			digest := hex.EncodeToString(sum[:])
			if more := yieldKeys(g, yield, digest, guess.UpperHex(sum)); few || !more {
				return more
			}
			sha1Sum, sha256Sum := sha1.Sum([]byte(s.Right.Key)), sha256.Sum256([]byte(s.Right.Key))
			g.What = words.Say("a hash of the key stands for the key", "用密钥的哈希代替了密钥")
			return yieldKeys(g, yield, digest[8:24], string(sum[:]), hex.EncodeToString(sha1Sum[:]), hex.EncodeToString(sha256Sum[:]))
		},
	},
	{
		Kind: "key-unset", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Say("a placeholder stands where the key belongs", "密钥的位置是占位文本"),
		Fix: words.Say("Give the client its key: the setting was not read, or still has its example", "请给客户端配置密钥：配置没有读到，或仍是示例值"),
		Try: func(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			return yieldKeys(g, yield, unsetKeys...)
		},
	},
	{
		Kind: "other-merchant-key", In: guess.OfBoth, At: guess.InKey, What: words.Say("another merchant's key was used", "用了另一商户的密钥"),
		Fix: words.Say("Use the key that belongs to the merchant_no that is sent", "请使用与所发 merchant_no 对应的密钥"), PushFix: words.Say("Verify with the key that belongs to the merchant_no of this push", "请使用与该推送的 merchant_no 对应的密钥"),
		Try: otherKeys,
	},
	{
		Kind: "merchant-no-case", In: guess.OfPushes, At: guess.InKey, Alone: true, What: words.Say("merchant_no was turned into another case", "merchant_no 的大小写被改变"),
		Fix: words.Say("Use merchant_no in the case it was given in", "merchant_no 区分大小写，请按原样使用"),
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			for _, no := range []string{strings.ToLower(s.Right.No), strings.ToUpper(s.Right.No)} {
				if g.No = no; no != s.Right.No && !yield(g) {
					return false
				}
			}
			return true
		},
	},
}

// keyTextRows are rarer texts of the key.
var keyTextRows = []guess.Hypothesis{
	{
		Kind: "key-encoded", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Say("the key was decoded from hex or Base64, or encoded, before hashing", "求哈希之前密钥被做了十六进制或 Base64 解码（或编码）"),
		Fix: words.Say("Use the key's text as it was given, neither decoded nor encoded", "请直接使用给定的密钥文本，不要解码或编码"),
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			key := s.Right.Key
			all := []string{base64.StdEncoding.EncodeToString([]byte(key)), hex.EncodeToString([]byte(key)), strings.ToUpper(hex.EncodeToString([]byte(key))), url.QueryEscape(key)}
			if raw, err := hex.DecodeString(key); err == nil {
				all = append(all, string(raw))
			}
			if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(key, "=")); err == nil {
				all = append(all, string(raw))
			}
			if plain, err := url.QueryUnescape(key); err == nil {
				all = append(all, plain)
			}
			return yieldKeys(g, yield, append(all, fullWidth(key))...)
		},
	},
	{
		Kind: "key-cut", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Say("characters are missing at an end of the key", "密钥的开头或末尾缺了字符"),
		Fix: words.Say("Copy the whole key: its first or last characters were left out", "请复制完整的密钥：开头或末尾的字符漏掉了"),
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			key := s.Right.Key
			const most = 32
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
var unsetKeys = []string{"null", "undefined", "None", "nil", "key", "merchant_key", "merchantKey", "merchant-key", "MERCHANT_KEY", "your_key", "your-key", "yourKey", "YOUR_KEY", "secret", "noxxxxx", "xxxxxx", "${merchant_key}", "${merchantKey}", "<key>", "123456", "***", "******", "********", "xxx", "test"}

func keys(behind ...string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		for i, b := range behind {
			if few && i > 1 {
				break
			}
			if !yieldKeys(g, yield, s.Right.Key+b) {
				return false
			}
		}
		return true
	}
}

func yieldKeys(g guess.Guess, yield func(guess.Guess) bool, keys ...string) bool {
	before := g.Key
	for _, key := range keys {
		if g.Key = key; key != before && !yield(g) {
			return false
		}
	}
	return true
}

// otherKeys are the keys of other merchants. Two may have the same key: the first number is named. However many there are, half of the
// effort is left for what comes after.
func otherKeys(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	name := ""
	if g.Size() > wire.Huge {
		return true
	}
	if few {
		return fewOtherKeys(s, g, yield)
	}
	for no, key := range s.Others {
		if s.Left < guess.Effort/2 {
			break
		}
		g.Key = key
		if (name == "" || no < name) && s.Want != ([md5.Size]byte{}) && s.Fits(&g) {
			name = no
		}
	}
	if name == "" {
		return true
	}
	who := s.Show(name, -1)
	g.Key, g.What = s.Others[name], words.Say("the key of merchant "+who+" was used", "用了商户 "+who+" 的密钥")
	return yield(g)
}

// fewOtherKeys are those of a server with few merchants, where another mistake comes with it.
func fewOtherKeys(s *guess.Case, g guess.Guess, yield func(guess.Guess) bool) bool {
	const most = 3
	if len(s.Others) > most {
		return true
	}
	for _, no := range slices.Sorted(maps.Keys(s.Others)) {
		who := s.Show(no, -1)
		g.Key, g.What = s.Others[no], words.Say("the key of merchant "+who+" was used", "用了商户 "+who+" 的密钥")
		if !yield(g) {
			return false
		}
	}
	return true
}

// padded are the key with something around it: what a file, a copied text or a setting's syntax leaves there.
func padded(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	key := s.Right.Key
	for _, around := range paddings {
		before, after, _ := strings.Cut(around, "K")
		g.Key, g.Evidence = before+key+after, aroundKey(before, after)
		if !yield(g) {
			return false
		}
		if few {
			break
		}
	}
	return true
}

// paddings are what stands around a key, K.
var paddings = []string{
	"K ", " K", "K\t", "\uFEFFK", `"K"`, "'K'", " K ", "K  ", "\tK", "`K`", "\"K", "K\"", "K;", "K,", "K.", "K\x00", "K\u00a0", "\u00a0K", "K\u200b", "\u200bK", "K\u3000", "\u3000K", "K\uFEFF", "\u200eK", "K\u200e",
	"\u202aK\u202c", "“K”", "‘K’", "<K>", "[K]", "{K}", "${K}", "(K)", "=K", ":K", ": K", "key=K", "merchant_key=K", "merchantKey=K", "key:K", "key: K", "K&",
}

func aroundKey(before, after string) words.Phrase {
	var p words.Phrase
	if before != "" {
		p = words.Say("`"+words.Visible(before)+"` stands before the key", "密钥前面有 `"+words.Visible(before)+"`")
	}
	if after != "" {
		if before != "" {
			p = p.Plus(", ", "，")
		}
		p = p.Plus("`"+words.Visible(after)+"` stands behind the key", "密钥后面有 `"+words.Visible(after)+"`")
	}
	return p
}

// fullWidth is a text as an input method writes it that was left in full width.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + '！' - '!'
		}
		return r
	}, s)
}
