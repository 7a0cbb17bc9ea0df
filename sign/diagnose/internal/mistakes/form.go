package mistakes

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// layout is an order of parts that was hashed instead.
type layout struct {
	kind string
	in   guess.Scope
	form []string
}

var layouts = slices.Concat(plainLayouts, permutedLayouts(), repeatedLayouts, framedLayouts, numberlessLayouts, unreplacedLayouts, pathLayouts(), namedLayouts(), separatedLayouts(), endedLayouts())

var plainLayouts = []layout{
	{"key-missing", guess.OfRequests, []string{guess.TheData, guess.TheStamp}},
	{"key-missing", guess.OfPushes, []string{guess.TheNo, guess.TheData}},
	{"key-stamp-swapped", guess.OfRequests, []string{guess.TheData, guess.TheStamp, guess.TheKey}},
	{"parts-reordered", guess.OfRequests, []string{guess.TheKey, guess.TheData, guess.TheStamp}},
	{"parts-reordered", guess.OfRequests, []string{guess.TheKey, guess.TheStamp, guess.TheData}},
	{"parts-reordered", guess.OfRequests, []string{guess.TheStamp, guess.TheData, guess.TheKey}},
	{"parts-reordered", guess.OfRequests, []string{guess.TheStamp, guess.TheKey, guess.TheData}},
	{"parts-reordered", guess.OfPushes, []string{guess.TheKey, guess.TheData, guess.TheNo}},
	{"parts-reordered", guess.OfPushes, []string{guess.TheData, guess.TheNo, guess.TheKey}},
	{"parts-reordered", guess.OfPushes, []string{guess.TheNo, guess.TheKey, guess.TheData}},
	{"parts-reordered", guess.OfPushes, []string{guess.TheKey, guess.TheNo, guess.TheData}},
	{"parts-reordered", guess.OfPushes, []string{guess.TheKey, guess.TheData}},
	{"stamp-missing", guess.OfRequests, []string{guess.TheData, guess.TheKey}},
	{"data-missing", guess.OfRequests, []string{guess.TheKey, guess.TheStamp}},
	{"push-formula", guess.OfRequests, []string{guess.TheNo, guess.TheData, guess.TheKey}},
	{"request-formula", guess.OfPushes, []string{guess.TheData, guess.TheKey}},
	{"request-formula", guess.OfPushes, []string{guess.TheData, guess.TheKey, guess.TheNo}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheNo, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, guess.TheNo}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheData, guess.TheNo, guess.TheKey, guess.TheStamp}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheNo, guess.TheStamp, guess.TheData, guess.TheKey}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheNo, guess.TheData, guess.TheStamp, guess.TheKey}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheNo, guess.TheKey, guess.TheData, guess.TheStamp}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheKey, guess.TheNo, guess.TheData, guess.TheStamp}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheKey, guess.TheData, guess.TheStamp, guess.TheNo}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheKey, guess.TheNo, guess.TheStamp, guess.TheData}},
	{"merchant-no-included", guess.OfRequests, []string{guess.TheKey, guess.TheNo, guess.TheStamp, guess.TheData, guess.TheKey}},
	{"merchant-no-for-key", guess.OfRequests, []string{guess.TheData, guess.TheNo, guess.TheStamp}},
	{"trailing-newline", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, "\n"}},
	{"trailing-newline", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, "\r\n"}},
	{"trailing-newline", guess.OfRequests, []string{guess.TheData, "\n", guess.TheKey, guess.TheStamp}},
	{"trailing-newline", guess.OfRequests, []string{guess.TheData, "\r\n", guess.TheKey, guess.TheStamp}},
	{"trailing-newline", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, "\n\n"}},
	{"trailing-newline", guess.OfRequests, []string{"\n", guess.TheData, guess.TheKey, guess.TheStamp}},
	{"trailing-newline", guess.OfPushes, []string{guess.TheNo, guess.TheData, "\n", guess.TheKey}},
	{"trailing-newline", guess.OfPushes, []string{guess.TheNo, guess.TheData, "\r\n", guess.TheKey}},
	{"trailing-newline", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey, "\r\n"}},
	{"trailing-newline", guess.OfPushes, []string{guess.TheNo, "\n", guess.TheData, guess.TheKey}},
}

