package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/readall"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// maxBody is the largest body that is read, 1 MiB; more is HTTP 413 with code 6.
const maxBody = 1 << 20

// form is the four parameters of §3, decoded.
type form struct {
	merchantNo, timeStamp, data, sign string
	raw                               string // data as it was sent, still URL-encoded
	odd                               bool   // there were other parameters, or one came twice
	escaped                           bool   // raw is known to be what [url.QueryEscape] makes of data
}

func (x *exchange) take(f *form) {
	x.MerchantNo, x.TimeStamp, x.Data, x.Sign, x.RawData = f.merchantNo, f.timeStamp, f.data, f.sign, ""
	x.takeRaw(f)
}

// takeRaw keeps how data came, and notes where it was not URL-encoded.
func (x *exchange) takeRaw(f *form) {
	if f.escaped || isEscaped(f.raw, f.data) {
		return // what follows from data is not kept twice
	}
	x.RawData = excerpt.Bytes(f.raw, maxRaw)
	if len(f.raw) <= maxRaw && inspect.NotEncoded(f.raw) {
		x.Lints = append(x.Lints, params.Lint{
			Rule: "data-not-url-encoded", Detail: "data is not URL-encoded: a +, & or % in it arrives as something else, and a space may not arrive at all (§5)",
			DetailZh: "data 没有做 URL 编码：其中的 +、&、% 到达后会变成别的内容，空格则可能送不到（§5）",
		})
	}
}

// unescape is [url.QueryUnescape] for a text of usual length, and tells whether the text is what [url.QueryEscape] makes of what it says. ok is
// false where it is longer, or no such text. It looks at each byte once, where QueryUnescape and [isEscaped] together look at it three times:
// that took twice as long.
func unescape(text string) (plain string, escaped, ok bool) {
	var room [512]byte
	if len(text) > len(room) {
		return "", false, false
	}
	n := 0
	escaped = true
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '+':
			c = ' '
		case c != '%':
			escaped = escaped && unreserved(c)
		case i+2 >= len(text):
			return "", false, false
		default:
			high, highUpper := hexDigit(text[i+1])
			low, lowUpper := hexDigit(text[i+2])
			if high|low > 0xf {
				return "", false, false
			}
			c = high<<4 | low
			escaped = escaped && highUpper && lowUpper && c != ' ' && !unreserved(c)
			i += 2
		}
		room[n] = c
		n++
	}
	return string(room[:n]), escaped, true
}

// unreserved tells of a byte whether [url.QueryEscape] leaves it as it is.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.' || c == '~'
}

// hexDigit is the value of a hexadecimal digit, above 15 where it is none, and whether it is none in lower case.
func hexDigit(c byte) (value byte, upper bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, false
	default:
		return 0xff, false
	}
}

// isEscaped tells whether raw is what [url.QueryEscape] makes of a text.
func isEscaped(raw, text string) bool {
	const digits = "0123456789ABCDEF"
	i := 0
	for j := range len(text) {
		c := text[j]
		switch {
		case i >= len(raw):
			return false
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~':
			if raw[i] != c {
				return false
			}
			i++
		case c == ' ':
			if raw[i] != '+' {
				return false
			}
			i++
		default:
			if i+3 > len(raw) || raw[i] != '%' || raw[i+1] != digits[c>>4] || raw[i+2] != digits[c&0xf] {
				return false
			}
			i += 3
		}
	}
	return i == len(raw)
}

// keepQuery is keep of a query.
func (x *exchange) keepQuery(f *form, text string) {
	x.keep(f, text)
	x.InQuery = x.RawForm != ""
}

// keep keeps what arrived where it is not what a form encoder makes of the four parameters, so that it can be explained.
func (x *exchange) keep(f *form, text string) {
	if text != "" && (x.RawData != "" || f.odd || f.merchantNo == "" || f.timeStamp == "" || f.data == "" || f.sign == "") {
		x.RawForm = strings.Clone(beginning(text))
	}
}

// beginning is what is kept of a text, byte for byte, with … where it goes on.
func beginning(text string) string {
	if len(text) <= maxRaw {
		return text
	}
	return text[:maxRaw] + "…"
}

// maxRaw bounds what is kept of data as it was sent; longer data is not held against its encoding.
const maxRaw = 16 << 10

// read takes the parameters from the query of a GET, or from the body of a
// POST. A POST parameter that the body lacks is looked for in the query, as
// servlets do, with a lint. A body of another content type is not read.
func (x *exchange) read(r *http.Request) {
	if r.Method != http.MethodPost {
		var query form
		if err := query.parse(r.URL.RawQuery); err != nil {
			x.refuse(http.StatusOK, err)
		}
		x.take(&query)
		x.keepQuery(&query, r.URL.RawQuery)
		if x.MerchantNo == "" && r.URL.RawQuery == "" && r.ContentLength != 0 { // perhaps they are in its body
			body, _ := io.ReadAll(io.LimitReader(r.Body, maxRaw))
			x.keep(&query, string(body))
		}
		return
	}
	if !x.readBody(r) {
		return
	}
	if r.URL.RawQuery == "" {
		return
	}
	var query form
	if err := query.parse(r.URL.RawQuery); err != nil {
		return // the query is only a second place to look
	}
	if x.RawForm == "" {
		x.keepQuery(&query, r.URL.RawQuery)
	}
	if x.Data == "" {
		x.takeRaw(&query)
	}
	x.fill("merchant_no", &x.MerchantNo, query.merchantNo)
	x.fill("time_stamp", &x.TimeStamp, query.timeStamp)
	x.fill("data", &x.Data, query.data)
	x.fill("sign", &x.Sign, query.sign)
}

