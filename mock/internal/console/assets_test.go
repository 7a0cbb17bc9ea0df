package console_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/console"
	"github.com/etcp-mock/etcp-mock/schemas"
)

func ask(t *testing.T, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	engine := gin.New()
	console.Console{}.Register(engine)
	r := httptest.NewRequestWithContext(context.Background(), method, path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	engine.ServeHTTP(w, r)
	return w
}

// assets are the files that the page consists of.
var assets = []string{"index.html", "console.js", "console.css", "icon.svg"}

func TestAssets_carryThePolicy(t *testing.T) {
	for _, name := range append([]string{"", "no-such-file"}, assets...) {
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
	for _, name := range assets {
		total += ask(t, http.MethodGet, "/console/"+name, "Accept-Encoding", "gzip, br").Body.Len()
	}
	t.Logf("%d bytes gzip", total)
	require.Less(t, total, 150_000)
}

// The page asks for one sheet and one script, whatever they are made of.
func TestAssets_areAskedForOnce(t *testing.T) {
	page := ask(t, http.MethodGet, "/console/").Body.String()
	require.Equal(t, 1, strings.Count(page, "<script"))
	require.Equal(t, 1, strings.Count(page, `rel="stylesheet"`))
	require.NotContains(t, page, "<!--")
	script, styles := ask(t, http.MethodGet, "/console/console.js").Body.String(), ask(t, http.MethodGet, "/console/console.css").Body.String()
	files, err := filepath.Glob("assets/*")
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	for _, file := range files {
		switch filepath.Ext(file) {
		case ".js":
			require.Equal(t, 1, strings.Count(script, "\n// "+filepath.Base(file)+"\n")+strings.Count(script[:40], "// "+filepath.Base(file)+"\n"), file)
		case ".css":
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Contains(t, styles, string(text), file)
		}
	}
}

// versionOf is the folder that the page asks its files from.
func versionOf(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`src="([0-9a-f]{12}/)console\.js"`).FindStringSubmatch(ask(t, http.MethodGet, "/console/").Body.String())
	require.NotNil(t, found)
	return found[1]
}

// What the page asks for is in a folder of its version, where a browser may keep it: a reload asks for the page alone.
func TestAssets_areKeptByTheirVersion(t *testing.T) {
	folder := versionOf(t)
	for _, name := range []string{"console.js", "console.css", "icon.svg"} {
		require.Contains(t, ask(t, http.MethodGet, "/console/"+folder+name).Header().Get("Cache-Control"), "immutable", name)
		for _, other := range []string{"", "000000000000/"} {
			w := ask(t, http.MethodGet, "/console/"+other+name)
			require.Equal(t, http.StatusOK, w.Code, name)
			require.Equal(t, "no-cache", w.Header().Get("Cache-Control"), name)
		}
	}
	require.Equal(t, "no-cache", ask(t, http.MethodGet, "/console/").Header().Get("Cache-Control"))
}

// The lists of endpoints, pushes and codes are those of package schemas.
func TestAssets_tablesAreThoseOfTheSchemas(t *testing.T) {
	text := ask(t, http.MethodGet, "/console/console.js").Body.String()
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
	require.Contains(t, text, `"too many bound in a month"`)
}

func TestAssets_areTheSamePackedAndPlain(t *testing.T) {
	for _, name := range assets {
		plain := ask(t, http.MethodGet, "/console/"+name)
		packed := ask(t, http.MethodGet, "/console/"+name, "Accept-Encoding", "br;q=1, gzip;q=0.5")
		require.Equal(t, "Accept-Encoding", packed.Header().Get("Vary"))
		require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"), name)
		require.NotEqual(t, plain.Header().Get("Etag"), packed.Header().Get("Etag"), "one tag for two representations")
		r, err := gzip.NewReader(packed.Body)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, plain.Body.String(), string(got), name)
	}
}

func TestAssets_areNotSentAgainToWhoHasThem(t *testing.T) {
	tag := ask(t, http.MethodGet, "/console/console.js").Header().Get("Etag")
	require.NotEmpty(t, tag)
	for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		w := ask(t, http.MethodGet, "/console/console.js", "If-None-Match", match)
		require.Equal(t, http.StatusNotModified, w.Code, match)
		require.Zero(t, w.Body.Len())
	}
	require.Equal(t, http.StatusOK, ask(t, http.MethodGet, "/console/console.js", "If-None-Match", `"other"`).Code)
}

func TestAssets_paths(t *testing.T) {
	require.Equal(t, http.StatusMovedPermanently, ask(t, http.MethodGet, "/console").Code)
	require.Equal(t, "/console/", ask(t, http.MethodGet, "/console").Header().Get("Location"))
	require.Equal(t, http.StatusNotFound, ask(t, http.MethodGet, "/console/../console.go").Code)
	require.Equal(t, http.StatusNotFound, ask(t, http.MethodGet, "/console/nothing.js").Code)
	head := ask(t, http.MethodHead, "/console/")
	require.Equal(t, http.StatusOK, head.Code)
	require.Zero(t, head.Body.Len())
	require.Empty(t, ask(t, http.MethodGet, "/console/console.js", "Accept-Encoding", "gzip;q=0, identity").Header().Get("Content-Encoding"))
}

// What comes from outside must never become markup: there is no way to in the
// modules, and the policy has the browser refuse the rest.
func TestAssets_makeNoMarkup(t *testing.T) {
	files, err := filepath.Glob("assets/*")
	require.NoError(t, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, sink := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc", "DOMParser", "http://", "https://"} {
			if strings.HasSuffix(name, ".js") && sink == "http://" {
				continue // the SVG namespace, and addresses shown
			}
			if filepath.Base(name) != "icon.svg" {
				require.NotContains(t, string(text), sink, name)
			}
		}
	}
}

// In English a number stands before its noun in the number it has, 1 order and 2 orders: no text has the plural alone behind a number that may be 1.
func TestTexts_plurals(t *testing.T) {
	files, err := filepath.Glob("assets/texts-*.js")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	plural, fixed := regexp.MustCompile(`\{n\} [a-hj-z][a-z]*s\b`), "All {n} checks passed" // of which there are always as many
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotRegexp(t, plural, strings.ReplaceAll(string(text), fixed, ""), file)
	}
	if script, err := exec.LookPath("node"); err == nil {
		out, err := exec.CommandContext(t.Context(), script, "--input-type=module", "-e", `
			globalThis.localStorage = { getItem: () => 'en', setItem() {} };
			const { t } = await import(process.argv[1]);
			process.stdout.write([t('orders.count', { n: 1 }), t('orders.count', { n: 2 }), t('live.of', { n: 1, all: 3 })].join('; '));`, "./assets/i18n.js").CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, "1 order; 2 orders; 1 of 3", string(out))
	}
}
