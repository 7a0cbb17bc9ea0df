package scenarios

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/pushes"
	"github.com/etcp-mock/etcp-mock/sign"
)

// pushSeen is a push as steps look at it.
type pushSeen struct {
	fields map[string]any // of its body
	item   map[string]any // of the log: id, status, attempts, …; nil where only a receiver saw it
	body   []byte         // its JSON, nil where it was no JSON
	raw    pushcheck.Sent
}

// pushWant is what a step waits for.
type pushWant struct {
	step     *language.Step
	frame    *frame
	merchant string
	status   string
	min, max int // max -1: no limit
}

// pushes are those of the kind so far.
func (r *runner) pushes(ctx context.Context, w pushWant) ([]pushSeen, error) {
	if r.sandbox == nil {
		return r.received(w), nil
	}
	query := url.Values{"kind": {w.step.Subject}, "limit": {"1000"}}
	if w.merchant != "" {
		query.Set("merchantNo", w.merchant)
	}
	if w.status != "" {
		query.Set("status", w.status)
	}
	var out []pushSeen
	for {
		text, err := r.sandbox.Call(ctx, http.MethodGet, "/pushes?"+query.Encode(), nil)
		if err != nil {
			return nil, refused(w.step, err)
		}
		page, err := expression.Decode(text)
		if err != nil {
			return nil, broken(err)
		}
		list, _ := page.(map[string]any)
		items, _ := list["items"].([]any)
		for _, item := range items {
			seen := pushSeen{}
			seen.item, _ = item.(map[string]any)
			kind, _ := seen.item["contentType"].(string)
			body, _ := seen.item["body"].(string)
			seen.fields, seen.body = pushes.Fields(kind, body)
			merchant, _ := seen.item["merchantNo"].(string)
			seen.raw = pushcheck.Sent{Method: http.MethodPost, ContentType: kind, Body: []byte(body), MerchantNo: merchant}
			out = append(out, seen)
		}
		next, _ := list["next"].(string)
		if next == "" || len(items) == 0 {
			return out, nil
		}
		query.Set("after", next)
	}
}

func (r *runner) received(w pushWant) []pushSeen {
	got, _ := r.target.Receiver.Since(r.seen)
	var out []pushSeen
	for _, p := range got {
		either := p.Kind == "" && len(pushes.Alike(w.step.Subject)) > 1
		if p.Kind != w.step.Subject && !either {
			continue
		}
		seen := pushSeen{}
		seen.fields, seen.body = pushes.Fields("application/json", string(p.Body))
		seen.raw = pushcheck.Sent{Method: p.Method, ContentType: p.ContentType, Body: p.Raw}
		out = append(out, seen)
	}
	return out
}

// wrongWith is what is wrong with how a push was sent. The rule push.sign_data of a mock may be any.
func (r *runner) wrongWith(kind string, p pushcheck.Sent) error {
	ways := []sign.PushData{r.target.SignData}
	if r.target.SignData == "" && r.sandbox != nil {
		ways = []sign.PushData{sign.JSON, sign.Values, sign.Query}
	}
	if err := p.Wrong(kind, r.merchants, ways); err != nil {
		return err
	}
	return p.Rewritten(kind, r.merchants)
}

const pollPushes = 4 * time.Millisecond

// awaitPush waits until there is more to look at. The server does the waiting where it can.
func (r *runner) awaitPush(ctx context.Context, w pushWant, seen, received int, left time.Duration) error {
	if r.sandbox == nil {
		r.awaitReceived(ctx, received, left)
		return ctx.Err()
	}
	if len(w.step.Asserts) > 0 { // they may look at attempts, whose coming changes no number of pushes
		left = min(left, pollPushes)
		return wait(ctx, left)
	}
	least := seen + 1
	_, err := r.sandbox.VerifyPushes(ctx, control.PushWant{
		Kind: client.Kind(w.step.Subject), MerchantNo: w.merchant, Status: w.status, Count: &control.Count{Min: &least}, Within: control.Duration(left),
	})
	if p, ok := errors.AsType[*control.ProblemError](err); ok && (p.Status == http.StatusNotFound || p.Status == http.StatusMethodNotAllowed) {
		return wait(ctx, min(left, pollPushes)) // an older mock, which cannot wait
	}
	if err != nil {
		return refused(w.step, err)
	}
	return nil
}

func (r *runner) awaitReceived(ctx context.Context, received int, left time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	r.target.Receiver.Wait(ctx, received)
}

func (r *runner) receivedSoFar() int {
	if r.target.Receiver == nil {
		return 0
	}
	return r.target.Receiver.Len()
}
