package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// rawPush is a push as it was sent.
type rawPush struct {
	method, contentType string
	body                []byte
	merchantNo          string // "" where only a receiver saw it
}

// wrongWith is what is wrong with how a push was sent (§10): its method, content type, signature over the body as it came,
// and the order of its fields. What is in the fields, its schema says.
func (r *runner) wrongWith(kind string, p rawPush) error {
	err := r.unsigned(kind, p)
	if err != nil || !strings.HasPrefix(p.contentType, "application/json") {
		return err
	}
	return disordered(kind, p.body)
}

// unsigned is why no merchant would accept the push. The rule push.sign_data of a mock may be any.
func (r *runner) unsigned(kind string, p rawPush) error {
	ways := []sign.PushData{r.target.SignData}
	if r.target.SignData == "" && r.sandbox != nil {
		ways = []sign.PushData{sign.JSON, sign.Values, sign.Query}
	}
	var first error
	for _, m := range r.receivers(p) {
		for _, how := range ways {
			err := accepted(kind, p, m, how)
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

// receivers are the merchants that a push may be for; none where they are not known.
func (r *runner) receivers(p rawPush) []control.SandboxMerchant {
	if p.merchantNo == "" {
		return r.merchants
	}
	i := slices.IndexFunc(r.merchants, func(m control.SandboxMerchant) bool { return m.MerchantNo == p.merchantNo })
	if i < 0 {
		return nil
	}
	return r.merchants[i : i+1]
}

// accepted is how a merchant's handler judges the push.
func accepted(kind string, p rawPush, m control.SandboxMerchant, how sign.PushData) (err error) {
	h := client.NewPushHandler(m.MerchantNo, m.MerchantKey, how)
	h.OnRefuse = func(_ *http.Request, why error) { err = why }
	req, failed := http.NewRequestWithContext(context.Background(), p.method, "http://merchant.invalid/", bytes.NewReader(p.body))
	if failed != nil {
		return failed
	}
	req.Header.Set("Content-Type", p.contentType)
	h.ForKind(client.Kind(kind)).ServeHTTP(discarded{http.Header{}}, req)
	if refused, is := errors.AsType[*client.PushError](err); is {
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

// discarded takes an answer that nobody reads.
type discarded struct{ header http.Header }

func (d discarded) Header() http.Header       { return d.header }
func (discarded) Write(b []byte) (int, error) { return len(b), nil }
func (discarded) WriteHeader(int)             {}
