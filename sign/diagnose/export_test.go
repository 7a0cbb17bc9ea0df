package diagnose

// Hashed is how many bytes an examination hashes.
func (r Request) Hashed() int {
	s := r.search()
	s.sum(false)
	if !s.verified(r.Sign) {
		s.diagnose(r.Sign)
	}
	return s.Hashed
}
