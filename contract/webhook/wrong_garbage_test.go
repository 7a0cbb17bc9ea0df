package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// crashesOn is a merchant whose handler panics on some bodies.
func crashesOn(what func(body []byte) bool) func() http.Handler {
	return func() http.Handler {
		return merchant{prepare: func(body []byte) []byte {
			if what(body) {
				panic("unexpected input")
			}
			return body
		}}
	}
}

// before looks at a request before the right merchant does.
func before(look func(w http.ResponseWriter, r *http.Request) (done bool)) func() http.Handler {
	return func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !look(w, r) {
				merchant{}.ServeHTTP(w, r)
			}
		})
	}
}

// Merchants that are wrong in how they bear what is no push, or much at once.
var wrongAtGarbage = map[string]wrong{
	"crashes on JSON that ends too early": {
		func() http.Handler {
			return merchant{prepare: func(body []byte) []byte {
				if !json.Valid(body) && bytes.HasPrefix(body, []byte(`{"synId"`)) && utf8Valid(body) {
					panic("unexpected end of JSON input")
				}
				return body
			}}
		},
		[]string{"broken-json"},
	},
	"too slow under fifty at once": {
		func() http.Handler {
			oneAtATime := make(chan struct{}, 1)
			return merchant{store: func(map[string]any) error {
				oneAtATime <- struct{}{}
				time.Sleep(200 * time.Millisecond)
				<-oneAtATime
				return nil
			}}
		},
		[]string{"burst"},
	},
	"crashes on an empty body":         {crashesOn(func(body []byte) bool { return len(body) == 0 }), []string{"empty-body"}},
	"crashes on a list":                {crashesOn(func(body []byte) bool { return bytes.HasPrefix(body, []byte("[")) }), []string{"json-no-object"}},
	"crashes on null":                  {crashesOn(func(body []byte) bool { return string(body) == "null" }), []string{"json-null"}},
	"crashes on an object without any": {crashesOn(func(body []byte) bool { return string(body) == "{}" }), []string{"json-empty-object"}},
	"crashes on an object for a text":  {crashesOn(func(body []byte) bool { return bytes.Contains(body, []byte(`"plateNumber":{`)) }), []string{"json-wrong-types"}},
	"crashes on what is no UTF-8":      {crashesOn(func(body []byte) bool { return bytes.Contains(body, []byte("\xd3\xe5\xff")) }), []string{"not-utf-8"}},
	"hangs on deep nesting": {before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.ContentLength > 19_000 && r.ContentLength < 25_000 {
			<-r.Context().Done()
		}
		return false
	}), []string{"json-deep"}},
	"hangs on a huge body": {before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.ContentLength > 1<<20 {
			<-r.Context().Done()
		}
		return false
	}), []string{"huge-body"}},
	"says code 0 to GET": {before(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
		}
		return r.Method == http.MethodGet
	}), []string{"method-get"}},
	"crashes without a Content-Type": {before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") == "" {
			panic("no content type")
		}
		return false
	}), []string{"no-content-type"}},
	"says ok to another Content-Type": {before(func(w http.ResponseWriter, r *http.Request) bool {
		page := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html")
		if page {
			_, _ = io.WriteString(w, "ok")
		}
		return page
	}), []string{"other-content-type"}},
	"is broken by many at once": {func() http.Handler {
		var now atomic.Int64
		var broken atomic.Bool
		return merchant{store: func(map[string]any) error {
			if broken.Load() && now.Load() == 0 {
				return errors.New("no connection left in the pool")
			}
			if now.Add(1) > 20 {
				broken.Store(true)
			}
			time.Sleep(10 * time.Millisecond)
			now.Add(-1)
			return nil
		}}
	}, []string{"after-burst"}},
}
