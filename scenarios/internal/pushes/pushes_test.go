package pushes_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/pushes"
	"github.com/etcp-mock/etcp-mock/schemas"
)

const entry = `{"synId":"9E2F","plateNumber":"渝****61","parkId":7,"signment":"S"}`

// send pushes to a receiver's URL and gives the status and the answer.
func send(t *testing.T, to, contentType, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

// In each encoding of the rule push.encoding a push has the same fields; in a form all are texts.
func TestFields(t *testing.T) {
	form := url.Values{"synId": {"9E2F"}, "plateNumber": {"渝****61"}, "parkId": {"7"}, "signment": {"S"}}.Encode()
	for _, row := range []struct {
		contentType, body string
		parkID            any
		isJSON            bool
	}{
		{"application/json;charset=UTF-8", entry, 7, true},
		{"application/x-www-form-urlencoded", "data=" + url.QueryEscape(entry), 7, true},
		{"application/x-www-form-urlencoded;charset=UTF-8", form, "7", false},
	} {
		fields, body := pushes.Fields(row.contentType, row.body)
		require.Equal(t, "渝****61", fields["plateNumber"])
		require.Equal(t, row.parkID, fields["parkId"])
		require.Equal(t, row.isJSON, body != nil)
	}
	for _, wrong := range []string{"", "[1]", "no JSON", `{"a":1}}`} {
		fields, body := pushes.Fields("application/json", wrong)
		require.Empty(t, fields, wrong)
		require.Nil(t, body, wrong)
	}
}

// A push that came has the kind of its URL, or else that of its fields; those of §10.3 and §10.4 are alike, and no field says which it is.
func TestReceiver_kinds(t *testing.T) {
	r, stop, err := pushes.Listen()
	require.NoError(t, err)
	t.Cleanup(stop)
	for _, row := range []struct{ path, body, kind string }{
		{"/etcp", entry, "entry"},
		{"/etcp", `{"synId":"1","exitTime":"x","stayedTime":1}`, "exit"},
		{"/etcp/unbind", `{"plateNumber":"渝A12345","time":"x"}`, "unbind"},
		{"/certification-invalid", `{}`, "certification-invalid"},
		{"/etcp", `{"plateNumber":"渝A12345","time":"x","signment":"S"}`, ""},
		{"/etcp", `{"unknown":1}`, ""},
		{"/etcp", "no JSON", ""},
	} {
		before := r.Len()
		status, answer := send(t, r.URL+row.path, "application/json", row.body)
		require.Equal(t, 200, status)
		require.JSONEq(t, `{"code":0,"message":"ok"}`, answer)
		got, _ := r.Since(before)
		require.Len(t, got, 1)
		require.Equal(t, row.kind, got[0].Kind, row.body)
		require.Equal(t, row.body, string(got[0].Raw), "byte for byte")
	}
	require.Equal(t, []string{"unbind", "certification-invalid"}, pushes.Alike("unbind"))
	require.Equal(t, []string{"exit"}, pushes.Alike("exit"))
	require.Empty(t, pushes.Alike("nothing"))
	require.Len(t, schemas.Pushes(), 4)
}

// The query of a push's URL says what is answered, for the first so many pushes where times is given.
func TestReceiver_answers(t *testing.T) {
	r, stop, err := pushes.Listen()
	require.NoError(t, err)
	t.Cleanup(stop)
	status, answer := send(t, r.URL+"/a?status=503&body=busy", "application/json", entry)
	require.Equal(t, 503, status)
	require.Equal(t, "busy", answer)
	for i, want := range []int{500, 500, 200} {
		status, _ := send(t, r.URL+"/b?status=500&times=2", "application/json", entry)
		require.Equal(t, want, status, "push %d", i+1)
	}
	status, answer = send(t, r.URL+"/c?status=99&body=", "application/json", entry)
	require.Equal(t, 200, status, "no status that there is")
	require.Empty(t, answer)
}

// Who waits is woken by the next push, and by the end of the context; who is late does not wait.
func TestReceiver_Wait(t *testing.T) {
	r := &pushes.Receiver{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.Wait(ctx, 0) }()
	cancel()
	<-done
	own, stop, err := pushes.Listen()
	require.NoError(t, err)
	t.Cleanup(stop)
	_, more := own.Since(0)
	send(t, own.URL, "application/json", entry)
	select {
	case <-more:
	case <-time.After(time.Minute):
		t.Fatal("nobody said that a push came")
	}
	own.Wait(t.Context(), 0)
}
