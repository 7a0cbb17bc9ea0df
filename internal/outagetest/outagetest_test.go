package outagetest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/internal/outagetest"
)

// None of the targets answers with a whole JSON object and HTTP 200, as a platform does, however it is asked; each breaks in its own way.
func TestHandlers(t *testing.T) {
	t.Parallel()
	for kind, handler := range outagetest.Handlers() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if kind == "timeout" {
				time.AfterFunc(time.Millisecond, cancel)
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://target.test/merchant", strings.NewReader("data=x"))
			require.NoError(t, err)
			answer, err := handlertransport.New(handler).RoundTrip(r)
			if kind == "timeout" {
				require.ErrorIs(t, err, context.Canceled)
				return
			}
			require.NoError(t, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			isObject := err == nil && json.Valid(body)
			require.False(t, isObject && answer.StatusCode == http.StatusOK, "%d %s", answer.StatusCode, body)
			require.Equal(t, map[string][2]any{
				"redirect": {http.StatusFound, false}, "html": {http.StatusOK, false}, "truncated": {http.StatusOK, false}, "unauthorized": {http.StatusUnauthorized, true},
			}[kind], [2]any{answer.StatusCode, isObject})
		})
	}
}
