package scenarios

import (
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

// asksForAnswers is the URL of a merchant's at pushes.AcceptURL that says what is answered, which takes a receiver.
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
		if text, _ := at.Literal.(string); strings.HasPrefix(text, pushes.AcceptURL) && strings.Contains(text, "?") {
			return at
		}
	}
	return nil
}

// onTheWire is how a push that came to the receiver differs from what the log says was sent.
func (r *runner) onTheWire(kind string, p pushSeen) error {
	receiver := r.target.Receiver
	if receiver == nil || p.item == nil {
		return nil
	}
	to, _ := p.item["url"].(string)
	attempts, _ := p.item["attempts"].([]any)
	answered := 0
	for _, a := range attempts {
		if one, _ := a.(map[string]any); one["httpStatus"] != nil && one["httpStatus"] != 0 {
			answered++
		}
	}
	return receiver.Differs(r.seen, to, answered, p.raw, func(sent pushcheck.Sent) error {
		if sent.Method == p.raw.Method && sent.ContentType == p.raw.ContentType { // with the same body: what was found right of the log
			return nil
		}
		return r.wrongWith(kind, sent)
	})
}
