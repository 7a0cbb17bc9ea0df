package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// Room is made for what has come of a body, not for what its Content-Length announces.
func TestReadAll_roomForWhatHasCome(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, firstRoom - 1, firstRoom, firstRoom + 1, 3*firstRoom + 7, maxBody} {
		want := strings.Repeat("渝a", size/4+1)[:size]
		for name, reader := range map[string]io.Reader{"at once": strings.NewReader(want), "in halves": iotest.HalfReader(strings.NewReader(want)), "with its end": iotest.DataErrReader(strings.NewReader(want))} {
			got, err := new(exchange).readAll(&http.Request{ContentLength: int64(size), Body: io.NopCloser(reader)})
			require.NoError(t, err, "%d %s", size, name)
			require.Equal(t, want, string(got), name)
		}
	}
	var x exchange
	got, err := x.readAll(&http.Request{ContentLength: maxBody, Body: io.NopCloser(iotest.TimeoutReader(bytes.NewReader([]byte("abc"))))})
	require.Error(t, err)
	require.Equal(t, "abc", string(got))
	require.LessOrEqual(t, cap(x.body), 2*firstRoom)
	for _, came := range []int{0, 3, firstRoom} {
		_, err = new(exchange).readAll(&http.Request{ContentLength: maxBody, Body: io.NopCloser(strings.NewReader(strings.Repeat("a", came)))})
		require.True(t, errors.Is(err, io.ErrUnexpectedEOF) || came == 0 && errors.Is(err, io.EOF), "%d: %v", came, err)
	}
}
