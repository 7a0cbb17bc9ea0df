// Package static serves the embedded files of a page: packed with gzip for who takes that, not sent again to who has them
// (RFC 9110 §13), and never as another kind than their own.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Site is the files of one page. Adding to it while it serves is not allowed.
type Site struct {
	name   string
	policy string
	files  map[string]file
	folder string
}

// file is a file in both representations, each made when it is asked for first.
type file struct {
	kind   string
	tag    string                 // the ETag of the plain file, without its quotes
	plain  func() ([]byte, error) // as a browser sees it
	packed func() []byte          // gzip; nil where that is no smaller
}

// New makes a site without files; name is what a 404 calls it, policy its Content-Security-Policy.
func New(name, policy string) *Site {
	return &Site{name: name, policy: policy, files: map[string]file{}}
}

// Add adds a file; its name's extension says what it is.
func (s *Site) Add(name string, text []byte) {
	s.files[name] = file{
		kind: kinds[path.Ext(name)], tag: tagOf(text),
		plain:  func() ([]byte, error) { return text, nil },
		packed: sync.OnceValue(func() []byte { return pack(text) }),
	}
}

// AddPacked adds a file that is kept as gzip.
func (s *Site) AddPacked(name string, packed []byte) {
	s.files[name] = file{
		kind: kinds[path.Ext(name)], tag: tagOf(packed),
		plain:  func() ([]byte, error) { return unpack(packed) }, // hardly anyone asks for it
		packed: func() []byte { return packed },
	}
}

// kinds are the media types of the files there are.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

const sumBytes = 12 // of a SHA-256 in an ETag

func tagOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:sumBytes])
}

// Version names a folder that stands for the files as they are now: what is asked for below it may be kept for good, because it
// is another folder where one of them is another. Files added later are not part of it.
func (s *Site) Version() string {
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		all.Write([]byte(name + s.files[name].tag))
	}
	s.folder = hex.EncodeToString(all.Sum(nil)[:6])
	return s.folder
}

// find is the file of a path, and whether a browser may keep it for good. A folder of another version has the file all the same:
// replicas may differ while they are updated.
func (s *Site) find(name string) (found file, known, forGood bool) {
	if folder, rest, in := strings.Cut(name, "/"); in && s.folder != "" && len(folder) == len(s.folder) {
		name, forGood = rest, folder == s.folder
	}
	found, known = s.files[name]
	return found, known, forGood
}

// Serve answers a GET or HEAD with the file of a name, which may be below the folder of [Site.Version].
func (s *Site) Serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Security-Policy", s.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	f, known, forGood := s.find(name)
	if !known {
		answer(w, r, http.StatusNotFound, []byte("The "+s.name+" has no such file.\n"))
		return
	}
	header.Set("Content-Type", f.kind)
	header.Set("Cache-Control", "no-cache") // asked for again each time, answered by 304
	if forGood {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Vary", "Accept-Encoding")
	var packed []byte
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		packed = f.packed()
	}
	tag := `"` + f.tag + `"`
	if packed != nil {
		tag = `"` + f.tag + `-gzip"` // another representation, and so another tag (RFC 9110 §8.8.3)
	}
	header.Set("ETag", tag)
	if holds(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := packed
	if packed != nil {
		header.Set("Content-Encoding", "gzip")
	} else {
		var err error
		if body, err = f.plain(); err != nil {
			header.Del("ETag")
			header.Set("Cache-Control", "no-store")
			answer(w, r, http.StatusInternalServerError, []byte("The embedded file is broken.\n"))
			return
		}
	}
	answer(w, r, http.StatusOK, body)
}

func answer(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if status != http.StatusOK {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a browser that has gone needs no answer
	}
}

// pack is a text as gzip, or nil where that is no smaller.
func pack(text []byte) []byte {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(text); err != nil || w.Close() != nil || packed.Len() >= len(text) {
		return nil
	}
	return packed.Bytes()
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// acceptsGzip reads Accept-Encoding as far as browsers and curl write it.
func acceptsGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q, weighted := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return !weighted || strings.Trim(q, "0.") != ""
		}
	}
	return false
}

// holds says whether an If-None-Match names a tag; weak ones count (RFC 9110 §13.1.2).
func holds(match, tag string) bool {
	for one := range strings.SplitSeq(match, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}
