package mistakes

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/layout"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// laidOut tries the layouts of a kind.
func laidOut(kind string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if !slices.Equal(g.Form, s.Right.Form) {
			return true
		}
		forms := layout.Forms(kind, s.Scope)
		if few {
			forms = forms[:min(layout.Likely, len(forms))]
		}
		for _, form := range forms {
			g.What = words.Phrase{}
			if len(form) == 0 {
				g.What = words.Phrase{En: "nothing was hashed: the text was empty", Zh: "求哈希的文本是空的"}
			}
			if g.Form = form; !yield(g) {
				return false
			}
		}
		return true
	}
}

var formRows = withLayouts([]guess.Hypothesis{
	{Kind: "key-missing", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "the key was left out", Zh: "漏掉了密钥"}, Fix: words.Phrase{En: "The merchant's key is part of the text", Zh: "商户密钥是待签名文本的一部分"}},
	{Kind: "key-stamp-swapped", In: guess.OfRequests, At: guess.InForm, What: words.Phrase{En: "time_stamp stands before the key", Zh: "time_stamp 放在了密钥之前"}, Fix: words.Phrase{En: "The order is data, key, time_stamp (§6)", Zh: "顺序是 data、密钥、time_stamp（§6）"}},
	{
		Kind: "parts-reordered", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "the parts stand in another order", Zh: "各部分的顺序不对"},
		Fix: words.Phrase{En: "The order is data, key, time_stamp (§6)", Zh: "顺序是 data、密钥、time_stamp（§6）"}, PushFix: words.Phrase{En: "The order is merchant_no, data, key (§10)", Zh: "顺序是 merchant_no、data、密钥（§10）"},
	},
	{Kind: "stamp-missing", In: guess.OfRequests, At: guess.InForm, What: words.Phrase{En: "time_stamp was left out", Zh: "漏掉了 time_stamp"}, Fix: words.Phrase{En: "time_stamp is part of the text (§6)", Zh: "time_stamp 是待签名文本的一部分（§6）"}},
	{Kind: "data-missing", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "data was left out", Zh: "漏掉了 data"}, Fix: words.Phrase{En: "data is part of the text (§6)", Zh: "data 是待签名文本的一部分（§6）"}, PushFix: words.Phrase{En: "Hash merchant_no + data + key: data was empty, as where a filter or a log has read the body before (§10)", Zh: "请对 merchant_no + data + 密钥 求哈希：data 是空的，请求体可能已被过滤器或日志读过（§10）"}},
	{Kind: "push-formula", In: guess.OfRequests, At: guess.InForm, What: words.Phrase{En: "the formula of pushes was used (§10)", Zh: "用了推送的公式（§10）"}, Fix: words.Phrase{En: "A request signs data, key, time_stamp (§6)", Zh: "请求应签 data、密钥、time_stamp（§6）"}},
	{Kind: "request-formula", In: guess.OfPushes, At: guess.InForm, What: words.Phrase{En: "a formula of requests was used (§6)", Zh: "用了请求的公式（§6）"}, Fix: words.Phrase{En: "A push signs merchant_no, data, key (§10)", Zh: "推送应签 merchant_no、data、密钥（§10）"}},
	{Kind: "merchant-no-included", In: guess.OfRequests, At: guess.InForm, What: words.Phrase{En: "merchant_no was put into the text", Zh: "文本中加进了 merchant_no"}, Fix: words.Phrase{En: "Sign data + key + time_stamp: merchant_no is not part of a request's text (§6)", Zh: "请签 data + 密钥 + time_stamp：请求的待签名文本里没有 merchant_no（§6）"}},
	{Kind: "merchant-no-for-key", In: guess.OfRequests, At: guess.InForm, What: words.Phrase{En: "merchant_no stands where the key belongs", Zh: "密钥的位置放的是 merchant_no"}, Fix: words.Phrase{En: "Sign with the merchant's key, not with its number", Zh: "请用商户密钥签名，而不是商户号"}},
	{Kind: "parts-repeated", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Phrase{En: "a part stands twice in the text", Zh: "文本中有一部分出现了两次"}, Fix: words.Phrase{En: "Each part comes once: data + key + time_stamp (§6)", Zh: "每部分只出现一次：data + 密钥 + time_stamp（§6）"}, PushFix: words.Phrase{En: "Each part comes once: merchant_no + data + key (§10)", Zh: "每部分只出现一次：merchant_no + data + 密钥（§10）"}},
	{Kind: "text-framed", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Phrase{En: "something stands before or behind the whole text", Zh: "整个待签名文本前后多了内容"}, Fix: words.Phrase{En: "Hash the parts and nothing else: begin with an empty text (not null), and put no quotes, spaces or NUL around it; in a shell printf '%s', since the echo -n of some prints -n", Zh: "只对各部分求哈希：从空字符串开始拼接（不是 null），前后不要有引号、空格或 NUL；在 shell 中用 printf '%s'，有些 shell 的 echo -n 会把 -n 也打印出来"}},
	{Kind: "ampersand-joined", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "the parts were joined by &", Zh: "各部分用 & 相连"}, Fix: words.Phrase{En: "Put nothing between the parts: no names, no &", Zh: "各部分直接相连：不要参数名，也不要 &"}},
	{Kind: "separator-joined", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "something stands between the parts", Zh: "各部分之间有分隔符"}, Fix: words.Phrase{En: "Put nothing between the parts", Zh: "各部分直接相连，中间什么也不加"}},
	{Kind: "merchant-no-unset", In: guess.OfPushes, At: guess.InForm, Alone: true, What: words.Phrase{En: "a variable without a value stands where merchant_no belongs", Zh: "merchant_no 的位置是未赋值的变量"}, Fix: words.Phrase{En: "Give the receiver its merchant's number: the setting was not read", Zh: "请给接收端配置商户号：配置没有读到"}},
	{Kind: "variables-not-replaced", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Phrase{En: "the names of variables were hashed, or a pattern, and not their values", Zh: "求哈希的是变量名或模板本身，而不是变量的值"}, Fix: words.Phrase{En: "Put the values into the text: PHP and shells replace variables between double quotes only, Python's f-string needs its f, JavaScript's template needs backticks", Zh: "文本里要放变量的值：PHP 和 shell 只在双引号中替换变量，Python 的 f-string 要写 f，JavaScript 的模板字符串要用反引号"}},
	{Kind: "path-included", In: guess.OfRequests, At: guess.InForm, Alone: true, What: words.Phrase{En: "the URL's path was put into the text", Zh: "文本中加进了 URL 路径"}, Fix: words.Phrase{En: "The path is not part of a request's text: sign data + key + time_stamp (§6)", Zh: "URL 路径不是待签名文本的一部分：请签 data + 密钥 + time_stamp（§6）"}},
	{Kind: "trailing-newline", In: guess.OfBoth, At: guess.InForm, What: words.Phrase{En: "a line end was hashed, too", Zh: "换行符也参与了哈希"}, Fix: words.Phrase{En: "Hash the text without a line end (printf '%s', not echo)", Zh: "不要把换行符一起哈希（用 printf '%s'，不用 echo）"}},
})

// withLayouts gives each row its layouts to try.
func withLayouts(rows []guess.Hypothesis) []guess.Hypothesis {
	for i := range rows {
		rows[i].Try = laidOut(rows[i].Kind)
	}
	return rows
}
