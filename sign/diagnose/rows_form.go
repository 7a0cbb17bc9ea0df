package diagnose

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// layout is an order of parts that was hashed instead.
type layout struct {
	kind string
	in   scope
	form []string
}

var layouts = slices.Concat(plainLayouts, namedLayouts(), separatedLayouts())

var plainLayouts = []layout{
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
	{"merchant-no-included", ofRequests, []string{theNo, theStamp, theData, theKey}},
	{"merchant-no-included", ofRequests, []string{theNo, theData, theStamp, theKey}},
	{"merchant-no-included", ofRequests, []string{theNo, theKey, theData, theStamp}},
	{"merchant-no-included", ofRequests, []string{theKey, theNo, theData, theStamp}},
	{"merchant-no-included", ofRequests, []string{theKey, theData, theStamp, theNo}},
	{"merchant-no-included", ofRequests, []string{theKey, theNo, theStamp, theData}},
	{"merchant-no-included", ofRequests, []string{theKey, theNo, theStamp, theData, theKey}},
	{"merchant-no-for-key", ofRequests, []string{theData, theNo, theStamp}},
	{"trailing-newline", ofRequests, []string{theData, theKey, theStamp, "\n"}},
	{"trailing-newline", ofRequests, []string{theData, theKey, theStamp, "\r\n"}},
	{"trailing-newline", ofRequests, []string{theData, "\n", theKey, theStamp}},
	{"trailing-newline", ofPushes, []string{theNo, theData, "\n", theKey}},
	{"trailing-newline", ofPushes, []string{theNo, theData, "\r\n", theKey}},
	{"trailing-newline", ofPushes, []string{theNo, theData, theKey, "\r\n"}},
}

// namedLayouts are the parts joined by &, with their names and without, and the key behind, in front or among them.
func namedLayouts() (all []layout) {
	add := func(in scope, form ...string) { all = append(all, layout{"ampersand-joined", in, form}) }
	add(ofRequests, theData, "&", theKey, "&", theStamp)
	add(ofRequests, "data=", theData, "&key=", theKey, "&time_stamp=", theStamp)
	add(ofRequests, "data=", theData, "&time_stamp=", theStamp, "&key=", theKey)
	add(ofRequests, "data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp, "&key=", theKey)
	add(ofRequests, "merchant_no=", theNo, "&time_stamp=", theStamp, "&data=", theData, theKey)
	add(ofRequests, "merchant_no=", theNo, "&time_stamp=", theStamp, "&data=", theData, "&key=", theKey)
	add(ofRequests, theData, "&", theStamp, "&", theKey)
	add(ofRequests, "data=", theData, "&merchant_key=", theKey, "&time_stamp=", theStamp)
	add(ofRequests, theNo, "&", theData, "&", theKey, "&", theStamp)
	add(ofRequests, theNo, "&", theStamp, "&", theData, "&", theKey)
	add(ofPushes, theNo, "&", theData, "&", theKey)
	add(ofPushes, theData, "&key=", theKey)
	keyed := func(in scope, pairs []string) {
		add(in, slices.Concat(pairs, []string{theKey})...)
		for _, name := range []string{"key", "merchant_key", "merchantKey", "secret"} {
			add(in, slices.Concat(pairs, []string{"&" + name + "=", theKey})...)
		}
		add(in, slices.Concat([]string{"key=", theKey, "&"}, pairs)...)
		add(in, slices.Concat([]string{theKey}, pairs)...)
	}
	for _, names := range [][]string{{"data", "time_stamp"}, {"merchant_no", "data", "time_stamp"}} {
		for order := range jsondoc.Orders(len(names)) {
			keyed(ofRequests, pairsOf(names, order))
		}
	}
	for order := range jsondoc.Orders(2) {
		keyed(ofPushes, pairsOf([]string{"merchant_no", "data"}, order))
	}
	return slices.CompactFunc(all, func(a, b layout) bool { return a.in == b.in && slices.Equal(a.form, b.form) })
}

func pairsOf(names []string, order []int) (form []string) {
	part := map[string]string{"data": theData, "time_stamp": theStamp, "merchant_no": theNo}
	for i, at := range order {
		name := names[at]
		if i > 0 {
			name = "&" + name
		}
		form = append(form, name+"=", part[names[at]])
	}
	return form
}

// separatedLayouts are the parts in any order with something between them.
func separatedLayouts() (all []layout) {
	separators := []string{"|", ",", "+", "_", "-", ":", "#", " ", ", ", " + ", "\n", "\t", ";", ".", "*", "/", "&", "$", "@", "^", "\r\n"}
	for _, parts := range []layout{{"", ofRequests, []string{theData, theKey, theStamp}}, {"", ofPushes, []string{theNo, theData, theKey}}} {
		for order := range jsondoc.Orders(len(parts.form)) {
			for i, separator := range separators {
				if i >= likelyLayouts && !slices.IsSorted(order) {
					break
				}
				first, second, third := parts.form[order[0]], parts.form[order[1]], parts.form[order[2]]
				all = append(all, layout{"separator-joined", parts.in, []string{first, separator, second, separator, third}})
				if separator == "\n" {
					all = append(all, layout{"separator-joined", parts.in, []string{first, separator, second, separator, third, separator}})
				}
			}
		}
	}
	return all
}

// requestForms and pushForms are the layouts by their kind.
var requestForms, pushForms = formsOf(ofRequests), formsOf(ofPushes)

func formsOf(in scope) map[string][][]string {
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
func laidOut(kind string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, few bool, yield func(guess) bool) bool {
		if !slices.Equal(g.form, s.right.form) {
			return true
		}
		forms := requestForms[kind]
		if s.scope == ofPushes {
			forms = pushForms[kind]
		}
		if few {
			forms = forms[:min(likelyLayouts, len(forms))]
		}
		for _, form := range forms {
			if g.form = form; !yield(g) {
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
