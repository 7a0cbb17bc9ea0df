package events

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry/registrytest"
)

// plainly writes events as they are.
var plainly = &Shape{
	Value: func(value any) any {
		if r, ok := value.(*journal.Stored); ok {
			return r.Entry()
		}
		return value
	},
	Briefly: func(e journal.Entry) any { return e },
	Hide:    func(text []byte, _ mask.Masker) []byte { return text },
}

// gated is a reader's end of a connection: every write waits until it is let through.
type gated struct {
	*httptest.ResponseRecorder
	write chan []byte
}

func (g *gated) Write(p []byte) (int, error) {
	g.write <- p
	return len(p), nil
}

// followed begins to follow a broadcast; over is closed when the stream has ended.
func followed(b *broadcast) (writes <-chan []byte, over <-chan struct{}) {
	w := &gated{httptest.NewRecorder(), make(chan []byte)}
	r := httptest.NewRequest("GET", "/", nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&Follower{all: New(slog.New(slog.DiscardHandler), *plainly), broadcast: b, heartbeat: time.Hour}).Serve(w, r)
	}()
	return w.write, done
}

// A reader that does not read is dropped with lagged once it reads again, whether it missed many events or large ones; one that
// reads misses nothing meanwhile.
func TestFollower_slowReaderIsDropped(t *testing.T) {
	for name, row := range map[string]struct{ frames, size int }{
		"many":  {2*maxFrames + 10, 10},
		"large": {8, maxFrameBytes / 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := &broadcast{shape: plainly, followers: 2, more: make(chan struct{}), stop: make(chan struct{})}
			text := bytes.Repeat([]byte("x"), row.size)
			frameAt := func(seq uint64) frame { return frame{seq, seq, text} }
			slow, dropped := followed(b)
			quick, ended := followed(b)
			<-slow // retry
			<-quick
			b.publish([]frame{frameAt(1)})
			require.Len(t, <-quick, row.size)
			require.Len(t, <-slow, row.size)
			b.publish([]frame{frameAt(2)})
			require.Len(t, <-quick, row.size)
			for seq := uint64(3); seq < uint64(row.frames)+3; seq++ { // while the slow one is stuck: more than twice what is kept
				b.publish([]frame{frameAt(seq)})
				require.Len(t, <-quick, row.size)
			}
			var last []byte
			for open := true; open; {
				select {
				case text := <-slow:
					last = text
				case <-dropped:
					open = false
				}
			}
			require.Contains(t, string(last), "event: lagged\ndata: {\"missed\":")
			require.False(t, strings.Contains(string(last), "id:"), "it resumes from the last event that it has")
			b.end()
			<-ended
		})
	}
}

// Whatever Last-Event-ID says, a follower comes in at an event there has been, and is told where it cannot go on.
func FuzzLastEventID(f *testing.F) {
	s, err := registrytest.New(f).Create(registry.Default, registry.Spec{Fixture: fixture.Demo()})
	require.NoError(f, err)
	for range 1499 { // more than are kept, with that of its creation
		require.NoError(f, s.Apply(&engine.SetClock{}).Err)
	}
	require.EqualValues(f, 1500, s.LastEvent())
	for _, seed := range []string{s.Instance() + "-1400", s.Instance() + "-1", s.Instance() + "-0", s.Instance() + "-1500", s.Instance() + "-1501", s.Instance(), "", "-", "0-0", s.Instance() + "-18446744073709551615", s.Instance() + "-18446744073709551616", s.Instance() + "--1", s.Instance() + "-+1"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, id string, digest bool) {
		fo := Follower{of: channel{sandbox: s}, broadcast: &broadcast{digest: digest, shape: plainly}}
		fo.begin(id)
		require.Equal(t, s.LastEvent(), fo.cursor)
		if len(fo.greeting) == 0 { // it has them all, or asked for none
			require.True(t, id == "" || digest || id == eventID(s.Instance(), 1500) || len(id) > len(s.Instance()+"-1500"), id)
		}
	})
}

// counted is a reader's end of a connection that takes everything at once and counts it.
type counted struct {
	*httptest.ResponseRecorder
	n *atomic.Int32
}

func (c counted) Write(p []byte) (int, error) {
	c.n.Add(1)
	return len(p), nil
}

// A follower that has much to write lets others have their turn after each event, also where there is one processor.
func TestFollower_takesTurns(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const many = 1000
	var written, before atomic.Int32
	w := counted{httptest.NewRecorder(), &written}
	f := &Follower{writer: w, control: http.NewResponseController(w)}
	texts := make([][]byte, many)
	done := make(chan struct{})
	go func() { before.Store(written.Load()); close(done) }() // has its turn when send lets it
	require.True(t, f.send(texts...))
	<-done
	require.Less(t, before.Load(), int32(many))
	require.EqualValues(t, many, written.Load())
}