// permutedLayouts are the parts in every order, with merchant_no among them, and without a part.
func permutedLayouts() (all []layout) {
	parts := map[byte]string{'D': guess.TheData, 'K': guess.TheKey, 'T': guess.TheStamp, 'N': guess.TheNo}
	add := func(kind string, in guess.Scope, order string) {
		var form []string
		for i := range len(order) {
			form = append(form, parts[order[i]])
		}
		all = append(all, layout{kind, in, form})
	}
	each := func(kind string, in guess.Scope, letters string) {
		for order := range jsondoc.Orders(len(letters)) {
			permuted := make([]byte, len(letters))
			for i, at := range order {
				permuted[i] = letters[at]
			}
			if text := string(permuted); text != "DNT" { // merchant-no-for-key says more
				add(kind, in, text)
			}
		}
	}
	each("merchant-no-included", guess.OfRequests, "NDKT")
	each("merchant-no-included", guess.OfRequests, "DKN") // NDK is the formula of pushes, which stands before it
	each("key-missing", guess.OfRequests, "NDT")
	for _, order := range []string{"D", "TD", "DN", "ND"} {
		add("key-missing", guess.OfRequests, order)
	}
	each("data-missing", guess.OfRequests, "NKT")
	for _, order := range []string{"TK", "K", "T", "NK", "KN", ""} {
		add("data-missing", guess.OfRequests, order)
	}
	each("key-missing", guess.OfPushes, "DN")
	add("key-missing", guess.OfPushes, "D")
	for _, order := range []string{"NK", "KN", "K", ""} {
		add("data-missing", guess.OfPushes, order)
	}
	return all
}

// repeatedLayouts have a part twice, as platforms ask that put the secret at both ends.
var repeatedLayouts = []layout{
	{"parts-repeated", guess.OfRequests, []string{guess.TheKey, guess.TheData, guess.TheStamp, guess.TheKey}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheKey, guess.TheStamp, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheKey, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheKey, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, guess.TheKey}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheData, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheStamp, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheNo, guess.TheNo, guess.TheData, guess.TheKey, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheNo, guess.TheData, guess.TheKey, guess.TheNo, guess.TheStamp}},
	{"parts-repeated", guess.OfRequests, []string{guess.TheNo, guess.TheData, guess.TheKey, guess.TheStamp, guess.TheNo}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheNo, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheNo, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheKey, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheKey, guess.TheNo, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheKey, guess.TheData, guess.TheKey}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey, guess.TheNo}},
	{"parts-repeated", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheData, guess.TheKey}},
}

// framedLayouts have something around the whole text.
var framedLayouts = func() (all []layout) {
	for _, around := range [][2]string{
		{"null", ""}, {"undefined", ""}, {"None", ""}, {"nil", ""}, {"", "null"}, {"", "undefined"}, {`"`, `"`}, {"'", "'"}, {"b'", "'"}, {"", "\x00"}, {"", " "}, {" ", ""}, {"\t", ""}, {"", "&"}, {"{", "}"}, {"[", "]"}, {"(", ")"}, {"-n ", ""}, {"-n ", "\n"},
	} {
		all = append(all, layout{"text-framed", guess.OfRequests, []string{around[0], guess.TheData, guess.TheKey, guess.TheStamp, around[1]}},
			layout{"text-framed", guess.OfPushes, []string{around[0], guess.TheNo, guess.TheData, guess.TheKey, around[1]}})
	}
	return all
}()

