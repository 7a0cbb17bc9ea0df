package scenarios

import "github.com/etcp-mock/etcp-mock/internal/mask"

func (r *runner) maskText(text string) string { return r.masker().Text(text) }

func (r *runner) mask(v any) any { return r.masker().Value(v) }

func (r *runner) masker() mask.Masker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.news {
		r.hidden, r.news = mask.New(r.secrets...), false
	}
	return r.hidden
}

// masked masks a step's result, in place.
func (r *runner) masked(s *StepResult) *StepResult {
	if r.masker().IsZero() {
		return s
	}
	s.Name, s.Subject, s.Curl, s.Reason = r.maskText(s.Name), r.maskText(s.Subject), r.maskText(s.Curl), r.maskText(s.Reason)
	s.Explanation, s.ExplanationZh = r.maskText(s.Explanation), r.maskText(s.ExplanationZh)
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
