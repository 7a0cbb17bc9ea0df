package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/openapi"
)

func get(t *testing.T, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	gin.SetMode(gin.TestMode)
	r := gin.New()
	openapi.Register(r, "1.2.3", func(_ *gin.Context, text string) string { return text })
	request := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	request.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	return w
}

// The document is OpenAPI, in the version of the server.
func TestDocument(t *testing.T) {
	w := get(t, "/__admin/openapi.json", "")
	require.Equal(t, http.StatusOK, w.Code)
	var document struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]any
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &document))
	require.Regexp(t, `^3\.1`, document.OpenAPI)
	require.Equal(t, "1.2.3", document.Info.Version)
	require.NotEmpty(t, document.Paths)
}

// The viewer's files are sent packed to who takes that, plain to who does not, and may load nothing from elsewhere.
func TestViewer(t *testing.T) {
	page := get(t, "/__admin/docs", "gzip")
	require.Equal(t, http.StatusOK, page.Code)
	require.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
	require.Contains(t, page.Header().Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, page.Body.String(), "://", "no other host is asked")

	packed, plain := get(t, "/__admin/docs/swagger-ui-bundle.js", "gzip"), get(t, "/__admin/docs/swagger-ui-bundle.js", "")
	require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	require.Empty(t, plain.Header().Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", plain.Header().Get("Vary"))
	require.Greater(t, plain.Body.Len(), 2*packed.Body.Len())
	for _, name := range []string{"nothing.js", "index.html.gz", "..%2fopenapi.go", "swagger-ui.css.gz"} {
		require.NotEqual(t, "text/html; charset=utf-8", get(t, "/__admin/docs/"+name, "").Header().Get("Content-Type"), name)
	}
	require.Equal(t, http.StatusNotFound, get(t, "/__admin/docs/nothing.js", "").Code)
}
