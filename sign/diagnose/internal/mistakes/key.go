package mistakes

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
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
		Kind: "key-trailing-newline", In: guess.OfBoth, At: guess.InKey, What: words.Phrase{En: "a line end stands behind the key", Zh: "密钥后面带有换行符"},
		Fix: words.Phrase{En: "The key was read with its line end; trim it (printf '%s', not echo; a file written on Windows ends in CR LF)", Zh: "读取密钥时带上了换行符，请去掉（用 printf '%s'，不用 echo；Windows 写的文件以 CR LF 结尾）"}, Try: keys("\n", "\r\n", "\r", "\n\n", "\r\n\r\n"),
	},
	{
		Kind: "key-padded", In: guess.OfBoth, At: guess.InKey, What: words.Phrase{En: "a space, quotes or something invisible stand around the key", Zh: "密钥前后带有空格、引号或不可见字符"},
		Fix: words.Phrase{En: "Trim the key when it is read", Zh: "读取密钥时去掉前后多余的字符"}, Try: padded,
	},
	{
		Kind: "key-trimmed", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Phrase{En: "the key was trimmed", Zh: "密钥被去掉了首尾空白"},
		Fix: words.Phrase{En: "The server's key has white space around it; take that out of its configuration", Zh: "服务器上的密钥前后有空白，请从其配置中去掉"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			return yieldKeys(g, yield, strings.TrimSpace(s.Right.Key))
		},
	},
	{
		Kind: "key-case", In: guess.OfBoth, At: guess.InKey, What: words.Phrase{En: "the key was in another case", Zh: "密钥的大小写不同"}, Fix: words.Phrase{En: "Use the key in the case it was given in", Zh: "密钥区分大小写，请按原样使用"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			g.Evidence = words.Phrase{En: "its letters were turned into lower case", Zh: "其中的字母变成了小写"}
			if !yieldKeys(g, yield, strings.ToLower(s.Right.Key)) {
				return false
			}
			g.Evidence = words.Phrase{En: "its letters were turned into upper case", Zh: "其中的字母变成了大写"}
			return yieldKeys(g, yield, strings.ToUpper(s.Right.Key))
		},
	},
	{
		Kind: "key-hashed", In: guess.OfBoth, At: guess.InKey, What: words.Phrase{En: "the MD5 of the key stands for the key", Zh: "用密钥的 MD5 代替了密钥"}, Fix: words.Phrase{En: "Use the key itself, not its MD5", Zh: "请直接用密钥，而不是密钥的 MD5"},
		Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
			sum := md5.Sum([]byte(s.Right.Key))
			digest := hex.EncodeToString(sum[:])
			if more := yieldKeys(g, yield, digest, guess.UpperHex(sum)); few || !more {
				return more
			}
			sha1Sum, sha256Sum := sha1.Sum([]byte(s.Right.Key)), sha256.Sum256([]byte(s.Right.Key))
			g.What = words.Phrase{En: "a hash of the key stands for the key", Zh: "用密钥的哈希代替了密钥"}
			return yieldKeys(g, yield, digest[8:24], string(sum[:]), hex.EncodeToString(sha1Sum[:]), hex.EncodeToString(sha256Sum[:]))
		},
	},
	{
		Kind: "key-unset", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Phrase{En: "a placeholder stands where the key belongs", Zh: "密钥的位置是占位文本"},
		Fix:     words.Phrase{En: "Give the client its key: the setting was not read, or still has its example", Zh: "请给客户端配置密钥：配置没有读到，或仍是示例值"},
		PushFix: words.Phrase{En: "Give the receiver its key: the setting was not read, or still has its example", Zh: "请给接收端配置密钥：配置没有读到，或仍是示例值"},
		Try: func(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			return yieldKeys(g, yield, unsetKeys...)
		},
	},
	{
		Kind: "other-merchant-key", In: guess.OfBoth, At: guess.InKey, What: words.Phrase{En: "another merchant's key was used", Zh: "用了另一商户的密钥"},
		Fix: words.Phrase{En: "Use the key that belongs to the merchant_no that is sent", Zh: "请使用与所发 merchant_no 对应的密钥"}, PushFix: words.Phrase{En: "Verify with the key that belongs to the merchant_no of this push", Zh: "请使用与该推送的 merchant_no 对应的密钥"},
		Try: otherKeys,
	},
	{
		Kind: "merchant-no-case", In: guess.OfPushes, At: guess.InKey, Alone: true, What: words.Phrase{En: "merchant_no was turned into another case", Zh: "merchant_no 的大小写被改变"},
		Fix: words.Phrase{En: "Use merchant_no in the case it was given in", Zh: "merchant_no 区分大小写，请按原样使用"},
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
		Kind: "key-encoded", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Phrase{En: "the key was decoded from hex or Base64, or encoded, before hashing", Zh: "求哈希之前密钥被做了十六进制或 Base64 解码（或编码）"},
		Fix: words.Phrase{En: "Use the key's text as it was given, neither decoded nor encoded", Zh: "请直接使用给定的密钥文本，不要解码或编码"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			for _, dress := range keyDresses(s.Right.Key) {
				g.Evidence = dress.how
				if !yieldKeys(g, yield, dress.keys...) {
					return false
				}
			}
			return true
		},
	},
	{
		Kind: "key-cut", In: guess.OfBoth, At: guess.InKey, Alone: true, What: words.Phrase{En: "characters are missing at an end of the key", Zh: "密钥的开头或末尾缺了字符"},
		Fix: words.Phrase{En: "Copy the whole key: its first or last characters were left out", Zh: "请复制完整的密钥：开头或末尾的字符漏掉了"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			key := s.Right.Key
			const most = 32
			for n := 1; n <= most && n < len(key); n++ {
				g.Evidence = words.Phrase{En: fmt.Sprintf("characters missing at its end: %d", n), Zh: fmt.Sprintf("末尾少了 %d 个字符", n)}
				if !yieldKeys(g, yield, key[:len(key)-n]) {
					return false
				}
				g.Evidence = words.Phrase{En: fmt.Sprintf("characters missing at its beginning: %d", n), Zh: fmt.Sprintf("开头少了 %d 个字符", n)}
				if !yieldKeys(g, yield, key[n:]) {
					return false
				}
			}
			g.Evidence = words.Phrase{En: "the key stands twice, one behind the other", Zh: "密钥连着写了两次"}
			g.What, g.Fix = words.Phrase{En: "the key stands twice in the text", Zh: "文本中密钥出现了两次"}, words.Phrase{En: "Copy the key once", Zh: "密钥只写一次"}
			return yieldKeys(g, yield, key+key)
		},
	},
}

