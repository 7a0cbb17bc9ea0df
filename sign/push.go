package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// ErrMalformed is matched by the error of a push whose body is not one flat JSON object in UTF-8 with each name once.
var ErrMalformed = errors.New("sign: malformed push")

// signmentName is the field of a push that carries its signature (§10.1–§10.4).
const signmentName = "signment"

// Field is one field of a push. Value is a string, an int, an int64 or a [Number].
type Field struct {
	Name  string
	Value any
}

// Number is a JSON value that is not quoted, as its literal text: "5.50" stays 5.50. A receiver also gets true, false and
// null as a Number, though the platform sends none (§10).
type Number string

// PushData is the rule push.sign_data: what text of a push is signed. §10 calls it data and leaves it open. The zero value
// means [JSON].
type PushData string

// The values of the rule push.sign_data.
const (
	JSON   PushData = "json"   // the compact JSON of the fields in order
	Values PushData = "values" // the values in order, nothing between them
	Query  PushData = "query"  // name=value joined by &, not URL-encoded, empty values included
)

// PushText is the text of the fields that is signed; the fields do not include signment. JSON has non-ASCII characters,
// U+2028, <, > and & as they are (see [AppendJSONString]). A Value of a type [Field] does not allow is a mistake of the
// program, and panics.
func PushText(fields []Field, how PushData) string {
	var room [512]byte
	return string(appendPushText(room[:0], fields, how))
}

func appendPushText(dst []byte, fields []Field, how PushData) []byte {
	isJSON := how != Values && how != Query
	if isJSON {
		dst = append(dst, '{')
	}
	for i, f := range fields {
		switch {
		case isJSON:
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendJSONString(dst, f.Name), ':')
		case how == Query:
			if i > 0 {
				dst = append(dst, '&')
			}
			dst = append(append(dst, f.Name...), '=')
		}
		dst = appendValue(dst, f, isJSON)
	}
	if isJSON {
		dst = append(dst, '}')
	}
	return dst
}

func appendValue(dst []byte, f Field, quoted bool) []byte {
	switch v := f.Value.(type) {
	case string:
		if quoted {
			return AppendJSONString(dst, v)
		}
		return append(dst, v...)
	case Number:
		return append(dst, v...)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	default:
		panic(fmt.Sprintf("sign: field %q holds a %T; want string, int, int64 or Number", f.Name, v))
	}
}

// AppendJSONString appends s as a JSON string: quotes, backslashes and control characters escaped, everything else as it
// is. Unlike encoding/json it leaves <, >, & and U+2028 alone, as the platform's side does. Bytes that are no UTF-8
// become U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		i++
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i-1]...)
		start = i
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	return append(append(dst, s[start:]...), '"')
}

// Push signs a push (§10): UPPER(HEX(MD5(merchantNo + data + key))), with data made by [PushText].
func Push(merchantNo, data, key string) string {
	d := sum(false, merchantNo, data, key)
	return string(d[:])
}

// PushVerifier checks the pushes one merchant receives (§10). It is a plain value: copy it, share it between goroutines.
type PushVerifier struct {
	MerchantNo string
	Key        string
	SignData   PushData // the rule push.sign_data; empty means JSON
}

// Verify checks the JSON body of a push as it was received. The fields are taken in the order they came in, numbers by
// their literal text, strings by their meaning: a body that was indented or escaped on its way still verifies, one whose
// fields were sorted does not. Under the rule value json the text as it came, without signment ([RawPushText]), is right too: whoever
// writes escapes or white space may have signed them. Its error matches [ErrMalformed], [ErrMissing] or [ErrMismatch].
func (v PushVerifier) Verify(body []byte) error {
	fields, signment, err := parsePush(body)
	if err != nil {
		return err
	}
	err = v.VerifyFields(fields, signment)
	if errors.Is(err, ErrMismatch) && v.SignData != Values && v.SignData != Query {
		if text := RawPushText(body); text != "" && equal(sum(false, v.MerchantNo, text, v.Key), signment) {
			return nil
		}
	}
	return err
}

