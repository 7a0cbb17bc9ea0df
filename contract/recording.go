package contract

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Recording is what a run sent and got, by case: enough to judge it again where no target is. Keys and secrets in it are masked.
type Recording struct {
	Version    int            `json:"version"` // 1
	Target     string         `json:"target"`
	MerchantNo string         `json:"merchantNo,omitempty"` // of a platform without a control API
	Mock       bool           `json:"mock"`                 // the target has a control API
	Seed       uint64         `json:"seed"`
	Salt       string         `json:"salt"`      // what merchants' numbers follow from, with the seed
	Started    time.Time      `json:"startedAt"` // RFC 3339
	Cases      []RecordedCase `json:"cases"`
}

// RecordedCase are the exchanges of a case, in their order.
type RecordedCase struct {
	ID        string             `json:"id"`
	Exchanges []RecordedExchange `json:"exchanges"`
}

// RecordedExchange is a request and its answer, or why there was none.
type RecordedExchange struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Body   string      `json:"body,omitempty"`
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Answer string      `json:"answer,omitempty"`
	Error  string      `json:"error,omitempty"`
}

// maxRecorded bounds what is kept of one body.
const maxRecorded = 2 << 20

// recordingVersion is the version of the form that is written.
const recordingVersion = 1

// ReadRecording reads a recording that [Recorder.Recording] gave.
func ReadRecording(text []byte) (*Recording, error) {
	var r Recording
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("no recording of this runner: %w", err)
	}
	if r.Version != recordingVersion {
		return nil, fmt.Errorf("no recording of this runner: version %d, want %d", r.Version, recordingVersion)
	}
	return &r, nil
}

// Has reports whether a case was recorded.
func (r *Recording) Has(id string) bool {
	for i := range r.Cases {
		if r.Cases[i].ID == id {
			return true
		}
	}
	return false
}

type caseKey struct{}

// ofCase gives a context whose requests are a case's.
func ofCase(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, caseKey{}, id)
}

func caseIn(ctx context.Context) string {
	id, _ := ctx.Value(caseKey{}).(string)
	return id
}

// Recorder keeps what cases send to a target, and what they get.
type Recorder struct {
	mu    sync.Mutex
	order []string
	cases map[string][]RecordedExchange
}

// Record makes a recorder of everything that goes through a target's HTTP client. It changes that client.
func Record(target *scenarios.Target) *Recorder {
	r := &Recorder{cases: map[string][]RecordedExchange{}}
	if target.HTTP == nil {
		target.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	next := target.HTTP.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	target.HTTP.Transport = recording{r, next}
	target.Salt = rand.Text()
	return r
}

type recording struct {
	to   *Recorder
	next http.RoundTripper
}

// RoundTrip sends a request, and keeps it with its answer.
func (t recording) RoundTrip(req *http.Request) (*http.Response, error) {
	id := caseIn(req.Context())
	if id == "" {
		return t.next.RoundTrip(req)
	}
	x := RecordedExchange{Method: req.Method, URL: req.URL.String()}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
		x.Body = valid(body)
	}
	res, err := t.next.RoundTrip(req)
	if err != nil {
		x.Error = err.Error()
		t.to.keep(id, x)
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxRecorded))
	_ = res.Body.Close()
	x.Status, x.Header, x.Answer = res.StatusCode, res.Header.Clone(), valid(body)
	if err != nil {
		x.Error = err.Error()
	}
	t.to.keep(id, x)
	res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
	return res, nil
}

func valid(body []byte) string {
	if utf8.Valid(body) {
		return string(body)
	}
	return strings.ToValidUTF8(string(body), "\ufffd")
}

// failing ends a body as it ended when it came.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

func (r *Recorder) keep(id string, x RecordedExchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.cases[id]; !known {
		r.order = append(r.order, id)
	}
	r.cases[id] = append(r.cases[id], x)
}