// dressed are texts of a key that one way of encoding or decoding gives.
type dressed struct {
	how  words.Phrase
	keys []string
}

// keyDresses are a key encoded, or decoded as if it had been.
func keyDresses(key string) []dressed {
	plain := []byte(key)
	decoded := func(raw []byte, err error) []string {
		if err != nil {
			return nil
		}
		return []string{string(raw)}
	}
	unescaped, err := url.QueryUnescape(key)
	raw, hexErr := hex.DecodeString(key)
	bare, baseErr := base64.RawStdEncoding.DecodeString(strings.TrimRight(key, "="))
	return []dressed{
		{words.Phrase{En: "the key was written in Base64", Zh: "密钥做了 Base64 编码"}, []string{
			base64.StdEncoding.EncodeToString(plain), base64.RawStdEncoding.EncodeToString(plain), base64.RawURLEncoding.EncodeToString(plain), base64.URLEncoding.EncodeToString(plain),
			base64.StdEncoding.EncodeToString(plain) + "\n", base64.StdEncoding.EncodeToString([]byte(key + "\n")),
		}},
		{words.Phrase{En: "the key was written in hex digits", Zh: "密钥写成了十六进制"}, []string{hex.EncodeToString(plain), strings.ToUpper(hex.EncodeToString(plain))}},
		{words.Phrase{En: "the key was URL-encoded", Zh: "密钥做了 URL 编码"}, []string{url.QueryEscape(key)}},
		{words.Phrase{En: "the key was written in UTF-16", Zh: "密钥写成了 UTF-16"}, []string{string(wire.InUTF16(false, false)(plain))}},
		{words.Phrase{En: "the key was decoded from hex digits", Zh: "密钥做了十六进制解码"}, decoded(raw, hexErr)},
		{words.Phrase{En: "the key was decoded from Base64", Zh: "密钥做了 Base64 解码"}, decoded(bare, baseErr)},
		{words.Phrase{En: "the key was URL-decoded", Zh: "密钥做了 URL 解码"}, decoded([]byte(unescaped), err)},
		{words.Phrase{En: "the key was written in full-width characters", Zh: "密钥写成了全角字符"}, []string{fullWidth(key)}},
	}
}

