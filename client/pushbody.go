package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/readall"
	"github.com/etcp-mock/etcp-mock/sign"
)

// pushBody is the body of a push, in one of the rule push.encoding's three forms: JSON, or the pairs of a form in their order.
type pushBody struct {
	json []byte
	form []sign.Field // every value a string
}

// readPush reads a push's body. The status goes with an error.
func readPush(w http.ResponseWriter, r *http.Request) (body pushBody, status int, err error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" && media != "application/x-www-form-urlencoded" {
		return body, http.StatusUnsupportedMediaType, &PushError{
			Code: CodeFailed, Message: "neither application/json nor application/x-www-form-urlencoded",
		}
	}
	raw, err := readall.Bounded(http.MaxBytesReader(w, r.Body, MaxPush), r.ContentLength, MaxPush+1)
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return body, http.StatusRequestEntityTooLarge, &PushError{Code: CodeFailed, Message: "longer than 64 KiB"}
	}
	if err != nil {
		return body, http.StatusBadRequest, &PushError{Code: CodeFailed, Message: "the body ended early", Err: err}
	}
	if media == "application/json" {
		return pushBody{json: raw}, http.StatusOK, nil
	}
	form, err := parseForm(string(raw))
	if err != nil {
		return body, http.StatusOK, &PushError{Code: CodeBadParameter, Message: "malformed form", Err: err}
	}
	if len(form) == 1 && form[0].Name == "data" {
		return pushBody{json: []byte(form[0].Value.(string))}, http.StatusOK, nil
	}
	return pushBody{form: form}, http.StatusOK, nil
}

// parseForm reads a form and keeps its order, which is what is signed (§10: 顺序固定) and what url.ParseQuery loses.
func parseForm(raw string) ([]sign.Field, error) {
	form := []sign.Field{}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		value, err = url.QueryUnescape(value)
		switch {
		case err != nil:
			return nil, err
		case !utf8.ValidString(name + value):
			return nil, errors.New("not UTF-8")
		case seen[name]:
			return nil, fmt.Errorf("%q twice", name)
		}
		seen[name] = true
		form = append(form, sign.Field{Name: name, Value: value})
	}
	return form, nil
}

// verify checks the signature and gives the fields it covers.
func (b pushBody) verify(v sign.PushVerifier) (fields, error) {
	if b.form == nil {
		read, signment, err := sign.PushFields(b.json)
		if err == nil {
			err = v.VerifyFields(read, signment)
		}
		if errors.Is(err, sign.ErrMismatch) {
			err = v.Verify(b.json) // which also takes the text as it came
		}
		if err != nil {
			return nil, refuse(err)
		}
		return jsonFields(read)
	}
	signed, signment := make([]sign.Field, 0, len(b.form)), ""
	values := fields{}
	for _, f := range b.form {
		text := f.Value.(string)
		if f.Name == "signment" {
			signment = text
			continue
		}
		signed, values[f.Name] = append(signed, f), text
	}
	if err := verifyForm(v, signed, signment); err != nil {
		return nil, refuse(err)
	}
	return values, nil
}

// verifyForm checks a form. Under push.sign_data json the signature covers a JSON text in which some values were numbers, and a
// form does not say which: parkId and receivableFee were seen both ways, stayedTime only as a number. So each way is tried.
func verifyForm(v sign.PushVerifier, form []sign.Field, signment string) error {
	err := v.VerifyFields(form, signment)
	if !errors.Is(err, sign.ErrMismatch) || v.SignData == sign.Values || v.SignData == sign.Query {
		return err
	}
	var numbers []int
	for i, f := range form {
		switch f.Name {
		case "parkId", "stayedTime", "receivableFee":
			if text := f.Value.(string); json.Valid([]byte(text)) && text != "" && strings.Trim(text, "0123456789.-") == "" {
				numbers = append(numbers, i)
			}
		}
	}
	for ways := 1; ways < 1<<len(numbers); ways++ {
		tried := append([]sign.Field(nil), form...)
		for bit, i := range numbers {
			if ways&(1<<bit) != 0 {
				tried[i].Value = sign.Number(form[i].Value.(string))
			}
		}
		if err = v.VerifyFields(tried, signment); err == nil {
			return nil
		}
	}
	return err
}

// jsonFields are the fields of a body of JSON, by name.
func jsonFields(read []sign.Field) (fields, error) {
	values := make(fields, len(read))
	for _, f := range read {
		switch v := f.Value.(type) {
		case string:
			values[f.Name] = v
		case sign.Number:
			switch v {
			case "null":
			case "true", "false":
				return nil, &PushError{Code: CodeBadParameter, Message: "field " + f.Name + ": neither a string nor a number"}
			default:
				values[f.Name] = string(v)
			}
		}
	}
	return values, nil
}

// refuse is an error of package sign as the answer to a push.
func refuse(err error) error {
	switch {
	case errors.Is(err, sign.ErrMissing):
		return &PushError{Code: CodeMissingParameter, Message: strings.TrimPrefix(err.Error(), "sign: "), Err: err}
	case errors.Is(err, sign.ErrMalformed):
		return &PushError{Code: CodeBadParameter, Message: "not a push: want one flat JSON object", Err: err}
	}
	return &PushError{Code: CodeBadSignature, Message: "签名校验非法", Err: err}
}
