package model

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// scalar is a parameter's text. Absent: missing, null or empty; a boolean, an object or an array is no scalar.
func scalar(v any) (text string, absent, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true, true
	case string:
		return v, v == "", true
	case json.Number:
		return v.String(), false, true
	}
	return "", false, false
}

// FormCode is what the checks of parameters answer (docs/protocol.md): 20102 before 6 and 20201, the first malformed one in the
// document's order. 0: they pass.
func FormCode(e *schemas.Endpoint, fields map[string]any) int {
	absent := func(name string) bool { _, no, _ := scalar(fields[name]); return no }
	for _, p := range e.Params {
		if p.Required && absent(p.Name) {
			return schemas.CodeMissingParameter
		}
	}
	alone := e.Alone != "" && !absent(e.Alone)
	if len(e.Either) > 0 && !alone {
		meant := e.Either[len(e.Either)-1]
		for _, group := range e.Either {
			if slices.ContainsFunc(group, func(name string) bool { return !absent(name) }) {
				meant = group
				break
			}
		}
		if slices.ContainsFunc(meant, absent) {
			return schemas.CodeMissingParameter
		}
	}
	for _, p := range e.Params {
		if absent(p.Name) || alone && p.Name != e.Alone {
			continue
		}
		text, _, ok := scalar(fields[p.Name])
		if ok && WellFormed(p.Form, text) {
			continue
		}
		if p.Form == schemas.FormPhone {
			return schemas.CodeBadPhone
		}
		return schemas.CodeBadParameter
	}
	return 0
}

var (
	phoneForm   = lazyregexp.New(`^1[3-9][0-9]{9}$`)
	plateForm   = lazyregexp.New(`^(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使](?:[A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警港澳挂领试超]|[A-Z][0-9]{4}应急)|使[0-9]{6})$`)
	colourForm  = lazyregexp.New(`^[1-4]$`)
	amountForm  = lazyregexp.New(`^[0-9]+(\.[0-9]{1,2})?$`)
	vinForm     = lazyregexp.New(`^[A-HJ-NPR-Z0-9]{17}$`)
	decimalForm = lazyregexp.New(`^-?[0-9]+(\.[0-9]+)?$`)
	wholeForm   = lazyregexp.New(`^[0-9]+$`)
)

// WellFormed says whether a text has a form of §9. It is written apart from the mock's, on purpose.
func WellFormed(form schemas.Form, text string) bool {
	within := func(grammar *regexp.Regexp, least, most float64) bool {
		n, err := strconv.ParseFloat(text, 64)
		return grammar.MatchString(text) && err == nil && n >= least && n <= most
	}
	switch form {
	case schemas.FormKeptText:
		return utf8.RuneCountInString(text) <= 64
	case schemas.FormPhone:
		return phoneForm().MatchString(text)
	case schemas.FormPlate:
		return plateForm().MatchString(normalPlate(text))
	case schemas.FormPlateColor:
		return colourForm().MatchString(text)
	case schemas.FormPayment:
		return amountForm().MatchString(text) && strings.Trim(text, "0.") != ""
	case schemas.FormTime:
		_, err := client.ParseTime(text)
		return err == nil
	case schemas.FormVIN:
		return vinForm().MatchString(text)
	case schemas.FormLatitude:
		return within(decimalForm(), -90, 90)
	case schemas.FormLongitude:
		return within(decimalForm(), -180, 180)
	case schemas.FormRadius:
		return within(wholeForm(), 500, 5000)
	case schemas.FormPayType:
		return text == "1"
	default:
		return true
	}
}

func normalPlate(text string) string { return strings.ToUpper(strings.ReplaceAll(text, " ", "")) }

// ParseData reads data as the platform must (§5): a JSON object in UTF-8, of duplicates the last.
func ParseData(text string) (fields map[string]any, ok bool) {
	if !utf8.ValidString(text) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber()
	if dec.Decode(&fields) != nil || fields == nil {
		return nil, false
	}
	_, err := dec.Token()
	return fields, err == io.EOF
}

// Linted reports whether a request that is accepted has a lint, which strict refuses (docs/protocol.md). That of duplicates, and of how it was sent, is said elsewhere.
func Linted(e *schemas.Endpoint, fields map[string]any) bool {
	absent := func(name string) bool { _, no, _ := scalar(fields[name]); return no }
	alone := e.Alone != "" && !absent(e.Alone)
	for name, v := range fields {
		at := slices.IndexFunc(e.Params, func(p schemas.Param) bool { return p.Name == name })
		if at < 0 {
			return true
		}
		p := e.Params[at]
		if alone && name != e.Alone {
			continue
		}
		if _, number := v.(json.Number); number && !p.Mixed {
			return true
		}
		if text, _ := v.(string); p.Form == schemas.FormPlate && normalPlate(text) != text {
			return true
		}
	}
	return len(e.Either) > 0 && !alone && !absent("city") && (!absent("lat") || !absent("lon") || !absent("radius"))
}
