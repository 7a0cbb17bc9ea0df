// Package openapi serves the contract as an OpenAPI document, and a viewer of it (Swagger UI 5.35.0, Apache License 2.0)
// that needs no network.
package openapi

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/schemas"
)

//go:embed assets/*.gz assets/index.html assets/start.js
var assets embed.FS

// Register adds /__admin/openapi.json and, under /__admin/docs, the viewer.
func Register(r gin.IRoutes, version string) {
	document := sync.OnceValue(func() []byte { return schemas.OpenAPI(version) }) // a start need not wait for it
	r.GET("/__admin/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", document()) })
	r.GET("/__admin/docs", func(c *gin.Context) { serve(c, "index.html") })
	r.GET("/__admin/docs/:asset", func(c *gin.Context) { serve(c, c.Param("asset")) })
}

var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
}

// policy lets the viewer load what is embedded and speak to this server only. It styles its elements itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

func serve(c *gin.Context, name string) {
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache")
	if text, err := assets.ReadFile("assets/" + name); err == nil && !strings.HasSuffix(name, ".gz") {
		c.Data(http.StatusOK, mediaTypes[path.Ext(name)], text)
		return
	}
	packed, err := assets.ReadFile("assets/" + name + ".gz")
	if err != nil {
		c.String(http.StatusNotFound, "no such file\n")
		return
	}
	header.Set("Vary", "Accept-Encoding")
	if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		c.Data(http.StatusOK, mediaTypes[path.Ext(name)], packed)
		return
	}
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		packed, err = io.ReadAll(plain)
	}
	if err != nil {
		c.String(http.StatusInternalServerError, "the embedded file is broken\n")
		return
	}
	c.Data(http.StatusOK, mediaTypes[path.Ext(name)], packed)
}
