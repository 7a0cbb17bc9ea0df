package servertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/mock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What happened over HTTP replays to the state there is; a state that is another in one part is found, and so is a log that cannot be read.
func TestCheckReplay(t *testing.T) {
	s := New(t)
	s.AcceptPushes(t)
	s.Bind(t, "13800000001", "渝ATX061")
	s.Enter(t, "渝ATX061")
	s.Advance(t, "90m")
	s.Exit(t, "渝ATX061")
	s.Drain(t)
	require.Equal(t, http.StatusCreated, s.Ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": "other"}).Status)
	token, _ := s.Mock.AdminToken()
	require.NoError(t, checkReplay(s.Mock.Handler(), token))

	changed := func(old, now string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			s.Mock.Handler().ServeHTTP(answer, r)
			body := answer.Body.String()
			if r.URL.Path == Default+"/state" && r.URL.Query().Has("at") {
				if !strings.Contains(body, old) {
					t.Errorf("%s is not in %s", old, body)
				}
				body = strings.Replace(body, old, now, 1)
			}
			_, _ = io.WriteString(w, body)
		})
	}
	require.NoError(t, checkReplay(changed("13800000001", "13800000001"), token))
	require.ErrorContains(t, checkReplay(changed("13800000001", "13800000002"), token), "sandbox default: ")
	require.ErrorContains(t, checkReplay(changed(`"mode":"frozen"`, `"mode":"running"`), token), "give another state: clock is")
	require.ErrorContains(t, checkReplay(http.NotFoundHandler(), token), "404")
}

// A clock that runs shows another time at each look; nothing else of two states may differ.
func TestCheckReplay_ofARunningClock(t *testing.T) {
	s := New(t, mock.WithFixture([]byte(`{"clock": {"now": "2017-08-20 12:00:00", "mode": "running", "rate": 1000}}`)))
	s.Call(t, "carnum", map[string]any{"token": "none"})
	require.Contains(t, s.Do(t, http.MethodGet, "/clock", nil)["mode"], "running")
}

// A receiver keeps every push in its order, whether or not anybody waits for the news.
func TestReceiver(t *testing.T) {
	s := New(t)
	r := s.AcceptPushes(t)
	s.Bind(t, "13800000001", "渝ATX061")
	s.Enter(t, "渝ATX061")
	s.Exit(t, "渝ATX061")
	s.Drain(t)
	require.Equal(t, "/etcp", (<-r.News).Path)
	require.Len(t, r.News, 1)
	all := r.All()
	require.Len(t, all, 2)
	for i, push := range s.Pushes(t, "order=oldest") {
		require.Equal(t, "delivered", push.Status)
		require.Equal(t, push.Body, all[i].Body)
		require.Equal(t, push.ContentType, all[i].ContentType)
	}
}

// A stream gives the events in their order, and those behind one with an id.
func TestStream(t *testing.T) {
	s := New(t)
	stream := s.Follow(t, "")
	s.Enter(t, "渝ATX061")
	s.Advance(t, "1m")
	first, more := stream.Next()
	require.True(t, more)
	require.Equal(t, "car", first.Kind)
	require.Equal(t, "渝ATX061", first.Data["plateNumber"])
	second := stream.Until("clock")
	stream.Close()
	_, more = stream.Next()
	require.False(t, more)
	require.Equal(t, second, s.Follow(t, first.ID).Until("clock"))
}
