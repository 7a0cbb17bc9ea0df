package serving

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A fixture is JSON, or YAML that may begin as JSON does; what is wrong with it is said in the same words and at the same positions as where it is
// looked through first, as exec and sandbox create do.
func TestNewServer_fixtures(t *testing.T) {
	t.Parallel()
	for text, right := range map[string]bool{
		`{"merchants":[{"no":"M1","key":"k1"}]}`:                        true,
		" \n{\"merchants\":[{\"no\":\"M1\",\"key\":\"k1\"}]}":           true,
		"{merchants: [{no: M1, key: k1}]} # YAML":                       true,
		"{\"merchants\":[{\"no\":\"M1\",\"key\":\"k1\"},]} # YAML too":  true,
		"merchants:\n- {no: M1, key: k1}\n":                             true,
		`{"merchants":[{"no":"M1","key":"k1"}]`:                         false,
		`{"merchants":[{"no":"M1","key":"k1"}],"parkings":[{"id":1}]}`:  false,
		"{merchants: [{no: M1, key: k1}], parking: []}":                 false,
		`{"merchants":[{"no":"M1","key":"k1"},{"no":"M1"}],"nobody":1}`: false,
		`{"merchants":[{"no":"M1","key":"k1"},{"no":"M1","key":"k"}]}`:  false,
		"{\"merchants\":[{\"no\":\"M\xff\",\"key\":\"k1\"}]}":           false,
		"\ufeff{\"merchants\":[]}":                                      false,
		"{":                                                             false, "": true,
	} {
		server, fixture, err := newServer("city", []byte(text), nil)
		if want := lookedThrough(t, text); want != nil || !right {
			require.Equal(t, want, err, text)
			continue
		}
		require.NoError(t, err, text)
		require.NotNil(t, fixture)
		if strings.Contains(text, "M1") {
			recorder := httptest.NewRecorder()
			server.Handler().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/__admin/sandboxes/default/merchants", http.NoBody))
			require.Contains(t, recorder.Body.String(), `"no":"M1"`, text)
		}
		require.NoError(t, server.Close(t.Context()))
	}
	_, _, err := newServer("city", []byte(`{"merchants":[]}`), []mock.Option{mock.WithPushAllow("no/host")})
	require.ErrorContains(t, err, "want a host")
	_, _, err = newServer("city", []byte(`{"merchants":[`), []mock.Option{mock.WithPushAllow("no/host")})
	require.Equal(t, lookedThrough(t, `{"merchants":[`), err, "the file is read before")
}

// lookedThrough is what is wrong with a fixture that is read as YAML or JSON first, and then made a server of.
func lookedThrough(t *testing.T, text string) error {
	t.Helper()
	document, err := scenarios.ReadFixture("city", []byte(text))
	if err != nil {
		return err
	}
	server, err := NewMock(mock.WithFixture(document.JSON))
	if err != nil {
		return input.Located(err, document)
	}
	return server.Close(t.Context())
}
