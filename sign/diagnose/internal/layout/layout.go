// Package layout lists the orders of parts that are hashed in place of the right one: what stands before, between and behind data, key and time_stamp.
package layout

import (
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// Likely are how many of a kind are tried where another mistake comes with it: they stand first.
const Likely = 6

// Forms are the layouts of a kind of mistake in requests or in pushes, the likely ones first.
func Forms(kind string, in guess.Scope) [][]string {
	if in == guess.OfPushes {
		return pushForms()[kind]
	}
	return requestForms()[kind]
}

// They are made when the first wrong signature is looked at: 0.4 ms that no start has to wait for.
var (
	requestForms = sync.OnceValue(func() map[string][][]string { return formsOf(guess.OfRequests) })
	pushForms    = sync.OnceValue(func() map[string][][]string { return formsOf(guess.OfPushes) })
	layouts      = sync.OnceValue(func() []layout {
		return slices.Concat(plainLayouts, permutedLayouts(), repeatedLayouts, framedLayouts(), numberlessLayouts(), unreplacedLayouts(), pathLayouts(), namedLayouts(), separatedLayouts(), endedLayouts())
	})
)

func formsOf(in guess.Scope) map[string][][]string {
	byKind := map[string][][]string{}
	for _, l := range layouts() {
		if l.in&in != 0 {
			byKind[l.kind] = append(byKind[l.kind], l.form)
		}
	}
	return byKind
}

// layout is an order of parts that was hashed instead.
type layout struct {
	kind string
	in   guess.Scope
	form []string
}

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
func framedLayouts() (all []layout) {
	for _, around := range [][2]string{
		{"null", ""}, {"undefined", ""}, {"None", ""}, {"nil", ""}, {"", "null"}, {"", "undefined"}, {`"`, `"`}, {"'", "'"}, {"b'", "'"}, {"", "\x00"}, {"", " "}, {" ", ""}, {"\t", ""}, {"", "&"}, {"{", "}"}, {"[", "]"}, {"(", ")"}, {"-n ", ""}, {"-n ", "\n"},
	} {
		all = append(all, layout{"text-framed", guess.OfRequests, []string{around[0], guess.TheData, guess.TheKey, guess.TheStamp, around[1]}},
			layout{"text-framed", guess.OfPushes, []string{around[0], guess.TheNo, guess.TheData, guess.TheKey, around[1]}})
	}
	return all
}

// numberlessLayouts have what a language prints of a variable without a value where merchant_no belongs.
func numberlessLayouts() (all []layout) {
	for _, text := range []string{"undefined", "null", "None", "nil", "merchant_no", "merchantNo"} {
		all = append(all, layout{"merchant-no-unset", guess.OfPushes, []string{text, guess.TheData, guess.TheKey}})
	}
	return all
}

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
				if i >= Likely && separator != "\n" && !slices.IsSorted(order) || i >= rareSeparators && parts.in == guess.OfPushes {
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
func unreplacedLayouts() (all []layout) {
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
}

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