// numberlessLayouts have what a language prints of a variable without a value where merchant_no belongs.
var numberlessLayouts = func() (all []layout) {
	for _, text := range []string{"undefined", "null", "None", "nil", "merchant_no", "merchantNo"} {
		all = append(all, layout{"merchant-no-unset", guess.OfPushes, []string{text, guess.TheData, guess.TheKey}})
	}
	return all
}()

// pathLayouts are the parts behind or before the path of an endpoint, or its name.
func pathLayouts() (all []layout) {
	for _, name := range wire.Endpoints {
		whole := "/merchant/open/1.0.0/openapi/" + name
		for _, path := range []string{whole, "/openapi/" + name, name, "POST" + whole, "GET" + whole, "POST\n" + whole + "\n"} {
			all = append(all, layout{"path-included", guess.OfRequests, []string{path, guess.TheData, guess.TheKey, guess.TheStamp}},
				layout{"path-included", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp, path}})
		}
		all = append(all, layout{"path-included", guess.OfRequests, []string{whole, "?merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&data=", guess.TheData, guess.TheKey}})
	}
	return all
}

// namedLayouts are the parts joined by &, with their names and without, and the key behind, in front or among them.
func namedLayouts() (all []layout) {
	add := func(in guess.Scope, form ...string) { all = append(all, layout{"ampersand-joined", in, form}) }
	add(guess.OfRequests, guess.TheData, "&", guess.TheKey, "&", guess.TheStamp)
	add(guess.OfRequests, "data=", guess.TheData, "&key=", guess.TheKey, "&time_stamp=", guess.TheStamp)
	add(guess.OfRequests, "data=", guess.TheData, "&time_stamp=", guess.TheStamp, "&key=", guess.TheKey)
	add(guess.OfRequests, "data=", guess.TheData, "&merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&key=", guess.TheKey)
	add(guess.OfRequests, "merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&data=", guess.TheData, guess.TheKey)
	add(guess.OfRequests, "merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&data=", guess.TheData, "&key=", guess.TheKey)
	add(guess.OfRequests, guess.TheData, "&", guess.TheStamp, "&", guess.TheKey)
	add(guess.OfRequests, "data=", guess.TheData, "&merchant_key=", guess.TheKey, "&time_stamp=", guess.TheStamp)
	add(guess.OfRequests, guess.TheNo, "&", guess.TheData, "&", guess.TheKey, "&", guess.TheStamp)
	add(guess.OfRequests, guess.TheNo, "&", guess.TheStamp, "&", guess.TheData, "&", guess.TheKey)
	add(guess.OfPushes, guess.TheNo, "&", guess.TheData, "&", guess.TheKey)
	add(guess.OfPushes, guess.TheData, "&key=", guess.TheKey)
	add(guess.OfRequests, guess.TheData, "&key=", guess.TheKey)
	add(guess.OfRequests, guess.TheData, "&", guess.TheKey)
	add(guess.OfRequests, guess.TheData, "&merchant_key=", guess.TheKey)
	add(guess.OfRequests, guess.TheData, "&key=", guess.TheKey, "&time_stamp=", guess.TheStamp)
	add(guess.OfRequests, guess.TheData, "&time_stamp=", guess.TheStamp, "&key=", guess.TheKey)
	add(guess.OfRequests, "data=", guess.TheData, "key=", guess.TheKey, "time_stamp=", guess.TheStamp)
	for _, name := range []string{"key", "merchant_key", "merchantKey"} {
		add(guess.OfRequests, "data=", guess.TheData, name+"=", guess.TheKey, "time_stamp=", guess.TheStamp)
		add(guess.OfRequests, "data:", guess.TheData, ","+name+":", guess.TheKey, ",time_stamp:", guess.TheStamp)
		add(guess.OfRequests, "data=", guess.TheData, ","+name+"=", guess.TheKey, ",time_stamp=", guess.TheStamp)
		add(guess.OfPushes, "merchant_no=", guess.TheNo, "data=", guess.TheData, name+"=", guess.TheKey)
	}
	for _, parts := range []layout{{"", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp}}, {"", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey}}} {
		for order := range jsondoc.Orders(len(parts.form)) {
			add(parts.in, parts.form[order[0]], "&", parts.form[order[1]], "&", parts.form[order[2]])
		}
	}
	keyed := func(in guess.Scope, pairs []string) {
		add(in, slices.Concat(pairs, []string{guess.TheKey})...)
		add(in, slices.Concat(pairs, []string{"&", guess.TheKey})...)
		for _, name := range []string{"key", "merchant_key", "merchantKey", "secret"} {
			add(in, slices.Concat(pairs, []string{"&" + name + "=", guess.TheKey})...)
		}
		add(in, slices.Concat([]string{"key=", guess.TheKey, "&"}, pairs)...)
		add(in, slices.Concat([]string{guess.TheKey}, pairs)...)
	}
	for _, names := range [][]string{{"data", "time_stamp"}, {"merchant_no", "data", "time_stamp"}} {
		for order := range jsondoc.Orders(len(names)) {
			keyed(guess.OfRequests, pairsOf(names, order))
		}
		for _, name := range []string{"key", "merchant_key", "merchantKey", "secret"} { // all of them sorted, the key among them
			for order := range jsondoc.Orders(len(names) + 1) {
				form := pairsOf(append(slices.Clone(names), name), order)
				if sorted := slices.DeleteFunc(slices.Clone(form), func(part string) bool { return part[0] == 0 }); slices.IsSortedFunc(sorted, byName) {
					add(guess.OfRequests, form...)
				}
			}
		}
	}
	for order := range jsondoc.Orders(2) {
		keyed(guess.OfPushes, pairsOf([]string{"merchant_no", "data"}, order))
	}
	return slices.CompactFunc(all, func(a, b layout) bool { return a.in == b.in && slices.Equal(a.form, b.form) })
}

