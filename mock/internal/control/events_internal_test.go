package control

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"
)

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
	c, _ := gin.CreateTestContext(w)
	c.Request = httptest.NewRequest("GET", "/", nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&follower{broadcast: b, heartbeat: time.Hour}).follow(c)
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
			b := &broadcast{more: make(chan struct{}), stop: make(chan struct{})}
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
