package control_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// A redirect is followed by no call and by no stream of events: the token would go along.
func TestClient_followsNoRedirect(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was followed") }))
	defer other.Close()
	first := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer first.Close()
	c := control.New(first.URL, control.WithToken("token"))
	_, err := c.Version(t.Context())
	require.ErrorContains(t, err, "which the control API never answers")
	for _, err := range c.Sandbox(control.Default).Events(t.Context(), "") {
		require.ErrorContains(t, err, "which the control API never answers")
	}
}