// byName compares the names in a form.
func byName(a, b string) int {
	return strings.Compare(strings.TrimPrefix(a, "&"), strings.TrimPrefix(b, "&"))
}

func pairsOf(names []string, order []int) (form []string) {
	part := map[string]string{"data": guess.TheData, "time_stamp": guess.TheStamp, "merchant_no": guess.TheNo, "key": guess.TheKey, "merchant_key": guess.TheKey, "merchantKey": guess.TheKey, "secret": guess.TheKey}
	for i, at := range order {
		name := names[at]
		if i > 0 {
			name = "&" + name
		}
		form = append(form, name+"=", part[names[at]])
	}
	return form
}

// rareSeparators are how many are tried of pushes: a receiver is asked for each.
const rareSeparators = 26

// separatedLayouts are the parts in any order with something between them.
func separatedLayouts() (all []layout) {
	separators := []string{"|", ",", "+", "_", "-", ":", "#", " ", ", ", " + ", "\n", "\t", ";", ".", "*", "/", "$", "@", "^", "\r\n", "~", "=", "%", "!", "||", "&&", "::", "--", "\x00", "、", "，", "；"}
	for _, parts := range []layout{{"", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp}}, {"", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey}}} {
		for order := range jsondoc.Orders(len(parts.form)) {
			for i, separator := range separators {
				if i >= likelyLayouts && separator != "\n" && !slices.IsSorted(order) || i >= rareSeparators && parts.in == guess.OfPushes {
					continue
				}
				first, second, third := parts.form[order[0]], parts.form[order[1]], parts.form[order[2]]
				all = append(all, layout{"separator-joined", parts.in, []string{first, separator, second, separator, third}})
				if separator == "," || separator == ", " { // a list that was printed
					all = append(all, layout{"separator-joined", parts.in, []string{"[", first, separator, second, separator, third, "]"}})
				}
				if separator == "\n" {
					all = append(all, layout{"separator-joined", parts.in, []string{first, separator, second, separator, third, separator}})
				}
			}
		}
	}
	return all
}

