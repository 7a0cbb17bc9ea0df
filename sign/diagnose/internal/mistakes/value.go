package mistakes

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// valueRows are objects whose values changed on the way through a program.
var valueRows = []guess.Hypothesis{
	{
		Kind: "signment-included", In: guess.OfPushes, At: guess.InValues, What: words.Phrase{En: "signment was left in the text", Zh: "待签名文本里留有 signment"},
		Fix: words.Phrase{En: "Take signment out before signing or checking", Zh: "签名或验签前先去掉 signment"}, Try: withSignment,
	},
	{
		Kind: "json-number-quoted", In: guess.OfBoth, At: guess.InValues, What: words.Phrase{En: "a number or true or false was put into quotes", Zh: "数字或 true、false 被加上了引号"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; its numbers are not quoted", Zh: "请对实际发送的文本签名；它的数字不带引号"},
		PushFix: words.Phrase{En: "Hash the text as received: the number stays a number, without quotes", Zh: "请对收到的原文求哈希：数字保持数字，不加引号"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			if m.Kind == 'l' && (m.Text == "true" || m.Text == "false") {
				return m.As('l', '"', true)
			}
			if m.Kind != 'l' || !jsondoc.IsNumber(m.Text) {
				return nil
			}
			all := append(m.As('l', '"', true), m.With('"', jsondoc.ShortNumber(m.Text), true)...)
			if f, err := strconv.ParseFloat(m.Text, 64); err == nil && len(m.Text) <= longestAmount {
				for places := 1; places <= 3; places++ {
					all = append(all, m.With('"', strconv.FormatFloat(f, 'f', places, 64), true)...)
				}
			}
			return all
		}),
	},
	{
		Kind: "json-number-unquoted", In: guess.OfBoth, At: guess.InValues, What: words.Phrase{En: "a number or true or false lost its quotes", Zh: "数字或 true、false 的引号丢了"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; its numbers are quoted", Zh: "请对实际发送的文本签名；它的数字带引号"},
		PushFix: words.Phrase{En: "Hash the text as received: what came in quotes keeps them", Zh: "请对收到的原文求哈希：收到时带引号的值保留引号"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			return m.As('"', 'l', jsondoc.IsNumber(m.Text) || m.Text == "true" || m.Text == "false")
		}),
	},
	{
		Kind: "number-rewritten", In: guess.OfBoth, At: guess.InValues, What: words.Phrase{En: "a number was written anew", Zh: "数字被重新输出"},
		Fix: words.Phrase{En: "Keep a number's literal text; 5.50 is not 5.5", Zh: "请保留数字的原文；5.50 不是 5.5"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			if m.Kind != 'l' || !jsondoc.IsNumber(m.Text) {
				return nil
			}
			f, err := strconv.ParseFloat(m.Text, 64)
			if err != nil {
				return nil
			}
			short := jsondoc.ShortNumber(m.Text)
			all := []string{short}
			if strings.Contains(m.Text, ".") { // of a whole number that is number-as-double
				all = append(all, jsondoc.Pointed(short), strconv.FormatFloat(f, 'f', 1, 64), strconv.FormatFloat(f, 'f', 6, 64))
			}
			all = append(all, strconv.FormatFloat(f, 'f', -1, 64), strconv.FormatFloat(f, 'f', 2, 64), strconv.FormatFloat(math.Trunc(f), 'f', 0, 64), strconv.FormatFloat(f, 'f', 3, 64),
				strconv.FormatFloat(f, 'g', 17, 64), strconv.FormatFloat(f, 'f', 6, 64), strconv.FormatFloat(math.Round(f), 'f', 0, 64), strconv.FormatFloat(math.Ceil(f), 'f', 0, 64), jsondoc.Exponent(f))
			return jsondoc.Literals(slices.Compact(all)...)
		}),
	},
	{
		Kind: "number-as-double", In: guess.OfBoth, At: guess.InValues, What: words.Phrase{En: "a number was read as a double and printed anew, such as 1.0 or 3.456E7", Zh: "数字被当作 double 读取后重新输出，如 1.0、3.456E7"},
		Fix: words.Phrase{En: "Keep a number's literal text; Gson's Map<String, Object> makes doubles of all numbers", Zh: "请保留数字的原文；Gson 的 Map<String, Object> 会把所有数字变成 double"},
		Try: altered(jsondoc.AsDouble),
	},
	{
		Kind: "null-for-empty", In: guess.OfBoth, At: guess.InEmpty, What: words.Phrase{En: "null was signed where \"\" was sent", Zh: "发送的是 \"\" 而签的是 null"}, Fix: words.Phrase{En: "Sign \"\" where \"\" is sent, not null", Zh: "发送的是 \"\" 就签 \"\"，不要签 null"},
		PushFix: words.Phrase{En: "Hash the text as received: \"\" stays \"\", and does not become null", Zh: "请对收到的原文求哈希：\"\" 就是 \"\"，不要变成 null"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			if m.Kind != '"' || m.Text != "" {
				return nil
			}
			return []*jsondoc.Node{{Kind: 'l', Text: "null"}, {Kind: '"', Text: "null"}}
		}),
	},
	{
		Kind: "empty-for-null", In: guess.OfBoth, At: guess.InEmpty, Alone: true, What: words.Phrase{En: "\"\" was signed where null was sent", Zh: "发送的是 null 而签的是 \"\""}, Fix: words.Phrase{En: "Sign null where null is sent, not \"\"", Zh: "发送的是 null 就签 null，不要签 \"\""},
		PushFix: words.Phrase{En: "Hash the text as received: null stays null, and does not become \"\"", Zh: "请对收到的原文求哈希：null 就是 null，不要变成 \"\""},
		Try:     altered(func(m *jsondoc.Node) []*jsondoc.Node { return m.With('"', "", m.Kind == 'l' && m.Text == "null") }),
	},
	{
		Kind: "empty-dropped", In: guess.OfBoth, At: guess.InEmpty, What: words.Phrase{En: "empty values were left out", Zh: "空值没有参与签名"}, Fix: words.Phrase{En: "Sign empty values too", Zh: "空值也要参与签名"},
		PushFix: words.Phrase{En: "Hash the text as received, with its empty values", Zh: "请对收到的原文求哈希，空值也要保留"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			if m.Text == "" && m.Kind == '"' || m.Text == "null" && m.Kind == 'l' {
				return []*jsondoc.Node{nil}
			}
			return nil
		}),
	},
	{
		Kind: "values-trimmed", In: guess.OfBoth, At: guess.InValues, Alone: true, What: words.Phrase{En: "values were trimmed", Zh: "值被去掉了首尾空白"}, Fix: words.Phrase{En: "Sign the values as they are sent, white space included", Zh: "各值按发送的原样签名，包括空白"},
		PushFix: words.Phrase{En: "Hash the text as received, with all white space in its values", Zh: "请对收到的原文求哈希，保留值中的全部空白"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			return append(m.With('"', strings.TrimSpace(m.Text), m.Kind == '"'), m.With('"', wire.Strip(m.Text), m.Kind == '"')...)
		}),
	},
	{
		Kind: "values-url-decoded", In: guess.OfBoth, At: guess.InValues, Alone: true, What: words.Phrase{En: "values were URL-decoded once too often", Zh: "值多做了一次 URL 解码"}, Fix: words.Phrase{En: "Do not URL-decode what is decoded already", Zh: "已解码的文本不要再做 URL 解码"},
		PushFix: words.Phrase{En: "Hash the text as received: do not URL-decode its values", Zh: "请对收到的原文求哈希，不要对其中的值做 URL 解码"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			return append(m.With('"', wire.Unescape(m.Text, true), m.Kind == '"'), m.With('"', wire.Unescape(m.Text, false), m.Kind == '"')...)
		}),
	},
	{
		Kind: "value-case", In: guess.OfBoth, At: guess.InValues, Alone: true, What: words.Phrase{En: "letters of a value were turned into another case", Zh: "值的字母大小写被改变"}, Fix: words.Phrase{En: "Sign the values as they are sent", Zh: "各值按发送的原样签名"},
		PushFix: words.Phrase{En: "Hash the text as received, its letters in the case they came in", Zh: "请对收到的原文求哈希，字母大小写保持不变"},
		Try: altered(func(m *jsondoc.Node) []*jsondoc.Node {
			return append(m.With('"', strings.ToUpper(m.Text), m.Kind == '"'), m.With('"', strings.ToLower(m.Text), m.Kind == '"')...)
		}),
	},
	{
		Kind: "time-rewritten", In: guess.OfBoth, At: guess.InValues, Alone: true, What: words.Phrase{En: "a time was read as a date and written anew in another format", Zh: "时间被解析成日期后以另一格式输出"},
		Fix: words.Phrase{En: "Keep a time's text: declare the field as a string, and sign the text that is sent", Zh: "请保留时间的原文：字段声明为字符串，并对实际发送的文本签名"}, PushFix: words.Phrase{En: "Keep a time's text: declare the field as a string, and hash the text as received", Zh: "请保留时间的原文：字段声明为字符串，并对收到的原文求哈希"},
		Try: altered(jsondoc.RewrittenTime),
	},
	{
		Kind: "time-drift", In: guess.OfRequests, At: guess.InValues, Alone: true, What: words.Phrase{En: "a time in data was signed with another second than it was sent with", Zh: "data 里的时间签名时与发送时相差几秒"}, Try: altered(jsondoc.NearTime),
		Fix: words.Phrase{En: "data was built twice, and the clock asked each time: build it once, sign that text and send it", Zh: "data 组装了两次，每次都取了当前时间：请只组装一次，对该文本签名并发送它"},
	},
	{
		Kind: "number-rewritten", In: guess.OfBoth, At: guess.InValues, Alone: true, Fix: words.Phrase{En: "Keep the text of an amount: \"8.50\" is not \"8.5\"", Zh: "请保留金额的原文：\"8.50\" 不是 \"8.5\""},
		What: words.Phrase{En: "a number in quotes was written anew", Zh: "引号中的数字被重新输出"}, Try: altered(quotedRewritten),
	},
	{
		Kind: "amount-in-fen", In: guess.OfBoth, At: guess.InValues, Alone: true, What: words.Phrase{En: "an amount was signed in fen and sent in yuan, or the other way round", Zh: "金额签名时用分而发送时用元，或相反"},
		Fix:     words.Phrase{En: "Sign the very text that is sent: convert yuan and fen before data is marshalled, once", Zh: "请对实际发送的文本签名：在序列化 data 之前完成元与分的换算，且只换算一次"},
		PushFix: words.Phrase{En: "Hash the text as received, with its amounts in yuan; convert to fen after that", Zh: "请对收到的原文求哈希，金额保持元；之后再换算成分"}, Try: altered(inFen),
	},
	{
		Kind: "phone-rewritten", In: guess.OfRequests, At: guess.InValues, Alone: true, What: words.Phrase{En: "a phone number was signed with a country code or separators and sent without, or the other way round", Zh: "手机号签名时带国家码或分隔符而发送时不带，或相反"},
		Fix: words.Phrase{En: "Sign the very text that is sent: clean the phone number before data is marshalled; it is sent as 11 digits (§9.1)", Zh: "请对实际发送的文本签名：先整理手机号再序列化 data；发送的是 11 位数字（§9.1）"}, Try: altered(phoneRewritten),
	},
	{
		Kind: "field-not-sent", In: guess.OfRequests, At: guess.InValues, Alone: true, What: words.Phrase{En: "an empty field was signed, and not sent", Zh: "签名里有空字段，而发送的 data 没有"}, Try: notSent,
		Fix: words.Phrase{En: "Send the very text that was signed: marshal once, empty values included or not, and keep that text", Zh: "请发送签名用的同一段文本：只序列化一次（含不含空值都行），并保留该文本"},
	},
	{
		Kind: "field-left-out", In: guess.OfBoth, At: guess.InValues, What: words.Phrase{En: "a field was left out", Zh: "漏掉了字段"}, Fix: words.Phrase{En: "Sign all fields that are sent", Zh: "发送的所有字段都要参与签名"},
		PushFix: words.Phrase{En: "Hash all fields that were received, not a list of those that are known", Zh: "收到的所有字段都要参与哈希，而不是只取已知字段"}, Try: leftOut,
	},
}

