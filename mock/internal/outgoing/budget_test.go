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
	"time"

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
					b.release(who, false)
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
			b.release(fmt.Sprint("new", i), false)
		}
		require.Zero(t, b.used)
		require.Empty(t, b.held)
		require.Empty(t, b.names)
		require.Empty(t, b.waiting)
	})
}

// So it is where they come one after the other, and the first take all that they may: those who are new, and those who have answered so often that no
// window bounds them.
func TestBudget_whoHangsOneAfterTheOther(t *testing.T) {
	for _, answered := range []bool{false, true} {
		t.Run(fmt.Sprint("answered before: ", answered), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				b := newBudget(512)
				var hanging sync.WaitGroup
				for i := range 100 {
					who := fmt.Sprint("hangs", i)
					if answered {
						b.widen(who)
					}
					for range 64 {
						hanging.Go(func() {
							if b.acquire(ctx, who) == nil {
								<-ctx.Done()
								b.release(who, false)
							}
						})
					}
					synctest.Wait()
				}
				for i := range 100 {
					require.NoError(t, b.acquire(t.Context(), fmt.Sprint("new", i)))
				}
				for i := range 100 {
					b.release(fmt.Sprint("new", i), false)
				}
				stop()
				hanging.Wait()
				require.Zero(t, b.used)
			})
		})
	}
}

// A hundred that hang again and again hold one each: the others then have as many as without them, at once. Who answers again gets more with each answer.
func TestBudget_whoGoesOnHangingCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(512)
		const timeout = 5 * time.Second
		stopped, stop := context.WithCancel(t.Context())
		var hanging sync.WaitGroup
		for i := range 100 {
			for range 8 { // as many as it has workers
				hanging.Go(func() {
					who := fmt.Sprint("hangs", i)
					for stopped.Err() == nil && b.acquire(stopped, who) == nil {
						time.Sleep(timeout)
						b.release(who, true)
					}
				})
			}
		}
		atOnce := func(b *budget, who string) (n int) {
			b.mu.Lock()
			defer b.mu.Unlock()
			for ; b.mayLocked(who); n++ {
				b.takeLocked(who)
			}
			for range n {
				b.releaseLocked(who)
			}
			return n
		}
		answers := func(b *budget, who string, n int) {
			for range n {
				require.NoError(t, b.acquire(t.Context(), who))
				b.release(who, false)
			}
		}
		alone := newBudget(512)
		answers(alone, "good", wide)
		most := atOnce(alone, "good")
		answers(b, "good", wide)
		synctest.Wait()
		require.Equal(t, 200, b.used, "two each at first")
		require.GreaterOrEqual(t, atOnce(b, "good"), most/2)
		time.Sleep(2*timeout + 1)
		synctest.Wait()
		require.Equal(t, 100, b.used)
		require.Equal(t, most, atOnce(b, "good"), "as many as alone")
		require.Equal(t, first, atOnce(b, "new"))

		stop()
		hanging.Wait()
		for answered := range wide {
			require.GreaterOrEqual(t, atOnce(b, "hangs0"), min(answered+1, most))
			answers(b, "hangs0", 1)
		}
		require.Equal(t, most, atOnce(b, "hangs0"))
	})
}

// However many merchants hung once, what is remembered of them is bounded.
func TestBudget_forgetsWindows(t *testing.T) {
	b := newBudget(4)
	for i := range 3 * mostWindows {
		who := fmt.Sprint("hung", i)
		require.NoError(t, b.acquire(t.Context(), who))
		b.release(who, true)
		require.LessOrEqual(t, len(b.windows), mostWindows)
	}
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
						b.release(who, rapid.Bool().Draw(rt, "hung"))
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