// mistypedRow are keys as they are typed or copied out of a document: broken by a space or a line end, with letters that look alike, masked, or reversed.
var mistypedRow = guess.Hypothesis{
	Kind: "key-mistyped", In: guess.OfBoth, At: guess.InKey, Alone: true, Rare: true, What: words.Phrase{En: "the key has another character, or one too many, as a typed or copied text has", Zh: "密钥中有字符不同或多了字符，像是手工输入或复制时出错"},
	Fix: words.Phrase{En: "Copy the key from where it was given, as a whole: no space or line end in it, 0 is not O, 1 is not l, a hyphen is no dash (word processors change it)", Zh: "请从原处完整复制密钥：中间不要有空格或换行，0 不是 O，1 不是 l，连字符不是破折号（文字处理软件会改动它）"},
	Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
		key := s.Right.Key
		const longest = 64
		if len(key) > longest || !wire.IsASCII(key) {
			return true
		}
		try := func(text, en, zh string) bool {
			if text == key {
				return true
			}
			g.Key, g.Evidence = text, words.Phrase{En: en, Zh: zh}
			return yield(g)
		}
		for at := 1; at < len(key); at++ {
			for _, c := range []struct{ mark, en, zh string }{{" ", "a space", "空格"}, {"\n", "a line end", "换行"}, {"\r\n", "a line end (CR LF)", "换行（CR LF）"}, {"-", "a dash", "连字符"}} {
				if !try(key[:at]+c.mark+key[at:], fmt.Sprintf("%s stands behind character %d of the key", c.en, at), fmt.Sprintf("密钥第 %d 个字符后面有%s", at, c.zh)) {
					return false
				}
			}
		}
		for _, c := range [][2]string{{"0", "O"}, {"O", "0"}, {"0", "o"}, {"o", "0"}, {"1", "l"}, {"l", "1"}, {"1", "I"}, {"I", "1"}, {"I", "l"}, {"l", "I"}, {"5", "S"}, {"S", "5"}, {"2", "Z"}, {"8", "B"}, {"-", "–"}, {"-", "—"}, {"-", "‐"}, {"-", "−"}, {"-", "－"}, {"-", "_"}, {"_", "-"}, {"-", " "}, {"_", " "}, {"+", " "}, {"'", "’"}} {
			if !try(strings.ReplaceAll(key, c[0], c[1]), "`"+words.Visible(c[1])+"` stands where the key has `"+c[0]+"`", "密钥中的 `"+c[0]+"` 写成了 `"+words.Visible(c[1])+"`") {
				return false
			}
		}
		for at := range key { // neighbours exchanged, one doubled, one left out
			if at > 0 && !try(key[:at-1]+key[at:at+1]+key[at-1:at]+key[at+1:], fmt.Sprintf("characters %d and %d of the key are exchanged", at, at+1), fmt.Sprintf("密钥第 %d、%d 个字符互换了", at, at+1)) ||
				!try(key[:at+1]+key[at:], fmt.Sprintf("character %d of the key stands twice", at+1), fmt.Sprintf("密钥第 %d 个字符重复了", at+1)) ||
				!try(key[:at]+key[at+1:], fmt.Sprintf("character %d of the key is missing", at+1), fmt.Sprintf("密钥缺少第 %d 个字符", at+1)) {
				return false
			}
		}
		backwards := []byte(key)
		slices.Reverse(backwards)
		for _, shown := range []int{2, 3, 4} { // as a page masks it
			if 2*shown < len(key) {
				for _, stars := range []string{"****", "***", "******", "********", strings.Repeat("*", len(key)-2*shown)} {
					if !try(key[:shown]+stars+key[len(key)-shown:], "the key is masked with *", "密钥是用 * 脱敏的") {
						return false
					}
				}
			}
		}
		return try(string(backwards), "the key is written backwards", "密钥是倒过来写的") && try(strings.ToUpper(key[:1])+key[1:], "the key begins with a capital letter", "密钥首字母变成了大写")
	},
}

