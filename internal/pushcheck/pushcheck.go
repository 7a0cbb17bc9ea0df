// Package pushcheck says what is wrong with how a push was sent (§10): method, content type, signature over the body as it came, order of its fields.
package pushcheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Sent is a push as it was sent.
type Sent struct {
	Method, ContentType string
	Body                []byte
	MerchantNo          string // "" where only a receiver saw it
}

// Wrong is what is wrong with how a push was sent (§10): its method, content type, signature over the body as it came,
// and the order of its fields. What is in the fields, its schema says. It is right if a merchant that it may be for accepts it
// with one of the ways to sign.
func (p Sent) Wrong(kind string, merchants []control.SandboxMerchant, ways []sign.PushData) error {
	err := p.unsigned(kind, merchants, ways)
	if err != nil || !strings.HasPrefix(p.ContentType, "application/json") {
		return err
	}
	return disordered(kind, p.Body)
}

// unsigned is why no merchant would accept the push.
func (p Sent) unsigned(kind string, merchants []control.SandboxMerchant, ways []sign.PushData) error {
	var first error
	for _, m := range merchants {
		if p.MerchantNo != "" && m.MerchantNo != p.MerchantNo {
			continue
		}
		if m.MerchantKey == mask.Hidden { // of a recording: no key, no judgement
			return nil
		}
		for _, how := range ways {
			err := p.accepted(kind, m, how)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
	}
	return first
}

// accepted is how a merchant's handler judges the push.
func (p Sent) accepted(kind string, m control.SandboxMerchant, how sign.PushData) (err error) {
	h := client.NewPushHandler(m.MerchantNo, m.MerchantKey, how)
	h.OnRefuse = func(_ *http.Request, why error) { err = why }
	req, failed := http.NewRequestWithContext(context.Background(), p.Method, "http://merchant.invalid/", bytes.NewReader(p.Body))
	if failed != nil {
		return failed
	}
	req.Header.Set("Content-Type", p.ContentType)
	h.ForKind(client.Kind(kind)).ServeHTTP(discarded{http.Header{}}, req)
	if refused, ok := errors.AsType[*client.PushError](err); ok {
		return fmt.Errorf("a merchant's handler refuses it with code %d: %s", refused.Code, cause(refused))
	}
	return err
}

func cause(e *client.PushError) string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Message
}

// disordered reports fields that are not in the order of §10, which the signature covers (顺序固定).
func disordered(kind string, body []byte) error {
	row, known := schemas.LookupPush(kind)
	fields, _, err := sign.PushFields(body)
	if err != nil || !known {
		return err
	}
	last := -1
	for _, f := range fields {
		at := slices.Index(row.Fields, f.Name)
		switch {
		case at < 0: // one more, which is allowed
		case at < last:
			return fmt.Errorf("the field %s comes after %s; §10 fixes the order %s", f.Name, row.Fields[last], strings.Join(row.Fields, ", "))
		default:
			last = at
		}
	}
	return nil
}

// Rewritten says that a push which a merchant's handler takes was written anew after it was signed: its JSON has other escapes or white space than what the
// signature covers, so that whoever hashes the text that came, without signment (§10), refuses it. Nothing is said of other ways to sign than JSON, and
// of a form of one parameter a field.
func (p Sent) Rewritten(kind string, merchants []control.SandboxMerchant) error {
	object := p.Body
	if !strings.HasPrefix(p.ContentType, "application/json") {
		form, err := url.ParseQuery(string(p.Body))
		if err != nil || !form.Has("data") {
			return nil
		}
		object = []byte(form.Get("data"))
	}
	_, signment, err := sign.PushFields(object)
	if err != nil {
		return nil // which Wrong says
	}
	text := sign.RawPushText(object)
	for _, m := range merchants {
		if p.MerchantNo != "" && m.MerchantNo != p.MerchantNo || m.MerchantKey == mask.Hidden {
			continue
		}
		if sign.Push(m.MerchantNo, text, m.MerchantKey) == signment {
			return nil // as next to every one is
		}
		if p.accepted(kind, m, sign.JSON) == nil {
			return errRewritten
		}
	}
	return nil
}

var errRewritten = errors.New("the signature covers another text than the body without signment: a merchant that hashes what it received refuses it (§10)")

// discarded takes an answer that nobody reads.
type discarded struct{ header http.Header }

func (d discarded) Header() http.Header       { return d.header }
func (discarded) Write(b []byte) (int, error) { return len(b), nil }
func (discarded) WriteHeader(int)             {}
