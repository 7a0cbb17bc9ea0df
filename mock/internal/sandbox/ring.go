package sandbox

// ring keeps the newest of what happens, oldest first, and knows how many bytes it keeps.
type ring[T any] struct {
	room  []slot[T]
	first int // where the oldest is
	held  int
	size  int
}

// slot is what a ring keeps, and its size: what leaves the ring is not looked at again, which was in no cache any more.
type slot[T any] struct {
	value T
	size  int
}

func (r *ring[T]) len() int { return r.held }

// at is the i-th from the oldest.
func (r *ring[T]) at(i int) *T { return &r.slot(i).value }

func (r *ring[T]) slot(i int) *slot[T] { return &r.room[(r.first+i)%len(r.room)] }

// add puts one of so many bytes behind the others, and says how many of the oldest it has dropped to stay within so many, and so many bytes.
// The newest stays, whatever its size.
func (r *ring[T]) add(v T, size, most, mostBytes int) (dropped uint64) {
	for r.held > 0 && (r.held >= most || r.size+size > mostBytes) {
		r.drop()
		dropped++
	}
	if r.held == len(r.room) {
		r.grow(min(max(2*r.held, 2), most))
	}
	r.held++
	*r.slot(r.held - 1) = slot[T]{v, size}
	r.size += size
	return dropped
}

func (r *ring[T]) drop() {
	oldest := r.slot(0)
	r.size -= oldest.size
	*oldest = slot[T]{}
	r.first = (r.first + 1) % len(r.room)
	r.held--
}

func (r *ring[T]) grow(to int) {
	room := make([]slot[T], to)
	for i := range r.held {
		room[i] = *r.slot(i)
	}
	r.room, r.first = room, 0
}
