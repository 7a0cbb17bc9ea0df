// Package lang holds texts in the two languages of the product, English and Chinese, and chooses between them.
package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// The languages, as --lang and the control API name them.
const (
	English = "en"
	Chinese = "zh"
)

// Text is one text in both languages.
type Text struct{ EN, ZH string }

// T is a text in both languages.
func T(en, zh string) Text { return Text{en, zh} }

// Same is a text that reads the same in both: a value, a path.
func Same(text string) Text { return Text{text, text} }

// In is the text in a language: Chinese for "zh", else English.
func (t Text) In(language string) string {
	if language == Chinese {
		return t.ZH
	}
	return t.EN
}

// IsZero reports whether there is no text.
func (t Text) IsZero() bool { return t == Text{} }

// With fills both forms in as [fmt.Sprintf] does. An argument that is a Text is filled in in the form's own language.
func (t Text) With(args ...any) Text {
	in := func(language string) []any {
		own := make([]any, len(args))
		for i, arg := range args {
			if text, both := arg.(Text); both {
				arg = text.In(language)
			}
			own[i] = arg
		}
		return own
	}
	return Text{fmt.Sprintf(t.EN, in(English)...), fmt.Sprintf(t.ZH, in(Chinese)...)}
}

// OfHeader is the language that an Accept-Language asks for (RFC 9110, §12.5.4): Chinese where that is wanted before English.
func OfHeader(accept string) string {
	most, language := 0.0, English
	for part := range strings.SplitSeq(accept, ",") {
		tag, parameter, _ := strings.Cut(part, ";")
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		weight := 1.0
		if q, is := strings.CutPrefix(strings.TrimSpace(parameter), "q="); is {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if (name == English || name == Chinese) && weight > most {
			most, language = weight, name
		}
	}
	return language
}

// OfEnvironment is the language that the variables LC_ALL, LC_MESSAGES and LANG ask for, the first that is set deciding.
func OfEnvironment(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(value, Chinese) {
				return Chinese
			}
			return English
		}
	}
	return English
}
