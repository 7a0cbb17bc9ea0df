package outgoing

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// However many hang, and however much each wants, who comes new need not wait for a first exchange.
func TestBudget_whoHangsLeavesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		b := newBudget(512)
		var hanging sync.WaitGroup
		hang := func(who string) {
			hanging.Go(func() {
				if b.acquire(ctx, who) == nil {
					<-ctx.Done()
					b.release(who)
				}
			})
		}
		for wanted := range 64 {
			for i := range 100 {
				hang(fmt.Sprint("hangs", i))
			}
			if wanted == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		for i := range 4 {
			got := make(chan error, 1)
			go func() { got <- b.acquire(ctx, fmt.Sprint("new", i)) }()
			synctest.Wait()
			select {
			case err := <-got:
				require.NoError(t, err)
			default:
				t.Fatal("one who came new waits")
			}
		}
		stop()
		hanging.Wait()
		for i := range 4 {
			b.release(fmt.Sprint("new", i))
		}
		require.Zero(t, b.used)
		require.Empty(t, b.held)
		require.Empty(t, b.names)
		require.Empty(t, b.waiting)
	})
}

// So it is where they come one after the other, and the first take all that they may.
func TestBudget_whoHangsOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		b := newBudget(512)
		var hanging sync.WaitGroup
		for i := range 100 {
			for range 64 {
				hanging.Go(func() {
					if who := fmt.Sprint("hangs", i); b.acquire(ctx, who) == nil {
						<-ctx.Done()
						b.release(who)
					}
				})
			}
			synctest.Wait()
		}
		for i := range 100 {
			require.NoError(t, b.acquire(t.Context(), fmt.Sprint("new", i)))
		}
		for i := range 100 {
			b.release(fmt.Sprint("new", i))
		}
		stop()
		hanging.Wait()
		require.Zero(t, b.used)
	})
}

// There are never more than the limit, whoever gives up waiting takes nothing along, and nobody waits while he may go on.
func TestBudget_laws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(1, 6).Draw(rt, "limit")
		type waiting struct {
			who   string
			leave context.CancelFunc
			done  chan error
		}
		synctest.Test(t, func(*testing.T) {
			b := newBudget(limit)
			held := map[string]int{}
			var all []waiting
			settle := func() {
				synctest.Wait()
				still := all[:0]
				for _, w := range all {
					select {
					case err := <-w.done:
						if err == nil {
							held[w.who]++
						}
					default:
						if b.mayLocked(w.who) {
							rt.Fatalf("%s waits and may go on", w.who)
						}
						still = append(still, w)
					}
				}
				all = still
				used := 0
				for who, n := range held {
					used += n
					if b.held[who] != n {
						rt.Fatalf("%s has %d and is said to have %d", who, n, b.held[who])
					}
				}
				if used != b.used || used > limit {
					rt.Fatalf("%d are used, %d are said to be, the limit is %d", used, b.used, limit)
				}
			}
			for range rapid.IntRange(0, 40).Draw(rt, "steps") {
				who := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "who")
				switch rapid.IntRange(0, 2).Draw(rt, "what") {
				case 0:
					ctx, leave := context.WithCancel(context.Background())
					w := waiting{who, leave, make(chan error, 1)}
					all = append(all, w)
					go func() { w.done <- b.acquire(ctx, who) }()
				case 1:
					if held[who] > 0 {
						held[who]--
						b.release(who)
					}
				default:
					if len(all) > 0 {
						all[rapid.IntRange(0, len(all)-1).Draw(rt, "which")].leave()
					}
				}
				settle()
			}
			for _, w := range all {
				w.leave()
			}
			settle()
		})
	})
}

// An exchange is over when its answer was closed, or when there is none.
func TestShared_countsExchanges(t *testing.T) {
	var most, now atomic.Int32
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		for {
			if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		_, _ = io.WriteString(w, "ok")
		now.Add(-1)
	}))
	defer merchant.Close()
	d, err := New(Options{Connections: 10})
	require.NoError(t, err)
	transport := d.HTTP(nil)
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: d.Shared("one", transport)}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			answer, err := c.Get(merchant.URL) //nolint:noctx // the test's own server
			if err == nil {
				_ = answer.Body.Close()
				_ = answer.Body.Close() // a second time gives nothing back
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, most.Load(), int32(2), "a fifth of the limit")
	_, err = c.Get("http://127.0.0.1:0/") //nolint:noctx,bodyclose // nobody is there
	require.Error(t, err)
	require.Zero(t, d.budget.used)
}