// altered makes a row's try of a function that gives the other forms of a value: none where it has no other, a nil for none at all. All values
// that have one are changed, and each alone.
func altered(change func(*jsondoc.Node) []*jsondoc.Node) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if !s.DocOf(&g) {
			return true
		}
		doc := g.Doc
		others := make([][]*jsondoc.Node, len(doc.Members))
		var changed []int
		variants := 0
		for i, m := range doc.Members {
			for _, other := range change(m) {
				if other == nil || other.Kind != m.Kind || other.Text != m.Text {
					others[i] = append(others[i], other)
				}
			}
			if len(others[i]) > 0 {
				changed = append(changed, i)
				variants = max(variants, len(others[i]))
			}
		}
		if few {
			variants = min(variants, 2)
		}
		for _, subset := range jsondoc.Subsets(changed, few) {
			for v := range variants {
				next := &jsondoc.Node{Kind: doc.Kind}
				at := 0
				for i, m := range doc.Members {
					if at < len(subset) && subset[at] == i {
						at++
						m = others[i][min(v, len(others[i])-1)]
					}
					if m != nil {
						next.Names, next.Members = append(next.Names, doc.Names[i]), append(next.Members, m)
					}
				}
				if g.Doc = next; !yield(g) {
					return false
				}
			}
		}
		return true
	}
}

