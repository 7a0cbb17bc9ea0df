package control

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/readall"
)

// bounds are those of an answer: in bytes of a sandbox's whole state or recording and of any other, and, once it has begun, in time.
type bounds struct {
	state, other int64
	time         time.Duration
}

var usualBounds = bounds{state: 1 << 30, other: 128 << 20, time: 5 * time.Minute}

// WithPatience bounds how long a server may take to begin its answer to a call that waits for nothing by itself. Calls that do (an advance, a drain,
// a verification, an examination, a run of a scenario) last as long as their context. Without it all do.
func WithPatience(most time.Duration) Option { return func(c *Client) { c.patience = most } }

// SlowError is a server that did not begin its answer, or did not end it, in time.
type SlowError struct {
	Call  string // method and path
	After time.Duration
}

func (e *SlowError) Error() string {
	return fmt.Errorf("control: %s: no whole answer within %s", e.Call, e.After).Error()
}

// waiting are the ends of paths whose calls wait for something by themselves.
var waiting = []string{"/clock", "/clock/advance", "/pushes", "/drain", "/verify", "/sequence", "/run", "/examine"}

func waits(path string) bool {
	for _, end := range waiting {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// raw makes a call and gives the answer's bytes.
func (c *Client) raw(ctx context.Context, method, path string, query url.Values, body any) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := func(most time.Duration) *time.Timer {
		return time.AfterFunc(most, func() { cancel(&SlowError{method + " " + path, most}) })
	}
	begun := func() bool { return true }
	if c.patience > 0 && !waits(path) {
		begun = limit(c.patience).Stop
	}
	res, err := c.send(ctx, method, path, query, body)
	begun() // how long the rest of the answer may take is another matter
	if err != nil {
		return nil, slow(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	defer limit(c.bounds.time).Stop()
	most := c.bounds.other
	if strings.HasSuffix(path, "/state") || strings.HasSuffix(path, "/recording") {
		most = c.bounds.state
	}
	text, err := readall.Bounded(res.Body, res.ContentLength, most+1)
	switch {
	case err != nil:
		return nil, slow(ctx, fmt.Errorf("control: reading the answer to %s %s: %w", method, path, err))
	case int64(len(text)) > most:
		return nil, fmt.Errorf("control: the answer to %s %s: it has more than %d MiB", method, path, most>>20)
	case res.Header.Get("Content-Encoding") != "" && res.Header.Get("Content-Encoding") != "identity":
		return nil, fmt.Errorf("control: the answer to %s %s: it is compressed, which nobody has asked for", method, path)
	}
	return text, nil
}

// slow is what broke a call off, where that was its time.
func slow(ctx context.Context, err error) error {
	if late, ok := errors.AsType[*SlowError](context.Cause(ctx)); ok {
		return late
	}
	return err
}

var errNothing = errors.New("there is nothing in it that such an answer has")

// listing is an answer of items.
type listing interface{ missing() bool }

// missing reports whether there are no items, not even none of them.
func (l List[T]) missing() bool { return l.Items == nil }

// checkItems is an error where an answer of items, which was read as JSON, has none, or one that is null.
func checkItems(text []byte) error {
	if items := itemsIn(string(text)); items != "" {
		for item := range jsonvalue.Items(items) {
			if item == "null" {
				return errNothing
			}
		}
		return nil
	}
	var page struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return err
	}
	if page.Items == nil || slices.ContainsFunc(page.Items, func(item json.RawMessage) bool { return string(item) == "null" }) {
		return errNothing
	}
	return nil
}

// itemsIn is the array items of an answer, which is known to be JSON; "" where there is none that is written just so. A scan takes a seventh of
// the time of decoding the answer again: 1.2 and 8.0 µs for two orders.
func itemsIn(text string) (items string) {
	if text[jsonvalue.SkipSpace(text, 0)] != '{' {
		return ""
	}
	for name, value := range jsonvalue.Members(text) {
		switch {
		case name == `"items"` && items == "" && value[0] == '[':
			items = value
		case strings.Contains(name, `\`) || strings.EqualFold(name, `"items"`): // which encoding/json takes for it, too
			return ""
		}
	}
	return items
}

// do makes a call and decodes the answer.
func do[T any](ctx context.Context, c *Client, method, path string, query url.Values, body any) (T, error) {
	var out T
	text, err := c.raw(ctx, method, path, query, body)
	if err != nil {
		return out, err
	}
	switch string(bytes.TrimSpace(text)) {
	case "null", "{}":
		err = errNothing
	default:
		err = json.Unmarshal(text, &out)
	}
	if l, ok := any(out).(listing); ok && err == nil && (l.missing() || bytes.Contains(text, []byte("null"))) { // without it no item is null, and it need not be read twice
		err = checkItems(text)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return out, fmt.Errorf("control: the answer to %s %s: %s has a value that is a JSON %s", method, path, cmp.Or(wrong.Field, "it"), wrong.Value)
	}
	if err != nil {
		return out, fmt.Errorf("control: the answer to %s %s: %w", method, path, err)
	}
	return out, nil
}
