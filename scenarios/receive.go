package scenarios

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/pushes"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// Pushes as they are on the wire: the runner's own endpoint takes them.

// listen opens a receiver for a case that looks at pushes, where the target reaches one and none is given.
func (r *runner) listen() (stop func(), err error) {
	t := &r.target
	if !t.Listens || t.Receiver != nil || t.Control == nil || t.Sandbox != "" || t.Recorded != nil || len(r.s.Needs().Pushes) == 0 {
		return func() {}, nil
	}
	t.Receiver, stop, err = pushes.Listen()
	return stop, err
}

// pushedTo is a hook whose URLs at acceptURL lead to the receiver: their paths and queries stay.
func pushedTo(hook map[string]any, receiver *Receiver) map[string]any {
	base := strings.TrimRight(receiver.URL, "/") + "/"
	to := func(value any) any {
		if text, is := value.(string); is && strings.HasPrefix(text, acceptURL) {
			return base + strings.TrimPrefix(text, acceptURL)
		}
		return value
	}
	out := map[string]any{}
	for name, value := range hook {
		out[name] = to(value)
	}
	if urls, is := hook["urls"].(map[string]any); is {
		own := map[string]any{}
		for kind, value := range urls {
			own[kind] = to(value)
		}
		out["urls"] = own
	}
	return out
}

// asksForAnswers is the URL of a merchant's at acceptURL that says what is answered, which takes a receiver.
func (r *runner) asksForAnswers() *template.Value {
	merchants := r.s.FixtureValue().Find("merchants")
	if merchants == nil {
		return nil
	}
	for _, m := range merchants.Items {
		hook := m.Find("push")
		if hook == nil {
			continue
		}
		at := hook.Find("url")
		if at == nil {
			continue
		}
		if text, _ := at.Literal.(string); strings.HasPrefix(text, acceptURL) && strings.Contains(text, "?") {
			return at
		}
	}
	return nil
}

// onTheWire is how a push that came to the receiver differs from what the log says was sent: each attempt that was answered came, byte for
// byte, and as §10 wants it.
func (r *runner) onTheWire(kind string, p pushSeen) error {
	receiver := r.target.Receiver
	if receiver == nil || p.item == nil {
		return nil
	}
	if to, _ := p.item["url"].(string); !strings.HasPrefix(to, strings.TrimRight(receiver.URL, "/")) {
		return nil
	}
	attempts, _ := p.item["attempts"].([]any)
	answered := 0
	for _, a := range attempts {
		if one, _ := a.(map[string]any); one["httpStatus"] != nil && one["httpStatus"] != 0 {
			answered++
		}
	}
	got, _ := receiver.Since(r.seen)
	came := 0
	for _, g := range got {
		if string(g.Raw) != string(p.raw.Body) {
			continue
		}
		came++
		if g.Method != http.MethodPost {
			return fmt.Errorf("it came with %s; §10 wants POST", g.Method)
		}
		want, _, _ := mime.ParseMediaType(p.raw.ContentType)
		if is, _, err := mime.ParseMediaType(g.ContentType); err != nil || is != want {
			return fmt.Errorf("it came with Content-Type %q; want %s", g.ContentType, want)
		}
		if err := r.wrongWith(kind, pushcheck.Sent{Method: g.Method, ContentType: g.ContentType, Body: g.Raw, MerchantNo: p.raw.MerchantNo}); err != nil {
			return err
		}
	}
	if came < answered {
		return fmt.Errorf("the log says that %d attempts were answered, and %d came with the body that it shows: every attempt sends the same bytes", answered, came)
	}
	return nil
}