// leftOut are the fields that a receiver's or a sender's own structure lacks: each alone, and some of a push together.
func leftOut(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || few || len(g.Doc.Members) > 32 {
		return true
	}
	doc := g.Doc
	groups := [][]string{{"userType", "pushTime"}, {"fixParkingId", "remainingDays"}, {"userType", "pushTime", "fixParkingId", "remainingDays"}}
	for _, name := range doc.Names {
		groups = append(groups, []string{name})
	}
	for _, group := range groups {
		rest := &jsondoc.Node{Kind: doc.Kind}
		for i, m := range doc.Members {
			if !contains(group, doc.Names[i]) {
				rest.Names, rest.Members = append(rest.Names, doc.Names[i]), append(rest.Members, m)
			}
		}
		if len(rest.Members) != len(doc.Members)-len(group) {
			continue
		}
		g.Doc = rest
		g.Evidence = words.Phrase{En: "the text lacks " + strings.Join(group, ", "), Zh: "文本中缺少 " + strings.Join(group, "、")}
		if !yield(g) {
			return false
		}
	}
	return true
}

// notSent are fields that were signed and then left out of what was sent, since they were empty or the endpoint's optional ones.
func notSent(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	const most = 8 // of the endpoints' fields
	if !s.DocOf(&g) || len(g.Doc.Members) > most {
		return true
	}
	doc := g.Doc
	for _, name := range []string{"appId", "plateColor", "carNumber", "payType", "scrollId", "city", "lat", "lon", "radius", "token", "code"} {
		if contains(doc.Names, name) {
			continue
		}
		for _, value := range []*jsondoc.Node{{Kind: '"'}, {Kind: 'l', Text: "null"}} {
			for at := range len(doc.Names) + 1 {
				g.Doc = &jsondoc.Node{Kind: doc.Kind, Names: slices.Insert(slices.Clone(doc.Names), at, name), Members: slices.Insert(slices.Clone(doc.Members), at, value)}
				g.Evidence = words.Phrase{En: "the text that was signed has " + name + ", which was not sent", Zh: "签名的文本里有 " + name + "，而它没有发送"}
				if !yield(g) {
					return false
				}
			}
		}
	}
	return true
}

