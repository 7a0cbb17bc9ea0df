package fuzz

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/curl"
)

// send sends a request. A handler in this process is called without a client around it, which would only watch its own timeout.
func (f *fuzzing) send(req *http.Request) (*http.Response, error) {
	t := &f.fuzzer.Target
	if t.IsInProcess() {
		return t.HTTP.Transport.RoundTrip(req)
	}
	return t.HTTP.Do(req)
}

var errNoEnvelope = errors.New("the answer is no envelope")

// known are answers without data that came before: a few texts, as often as anything is refused.
type known struct {
	answers sync.Map // of seen, by endpoint and text
	kept    atomic.Int64
}

type seen struct {
	code    int
	message string
}

const (
	mostKnown   = 4096
	longestSeen = 256 // bytes
)

// open takes an answer's envelope apart, or knows it already; then it has met its schema, too.
func (k *known) open(a *client.Answer) (met bool, err error) {
	if len(a.Raw) <= longestSeen {
		if v, ok := k.answers.Load(a.Endpoint + string(a.Raw)); ok {
			one := v.(seen) //nolint:forcetypeassert // nothing else is in it
			a.Code, a.Message = one.code, one.message
			return true, nil
		}
	}
	return false, open(a)
}

// keep notes an answer that has met its schema.
func (k *known) keep(a *client.Answer) {
	if a.Data == nil && len(a.Raw) <= longestSeen && k.kept.Add(1) <= mostKnown {
		k.answers.Store(a.Endpoint+string(a.Raw), seen{a.Code, a.Message})
	}
}

// open takes an envelope apart.
func open(a *client.Answer) error {
	var envelope struct {
		Code    *int            `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(a.Raw, &envelope); err != nil {
		return fmt.Errorf("%w: HTTP %d: %w", errNoEnvelope, a.HTTPStatus, err)
	}
	if envelope.Code == nil {
		return fmt.Errorf("%w: HTTP %d: no code in %.80q", errNoEnvelope, a.HTTPStatus, a.Raw)
	}
	a.Code, a.Message = *envelope.Code, envelope.Message
	if !bytes.Equal(envelope.Data, []byte("null")) {
		a.Data = envelope.Data
	}
	return nil
}

// curl repeats a request as it was sent, for as long as its time_stamp is good.
func (p *player) curl(f *fuzzStep, e *envelope) string {
	req, err := p.httpRequest(context.Background(), f, e)
	if err != nil {
		return ""
	}
	const most = 64 << 10
	body, _ := io.ReadAll(io.LimitReader(req.Body, most))
	sent := curl.Request{Method: req.Method, URL: req.URL.String(), ContentType: req.Header.Get("Content-Type"), Body: body}
	return strings.TrimRight(curl.Command(sent), "\n")
}
