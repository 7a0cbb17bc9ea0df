package report

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Hidden stands in every output where a secret was.
const Hidden = "•••"

// Masker hides secrets in texts.
type Masker struct{ replace *strings.Replacer }

// NewMasker hides each secret, also as it looks inside a JSON text or a URL. Empty ones are no secrets.
func NewMasker(secrets ...string) Masker {
	var forms []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		inJSON, _ := json.Marshal(s) //nolint:errchkjson // a text always encodes
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(string(inJSON), `"`))
	}
	// The longest first, so that a secret that holds another is hidden whole.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range slices.Compact(forms) {
		pairs = append(pairs, f, Hidden)
	}
	return Masker{strings.NewReplacer(pairs...)}
}

// Text hides the secrets in a text.
func (m Masker) Text(s string) string {
	if m.replace == nil {
		return s
	}
	return m.replace.Replace(s)
}

// Case hides the secrets in what a case was told by others. What the runner itself says holds none.
func (m Masker) Case(c *Case) {
	m.texts(&c.Title, &c.Reason, &c.Sent, &c.Expected, &c.Fix)
	for i := range c.Failures {
		f := &c.Failures[i]
		m.texts(&f.Message, &f.Source, &f.Expected, &f.Actual, &f.Reason, &f.Sent, &f.Received, &f.Fix, &f.Curl)
	}
}

// Report hides the secrets in a whole report.
func (m Masker) Report(r *Report) {
	m.texts(&r.Target)
	for i := range r.Cases {
		m.Case(&r.Cases[i])
	}
	for i := range r.Warnings {
		m.texts(&r.Warnings[i])
	}
	if o := r.Outage; o != nil {
		m.texts(&o.Detail, &o.Head, &o.Fix)
	}
}

func (m Masker) texts(texts ...*string) {
	for _, t := range texts {
		*t = m.Text(*t)
	}
}
