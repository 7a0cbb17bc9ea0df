package servertest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/internal/freeport"
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
	s.NewSandbox(t, "other")
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

// failed is a test that may fail.
type failed struct {
	testing.TB

	said string
}

func (f *failed) Helper()                           {}
func (f *failed) Errorf(format string, args ...any) { f.said += fmt.Sprintf(format, args...) }
func (f *failed) FailNow()                          { runtime.Goexit() }

// fails runs a check that has to fail and gives what it said.
func fails(t *testing.T, check func(tb *failed)) string {
	t.Helper()
	f := &failed{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(f)
	}()
	<-done
	require.NotEmpty(t, f.said)
	return f.said
}

// An answer that is no problem of RFC 9457 is found, whatever is missing; one that is gives its pointers in order.
func TestAnswer_problem(t *testing.T) {
	header := http.Header{"Content-Type": {"application/problem+json"}}
	const whole = `{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"no","errors":[{"pointer":"/b","detail":"x"},{"pointer":"/a","detail":"y"}]}`
	status, pointers, detail := Answer{422, header, whole}.Problem(t)
	require.Equal(t, []any{422, []string{"/b", "/a"}, "no"}, []any{status, pointers, detail})
	for name, a := range map[string]Answer{
		"JSON":              {422, http.Header{"Content-Type": {"application/json"}}, whole},
		"no JSON":           {422, header, "no"},
		"another status":    {409, header, whole},
		"no type":           {422, header, strings.Replace(whole, "about:blank", "", 1)},
		"another title":     {422, header, strings.Replace(whole, "Unprocessable Entity", "Conflict", 1)},
		"no detail":         {422, header, strings.Replace(whole, `"no"`, `""`, 1)},
		"an empty detail":   {422, header, strings.Replace(whole, `"y"`, `""`, 1)},
		"errors of no form": {422, header, strings.Replace(whole, `[{`, `{"a":[{`, 1)},
	} {
		t.Run(name, func(t *testing.T) { fails(t, func(tb *failed) { a.Problem(tb) }) })
	}
}

// A call that is refused ends the test that wanted it to succeed, with what the server said.
func TestServer_refusals(t *testing.T) {
	s := New(t)
	require.Contains(t, fails(t, func(tb *failed) { s.Do(tb, http.MethodPost, "/clock/advance", map[string]any{"by": "soon"}) }), "/by")
	require.Contains(t, fails(t, func(tb *failed) { s.Exit(tb, "渝ATX061") }), "409")
	require.NotEmpty(t, fails(t, func(tb *failed) { s.Call(tb, "nosuch", nil) }))
	require.NotEmpty(t, fails(t, func(tb *failed) { s.Bind(tb, "1", "渝ATX061") }))
}

// A request goes out as it is given: its headers, the Host among them, a text as it is and anything else as JSON; a merchant signs with its own key.
func TestServer_asks(t *testing.T) {
	s := New(t)
	require.Equal(t, http.StatusForbidden, s.Ask(t, http.MethodGet, Default, nil, "Host", "elsewhere.test").Status)
	require.Equal(t, http.StatusUnprocessableEntity, s.Ask(t, http.MethodPost, Default+"/clock/advance", `{"by":`).Status)
	require.Equal(t, http.StatusOK, s.Ask(t, http.MethodPost, Default+"/clock/advance", map[string]string{"by": "1m"}, "Content-Type", "application/json").Status)
	s.PutMerchant(t, "M2", nil)
	code, data := s.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "A"}, "M2", "key-M2")
	require.Zero(t, code)
	require.NotEmpty(t, data["token"])
	code, _ = s.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "A"}, "M2", Key)
	require.Equal(t, 4, code)
	a := s.SendSigned(t, "usersigin", `{}`, "wrong", Stamp())
	require.Equal(t, "sign-mismatch", a.Header.Get("X-Mock-Reason"))
	for endpoint, reason := range map[string]string{"carnum": "token-unknown", "bindcar": "token-unknown"} { // a GET, and a POST
		text := ` {"token":"x","plateNumber":"渝ATX061"}`
		require.Equal(t, reason, s.SendText(t, endpoint, text, "").Header.Get("X-Mock-Reason"), endpoint)
		require.Equal(t, "sign-mismatch", s.SendText(t, endpoint, text, "wrong").Header.Get("X-Mock-Reason"), endpoint)
	}
	s.NewSandbox(t, "other")
	require.Equal(t, "other", s.DoIn(t, "other", http.MethodGet, "", nil)["id"])
	require.Contains(t, fails(t, func(tb *failed) { s.NewSandbox(tb, "other") }), "409")
}

// A server for a browser ends once, and its address can be had again.
func TestStart(t *testing.T) {
	address, err := freeport.Address()
	require.NoError(t, err)
	s, stop := Start(t, address)
	require.Equal(t, "http://"+address, s.URL)
	require.Equal(t, "default", s.Do(t, http.MethodGet, "", nil)["id"])
	stop()
	stop()
	_, err = s.HTTP.Get(s.URL + Default) //nolint:bodyclose,noctx // there is none
	require.Error(t, err)
	again, _ := Start(t, address)
	require.Equal(t, s.URL, again.URL)
}
