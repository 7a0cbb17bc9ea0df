// Package curl writes command lines that repeat an HTTP request.
package curl

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Request is a request as it was sent.
type Request struct {
	Method      string
	URL         string
	Socket      string // path of the Unix socket that it goes to; "": to the URL's host
	ContentType string // "" for none
	Body        []byte
}

// longest is how many bytes of body a command line holds.
const longest = 4000

// leading are the platform's parameters, in the order of the document (§3).
var leading = []string{"merchant_no", "time_stamp", "data", "sign"}

// Command is a command line for a POSIX shell: parameters of a query or a form each by themselves and decoded, so that they can be read and
// changed. It is "" where there is none: no URL, or a body that is too long or holds a NUL.
func Command(r Request) string {
	u, err := url.Parse(r.URL)
	if err != nil || r.URL == "" || len(r.Body) > longest || bytes.IndexByte(r.Body, 0) >= 0 {
		return ""
	}
	params, form := u.Query(), false
	if strings.HasPrefix(r.ContentType, "application/x-www-form-urlencoded") {
		posted, err := url.ParseQuery(string(r.Body))
		if form = err == nil && writable(posted, string(r.Body)); form {
			params = posted
		}
	}
	if !form && (len(r.Body) > 0 || !writable(params, u.RawQuery)) {
		params = nil // they stay in the URL
	}
	var out strings.Builder
	out.WriteString("curl -sS")
	if r.Socket != "" {
		out.WriteString(" --unix-socket " + Quote(r.Socket))
	}
	if len(params) > 0 && !form {
		out.WriteString(" -G")
		u.RawQuery = ""
	}
	implied := http.MethodGet
	if len(r.Body) > 0 {
		implied = http.MethodPost
	}
	if r.Method != implied {
		out.WriteString(" -X " + r.Method)
	}
	out.WriteString(" " + Quote(u.String()))
	names := slices.Sorted(maps.Keys(params))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range names {
		out.WriteString(" --data-urlencode " + Quote(name+"="+params.Get(name)))
	}
	if len(r.Body) > 0 && !form {
		if r.ContentType != "" {
			out.WriteString(" -H " + Quote("Content-Type: "+r.ContentType))
		}
		if !utf8.Valid(r.Body) {
			return printed(r.Body) + " | " + out.String() + " --data-binary @-"
		}
		out.WriteString(" --data-binary " + Quote(string(r.Body)))
	}
	return out.String()
}

// printed is a command that prints bytes which are no UTF-8, and would not survive a terminal: those beyond ASCII in octal.
func printed(body []byte) string {
	var b strings.Builder
	b.WriteString("printf '")
	for _, c := range body {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c == '\\' || c == '\'' || c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}

// writable says that curl's --data-urlencode can write the parameters again: plain names, each once and with a value after its =.
func writable(params url.Values, body string) bool {
	for name, values := range params {
		if len(values) != 1 || name == "" || name != url.QueryEscape(name) {
			return false
		}
	}
	for part := range strings.SplitSeq(body, "&") {
		if !strings.Contains(part, "=") {
			return false
		}
	}
	return len(params) > 0
}

func rank(name string) int {
	if i := slices.Index(leading, name); i >= 0 {
		return i
	}
	return len(leading)
}

// Quote puts a text in single quotes, for a POSIX shell.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