// Recording is what was kept. The secrets are masked in it: the merchant's key, and every other that is given; the keys that a control API
// names are masked, too.
func (r *Recorder) Recording(target scenarios.Target, seed uint64, started time.Time, secrets ...string) *Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &Recording{Version: recordingVersion, Target: target.URL, MerchantNo: target.MerchantNo, Mock: target.Control != nil, Seed: seed, Salt: target.Salt, Started: started, Cases: []RecordedCase{}}
	for _, exchanges := range r.cases {
		for i := range exchanges {
			secrets = append(secrets, keysIn(exchanges[i].Answer)...)
			secrets = append(secrets, keysIn(exchanges[i].Body)...)
		}
	}
	m := mask.New(append(secrets, target.MerchantKey)...)
	for _, id := range r.order {
		c := RecordedCase{ID: id}
		for _, x := range r.cases[id] {
			m.Texts(&x.URL, &x.Body, &x.Answer, &x.Error)
			c.Exchanges = append(c.Exchanges, x)
		}
		out.Cases = append(out.Cases, c)
	}
	return out
}

// keysIn are the merchants' keys that a JSON text names.
func keysIn(text string) []string {
	if !strings.Contains(text, `ey"`) {
		return nil
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return nil
	}
	var keys []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for name, item := range v {
				if key, ok := item.(string); ok && (name == "key" || name == "merchantKey") {
					keys = append(keys, key)
				}
				walk(item)
			}
		}
	}
	walk(value)
	return keys
}

// Replay is a target that answers as it did when it was recorded, each case for itself. The keys are masked, so that signatures of pushes are not
// judged again.
func (r *Recording) Replay() scenarios.Target {
	t := &replaying{cases: map[string][]RecordedExchange{}}
	for _, c := range r.Cases {
		t.cases[c.ID] = append([]RecordedExchange(nil), c.Exchanges...)
	}
	h := &http.Client{Transport: t}
	begun := time.Now()
	out := scenarios.Target{
		URL: r.Target, HTTP: h, Outside: h, MerchantNo: r.MerchantNo, MerchantKey: mask.Hidden, Recorded: r.Has, Salt: r.Salt,
		Now: func() time.Time { return r.Started.Add(time.Since(begun)) },
	}
	if r.Mock {
		out.Control = control.New(r.Target, control.WithHTTPClient(h))
	}
	return out
}

type replaying struct {
	mu    sync.Mutex
	cases map[string][]RecordedExchange
}

var errNotRecorded = errors.New("this request was not recorded")

// RoundTrip answers with the first exchange of the case that asked for the same and was not used yet; the last such of a GET is used again, since a
// run may ask more or less often. What is signed anew each time has another query; then the method and the path decide.
func (t *replaying) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	id := caseIn(req.Context())
	t.mu.Lock()
	defer t.mu.Unlock()
	want := RecordedExchange{Method: req.Method, URL: req.URL.String()}
	var x RecordedExchange
	found := false
	if !strings.Contains(want.URL, schemas.PathPrefix) {
		x, found = t.use(id, func(x *RecordedExchange) bool { return x.Method == want.Method && x.URL == want.URL })
	}
	if !found {
		x, found = t.use(id, func(x *RecordedExchange) bool { return x.Method == want.Method && pathOf(x.URL) == pathOf(want.URL) })
	}
	if !found {
		return nil, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, errNotRecorded)
	}
	if x.Status == 0 {
		return nil, errors.New(x.Error)
	}
	body := io.Reader(strings.NewReader(x.Answer))
	if x.Error != "" {
		body = io.MultiReader(body, failing{io.ErrUnexpectedEOF})
	}
	return &http.Response{
		Status: http.StatusText(x.Status), StatusCode: x.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: x.Header.Clone(), Body: io.NopCloser(body), ContentLength: -1, Request: req,
	}, nil
}

func pathOf(url string) string {
	path, _, _ := strings.Cut(url, "?")
	return path
}

// use takes the first exchange of a case that is like one that is wanted; a GET's last one stays.
func (t *replaying) use(id string, like func(*RecordedExchange) bool) (RecordedExchange, bool) {
	exchanges := t.cases[id]
	first, count := -1, 0
	for i := range exchanges {
		if !like(&exchanges[i]) {
			continue
		}
		if count++; first < 0 {
			first = i
		}
	}
	if first < 0 {
		return RecordedExchange{}, false
	}
	x := exchanges[first]
	if count > 1 || x.Method != http.MethodGet {
		t.cases[id] = append(exchanges[:first:first], exchanges[first+1:]...)
	}
	return x, true
}
