package webhook

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/sign"
)

// guess is one way in which a merchant may verify wrong: a push that only such a merchant takes.
type guess struct {
	means string // what it means that it was taken
	push  func(s sender, m message) (sender, message)
}

// guesses are tried, in their order, where a right push is not taken.
var guesses = slices.Concat([]guess{
	otherSender("the body has to be JSON (--encoding json)", func(s *sender) { s.encoding = EncodingJSON }),
	otherSender("it reads a form (--encoding form)", func(s *sender) { s.encoding = EncodingForm }),
	otherSender("it reads a form whose parameter data holds the JSON (--encoding form-data-param)", func(s *sender) { s.encoding = EncodingFormParam }),
	otherSender("it hashes the compact JSON (--sign-data json)", func(s *sender) { s.signData = sign.JSON }),
	otherSender("it hashes the values joined (--sign-data values)", func(s *sender) { s.signData = sign.Values }),
	otherSender("it hashes k=v joined by & (--sign-data query)", func(s *sender) { s.signData = sign.Query }),
}, sortedGuesses(), []guess{
	signedOver("it hashes data without the merchant's number: MD5(data + key)", func(s sender, text string) string { return sign.Push("", text, s.key) }),
	signedOver("it hashes in another order: MD5(data + merchant_no + key)", func(s sender, text string) string { return sign.Push(text, s.merchantNo, s.key) }),
	signedOver("it hashes in another order: MD5(data + key + merchant_no)", func(s sender, text string) string { return sign.Push(text, s.key, s.merchantNo) }),
	signedOver("it hashes in another order: MD5(key + data + merchant_no)", func(s sender, text string) string { return sign.Push(s.key, text, s.merchantNo) }),
	signedOver("it hashes in another order: MD5(merchant_no + key + data)", func(s sender, text string) string { return sign.Push(s.merchantNo, s.key, text) }),
	signedOver("it wants signment in lower case; §6 says upper case", func(s sender, text string) string {
		return strings.ToLower(sign.Push(s.merchantNo, text, s.key))
	}),
	signedOver("it hashes the text while it is still URL-encoded; decode first", func(s sender, text string) string {
		return sign.Push(s.merchantNo, url.QueryEscape(text), s.key)
	}),
	signedOver("it encodes the JSON anew with \\u escapes before it hashes (Python's json.dumps, PHP's json_encode): hash what was received", func(s sender, text string) string {
		return sign.Push(s.merchantNo, escapeNonASCII(text), s.key)
	}),
	signedOver("it encodes the JSON anew with spaces before it hashes (Python's json.dumps): hash what was received", func(s sender, text string) string {
		return sign.Push(s.merchantNo, spaced(text, false), s.key)
	}),
	signedOver("it encodes the JSON anew with spaces and \\u escapes before it hashes (Python's json.dumps): hash what was received", func(s sender, text string) string {
		return sign.Push(s.merchantNo, spaced(text, true), s.key)
	}),
	signedOver("it leaves signment in the text it hashes, empty; take the field out", func(s sender, text string) string {
		return sign.Push(s.merchantNo, strings.TrimSuffix(text, "}")+`,"signment":""}`, s.key)
	}),
	signedAs("it hashes parkId as a text, in quotes; it is a number (§10.1)", func(fields []sign.Field) []sign.Field {
		return set(fields, "parkId", "1")
	}),
	signedAs("it hashes the required fields only, without userType and pushTime: hash what was received", func(fields []sign.Field) []sign.Field {
		return without(fields, "userType", "pushTime")
	}),
})

func otherSender(means string, change func(*sender)) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		change(&s)
		return s, m
	}}
}

func signedOver(means string, hash func(s sender, text string) string) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		return s, m.signedAs(hash(s, sign.PushText(m.fields, s.signData)))
	}}
}

func signedAs(means string, change func([]sign.Field) []sign.Field) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		return s, m.signedAs(s.signment(change(slices.Clone(m.fields))))
	}}
}

// sortedGuesses are the ways of who sorts the keys, which most Chinese payment platforms ask for, and this one does not.
func sortedGuesses() []guess {
	var list []guess
	for _, how := range []sign.PushData{sign.JSON, sign.Query, sign.Values} {
		list = append(list, guess{
			"it sorts the keys before it hashes (" + string(how) + "); the order is that of the document, and of what was received (§10.1: 顺序固定)",
			func(s sender, m message) (sender, message) {
				fields := slices.Clone(m.fields)
				slices.SortFunc(fields, func(a, b sign.Field) int { return cmp.Compare(a.Name, b.Name) })
				return s, m.signedAs(sign.Push(s.merchantNo, sign.PushText(fields, how), s.key))
			},
		})
	}
	return list
}

// diagnose finds out what an endpoint takes that does not take a right push. "" where nothing was found.
func (x *exam) diagnose(first *reply) string {
	if first.Err != nil || first.Status == 404 || first.Status == 405 {
		return ""
	}
	takes := func(s sender, m message) bool {
		r := x.sendAs(s, m)
		return r.refusal(x.endpoint.Timeout) == ""
	}
	for _, g := range guesses {
		s, m := g.push(x.sender, x.maker.entry())
		if s == x.sender && m.signment == nil {
			continue // that is the right push
		}
		if x.ctx.Err() != nil || !takes(s, m) {
			continue
		}
		if takes(s, x.maker.entry().signedAs(x.forged())) {
			return "it takes another push, and a forged one as well: it does not verify, and refuses for another reason"
		}
		return "another push it does take: " + g.means
	}
	if code, problem := first.code(); problem == "" && code != "0" {
		return "no other way of signing was taken either: is the key right, and the merchant's number? does the endpoint know the plate (--plate)?"
	}
	return ""
}

func escapeNonASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		const digits = "0123456789abcdef"
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(digits[r>>shift&0xf])
		}
	}
	return b.String()
}

// spaced is a flat JSON object with ", " and ": " between its parts.
func spaced(text string, escaped bool) string {
	if !json.Valid([]byte(text)) {
		return text
	}
	if escaped {
		text = escapeNonASCII(text)
	}
	return strings.NewReplacer(`","`, `", "`, `":`, `": `, `,"`, `, "`).Replace(text)
}

func messageProblem(r *reply) string {
	var answer struct {
		Message any `json:"message"`
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		return "the answer is not a JSON object"
	}
	switch m := answer.Message.(type) {
	case nil:
		return "the answer has no message"
	case string:
		return ""
	default:
		return "message is no text: " + strings.TrimSpace(wire.Head([]byte(jsonvalue.Encode(m))))
	}
}

func oneObject(body []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(body, &object) == nil
}
