package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/static"
)

var script = []byte(strings.Repeat("let again = 1;\n", 100))

// site has a script in both ways, a drawing too small to be packed, and a packed file that is broken.
func site(t *testing.T) *static.Site {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(script)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	s := static.New("page", "default-src 'none'")
	s.Add("plain.js", script)
	s.AddPacked("packed.js", packed.Bytes())
	s.AddPacked("broken.css", []byte("no gzip"))
	s.Add("icon.svg", []byte("<svg/>"))
	return s
}

func ask(s *static.Site, method, name string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Serve(w, r, name)
	return w
}

// Both representations hold the same text, each with a tag of its own, however the file is kept.
func TestServe_packedAndPlain(t *testing.T) {
	s := site(t)
	for _, name := range []string{"plain.js", "packed.js"} {
		plain, packed := ask(s, http.MethodGet, name), ask(s, http.MethodGet, name, "Accept-Encoding", "br;q=1, gzip;q=0.5")
		require.Equal(t, string(script), plain.Body.String(), name)
		require.Empty(t, plain.Header().Get("Content-Encoding"))
		require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"), name)
		require.NotEqual(t, plain.Header().Get("ETag"), packed.Header().Get("ETag"))
		r, err := gzip.NewReader(packed.Body)
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, string(script), string(text), name)
		for _, w := range []*httptest.ResponseRecorder{plain, packed} {
			require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
			require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
			require.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
		}
		require.Empty(t, ask(s, http.MethodGet, name, "Accept-Encoding", "gzip;q=0, identity").Header().Get("Content-Encoding"))
	}
	require.Empty(t, ask(s, http.MethodGet, "icon.svg", "Accept-Encoding", "gzip").Header().Get("Content-Encoding"), "packed it would be larger")
}

func TestServe_isNotSentAgainToWhoHasIt(t *testing.T) {
	s := site(t)
	for _, coding := range []string{"", "gzip"} {
		tag := ask(s, http.MethodGet, "packed.js", "Accept-Encoding", coding).Header().Get("ETag")
		for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			w := ask(s, http.MethodGet, "packed.js", "Accept-Encoding", coding, "If-None-Match", match)
			require.Equal(t, http.StatusNotModified, w.Code, match)
			require.Zero(t, w.Body.Len())
			require.Empty(t, w.Header().Get("Content-Encoding"))
		}
		require.Equal(t, http.StatusOK, ask(s, http.MethodGet, "packed.js", "Accept-Encoding", coding, "If-None-Match", `"other"`).Code)
	}
}

// Below the folder of the version a browser may keep a file; below one of another version it is the file of now, and is not kept.
func TestServe_belowItsVersion(t *testing.T) {
	s := site(t)
	version := s.Version()
	require.Regexp(t, `^[0-9a-f]{12}$`, version)
	s.Add("index.html", []byte("names its files below "+version))
	require.Equal(t, "public, max-age=31536000, immutable", ask(s, http.MethodGet, version+"/plain.js").Header().Get("Cache-Control"))
	other := ask(s, http.MethodGet, "000000000000/plain.js")
	require.Equal(t, http.StatusOK, other.Code)
	require.Equal(t, "no-cache", other.Header().Get("Cache-Control"))
	require.Equal(t, http.StatusNotFound, ask(s, http.MethodGet, "short/plain.js").Code)
	changed := site(t)
	changed.Add("plain.js", []byte("let other = 2;"))
	require.NotEqual(t, version, changed.Version())
}

// Whatever is answered carries the policy; what is not there is named, as text.
func TestServe_headersOfEveryAnswer(t *testing.T) {
	s := site(t)
	for name, status := range map[string]int{"plain.js": http.StatusOK, "<img src=x>": http.StatusNotFound, "../static.go": http.StatusNotFound, "broken.css": http.StatusInternalServerError} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(s, method, name)
			require.Equal(t, status, w.Code, name)
			require.Equal(t, "default-src 'none'", w.Header().Get("Content-Security-Policy"))
			require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			require.Equal(t, "DENY", w.Header().Get("X-Frame-Options"))
			require.NotEmpty(t, w.Header().Get("Content-Length"))
			if status != http.StatusOK {
				require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
			}
			if method == http.MethodHead {
				require.Zero(t, w.Body.Len())
			}
		}
	}
	require.Equal(t, "The page has no such file.\n", ask(s, http.MethodGet, "<img src=x>").Body.String())
}
