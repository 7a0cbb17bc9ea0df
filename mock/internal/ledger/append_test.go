package ledger_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// An input has a limit.
func TestAppend_tooLarge(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		log := create(t, open(t), "a")
		var large *ledger.TooLargeError
		_, err := log.Append(make([]byte, ledger.MaxRecord+1))
		require.ErrorAs(t, err, &large)
		put(t, log, "the log goes on")
	})
}

// Many append to several sandboxes while snapshots are made: each input that was waited for is there once, in the order
// of its sequence number.
func TestAppend_atOnce(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		const sandboxes, writers, each = 3, 8, 40
		var wg sync.WaitGroup
		for s := range sandboxes {
			counter := &counted{log: create(t, l, fmt.Sprint("s", s))}
			for w := range writers {
				wg.Go(func() {
					for i := range each {
						if err := counter.add(t.Context(), w); err != nil {
							t.Error(err)
							return
						}
						if w == 0 && i%10 == 9 {
							if err := counter.keep(t.Context()); err != nil {
								t.Error(err)
								return
							}
						}
					}
				})
			}
		}
		wg.Wait()
		require.NoError(t, l.Close())
		l = open(t)
		for s := range sandboxes {
			var sums [writers]uint64
			log, err := l.Take(t.Context(), fmt.Sprint("s", s), ledger.Restore{
				Snapshot: func(_ uint64, state []byte) error {
					return binary.Read(bytes.NewReader(state), binary.BigEndian, &sums)
				},
				Record: func(_ uint64, input []byte) error { sums[input[0]]++; return nil },
			})
			require.NoError(t, err)
			require.Equal(t, uint64(writers*each+1), log.Next())
			for _, sum := range sums {
				require.Equal(t, uint64(each), sum)
			}
		}
	})
}

// counted is a sandbox whose state is how many inputs each writer has made.
type counted struct {
	mu   sync.Mutex
	log  ledger.Log
	sums [8]uint64
	seq  uint64
}

func (c *counted) add(ctx context.Context, writer int) error {
	c.mu.Lock()
	seq, err := c.log.Append([]byte{byte(writer)})
	if err == nil {
		c.sums[writer]++
		c.seq = seq
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.log.Wait(ctx, seq)
}

func (c *counted) keep(ctx context.Context) error {
	c.mu.Lock()
	var state bytes.Buffer
	err := binary.Write(&state, binary.BigEndian, c.sums)
	seq := c.seq
	c.mu.Unlock()
	if err != nil {
		return err
	}
	if err := c.log.Wait(ctx, seq); err != nil {
		return err
	}
	return c.log.Keep(ctx, seq, &state)
}
