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

// List are names beside each other, as a language separates them: a, b, c or a、b、c.
func List(language string, names []string) string {
	if language == Chinese {
		return strings.Join(names, "、")
	}
	return strings.Join(names, ", ")
}

// AnyOf are names of which one is wanted: a, b or c.
type AnyOf []string

// In are the names in a language.
func (a AnyOf) In(language string) string {
	or := " or "
	if language == Chinese {
		or = " 或 "
	}
	if len(a) < 2 {
		return List(language, a)
	}
	return List(language, a[:len(a)-1]) + or + a[len(a)-1]
}

// Arguments are the arguments of a format in a language: a [Text], the names of a []string and of an [AnyOf] as that language has them, and the
// others as they are.
func Arguments(language string, args []any) []any {
	own := make([]any, len(args))
	for i, arg := range args {
		switch value := arg.(type) {
		case Text:
			arg = value.In(language)
		case AnyOf:
			arg = value.In(language)
		case []string:
			arg = List(language, value)
		}
		own[i] = arg
	}
	return own
}

// With fills both forms in as [fmt.Sprintf] does, with [Arguments].
func (t Text) With(args ...any) Text {
	return Text{fmt.Sprintf(t.EN, Arguments(English, args)...), fmt.Sprintf(t.ZH, Arguments(Chinese, args)...)}
}

// OfHeader is the language that an Accept-Language asks for (RFC 9110, §12.5.4): Chinese where that is wanted before English.
func OfHeader(accept string) string {
	most, language := 0.0, English
	for part := range strings.SplitSeq(accept, ",") {
		tag, parameter, _ := strings.Cut(part, ";")
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
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

// Variable names the language of what the product prints: en or zh. Any other value leaves it to the locale.
const Variable = "ETCP_MOCK_LANG"

// OfEnvironment is the language that [Variable] names, else the one that the variables LC_ALL, LC_MESSAGES and LANG ask for, the first that is
// set deciding.
func OfEnvironment(getenv func(string) string) string {
	if asked := getenv(Variable); asked == English || asked == Chinese {
		return asked
	}
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
