package mock_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// hearing is a session that hears of every request, push and event.
func hearing(t *testing.T) (s *session, stop func()) {
	t.Helper()
	s = &session{wronged: &wronged{t: t, clock: &atomic.Bool{}}}
	s.controlled = newControlled(t, mock.WithLogger(slog.New(slog.NewJSONHandler(&s.heard, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	events := s.listens()
	return s, func() {
		events()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, s.Mock.Close(ctx))
	}
}

// notHeard fails where a key came out in any spelling of its letters.
func (s *session) notHeard(key string, hidden int) {
	s.t.Helper()
	all := s.heard.String()
	if at := strings.Index(strings.ToLower(all), strings.ToLower(key)); at >= 0 {
		s.t.Fatalf("a key came out: …%s…", all[max(0, at-300):min(len(all), at+100)])
	}
	require.GreaterOrEqual(s.t, strings.Count(all, "•••"), hidden, "the session heard too little")
}

// A merchant's key that was set in a push URL, a name, a rule or a fault is hidden wherever these are shown but where merchants are shown with their
// keys; so is one in a path or a query that the control API refuses.
func TestSecrets_set(t *testing.T) {
	s, stop := hearing(t)
	const k = servertest.Key
	s.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": k, "name": "of " + k, "push": map[string]any{"url": "http://u:" + k + "@127.0.0.1:1/?key=" + k}})
	require.Contains(t, s.Ask(t, http.MethodGet, servertest.Default+"/merchants", nil).Body, "http://u:"+k+"@127.0.0.1:1/?key="+k, "to be changed and put back")
	require.Contains(t, s.Ask(t, http.MethodGet, servertest.Default, nil).Body, "http://u:"+k+"@127.0.0.1:1/?key="+k)
	for path, body := range map[string]map[string]any{
		"/parkings/9":       {"name": "park " + k, "city": k, "lat": "29.5", "lon": "106.5"},
		"/vehicles/渝A00001": {"vin": k, "engine": k},
	} {
		s.asks(http.MethodPut, servertest.Default+path, body)
	}
	for _, do := range []map[string]any{{"code": 2, "message": "because " + k}, {"body": k, "headers": map[string]string{"X-Key": k}}} {
		require.Equal(t, http.StatusCreated, s.asks(http.MethodPost, servertest.Default+"/faults", map[string]any{"on": map[string]any{"endpoint": "carnum", "where": map[string]any{"token": k}}, "do": do}).Status)
	}
	s.Bind(t, wrongPhone, "渝ATX061")
	require.Equal(t, http.StatusCreated, s.asks(http.MethodPost, servertest.Default+"/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "9"}).Status)
	s.asks(http.MethodPost, servertest.Default+"/clock/advance", `{"by":"45m"}`)
	s.asks(http.MethodPost, servertest.Default+"/pushes/drain", nil)
	s.asks(http.MethodPost, servertest.Default+"/merchants/M1/examine", nil)
	s.looks()
	for _, path := range []string{"/log?limit=1000", "/diff?from=1", "/parkings/9", "/vehicles/渝A00001", "/pushes/p1", "/" + k, "/pushes/" + k, "/stays/" + k, "/nothing?x=" + k, "/orders?" + k + "=1", "/orders?a%zz" + k} {
		s.asks(http.MethodGet, servertest.Default+path, nil)
		s.asks(http.MethodPatch, servertest.Default+path, nil)
	}
	for _, path := range []string{"/__admin/" + k, "/__admin/sandboxes/" + k, "/__admin/runs/" + k, "/__admin/scenarios/" + k, "/__admin/openapi.json?" + k, "/__admin/docs/" + k, "/console/" + k, "/" + k} {
		s.asks(http.MethodGet, path, nil)
		s.asks(http.MethodPut, path, nil)
	}
	s.asks(http.MethodPost, "/__admin/scenarios/run", map[string]any{"name": k})
	s.asks(http.MethodPost, "/__admin/scenarios/validate", map[string]any{"source": k})
	stop()
	s.notHeard(k, 60)
}

// The key of another sandbox's merchant that was sent to this one is hidden as it is written, from the moment on it is known.
func TestSecrets_ofAnotherSandbox(t *testing.T) {
	s, stop := hearing(t)
	const k = "another-sandbox_key1"
	data := `{"token":"` + k + `","plateNumber":"渝A00001"}`
	require.Equal(t, http.StatusCreated, s.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"other","fixture":{"merchants":[{"no":"M7","key":"`+k+`"}]}}`).Status)
	s.SendSigned(t, "bindcar", data, k, servertest.Stamp())
	s.SendSigned(t, "parkingstatus", `{"parkingId":"`+k+`"}`, "x", k)
	for _, path := range []string{"carnum?merchant_no=" + k + "&sign=M7&time_stamp=1&data=%7B%7D", k} { // number and key in each other's place
		s.hears(s.Ask(t, http.MethodGet, schemas.PathPrefix+path, nil))
	}
	s.looks()
	s.asks(http.MethodGet, servertest.Default+"/log?limit=1000", nil)
	s.asks(http.MethodGet, "/__admin/sandboxes/"+k, nil)
	stop()
	s.notHeard(k, 12)
}

// What is shown with a key hidden in it and is put back as it was shown would be kept with the mark in place of the text: it is refused, where it
// stands, whatever keeps it. A recording, which sets it again, can be run.
func TestSecrets_setIsNotPutBackHidden(t *testing.T) {
	s := newControlled(t)
	const k = servertest.Key
	require.Equal(t, http.StatusOK, s.Ask(t, http.MethodPut, servertest.Default+"/parkings/9", map[string]any{"name": "park " + k, "city": "重庆市", "lat": "29.5", "lon": "106.5"}).Status)
	require.Equal(t, http.StatusCreated, s.Ask(t, http.MethodPost, servertest.Default+"/faults", map[string]any{"on": map[string]any{"endpoint": "carnum"}, "do": map[string]any{"message": k}}).Status)
	recorded := s.Ask(t, http.MethodGet, servertest.Default+"/recording", nil).Body
	shown := s.Ask(t, http.MethodGet, servertest.Default+"/parkings/9", nil).Body
	require.Contains(t, shown, "•••")
	for _, row := range []struct{ method, path, body, pointer string }{
		{http.MethodPut, servertest.Default + "/parkings/9", shown, "/name"},
		{http.MethodPut, servertest.Default + "/parkings/9", strings.ReplaceAll(shown, "•", `\u2022`), "/name"},
		{http.MethodPut, servertest.Default + "/vehicles/渝A00001", `{"vin":"•••"}`, "/vin"},
		{http.MethodPut, servertest.Default + "/merchants/M1", `{"key":"k","push":{"url":"http://u:•••@h/"}}`, "/push/url"},
		{http.MethodPost, servertest.Default + "/faults", `{"on":{"endpoint":"carnum"},"do":{"headers":{"a/b":"•••"}}}`, "/do/headers/a~1b"},
		{http.MethodPost, servertest.Default + "/pushes", `{"merchantNo":"M1","kind":"entry","fields":{"parkName":"•••"}}`, "/fields/parkName"},
		{http.MethodPatch, servertest.Default + "/rules", `{"push.encoding":"•••"}`, "/push.encoding"},
		{http.MethodPost, "/__admin/sandboxes", `{"fixture":{"merchants":[{"no":"M7","key":"•••"}]}}`, "/fixture/merchants/0/key"},
	} {
		out := s.Ask(t, row.method, row.path, row.body)
		require.Equal(t, http.StatusUnprocessableEntity, out.Status, row.path)
		require.Contains(t, out.Body, `{"pointer":"`+row.pointer+`","detail":"••• stands where a key was hidden`)
	}
	require.Contains(t, s.Ask(t, http.MethodGet, servertest.Default+"/log", nil).Body, "park •••", "what was refused has changed nothing")

	require.NotContains(t, recorded, k)
	require.Contains(t, recorded, "park hidden")
	out := s.Ask(t, http.MethodPost, "/__admin/scenarios/run", map[string]any{"source": recorded, "wait": true})
	require.Contains(t, out.Body, `"status":"passed"`)
	_, err := mock.New(mock.WithFixture([]byte(`{"merchants":[{"no":"M7","key":"•••"}]}`)))
	require.ErrorContains(t, err, "••• stands where a key was hidden")
}
