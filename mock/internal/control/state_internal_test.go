package control

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry/registrytest"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A state is one JSON object and nothing behind it: the text is kept in the log, and has to be read again.
func TestState_nothingBehindIt(t *testing.T) {
	s, err := registrytest.New(t).Create(registry.Default, registry.Spec{Fixture: fixture.Demo()})
	require.NoError(t, err)
	text, err := json.Marshal(s.State())
	require.NoError(t, err)
	for _, behind := range []string{"", "\n", " \r\n\t"} {
		_, err := (&call{body: append([]byte(nil), append(text, behind...)...)}).state()
		require.NoError(t, err)
	}
	for _, behind := range []string{"}", "]", ",", "{}", "null", "x", "\x00"} {
		_, err := (&call{body: append([]byte(nil), append(text, behind...)...)}).state()
		var invalid *strict.Invalid
		require.True(t, errors.As(err, &invalid), "%q: %v", behind, err)
	}
}

// Recordings are made one at a time, whoever asks; who has gone is not waited for.
func TestRecording_oneAtATime(t *testing.T) {
	r := registrytest.New(t)
	s, err := r.Create(registry.Default, registry.Spec{Fixture: fixture.Demo()})
	require.NoError(t, err)
	a := New(r, runs.New("", "", slog.New(slog.DiscardHandler), nil), Version{}, slog.New(slog.DiscardHandler))
	defer a.Close()
	ask := func(ctx context.Context) error {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		_, err := a.recording(&call{ctx: ctx, gin: c, sandbox: s})
		return err
	}
	require.NoError(t, ask(t.Context()))
	a.recordings <- struct{}{} // another is being made
	gone, cancel := context.WithCancel(t.Context())
	answers := make(chan error, 2)
	go func() { answers <- ask(gone) }()
	cancel()
	require.ErrorIs(t, <-answers, context.Canceled)
	go func() { answers <- ask(t.Context()) }()
	<-a.recordings
	require.NoError(t, <-answers)
}

// A recording that no file of scenarios could hold is refused, and its refusal says how to go on; what it says helps. The bound is a file's; here
// it is 1 MiB, for 17 MiB take the race detector 20 seconds.
func TestRecording_largerThanAFileOfScenarios(t *testing.T) {
	r := registrytest.New(t)
	s, err := r.Create(registry.Default, registry.Spec{Fixture: fixture.Demo()})
	require.NoError(t, err)
	a := New(r, runs.New("", "", slog.New(slog.DiscardHandler), nil), Version{}, slog.New(slog.DiscardHandler))
	defer a.Close()
	require.Equal(t, maxRecording, a.longest)
	a.longest = 1 << 20
	ask := func() (string, error) {
		w := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(w)
		c.Request = httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		answer, err := a.recording(&call{ctx: t.Context(), gin: c, sandbox: s})
		if err != nil {
			return "", err
		}
		answer.body.(stream)(c)
		return w.Body.String(), nil
	}
	body := strings.Repeat("x", 600<<10)
	for range 2 {
		added := s.Apply(&engine.AddFault{Fault: fault.Fault{On: fault.On{Endpoint: "carnum"}, Do: fault.Do{Body: &body}}})
		require.NoError(t, added.Err)
	}
	_, err = ask()
	require.ErrorContains(t, err, "the recording has 2 MiB, and a file of scenarios may have 1")
	require.ErrorContains(t, err, "reset the sandbox and record in parts")

	require.NoError(t, s.Reset())
	text, err := ask()
	require.NoError(t, err)
	_, err = scenarios.Parse("recorded", []byte(text))
	require.NoError(t, err)
}
