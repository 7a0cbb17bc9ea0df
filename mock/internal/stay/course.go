package stay

import (
	"sort"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// course says in which order the log has what happened in the course of a stay. A car comes and goes at a whole second (§10.2), and a
// clock that stands shows one instant for much, so instants alone do not say it. A place in it is twice a sequence number; what has
// happened between two inputs has an odd one.
type course struct {
	since   time.Time // from this second on the log is kept
	moments []engine.Moment
	asked   map[uint64]*engine.Moment // requests, by their number
	pushes  map[string]uint64         // where each was made, by its id
	entered uint64
	left    uint64
}

func second(at time.Time) time.Time { return at.Truncate(time.Second) }

// courseOf reads the log since the car came.
func courseOf(h *engine.History, o *platform.Order) *course {
	c := &course{since: second(o.EntranceTime), asked: map[uint64]*engine.Moment{}, pushes: map[string]uint64{}}
	moments, whole := h.Since(c.since)
	if c.moments = moments; !whole {
		if len(moments) == 0 {
			return nil
		}
		c.since = second(moments[0].At).Add(time.Second) // the second in which the log begins is not whole
	}
	var pushes uint64
	for i := range moments {
		m := &moments[i]
		if i > 0 || m.Pushes == 1 {
			for n := pushes + 1; n <= m.Pushes; n++ {
				c.pushes["p"+strconv.FormatUint(n, 10)] = 2 * m.Seq
			}
		}
		pushes, c.asked[m.Request] = m.Pushes, m
		c.car(m, o)
	}
	if c.entered == 0 {
		c.entered = c.before(o.EntranceTime)
	}
	if c.left == 0 && !o.ExitTime.IsZero() {
		c.left = c.before(o.ExitTime)
	}
	return c
}

// car finds the inputs by which the car of an order came and left. One that came at another time than it was said is not among them.
func (c *course) car(m *engine.Moment, o *platform.Order) {
	at := second(m.At)
	if came, gone := at.Equal(second(o.EntranceTime)), at.Equal(second(o.ExitTime)); !came && !gone {
		return
	}
	switch command := m.Command().(type) {
	case platform.Enter:
		if command.Vehicle == o.Vehicle && at.Equal(second(o.EntranceTime)) {
			c.entered = 2 * m.Seq
		}
	case platform.Exit:
		if command.Vehicle == o.Vehicle && at.Equal(second(o.ExitTime)) {
			c.left = 2 * m.Seq
		}
	}
}

// before is the place before the first input at an instant or later.
func (c *course) before(at time.Time) uint64 {
	n := len(c.moments)
	i := sort.Search(n, func(i int) bool { return !c.moments[i].At.Before(at) })
	switch {
	case i < n:
		return 2*c.moments[i].Seq - 1
	case n > 0:
		return 2*c.moments[n-1].Seq + 1
	}
	return 1
}

// knows tells whether the log has what happened in the second of an instant.
func (c *course) knows(at time.Time) bool { return c != nil && !second(at).Before(c.since) }

// request is the place of a request, 0 where it is not known.
func (c *course) request(e *journal.Entry) uint64 {
	if !c.knows(e.At) {
		return 0
	}
	if m := c.asked[journal.Number(e.ID)]; m != nil && m.At.Equal(e.At) {
		return 2 * m.Seq
	}
	return c.before(e.At)
}

// other is the place of what no request tells of, 0 where it is not known.
func (c *course) other(i *Item, pushedAt time.Time) uint64 {
	switch {
	case !c.knows(i.At):
		return 0
	case i.Kind == Enter:
		return c.entered
	case i.Kind == Exit:
		return c.left
	case i.PushID == "":
		return c.before(i.At)
	}
	made, known := c.pushes[i.PushID]
	switch {
	case known:
	case len(c.moments) > 0 && pushedAt.Equal(c.moments[0].At): // the log of the stay begins with what made it, so that it does not tell how many there were before
		made = 2 * c.moments[0].Seq
	default:
		made = c.before(pushedAt)
	}
	if i.At.Equal(pushedAt) {
		return made
	}
	return max(made, c.before(i.At))
}
