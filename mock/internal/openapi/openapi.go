// Package openapi serves the contract as an OpenAPI document, and a viewer of it (Swagger UI 5.35.0, Apache License 2.0)
// that needs no network.
package openapi

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/static"
	"github.com/etcp-mock/etcp-mock/schemas"
)

//go:embed assets/*.gz assets/index.html assets/start.js
var embedded embed.FS

// Register adds /__admin/openapi.json and, under /__admin/docs, the viewer. What they refuse is shown as hide shows it.
func Register(r gin.IRoutes, version string, hide func(c *gin.Context, text string) string) {
	plain := func(serve gin.HandlerFunc) gin.HandlerFunc { return plain(serve, hide) }
	document := sync.OnceValue(func() []byte { return schemas.OpenAPI(version) }) // a start need not wait for it
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r.Handle(method, "/__admin/openapi.json", plain(func(c *gin.Context) { c.Data(http.StatusOK, "application/json", document()) }))
		r.Handle(method, "/__admin/docs", plain(func(c *gin.Context) { serve(c, "index.html") }))
		r.Handle(method, "/__admin/docs/:asset", plain(func(c *gin.Context) { serve(c, c.Param("asset")) }))
	}
}

// plain refuses a parameter in the query: as every other call below /__admin does, of those that it does not have.
func plain(serve gin.HandlerFunc, hide func(c *gin.Context, text string) string) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.URL.RawQuery == "" {
			serve(c)
			return
		}
		name := c.Request.URL.RawQuery // where it cannot be read
		if given := slices.Sorted(maps.Keys(c.Request.URL.Query())); len(given) > 0 {
			name = given[0]
		}
		name = hide(c, name)
		problem.Refuse(c.Writer, c.Request, problem.InQuery(name, fmt.Sprintf("no parameter %q", name)))
	}
}

// policy lets the viewer load what is embedded and speak to this server only. It styles its elements itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// viewer is read when it is asked for first.
var viewer = sync.OnceValues(func() (*static.Site, error) {
	site := static.New("viewer", policy)
	files, err := fs.ReadDir(embedded, "assets")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := embedded.ReadFile("assets/" + file.Name())
		if err != nil {
			return nil, err
		}
		if name, packed := strings.CutSuffix(file.Name(), ".gz"); packed {
			site.AddPacked(name, text)
		} else {
			site.Add(name, text)
		}
	}
	return site, nil
})

func serve(c *gin.Context, name string) {
	site, err := viewer()
	if err != nil {
		_ = c.AbortWithError(http.StatusInternalServerError, err)
		return
	}
	site.Serve(c.Writer, c.Request, name)
	c.Writer.WriteHeaderNow() // where there is no body
}
