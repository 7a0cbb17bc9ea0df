package pack

// piece is how large a piece is, in bytes. It is let go when nothing in it is kept any more. The first piece of a slab is small, and each
// is twice the one before: of ten thousand sandboxes most keep next to nothing.
const (
	firstPiece = 128
	piece      = 64 << 10
)

// Slab hands out room. The zero Slab has none yet.
type Slab struct{ room []byte }

// Keep copies bytes to where they stay. What it gives is not written again, and is let go with the others of its piece.
func (s *Slab) Keep(b []byte) []byte {
	if len(b) > piece/4 {
		return append(make([]byte, 0, len(b)), b...) // it would waste what is left of a piece
	}
	if len(b) > cap(s.room)-len(s.room) {
		s.room = make([]byte, 0, min(piece, max(firstPiece, 2*cap(s.room), len(b))))
	}
	from := len(s.room)
	s.room = append(s.room, b...)
	return s.room[from:len(s.room):len(s.room)]
}
