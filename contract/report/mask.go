package report

import "github.com/etcp-mock/etcp-mock/internal/mask"

// Masker hides secrets in reports, so that no writer has to think of them.
type Masker struct{ mask mask.Masker }

// NewMasker hides each secret, also as it is written inside a JSON text or a URL. Empty ones are no secrets.
func NewMasker(secrets ...string) Masker { return Masker{mask.New(secrets...)} }

// Case hides the secrets in what a case holds of others' texts. What the runner itself says holds none.
func (m Masker) Case(c *Case) {
	m.mask.Texts(&c.Title, &c.Reason, &c.Sent, &c.Expected, &c.Fix)
	for i := range c.Failures {
		f := &c.Failures[i]
		m.mask.Texts(&f.Message, &f.Source, &f.Expected, &f.Actual, &f.Reason, &f.Explanation, &f.Sent, &f.Received, &f.Fix, &f.Curl, &f.Repeat)
	}
}

// Report hides the secrets in a whole report.
func (m Masker) Report(r *Report) {
	m.mask.Texts(&r.Target)
	for i := range r.Cases {
		m.Case(&r.Cases[i])
	}
	for i := range r.Warnings {
		m.mask.Texts(&r.Warnings[i])
	}
	if o := r.Outage; o != nil {
		m.mask.Texts(&o.Detail, &o.DetailZh, &o.Head, &o.Fix, &o.FixZh)
	}
}
