package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// otherSpelling is a platform that writes each answer as the document leaves it free to: another order of the keys, white space, escapes, decimals such as
// 10.0 and 1e1, headers in lower case without those of a mock, HTTP/1.0 that ends with the connection, and chunks.
type otherSpelling struct {
	http.Handler

	more  bool // fields that the document does not know
	asked atomic.Int64
}

// withMore is a JSON value whose objects have fields that the document does not know.
func withMore(value any, n int64) any {
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = withMore(v[name], n)
		}
		v["traceId"] = strconv.FormatInt(n, 10)
		v["more"] = []any{nil, map[string]any{"code": json.Number("7"), "list": []any{}}}
	case []any:
		for i := range v {
			v[i] = withMore(v[i], n)
		}
	}
	return value
}

func (o *otherSpelling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.URL.Path, "/merchant/") {
		o.Handler.ServeHTTP(w, r)
		return
	}
	held := httptest.NewRecorder()
	o.Handler.ServeHTTP(held, r)
	n := o.asked.Add(1)
	body := held.Body.String()
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) == nil {
		if o.more {
			value = withMore(value, n)
		}
		body = respelled("", value, n)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	var out bytes.Buffer
	head := fmt.Sprintf(" %d Whatever\r\ncontent-type: application/json; charset=utf-8\r\nserver: other\r\nset-cookie: a=b\r\n", held.Code)
	if allow := held.Header().Get("Allow"); allow != "" {
		head += "allow: " + allow + "\r\n"
	}
	if n%2 == 0 {
		out.WriteString("HTTP/1.0" + head + "\r\n" + body)
	} else {
		out.WriteString("HTTP/1.1" + head + "connection: close\r\ntransfer-encoding: chunked\r\n\r\n")
		for part := range slices.Chunk([]byte(body), 7) {
			fmt.Fprintf(&out, "%x;x=y\r\n%s\r\n", len(part), part)
		}
		out.WriteString("0\r\ntrailer: t\r\n\r\n")
	}
	_, _ = conn.Write(out.Bytes())
}

// respelled is a JSON value written in another way. Whole numbers that the document calls integers stay whole.
func respelled(name string, value any, n int64) string {
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		slices.Reverse(names)
		parts := make([]string, len(names))
		for i, each := range names {
			parts[i] = respelled("", each, n) + " :\t" + respelled(each, v[each], n)
		}
		return "{ " + strings.Join(parts, " ,\r\n") + "\n}"
	case []any:
		parts := make([]string, len(v))
		for i, each := range v {
			parts[i] = respelled(name, each, n)
		}
		return "[ " + strings.Join(parts, " , ") + " ]"
	case string:
		var out strings.Builder
		for _, r := range v {
			switch {
			case r == '/':
				out.WriteString(`\/`)
			case r < 0x20 || r == '"' || r == '\\' || r > 0x7e:
				for _, unit := range utf16.Encode([]rune{r}) {
					fmt.Fprintf(&out, `\u%04x`, unit)
				}
			default:
				out.WriteRune(r)
			}
		}
		return `"` + out.String() + `"`
	case json.Number:
		text := v.String()
		if !slices.Contains([]string{"parkingFee", "remainingFee", "payment"}, name) {
			return text
		}
		switch {
		case n%3 == 0 && !strings.Contains(text, "."):
			return text + ".00"
		case n%3 == 1 && strings.Contains(text, "."):
			return text + "0"
		case n%3 == 2 && len(text) > 1 && strings.HasSuffix(text, "0") && !strings.Contains(text, "."):
			return text[:len(text)-1] + "e1"
		}
		return text
	default:
		return jsonvalue.Encode(v)
	}
}

// Nothing is demanded of how an answer is spelled.
func TestSuite_otherSpelling(t *testing.T) {
	for name, more := range map[string]bool{"the document's fields": false, "and others": true} {
		t.Run(name, func(t *testing.T) { holdSpelling(t, more) })
	}
}

func holdSpelling(t *testing.T, more bool) {
	t.Helper()
	server := httptest.NewServer(&otherSpelling{Handler: contracttest.NewHandler(t), more: more})
	t.Cleanup(server.Close)
	client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	t.Cleanup(client.CloseIdleConnections)
	target := scenarios.Mock(server.URL, "")
	target.HTTP, target.Control = client, control.New(server.URL, control.WithHTTPClient(client))
	r, err := contract.Runner{Library: suite.Library(), Seed: 1, Workers: 8}.Run(t.Context(), target, contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	for _, c := range r.Cases {
		for _, f := range c.Failures {
			t.Errorf("%s %s:%d: %s: want %s, got %s", c.ID, f.File, f.Line, f.Message, f.Expected, f.Actual)
		}
		require.NotEqual(t, report.Skipped, c.Status, c.Reason)
	}
	warnings := strings.Join(r.Warnings, "\n")
	require.Equal(t, more, strings.Contains(warnings, "fields that the document does not know, which is no failure: bindcar more, bindcar traceId, "), warnings)
}