// unsetKeys are what stands for a key that was not set, and the keys of examples.
var unsetKeys = []string{"null", "undefined", "None", "nil", "key", "merchant_key", "merchantKey", "merchant-key", "MERCHANT_KEY", "your_key", "your-key", "yourKey", "YOUR_KEY", "secret", "noxxxxx", "xxxxxx", "${merchant_key}", "${merchantKey}", "$KEY", "${KEY}", "$key", "$MERCHANT_KEY", "${MERCHANT_KEY}", "$merchant_key", "$ETCP_MOCK_MERCHANT_KEY", "<key>", "123456", "***", "******", "********", "xxx", "test"}

func keys(behind ...string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		for i, b := range behind {
			if few && i > 2 {
				break
			}
			if g.Evidence = aroundKey("", b); !yieldKeys(g, yield, s.Right.Key+b) {
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
	for _, no := range slices.Sorted(maps.Keys(s.Others)) { // the same of them each time, where there are too many
		if s.Left < guess.Effort/2 {
			break
		}
		if g.Key = s.Others[no]; s.Want != ([md5.Size]byte{}) && s.Fits(&g) {
			name = no
			break
		}
	}
	if name == "" {
		return true
	}
	who := s.Show(name, -1)
	g.Key, g.What = s.Others[name], words.Phrase{En: "the key of merchant " + who + " was used", Zh: "用了商户 " + who + " 的密钥"}
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
		g.Key, g.What = s.Others[no], words.Phrase{En: "the key of merchant " + who + " was used", Zh: "用了商户 " + who + " 的密钥"}
		if !yield(g) {
			return false
		}
	}
	return true
}

// padded are the key with something around it: what a file, a copied text or a setting's syntax leaves there.
func padded(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	key := s.Right.Key
	all := paddings
	if !few {
		all = slices.Concat(paddings, []string{s.Right.No + ":K", s.Right.No + "K:", "K:" + s.Right.No})
		for _, width := range []int{16, 24, 32, 64} { // fixed columns and buffers
			if n := width - len(key); n > 0 {
				all = append(all, "K"+strings.Repeat(" ", n), "K"+strings.Repeat("\x00", n), "K"+strings.Repeat("0", n), strings.Repeat("0", n)+"K")
			}
		}
	}
	for _, around := range all {
		before, after, _ := strings.Cut(around, "K")
		g.Key, g.Evidence = before+key+after, aroundKey(before, after)
		if s.Scope == guess.OfRequests && around == " K " { // its neighbours are joined by spaces
			continue
		}
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
	"\u202aK\u202c", "“K”", "‘K’", "<K>", "[K]", "{K}", "${K}", "(K)", "=K", ":K", ": K", "ï»¿K", "\\\"K\\\"", "'K'\n", "\"K\"\n", "merchant_key = K", "key = K", "secret=K", "K # key", "K\\n", "K\\r\\n", "K%0A", "K%20", "K+", "K\u2028", "K/", "key=K", "merchant_key=K", "merchantKey=K", "key:K", "key: K", "K&", "K=", "K==",
}

func aroundKey(before, after string) words.Phrase {
	var p words.Phrase
	if before != "" {
		p = words.Phrase{En: "`" + words.Visible(before) + "` stands before the key", Zh: "密钥前面有 `" + words.Visible(before) + "`"}
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