// unreplacedLayouts are texts of which no part was put in: names of variables in quotes that do not replace them, and the formula itself.
var unreplacedLayouts = func() (all []layout) {
	for _, text := range []string{
		"$data$key$time_stamp", "$data$merchant_key$time_stamp", "${data}${key}${time_stamp}", "${data}${key}${timestamp}", "${data}${key}${timeStamp}", "${data}${merchantKey}${timeStamp}", "${data}${merchant_key}${time_stamp}", "{data}{key}{time_stamp}",
		"{data}{key}{timestamp}", "{data}{merchant_key}{time_stamp}", "data+key+time_stamp", "data+merchant_key+time_stamp", "data + key + time_stamp", "data + merchant_key + time_stamp", "$data.$key.$time_stamp", "$DATA$KEY$STAMP", "${DATA}${KEY}${STAMP}", "$DATA$KEY$TIME_STAMP", "$data$key$stamp",
		"${data}${key}${stamp}", "$data$key$ts", "$D$K$T", "${data}${key}${ts}", "{data}{key}{ts}", "#{data}#{key}#{time_stamp}", "#{data}#{key}#{timestamp}", "%s%s%s", "{0}{1}{2}", "{}{}{}", "datakeytime_stamp", "datamerchant_keytime_stamp",
	} {
		all = append(all, layout{"variables-not-replaced", guess.OfRequests, []string{text}})
	}
	for _, text := range []string{"$merchant_no$data$key", "${merchantNo}${data}${key}", "{merchant_no}{data}{key}", "merchant_no+data+merchant_key"} {
		all = append(all, layout{"variables-not-replaced", guess.OfPushes, []string{text}})
	}
	return all
}()

// endedLayouts are the parts joined by something that stands behind the last or before the first as well, as a loop leaves it that puts it behind each part, and lists that were printed.
func endedLayouts() (all []layout) {
	for _, parts := range []layout{
		{"", guess.OfRequests, []string{guess.TheData, guess.TheKey, guess.TheStamp}}, {"", guess.OfRequests, []string{guess.TheData, guess.TheStamp, guess.TheKey}}, {"", guess.OfPushes, []string{guess.TheNo, guess.TheData, guess.TheKey}},
	} {
		a, b, c := parts.form[0], parts.form[1], parts.form[2]
		separators, lists := []string{"&", "|", ",", "_", "-", "#", ";", ":", "+", " ", "\t", "\r\n"}, [][3]string{{"('", "', '", "')"}, {"['", "', '", "']"}, {`"`, `","`, `"`}, {`"`, `""`, `"`}, {"'", "','", "'"}, {"{", "}{", "}"}, {"[", "][", "]"}, {"(", ")(", ")"}, {"['", "','", "']"}}
		if parts.in == guess.OfPushes { // a receiver is asked for each of them
			separators, lists = separators[:3], lists[:2]
		}
		for _, separator := range separators {
			kind := "separator-joined"
			if separator == "&" {
				kind = "ampersand-joined"
			}
			all = append(all, layout{kind, parts.in, []string{a, separator, b, separator, c, separator}}, layout{kind, parts.in, []string{separator, a, separator, b, separator, c}},
				layout{kind, parts.in, []string{separator, a, separator, b, separator, c, separator}})
			if strings.TrimSpace(separator) != "" { // white space behind data is another kind
				all = append(all, layout{kind, parts.in, []string{a, separator, b, c}})
			}
		}
		for _, printed := range lists {
			all = append(all, layout{"separator-joined", parts.in, []string{printed[0], a, printed[1], b, printed[1], c, printed[2]}})
		}
	}
	for _, names := range [][]string{{"data", "key", "time_stamp"}, {"data", "merchant_key", "time_stamp"}, {"data", "time_stamp", "key"}, {"merchant_no", "data", "time_stamp", "key"}, {"merchant_no", "time_stamp", "data", "key"}} {
		pairs := pairsOf(names, jsondoc.Counted(len(names)))
		all = append(all, layout{"ampersand-joined", guess.OfRequests, append(pairs, "&")}, layout{"ampersand-joined", guess.OfRequests, append([]string{"&"}, pairs...)}, layout{"ampersand-joined", guess.OfRequests, append([]string{"?"}, pairs...)})
	}
	return all
}

