package diagnose

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Finding is one thing that is wrong. Of a signature it is proven: the signature is exactly what this mistake leads to, but for the
// kinds sign-missing, not-hex, malformed and unknown, which say what could not be examined or explained.
type Finding = words.Finding

// Result is what there is to say of one signature.
type Result struct {
	OK       bool
	Expected string    // the right signature
	Signed   string    // the text that is hashed for it, with every key in it as •••
	Findings []Finding // of Examine: none where the signature is right; more than one where mistakes came together
	// Alternatives are other explanations that lead to the very same signature and are as simple.
	Alternatives [][]Finding
}

// Request is a request whose signature is to be explained. Data, Stamp and Sign are the decoded parameters as the server read them.
type Request struct {
	MerchantNo string
	Key        string // the merchant's key
	Data       string // the decoded parameter data
	Stamp      string // time_stamp
	Sign       string // the signature that came with it
	Whitespace sign.Whitespace
	OtherKeys  map[string]string // the keys of the other merchants by their number

	// What arrived, where it is known; it is needed to find damage.
	RawData       string // data as it came in, still URL-encoded; taken out of RawBody or RawQuery where it is empty
	RawQuery      string
	RawBody       string
	ContentLength int64 // as announced; 0 where it is unknown
}

// Push is a push whose signature is to be explained: one that was received with a wrong signment, or one for which a receiver computed
// another signment than it was sent with.
type Push struct {
	MerchantNo string
	Key        string
	Body       []byte            // as received: JSON, a form, or a form whose parameter data holds the JSON
	Signment   string            // the signature to explain; empty means the one in Body
	SignData   sign.PushData     // the rule push.sign_data
	OtherKeys  map[string]string // the keys of the other merchants by their number
	Order      []string          // the fields in the document's order, where Body may have another
}

// Examine says whether the request's signature is right (§6), what would be, and what it is the signature of instead. The right signature is
// for whoever knows the key anyway: it is as good as one request.
func (r Request) Examine() Result {
	s := r.search()
	ws := r.Whitespace
	if ws == sign.Either {
		ws = sign.Exact
	}
	hash := guess.UpperHex(s.sum(ws == sign.Strip))
	out := Result{Expected: hash, Signed: s.plain(ws == sign.Strip)}
	if r.Sign == "" {
		out.Findings = []Finding{words.Note("sign-missing", words.Phrase{En: "there is no signature", Zh: "没有签名"}, words.Phrase{}, words.Phrase{En: "Send the parameter sign (§6)", Zh: "请发送参数 sign（§6）"})}
		return out
	}
	if out.OK = s.verified(r.Sign); !out.OK {
		out.Findings, out.Alternatives = s.diagnose(r.Sign)
	}
	return out
}

func (r Request) search() *search {
	s := &search{Case: guess.Case{
		Right:  guess.Guess{Form: []string{guess.TheData, guess.TheKey, guess.TheStamp}, Data: r.Data, Key: r.Key, Stamp: r.Stamp, No: r.MerchantNo},
		Scope:  guess.OfRequests,
		Rule:   cmp.Or(r.Whitespace, sign.Exact),
		Left:   guess.Effort,
		Others: r.OtherKeys,
	}}
	if s.Right.Size() < short {
		s.Left = 2 * guess.Effort
	}
	s.Came = guess.CameOf(r.RawData, r.RawQuery, r.RawBody)
	return s
}

// Examine does for a push (§10) what [Request.Examine] does for a request. Its error matches [sign.ErrMalformed].
func (p Push) Examine() (Result, error) {
	s, sent, err := p.search()
	if err != nil {
		return Result{}, err
	}
	out := Result{Expected: guess.UpperHex(s.sum(false)), Signed: s.plain(false)}
	signment := cmp.Or(p.Signment, sent)
	if signment == "" {
		out.Findings = []Finding{words.Note("signment-missing", words.Phrase{En: "there is no signment", Zh: "没有 signment"}, words.Phrase{}, words.Phrase{En: "Send the field signment (§10)", Zh: "请发送字段 signment（§10）"})}
		return out, nil
	}
	if out.OK = p.MerchantNo != "" && p.Key != "" && signment == out.Expected; !out.OK {
		out.Findings, out.Alternatives = s.diagnose(signment)
	}
	return out, nil
}

// Malformed is the finding about a push whose fields cannot be read, from the error of [Push.Examine].
func Malformed(err error) Finding {
	return words.Note("malformed", words.Phrase{En: err.Error(), Zh: "推送正文无法解析（" + err.Error() + "）"}, words.Phrase{},
		words.Phrase{En: "A push is one flat JSON object in UTF-8, each name once", Zh: "推送是一个扁平的 UTF-8 JSON 对象，每个字段名只出现一次"})
}

func (p Push) search() (s *search, signment string, err error) {
	fields, signment, err := pushFields(p.Body)
	if err != nil {
		return nil, "", err
	}
	s = &search{Case: guess.Case{
		Right: guess.Guess{Form: []string{guess.TheNo, guess.TheData, guess.TheKey}, Key: p.Key, No: p.MerchantNo, Doc: jsondoc.OfFields(fields)},
		Scope: guess.OfPushes, How: cmp.Or(p.SignData, sign.JSON), Rule: sign.Exact, Left: 2 * guess.Effort, Others: p.OtherKeys, Sent: signment, Order: p.Order,
	}}
	switch s.How {
	case sign.JSON: // as it is
	case sign.Values:
		s.Right.Flat = jsondoc.AsValues
	case sign.Query:
		s.Right.Flat = jsondoc.AsQuery
	}
	s.Right.Data = sign.PushText(fields, p.SignData)
	if raw := sign.RawPushText(p.Body); s.How == sign.JSON && raw != "" && raw != s.Right.Data && signment == sign.Push(p.MerchantNo, raw, p.Key) {
		s.Right.Data, s.Right.Doc = raw, nil // it was signed with its escapes and white space
	}
	return s, signment, nil
}

// pushFields reads the fields of a push in any of the encodings of the rule push.encoding.
func pushFields(body []byte) (fields []sign.Field, signment string, err error) {
	text := bytes.TrimLeft(body, " \t\r\n\uFEFF")
	if len(text) == 0 || text[0] == '{' || text[0] == '[' || bytes.IndexByte(text, '=') < 0 {
		return sign.PushFields(body)
	}
	for pair := range strings.SplitSeq(string(text), "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		switch {
		case nameErr != nil || valueErr != nil || !utf8.ValidString(value):
			return nil, "", fmt.Errorf("%w: not a form", sign.ErrMalformed)
		case name == "data" && strings.HasPrefix(value, "{"):
			return sign.PushFields([]byte(value))
		case name == "signment":
			signment = value
		case slices.Contains(numbers, name) && jsondoc.IsNumber(value): // a form does not say which values are numbers
			fields = append(fields, sign.Field{Name: name, Value: sign.Number(value)})
		default:
			fields = append(fields, sign.Field{Name: name, Value: value})
		}
	}
	return fields, signment, nil
}

// numbers are the fields of a push that are JSON numbers (§10.1, §10.2).
var numbers = []string{"parkId", "stayedTime", "receivableFee"}
