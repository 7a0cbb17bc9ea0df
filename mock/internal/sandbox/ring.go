package sandbox

// ring keeps the newest of what happens, oldest first, and knows how many bytes it keeps.
type ring[T any] struct {
	room   []T
	first  int // where the oldest is
	held   int
	size   int
	sizeOf func(*T) int
}

func (r *ring[T]) len() int { return r.held }

// at is the i-th from the oldest.
func (r *ring[T]) at(i int) *T { return &r.room[(r.first+i)%len(r.room)] }

// add puts one behind the others, and says how many of the oldest it has dropped to stay within so many, and so many bytes.
// The newest stays, whatever its size.
func (r *ring[T]) add(v T, most, mostBytes int) (dropped uint64) {
	size := r.sizeOf(&v)
	for r.held > 0 && (r.held >= most || r.size+size > mostBytes) {
		r.drop()
		dropped++
	}
	if r.held == len(r.room) {
		r.grow(min(max(2*r.held, 2), most))
	}
	r.held++
	*r.at(r.held - 1) = v
	r.size += size
	return dropped
}

func (r *ring[T]) drop() {
	oldest := r.at(0)
	r.size -= r.sizeOf(oldest)
	var none T
	*oldest = none
	r.first = (r.first + 1) % len(r.room)
	r.held--
}

func (r *ring[T]) grow(to int) {
	room := make([]T, to)
	for i := range r.held {
		room[i] = *r.at(i)
	}
	r.room, r.first = room, 0
}