// requestForms and pushForms are the layouts by their kind.
var requestForms, pushForms = formsOf(guess.OfRequests), formsOf(guess.OfPushes)

func formsOf(in guess.Scope) map[string][][]string {
	byKind := map[string][][]string{}
	for _, l := range layouts {
		if l.in&in != 0 {
			byKind[l.kind] = append(byKind[l.kind], l.form)
		}
	}
	return byKind
}

// likelyLayouts are how many of a kind are tried where another mistake comes with it.
const likelyLayouts = 6

// laidOut tries the layouts of a kind.
func laidOut(kind string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if !slices.Equal(g.Form, s.Right.Form) {
			return true
		}
		forms := requestForms[kind]
		if s.Scope == guess.OfPushes {
			forms = pushForms[kind]
		}
		if few {
			forms = forms[:min(likelyLayouts, len(forms))]
		}
		for _, form := range forms {
			g.What = words.Phrase{}
			if len(form) == 0 {
				g.What = words.Say("nothing was hashed: the text was empty", "求哈希的文本是空的")
			}
			if g.Form = form; !yield(g) {
				return false
			}
		}
		return true
	}
}

var formRows = withLayouts([]guess.Hypothesis{
	{Kind: "key-missing", In: guess.OfBoth, At: guess.InForm, What: words.Say("the key was left out", "漏掉了密钥"), Fix: words.Say("The merchant's key is part of the text", "商户密钥是待签名文本的一部分")},
	{Kind: "key-stamp-swapped", In: guess.OfRequests, At: guess.InForm, What: words.Say("time_stamp stands before the key", "time_stamp 放在了密钥之前"), Fix: words.Say("The order is data, key, time_stamp (§6)", "顺序是 data、密钥、time_stamp（§6）")},
	{
		Kind: "parts-reordered", In: guess.OfBoth, At: guess.InForm, What: words.Say("the parts stand in another order", "各部分的顺序不对"),
		Fix: words.Say("The order is data, key, time_stamp (§6)", "顺序是 data、密钥、time_stamp（§6）"), PushFix: words.Say("The order is merchant_no, data, key (§10)", "顺序是 merchant_no、data、密钥（§10）"),
	},
	{Kind: "stamp-missing", In: guess.OfRequests, At: guess.InForm, What: words.Say("time_stamp was left out", "漏掉了 time_stamp"), Fix: words.Say("time_stamp is part of the text (§6)", "time_stamp 是待签名文本的一部分（§6）")},
	{Kind: "data-missing", In: guess.OfBoth, At: guess.InForm, What: words.Say("data was left out", "漏掉了 data"), Fix: words.Say("data is part of the text (§6)", "data 是待签名文本的一部分（§6）"), PushFix: words.Say("Hash merchant_no + data + key: data was empty; was the body read before, by a filter or a log? (§10)", "请对 merchant_no + data + 密钥 求哈希：data 是空的；请求体是否已被过滤器或日志读过？（§10）")},
	{Kind: "push-formula", In: guess.OfRequests, At: guess.InForm, What: words.Say("the formula of pushes was used (§10)", "用了推送的公式（§10）"), Fix: words.Say("A request signs data, key, time_stamp (§6)", "请求应签 data、密钥、time_stamp（§6）")},
	{Kind: "request-formula", In: guess.OfPushes, At: guess.InForm, What: words.Say("a formula of requests was used (§6)", "用了请求的公式（§6）"), Fix: words.Say("A push signs merchant_no, data, key (§10)", "推送应签 merchant_no、data、密钥（§10）")},
	{Kind: "merchant-no-included", In: guess.OfRequests, At: guess.InForm, What: words.Say("merchant_no was put into the text", "文本中加进了 merchant_no"), Fix: words.Say("Sign data + key + time_stamp: merchant_no is not part of a request's text (§6)", "请签 data + 密钥 + time_stamp：请求的待签名文本里没有 merchant_no（§6）")},
	{Kind: "merchant-no-for-key", In: guess.OfRequests, At: guess.InForm, What: words.Say("merchant_no stands where the key belongs", "密钥的位置放的是 merchant_no"), Fix: words.Say("Sign with the merchant's key, not with its number", "请用商户密钥签名，而不是商户号")},
	{Kind: "parts-repeated", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Say("a part stands twice in the text", "文本中有一部分出现了两次"), Fix: words.Say("Each part comes once: data + key + time_stamp (§6)", "每部分只出现一次：data + 密钥 + time_stamp（§6）"), PushFix: words.Say("Each part comes once: merchant_no + data + key (§10)", "每部分只出现一次：merchant_no + data + 密钥（§10）")},
	{Kind: "text-framed", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Say("something stands before or behind the whole text", "整个待签名文本前后多了内容"), Fix: words.Say("Hash the parts and nothing else: begin with an empty text (not null), and put no quotes, spaces or NUL around it; in a shell printf '%s', since the echo -n of some prints -n", "只对各部分求哈希：从空字符串开始拼接（不是 null），前后不要有引号、空格或 NUL；在 shell 中用 printf '%s'，有些 shell 的 echo -n 会把 -n 也打印出来")},
	{Kind: "ampersand-joined", In: guess.OfBoth, At: guess.InForm, What: words.Say("the parts were joined by &", "各部分用 & 相连"), Fix: words.Say("Put nothing between the parts: no names, no &", "各部分直接相连：不要参数名，也不要 &")},
	{Kind: "separator-joined", In: guess.OfBoth, At: guess.InForm, What: words.Say("something stands between the parts", "各部分之间有分隔符"), Fix: words.Say("Put nothing between the parts", "各部分直接相连，中间什么也不加")},
	{Kind: "merchant-no-unset", In: guess.OfPushes, At: guess.InForm, Alone: true, What: words.Say("a variable without a value stands where merchant_no belongs", "merchant_no 的位置是未赋值的变量"), Fix: words.Say("Give the receiver its merchant's number: the setting was not read", "请给接收端配置商户号：配置没有读到")},
	{Kind: "variables-not-replaced", In: guess.OfBoth, At: guess.InForm, Alone: true, What: words.Say("the names of variables were hashed, or a pattern, and not their values", "求哈希的是变量名或模板本身，而不是变量的值"), Fix: words.Say("Put the values into the text: PHP and shells replace variables between double quotes only, Python's f-string needs its f, JavaScript's template needs backticks", "文本里要放变量的值：PHP 和 shell 只在双引号中替换变量，Python 的 f-string 要写 f，JavaScript 的模板字符串要用反引号")},
	{Kind: "path-included", In: guess.OfRequests, At: guess.InForm, Alone: true, What: words.Say("the URL's path was put into the text", "文本中加进了 URL 路径"), Fix: words.Say("The path is not part of a request's text: sign data + key + time_stamp (§6)", "URL 路径不是待签名文本的一部分：请签 data + 密钥 + time_stamp（§6）")},
	{Kind: "trailing-newline", In: guess.OfBoth, At: guess.InForm, What: words.Say("a line end was hashed, too", "换行符也参与了哈希"), Fix: words.Say("Hash the text without a line end (printf '%s', not echo)", "不要把换行符一起哈希（用 printf '%s'，不用 echo）")},
})

// withLayouts gives each row its layouts to try.
func withLayouts(rows []guess.Hypothesis) []guess.Hypothesis {
	for i := range rows {
		rows[i].Try = laidOut(rows[i].Kind)
	}
	return rows
}