// RawPushText is the JSON body of a push as it came, its member signment cut out and nothing else changed; "" where it is no such body.
func RawPushText(body []byte) string {
	if !json.Valid(body) {
		return ""
	}
	text := string(bytes.TrimSpace(body))
	if text[0] != '{' {
		return ""
	}
	for at := jsonvalue.SkipSpace(text, 1); text[at] != '}'; {
		from := at // the comma before the member, or the first member
		if text[at] == ',' {
			at = jsonvalue.SkipSpace(text, at+1)
		}
		end := jsonvalue.StringEnd(text, at)
		name := jsonvalue.Unquote(text[at:end])
		at = jsonvalue.SkipSpace(text, jsonvalue.SkipSpace(text, end)+1) // over the colon
		end = jsonvalue.ValueEnd(text, at)
		switch at = jsonvalue.SkipSpace(text, end); {
		case name != signmentName:
		case text[from] == ',':
			return text[:from] + text[end:]
		default:
			rest := strings.TrimPrefix(text[at:], ",")
			return text[:from] + strings.TrimLeft(rest, " ")
		}
	}
	return ""
}

// VerifyFields checks a push whose body is a form (rule push.encoding): the fields in the order they came in, without
// signment. A form does not say which values were numbers; under the rule value json give those (parkId, stayedTime,
// receivableFee) as a [Number]. Its error matches [ErrMissing] or [ErrMismatch].
func (v PushVerifier) VerifyFields(fields []Field, signment string) error {
	switch {
	case signment == "":
		return fmt.Errorf("%w: signment", ErrMissing)
	case v.MerchantNo == "":
		return fmt.Errorf("%w: the merchant's number", ErrMissing)
	case v.Key == "":
		return fmt.Errorf("%w: the merchant's key", ErrMissing)
	}
	if !equal(sum(false, v.MerchantNo, PushText(fields, v.SignData), v.Key), signment) {
		return ErrMismatch
	}
	return nil
}

// PushFields reads the JSON body of a push: its fields in the order they come in, and signment apart ("" where there is none).
// Its error matches [ErrMalformed].
func PushFields(body []byte) (fields []Field, signment string, err error) { return parsePush(body) }

// parsePush reads the fields of a push in their order, signment apart. A name that comes twice is refused, since the
// receiver's own decoder might keep the other one than was checked. It is scanned, for a [json.Decoder] allocates for every token: a push
// took four times as long, and the contract suite reads each several times.
func parsePush(body []byte) (fields []Field, signment string, err error) {
	if !utf8.Valid(body) {
		return nil, "", fmt.Errorf("%w: not UTF-8", ErrMalformed)
	}
	if !json.Valid(body) {
		return nil, "", fmt.Errorf("%w: not JSON", ErrMalformed)
	}
	text := string(body) // of which names and values are pieces
	if text[jsonvalue.SkipSpace(text, 0)] != '{' {
		return nil, "", fmt.Errorf("%w: not an object", ErrMalformed)
	}
	fields = make([]Field, 0, 12)
	seen := make(map[string]bool, 12)
	for name, value := range jsonvalue.Members(text) {
		f, err := fieldOf(jsonvalue.Unquote(name), value)
		switch {
		case err != nil:
			return nil, "", err
		case seen[f.Name]:
			return nil, "", fmt.Errorf("%w: %q twice", ErrMalformed, f.Name)
		}
		seen[f.Name] = true
		if f.Name != signmentName {
			fields = append(fields, f)
			continue
		}
		var ok bool
		if signment, ok = f.Value.(string); !ok {
			return nil, "", fmt.Errorf("%w: signment is no string", ErrMalformed)
		}
	}
	return fields, signment, nil
}

// fieldOf is a field with a scalar as it is written.
func fieldOf(name, value string) (Field, error) {
	switch value[0] {
	case '"':
		return Field{name, jsonvalue.Unquote(value)}, nil
	case '{', '[':
		return Field{}, fmt.Errorf("%w: %q is no scalar", ErrMalformed, name)
	default:
		return Field{name, Number(value)}, nil
	}
}