func (x *exchange) fill(name string, to *string, from string) {
	if *to == "" && from != "" {
		*to = from
		x.Lints = append(x.Lints, params.Lint{
			Rule: "post-parameter-in-query", Detail: name + " is in the query; the document puts a POST's parameters in its body (§5)",
			DetailZh: name + " 在查询串中；文档规定 POST 的参数放在请求体里（§5）",
		})
	}
}

// formType is the one content type that is read; its charset is always UTF-8 (§5).
const formType = "application/x-www-form-urlencoded"

// patience is how much more of a body that is too large is taken before the
// answer, since a client that is still sending may not look for one.
const patience = 64 << 20

func (x *exchange) readBody(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	isForm := strings.EqualFold(strings.TrimSpace(kind), formType)
	hopeless := r.ContentLength > maxBody+patience // to be answered at once
	var body []byte
	var err error
	if !hopeless {
		body, err = x.readAll(r)
	}
	if !isForm && len(body) > 0 {
		if x.Foreign = journal.Short(strings.TrimSpace(kind)); x.Foreign == "" {
			x.Foreign = engine.NoContentType
		}
	}
	switch {
	case hopeless || len(body) > maxBody:
		if !hopeless {
			_, _ = io.CopyN(io.Discard, r.Body, patience)
		}
		x.refuse(http.StatusRequestEntityTooLarge, reasons.Refuse("body-too-large"))
		return false
	case !isForm:
		x.keep(&form{}, string(body))
		return true
	case err != nil: // the client has gone, or the read timeout has passed
		x.cutShort(r, body, err)
		return false
	}
	var parsed form
	text := string(body) // of which the parameters are pieces
	refusal := parsed.parse(text)
	x.take(&parsed)
	x.keep(&parsed, text)
	if refusal != nil {
		x.refuse(http.StatusOK, refusal)
	}
	return refusal == nil
}

// cutShort refuses a body that is not there to its end: shorter than its Content-Length, or chunked without the last chunk. What came of it says whose it is.
func (x *exchange) cutShort(r *http.Request, body []byte, err error) {
	var parsed form
	text := string(body)
	_ = parsed.parse(text) // that its end is missing is said below
	x.take(&parsed)
	x.keep(&parsed, text)
	x.refuse(http.StatusOK, reasons.Refuse("body-malformed").With("cause", "it broke off").
		Because(inspect.Incomplete(r.ContentLength, text, errors.Is(err, os.ErrDeadlineExceeded))))
}

// readAll reads a body, or its first maxBody+1 bytes, into the exchange's room.
func (x *exchange) readAll(r *http.Request) ([]byte, error) {
	n := r.ContentLength
	if n < 0 || n > maxBody {
		return readall.Bounded(r.Body, -1, maxBody+1)
	}
	came := 0
	for {
		x.body = slices.Grow(x.body[:came], max(min(int(n)-came, max(came, firstRoom)), 0)) // what was announced may never come
		upTo := min(int(n), cap(x.body))
		read, err := io.ReadFull(r.Body, x.body[came:upTo])
		came += read
		if err == io.EOF && came > 0 { // ReadFull calls it so where a piece begins with it
			err = io.ErrUnexpectedEOF
		}
		if err != nil || came == int(n) {
			if err == nil && n > 0 {
				_ = r.Body.Close() // nothing is left of it: net/http, which would look for more, need not
			}
			return x.body[:came], err
		}
	}
}

// firstRoom is the room in bytes that is made for a body before any of it has come.
const firstRoom = 16 << 10

// parse reads the four parameters out of a query or a form; the first of a
// repeated one counts, as in a servlet's getParameter. Others are passed over.
func (f *form) parse(text string) *reasons.Refusal {
	large := len(text) > maxKept // a piece of it must not keep all of it in the journal
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		name, value, _ := strings.Cut(pair, "=")
		if strings.IndexByte(name, '%') >= 0 {
			if plain, err := url.QueryUnescape(name); err == nil {
				name = plain // merchant%5Fno
			}
		}
		to := f.field(name)
		if to == nil || *to != "" {
			f.odd = true
			continue
		}
		if name == "data" && !large {
			var ok bool
			if f.data, f.escaped, ok = unescape(value); ok {
				f.raw = value
				continue
			}
			f.escaped = false
		}
		decoded, err := url.QueryUnescape(value)
		if err != nil && name == "data" && (strings.IndexByte(value, '{') >= 0 || strings.Contains(value, "%7B")) {
			decoded, err = inspect.Unescape(value), nil // JSON that was not URL-encoded, with a % in it
		}
		if err != nil {
			return reasons.Refuse("body-malformed").
				Say("cause", name+" is not URL-encoded: "+err.Error(), name+" 不是 URL 编码："+strings.TrimPrefix(err.Error(), "invalid URL escape "))
		}
		if large {
			decoded = strings.Clone(decoded)
		}
		*to = decoded
		if name == "data" {
			f.raw = value
		}
	}
	return nil
}

func (f *form) field(name string) *string {
	switch name {
	case "merchant_no":
		return &f.merchantNo
	case "time_stamp":
		return &f.timeStamp
	case "data":
		return &f.data
	case "sign":
		return &f.sign
	default:
		return nil
	}
}

// maxKept bounds what the journal keeps of data, in bytes; an honest one has
// hundreds, and the journal keeps ten thousand.
const maxKept = 64 << 10
