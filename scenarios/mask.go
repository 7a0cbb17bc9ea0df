package scenarios

import "strings"

// Masked stands where a secret was.
const Masked = "•••"

// shortest is how long a secret is that is masked inside longer texts too; a shorter one would take everything with it,
// so that it is masked where it stands alone or in quotes.
const shortest = 4

func (r *runner) maskText(text string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, secret := range r.secrets {
		switch {
		case text == secret:
			return Masked
		case len(secret) >= shortest:
			text = strings.ReplaceAll(text, secret, Masked)
		default:
			text = strings.ReplaceAll(text, `"`+secret+`"`, `"`+Masked+`"`)
		}
	}
	return text
}

// mask masks a value; what it changes it copies.
func (r *runner) mask(v any) any {
	switch x := v.(type) {
	case string:
		return r.maskText(x)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = r.mask(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for name := range x {
			out[name] = r.mask(x[name])
		}
		return out
	}
	return v
}

// masked masks a step's result, in place.
func (r *runner) masked(s *StepResult) *StepResult {
	r.mu.Lock()
	some := len(r.secrets) > 0
	r.mu.Unlock()
	if !some {
		return s
	}
	s.Name, s.Subject, s.Curl, s.Reason = r.maskText(s.Name), r.maskText(s.Subject), r.maskText(s.Curl), r.maskText(s.Reason)
	s.Answer = r.mask(s.Answer)
	if e := s.Exchange; e != nil {
		e.URL, e.Data, e.Body, e.Message = r.maskText(e.URL), r.maskText(e.Data), r.maskText(e.Body), r.maskText(e.Message)
	}
	if f := s.Failure; f != nil {
		f.Detail, f.Source = r.maskText(f.Detail), r.maskText(f.Source)
		for i := range f.Mismatches {
			m := &f.Mismatches[i]
			m.Detail, m.Source, m.Want, m.Got = r.maskText(m.Detail), r.maskText(m.Source), r.mask(m.Want), r.mask(m.Got)
		}
	}
	return s
}