func contains(all []string, s string) bool {
	return slices.Contains(all, s)
}

// quotedRewritten are the other texts of a number in quotes: without its last zeros, and with one, two or three places.
func quotedRewritten(m *jsondoc.Node) []*jsondoc.Node {
	f, err := strconv.ParseFloat(m.Text, 64)
	if m.Kind != '"' || err != nil || len(m.Text) > longestAmount || !jsondoc.IsNumber(m.Text) {
		return nil
	}
	var all []*jsondoc.Node
	for _, places := range []int{-1, 1, 2, 3} {
		all = append(all, m.With('"', strconv.FormatFloat(f, 'f', places, 64), true)...)
	}
	return all
}

// inFen are an amount a hundred times as large, and a hundredth of it.
func inFen(m *jsondoc.Node) []*jsondoc.Node {
	f, err := strconv.ParseFloat(m.Text, 64)
	if err != nil || len(m.Text) > longestAmount && !strings.Contains(m.Text, ".") || !jsondoc.IsNumber(m.Text) || f == 0 {
		return nil
	}
	var all []*jsondoc.Node
	for _, text := range append(fenOf(f), strconv.FormatFloat(math.Round(f*100), 'f', 0, 64), strconv.FormatFloat(f/100, 'f', -1, 64), strconv.FormatFloat(f/100, 'f', 2, 64)) {
		all = append(append(all, m.With(m.Kind, text, true)...), m.With('"'+'l'-m.Kind, text, true)...)
	}
	return all
}

// longestAmount is how many characters an amount has at most; a longer number is an id.
const longestAmount = 12

var (
	chinesePhone = lazyregexp.New(`^1[3-9]\d{9}$`)
	longPhone    = lazyregexp.New(`^(?:\+?86|0086)?[ -]?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})$`)
)

// phoneRewritten are the other ways to write a mobile phone's number.
func phoneRewritten(m *jsondoc.Node) (all []*jsondoc.Node) {
	parts := longPhone().FindStringSubmatch(m.Text)
	if m.Kind != '"' || parts == nil {
		return nil
	}
	plain := parts[1] + parts[2] + parts[3]
	if !chinesePhone().MatchString(m.Text) {
		return m.With('"', plain, true)
	}
	grouped := parts[1] + " " + parts[2] + " " + parts[3]
	for _, text := range []string{"+86" + plain, "86" + plain, "0086" + plain, "+86 " + plain, "+86-" + plain, grouped, strings.ReplaceAll(grouped, " ", "-"), "+86 " + grouped} {
		all = append(all, m.With('"', text, true)...)
	}
	return all
}
