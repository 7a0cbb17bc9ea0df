package api

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// headKey is the key of what is wrong with the head of a request, in its context.
type headKey struct{}

type refusedHead struct {
	status  int // of net/http
	finding inspect.Finding
}

// RefusedHeads answers, by a server's handler, requests of the platform whose head net/http refuses before any handler sees it: an empty Content-Length, no Host, a
// header without a colon. They get the envelope with net/http's status and code 6, and an entry in the journal that says what is wrong, as other requests do; net/http's answer is the words
// 400 Bad Request.
func RefusedHeads(handler http.Handler) func(status int, head []byte, from net.Addr) []byte {
	return func(status int, head []byte, from net.Addr) []byte {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		method, rest, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if at := strings.LastIndex(rest, " HTTP/"); at >= 0 {
			rest = rest[:at]
		}
		if _, behind, absolute := strings.Cut(rest, "://"); absolute && strings.HasPrefix(rest, "http") {
			rest = behind[max(0, strings.IndexByte(behind, '/')):]
		}
		path, query, _ := strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(path); err == nil {
			path = plain
		}
		ctx := context.WithValue(context.Background(), headKey{}, refusedHead{status, inspect.Head(status, head)}) // the connection has no other
		r := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: http.NoBody, RemoteAddr: from.String(), RequestURI: rest, Close: true,
		}
		w := handlertransport.NewAnswer()
		handler.ServeHTTP(w, r.WithContext(ctx))
		if w.Status() == 0 {
			return nil
		}
		var out bytes.Buffer
		fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", w.Status(), http.StatusText(w.Status()))
		header := w.Sent()
		header.Set("Connection", "close")
		header.Set("Content-Length", strconv.Itoa(len(w.Body())))
		_ = header.Write(&out) // a buffer takes all
		out.WriteString("\r\n")
		out.Write(w.Body())
		return out.Bytes()
	}
}

// refusesHead refuses a request whose head net/http has refused. Its parameters are not read: they say whose it is, where they are in the query.
func (x *exchange) refusesHead(r *http.Request) bool {
	if !r.Close { // as one of RefusedHeads is: a look through the contexts of each request is not needed
		return false
	}
	head, bad := r.Context().Value(headKey{}).(refusedHead)
	if !bad {
		return false
	}
	var query form
	if err := query.parse(r.URL.RawQuery); err == nil {
		x.take(&query)
	}
	x.refuse(head.status, reasons.Refuse("body-malformed").Say("cause", "the head of the request is malformed, so that its parameters were not read", "请求头部有误，因此没有读取参数").Because(head.finding))
	return true
}
