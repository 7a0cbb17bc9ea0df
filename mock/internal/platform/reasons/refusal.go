// Package reasons has every reason for which the platform refuses, with its code, and explains a refusal in English and Chinese: what
// happened, the values that disagreed, and the fix.
package reasons

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// Refusal is why a request was not answered with code 0: the code for the
// wire, the stable word for X-Mock-Reason, and the values that disagreed.
type Refusal struct {
	Code   int     `json:"code"`
	Reason string  `json:"reason"`          // kebab-case, a key of the catalogue
	Param  string  `json:"param,omitempty"` // the parameter it is about
	Values []Value `json:"values,omitempty"`
	// Findings are what is wrong with what came, where that was found out: the mistake, where it shows, and the fix.
	Findings []inspect.Finding `json:"findings,omitempty"`
}

// Explanation is what is left out of a refusal until somebody asks.
type Explanation struct {
	Values   []Value
	Findings []inspect.Finding
}

// Plus is the refusal with what was left out of it.
func (r *Refusal) Plus(e Explanation) *Refusal {
	whole := *r
	whole.Values, whole.Findings = slices.Concat(r.Values, e.Values), slices.Concat(r.Findings, e.Findings)
	return &whole
}

// Value is one named value of an explanation, printed as a person reads it.
type Value struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Zh   string `json:"zh,omitempty"` // in Chinese, where it is a phrase
}

// Refuse begins a refusal by its reason; the catalogue knows its code.
func Refuse(reason string) *Refusal {
	return &Refusal{Code: catalogue[reason].code, Reason: reason}
}

// At names the parameter the refusal is about.
func (r *Refusal) At(param string) *Refusal {
	r.Param = param
	return r
}

// With adds a value that the explanation shows.
func (r *Refusal) With(name, text string) *Refusal {
	r.Values = append(r.Values, Value{Name: name, Text: text})
	return r
}

// Say adds a value that is a phrase, in English and in Chinese.
func (r *Refusal) Say(name, en, zh string) *Refusal {
	r.Values = append(r.Values, Value{name, en, zh})
	return r
}

// Because adds what was found to be wrong: what happened, where it shows, and the fix.
func (r *Refusal) Because(f inspect.Finding) *Refusal {
	r.Findings = append(r.Findings, f)
	why, zh := f.Detail, f.DetailZh
	switch {
	case f.Evidence == "":
	case strings.HasSuffix(why, "?"):
		why, zh = why+" "+sentence(f.Evidence), zh+f.EvidenceZh
	default:
		why, zh = why+": "+f.Evidence, zh+"："+f.EvidenceZh
	}
	r.Say("found", sentence(why), zh+"。")
	return r.Say("fix", f.Fix, f.FixZh)
}

// Found is [Refusal.Because] where something was found.
func (r *Refusal) Found(f inspect.Finding, found bool) *Refusal {
	if !found {
		return r
	}
	return r.Because(f)
}

// Otherwise says the fix where nothing was found that says it better.
func (r *Refusal) Otherwise(en, zh string) *Refusal {
	if len(r.Findings) > 0 {
		return r
	}
	return r.Say("fix", en, zh)
}

// sentence is a text that begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		text = string(text[0]-'a'+'A') + text[1:]
	}
	return strings.TrimSuffix(text, ".") + "."
}

// Fix is what to do, in English ("en") or Chinese ("zh"); "" where that is not known.
func (r *Refusal) Fix(language string) string {
	for _, v := range r.Values {
		switch {
		case v.Name != "fix":
		case language == "zh":
			return v.Chinese()
		default:
			return v.Text
		}
	}
	if fix, known := fixes[r.Reason]; known {
		if language == "zh" {
			return fix.Zh
		}
		return fix.En
	}
	return ""
}

// Word is what X-Mock-Reason says: "sign-mismatch", "missing-parameter: token".
func (r *Refusal) Word() string {
	if r.Param == "" {
		return r.Reason
	}
	return r.Reason + ": " + r.Param
}

// Explain is the long version in English ("en") or Chinese ("zh"); it ends with the fix, where that is known.
func (r *Refusal) Explain(language string) string {
	entry := catalogue[r.Reason]
	text := entry.en
	if language == "zh" {
		text = entry.zh
	}
	pairs := make([]string, 0, 2*len(r.Values)+2)
	pairs = append(pairs, "{param}", r.Param)
	for _, v := range r.Values {
		if language == "zh" {
			v.Text = v.Chinese()
		}
		pairs = append(pairs, "{"+v.Name+"}", inspect.Visible(v.Text))
	}
	space, stop := " ", "."
	if language == "zh" {
		space, stop = "", "。"
	}
	var found strings.Builder
	for _, v := range r.Values {
		if v.Name == "found" {
			found.WriteString(space + "{found}")
		}
	}
	text += found.String()
	text = strings.TrimSpace(strings.NewReplacer(pairs...).Replace(text))
	if fix := inspect.Visible(r.Fix(language)); fix != "" && !strings.Contains(text, fix) {
		if strings.HasSuffix(fix, "?") || strings.HasSuffix(fix, "？") || strings.HasSuffix(fix, stop) {
			stop = ""
		}
		text += space + fix + stop
	}
	return text
}

// Chinese is the value in Chinese, where it is a phrase.
func (v Value) Chinese() string {
	if v.Zh != "" {
		return v.Zh
	}
	if phrase := phrases[v.Text]; phrase != "" {
		return phrase
	}
	return v.Text
}

// All lists every reason with its code.
func All() map[string]int {
	all := make(map[string]int, len(catalogue))
	for reason, entry := range catalogue {
		all[reason] = entry.code
	}
	return all
}

// Phrase is a text in both languages, for [Refusal.Say].
type Phrase struct{ En, Zh string }

// Add continues the text.
func (p *Phrase) Add(en, zh string) {
	p.En += en
	p.Zh += zh
}
