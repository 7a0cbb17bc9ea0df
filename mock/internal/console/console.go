// Package console is the web console: a page and its modules, embedded, that
// speak to the control API and its event stream and to nothing else. The one
// module that is not a file is tables.js, which is made of package schemas.
// What goes out is joined when it is asked for first: one script, one sheet.
package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

//go:embed assets
var embedded embed.FS

// Path is where the console lives.
const Path = "/console/"

// policy lets the page run its own modules and styles and speak to its own
// server. Text from outside reaches the page as text; that no string becomes
// markup is asked of the browser too.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// asset is a file as it goes out.
type asset struct {
	kind   string
	tag    string // the ETag, quoted
	plain  []byte
	packed func() []byte // gzip, nil where that is no smaller; made when it is asked for first, not when the server starts
}

// Console serves the page.
type Console struct {
	assets  map[string]asset
	version string // the folder in which they may be kept for good
}

// New serves the assets, which are read once.
func New() (*Console, error) { return loaded() }

var loaded = sync.OnceValues(func() (*Console, error) {
	c := &Console{assets: map[string]asset{}}
	files, err := fs.Sub(embedded, "assets")
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		c.add(name, text)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.add(tablesName, tables())
	if err := c.merge(); err != nil {
		return nil, err
	}
	c.version = c.sum()
	c.add("index.html", withLinks(c.assets["index.html"].plain, c.version))
	return c, nil
})

// merge puts one style sheet and one script in the place of all: the first paint waits for each that the page asks for.
func (c *Console) merge() error {
	var styles []byte
	for _, name := range sheets {
		styles = append(styles, c.assets[name].plain...)
		delete(c.assets, name)
	}
	modules := map[string][]byte{}
	for name := range c.assets {
		if path.Ext(name) == ".js" {
			modules[name] = c.assets[name].plain
			delete(c.assets, name)
		}
	}
	script, err := join(modules, "app.js")
	if err != nil {
		return err
	}
	c.add(stylesName, styles)
	c.add(scriptName, script)
	return nil
}

// sheets are the style sheets in the order in which they apply.
var sheets = []string{"base.css", "pages.css", "live.css", "stay.css"}

const (
	stylesName = "console.css"
	scriptName = "console.js"
)

// sum is the folder that the page asks its files from: another where one of them is another, so that a browser may keep them.
func (c *Console) sum() string {
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(c.assets)) {
		all.Write([]byte(name + c.assets[name].tag))
	}
	return hex.EncodeToString(all.Sum(nil)[:6])
}

// add keeps a file as it goes out.
func (c *Console) add(name string, text []byte) {
	sum := sha256.Sum256(text)
	c.assets[name] = asset{
		kind: kinds[path.Ext(name)], tag: `"` + hex.EncodeToString(sum[:12]) + `"`, plain: text,
		packed: sync.OnceValue(func() []byte { return pack(text) }),
	}
}

// kinds are the media types of the files there are.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
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

// Register adds the routes.
func (c *Console) Register(r gin.IRoutes) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r.Handle(method, strings.TrimSuffix(Path, "/"), func(g *gin.Context) { g.Redirect(http.StatusMovedPermanently, Path) })
		r.Handle(method, Path+"*asset", c.serve)
	}
}

func (c *Console) serve(g *gin.Context) {
	header := g.Writer.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	name := strings.TrimPrefix(g.Param("asset"), "/")
	if name == "" {
		name = "index.html"
	}
	version, rest, in := strings.Cut(name, "/")
	if in && len(version) == len(c.version) { // of another version, where replicas differ: the file is there all the same
		name = rest
	}
	a, found := c.assets[name]
	if !found {
		g.String(http.StatusNotFound, "The console has no %s.\n", strconv.Quote(name))
		return
	}
	header.Set("Content-Type", a.kind)
	header.Set("Cache-Control", "no-cache") // asked for again each time, answered by 304
	if in && version == c.version {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Vary", "Accept-Encoding")
	body, tag := a.plain, a.tag
	var packed []byte
	if acceptsGzip(g.GetHeader("Accept-Encoding")) {
		packed = a.packed()
	}
	if packed != nil {
		header.Set("Content-Encoding", "gzip")
		body, tag = packed, strings.TrimSuffix(a.tag, `"`)+`-gzip"`
	}
	header.Set("ETag", tag)
	if holds(g.GetHeader("If-None-Match"), tag) {
		header.Del("Content-Encoding")
		g.Status(http.StatusNotModified)
		g.Writer.WriteHeaderNow()
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	g.Status(http.StatusOK)
	g.Writer.WriteHeaderNow()
	if g.Request.Method != http.MethodHead {
		_, _ = g.Writer.Write(body) // a browser that has gone needs no answer
	}
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
