package engine

import (
	"io"

	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
)

// WriteTo writes what [Copy.State] gives as JSON, piece by piece: next to nothing of it is put together in memory.
func (c *Copy) WriteTo(w io.Writer) (int64, error) {
	j, pushes := pack.NewJSON(w), c.pushes.State()
	j.Object(func() {
		j.Member("version", StateVersion)
		j.Member("clock", c.clock)
		j.Name("platform")
		state := c.state.Snapshot()
		state.Write(j)
		j.In("pushes", func() {
			j.Member("seq", pushes.Seq)
			j.Items("items", true, len(pushes.Items), func(i int) any { return &pushes.Items[i] })
		})
		j.Member("faults", c.faults)
		j.In("journal", func() {
			j.Member("seq", c.journal.Seq())
			j.Items("entries", true, c.journal.Len(), func(i int) any { return c.journal.At(i) })
		})
	})
	return j.Close()
}
