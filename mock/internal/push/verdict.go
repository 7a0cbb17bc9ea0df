package push

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// maxExcerpt is how much of an answer is kept.
const maxExcerpt = 4 << 10

// refusal says why the body of a 2xx answer does not count as delivered: §10 wants {"code":0,…}, the number. Empty: it counts.
func refusal(answer []byte) string {
	why := plainRefusal(answer)
	if why == "" {
		return ""
	}
	if f, ok := inspect.Answer(answer); ok {
		if more, _ := moreOf(&f); more != "" {
			return short(why + ": " + more)
		}
	}
	return why
}

// moreOf is what is known of an answer beyond what a refusal says, in both languages: "" for nothing.
func moreOf(f *inspect.Finding) (en, zh string) {
	switch {
	case slices.Contains([]string{"answer-bom", "answer-html", "answer-xml", "answer-word", "answer-charset", "answer-quoted", "answer-framed"}, f.Kind),
		f.Kind == "answer-code-missing" && strings.HasPrefix(f.Detail, "code stands "):
		return f.Detail, f.DetailZh
	case f.Kind == "answer-code-missing" && strings.HasPrefix(f.Detail, "it has no code, but "): // what stands in its place
		return f.Evidence, f.EvidenceZh
	}
	return "", ""
}

// plainRefusal is refusal without what package diagnose knows of the answer.
func plainRefusal(answer []byte) string {
	trimmed := bytes.TrimLeft(answer, " \t\r\n")
	if len(trimmed) == 0 {
		return failEmpty.EN
	}
	var fields map[string]json.RawMessage // a struct would take "Code" too
	if err := json.Unmarshal(answer, &fields); err != nil {
		if json.Valid(answer) {
			return english(failNoObject, jsonKind(trimmed))
		}
		return english(failNotJSON, short(err.Error()))
	}
	code, there := fields["code"]
	switch {
	case fields == nil:
		return english(failNoObject, failKindNull.EN)
	case !there:
		return failNoCode.EN
	case code[0] == '"':
		return english(failString, short(string(code)))
	case code[0] != '-' && (code[0] < '0' || code[0] > '9'):
		return english(failNoNumber, jsonKind(code))
	}
	if mantissa, _, _ := strings.Cut(strings.ToLower(string(code)), "e"); strings.ContainsAny(mantissa, "123456789") {
		return english(failCode, short(string(code)))
	}
	return ""
}

// jsonKind names a JSON value by its first byte.
func jsonKind(value []byte) string {
	switch value[0] {
	case '{':
		return failKindOther.EN
	case '[':
		return failKindArray.EN
	case '"':
		return failKindText.EN
	case 'n':
		return failKindNull.EN
	case 't', 'f':
		return string(value)
	}
	return failKindCount.EN
}

// excerpt is the beginning of an answer, as valid UTF-8, with … where it goes on.
func excerpt(answer []byte) string {
	cut := answer
	if len(cut) > maxExcerpt {
		cut = cut[:maxExcerpt-len("…")]
		for i := 1; i < utf8.UTFMax && i <= len(cut); i++ { // not in the middle of a character
			if b := cut[len(cut)-i]; utf8.RuneStart(b) {
				if !utf8.FullRune(cut[len(cut)-i:]) {
					cut = cut[:len(cut)-i]
				}
				break
			}
		}
	}
	if len(cut) < len(answer) {
		return strings.ToValidUTF8(string(cut), "?") + "…"
	}
	return strings.ToValidUTF8(string(cut), "?")
}

// short makes text of a stranger's fit for an error message.
func short(text string) string {
	const most = 200
	text = strings.ToValidUTF8(text, "?")
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
