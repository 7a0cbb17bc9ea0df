// Package console is the web console: a page and its modules, embedded, that
// speak to the control API and its event stream and to nothing else. The one
// module that is not a file is tables.js, which is made of package schemas.
// What goes out is joined when it is asked for first: one script, one sheet.
package console

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/static"
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

// Console serves the page. Its assets are read and joined when they are asked for first: that took 9 of the 10 ms of processor time in
// which a server is made, and most servers are made for tests, which open no page.
type Console struct{}

// loaded is the site of the assets, which are embedded: a test holds that they can be joined.
var loaded = sync.OnceValues(func() (*static.Site, error) {
	files, err := read()
	if err != nil {
		return nil, err
	}
	if err := merge(files); err != nil {
		return nil, err
	}
	page := files["index.html"]
	delete(files, "index.html")
	site := static.New("console", policy)
	for name, text := range files {
		site.Add(name, text)
	}
	site.Add("index.html", withLinks(page, site.Version()))
	return site, nil
})

// read is all assets by name, and the tables.
func read() (map[string][]byte, error) {
	files := map[string][]byte{tablesName: tables()}
	folder, err := fs.Sub(embedded, "assets")
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(folder, name)
		return err
	})
	return files, err
}

// merge puts one style sheet and one script in the place of all: the first paint waits for each that the page asks for.
func merge(files map[string][]byte) error {
	var styles []byte
	for _, name := range sheets {
		styles = append(styles, files[name]...)
		delete(files, name)
	}
	modules := map[string][]byte{}
	for name, text := range files {
		if path.Ext(name) == ".js" {
			modules[name] = text
			delete(files, name)
		}
	}
	script, err := join(modules, "app.js")
	if err != nil {
		return err
	}
	files[stylesName], files[scriptName] = styles, script
	return nil
}

// sheets are the style sheets in the order in which they apply.
var sheets = []string{"base.css", "pages.css", "live.css", "stay.css", "forced.css"}

const (
	stylesName = "console.css"
	scriptName = "console.js"
)

// Register adds the routes.
func (c Console) Register(r gin.IRoutes) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r.Handle(method, strings.TrimSuffix(Path, "/"), func(g *gin.Context) { g.Redirect(http.StatusMovedPermanently, Path) })
		r.Handle(method, Path+"*asset", c.serve)
	}
}

func (c Console) serve(g *gin.Context) {
	site, err := loaded()
	if err != nil {
		g.String(http.StatusInternalServerError, err.Error())
		return
	}
	name := strings.TrimPrefix(g.Param("asset"), "/")
	if name == "" {
		name = "index.html"
	}
	site.Serve(g.Writer, g.Request, name)
	g.Writer.WriteHeaderNow() // where there is no body
}
