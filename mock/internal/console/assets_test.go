package console_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/console"
	"github.com/etcp-mock/etcp-mock/schemas"
)

func ask(t *testing.T, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	page, err := console.New()
	require.NoError(t, err)
	engine := gin.New()
	page.Register(engine)
	r := httptest.NewRequestWithContext(context.Background(), method, path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	engine.ServeHTTP(w, r)
	return w
}

func assets(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("assets/*")
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

func TestAssets_carryThePolicy(t *testing.T) {
	for _, name := range append(assets(t), "", "no-such-file") {
		header := ask(t, http.MethodGet, "/console/"+name).Header()
		policy := header.Get("Content-Security-Policy")
		require.NotContains(t, policy, "unsafe", name)
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			require.Contains(t, policy, part, name)
		}
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), name)
		require.NotEmpty(t, header.Get("Content-Type"), name)
	}
}

func TestAssets_stayUnder150KBTogether(t *testing.T) {
	total := 0
	for _, name := range append(assets(t), "tables.js") {
		total += ask(t, http.MethodGet, "/console/"+name, "Accept-Encoding", "gzip, br").Body.Len()
	}
	t.Logf("%d bytes gzip", total)
	require.Less(t, total, 150_000)
}

// Every module is fetched at once, not one after the other as the imports are found.
func TestAssets_everyModuleIsPreloaded(t *testing.T) {
	page := ask(t, http.MethodGet, "/console/").Body.String()
	for _, name := range append(assets(t), "tables.js") {
		if strings.HasSuffix(name, ".js") {
			require.Contains(t, page, `"`+name+`"`, name)
		}
	}
	require.NotContains(t, page, "<!--")
}

// The lists of endpoints, pushes and codes are those of package schemas.
func TestAssets_tablesAreThoseOfTheSchemas(t *testing.T) {
	text := ask(t, http.MethodGet, "/console/tables.js").Body.String()
	for _, e := range schemas.Endpoints() {
		require.Contains(t, text, `"name":"`+e.Name+`"`)
	}
	for _, p := range schemas.Pushes() {
		require.Contains(t, text, `"kind":"`+p.Kind+`"`)
	}
	for _, c := range schemas.Codes() {
		require.Contains(t, text, `"message":"`+c.Message+`"`)
	}
	require.Contains(t, text, `"timestamp expired"`)
	require.Contains(t, text, `"SMS failed"`)
}

func TestAssets_areTheSamePackedAndPlain(t *testing.T) {
	for _, name := range assets(t) {
		want, err := os.ReadFile(filepath.Join("assets", name))
		require.NoError(t, err)
		plain := ask(t, http.MethodGet, "/console/"+name)
		if name == "index.html" { // has the links to the modules added
			want = plain.Body.Bytes()
		}
		require.Equal(t, string(want), plain.Body.String(), name)
		packed := ask(t, http.MethodGet, "/console/"+name, "Accept-Encoding", "br;q=1, gzip;q=0.5")
		require.Equal(t, "Accept-Encoding", packed.Header().Get("Vary"))
		if packed.Header().Get("Content-Encoding") != "gzip" {
			continue
		}
		require.NotEqual(t, plain.Header().Get("Etag"), packed.Header().Get("Etag"), "one tag for two representations")
		r, err := gzip.NewReader(packed.Body)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), name)
	}
}

func TestAssets_areNotSentAgainToWhoHasThem(t *testing.T) {
	tag := ask(t, http.MethodGet, "/console/app.js").Header().Get("Etag")
	require.NotEmpty(t, tag)
	for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		w := ask(t, http.MethodGet, "/console/app.js", "If-None-Match", match)
		require.Equal(t, http.StatusNotModified, w.Code, match)
		require.Zero(t, w.Body.Len())
	}
	require.Equal(t, http.StatusOK, ask(t, http.MethodGet, "/console/app.js", "If-None-Match", `"other"`).Code)
}

func TestAssets_paths(t *testing.T) {
	require.Equal(t, http.StatusMovedPermanently, ask(t, http.MethodGet, "/console").Code)
	require.Equal(t, "/console/", ask(t, http.MethodGet, "/console").Header().Get("Location"))
	require.Equal(t, http.StatusNotFound, ask(t, http.MethodGet, "/console/../console.go").Code)
	require.Equal(t, http.StatusNotFound, ask(t, http.MethodGet, "/console/nothing.js").Code)
	head := ask(t, http.MethodHead, "/console/")
	require.Equal(t, http.StatusOK, head.Code)
	require.Zero(t, head.Body.Len())
	require.Empty(t, ask(t, http.MethodGet, "/console/app.js", "Accept-Encoding", "gzip;q=0, identity").Header().Get("Content-Encoding"))
}

// What comes from outside must never become markup: there is no way to in the
// modules, and the policy has the browser refuse the rest.
func TestAssets_makeNoMarkup(t *testing.T) {
	for _, name := range assets(t) {
		text, err := os.ReadFile(filepath.Join("assets", name))
		require.NoError(t, err)
		for _, sink := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc", "DOMParser", "http://", "https://"} {
			if strings.HasSuffix(name, ".js") && sink == "http://" {
				continue // the SVG namespace, and addresses shown
			}
			if name != "icon.svg" {
				require.NotContains(t, string(text), sink, name)
			}
		}
	}
}
