package fuzz

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// deliveries holds the attempts to deliver the pushes to what must have become of them, and to what came to the fuzzer's own address.
func (p *player) deliveries(sent []control.Push) *breach {
	for to := range p.no {
		want := p.model.Pushes(to)
		due := p.model.Outcomes(want)
		at := 0
		for _, s := range sent {
			if s.MerchantNo != p.no[to] {
				continue
			}
			if b := p.delivered(s, due[at]); b != nil {
				if s.Status != due[at].Status {
					return b.shownBy(p.showsStatus(to, string(s.Kind), due[at].Status))
				}
				return b.shownBy(p.showsAttempts(to, want, want[at], due[at]))
			}
			at++
		}
	}
	return p.received(sent)
}

func (p *player) delivered(s control.Push, due model.Attempts) *breach {
	kind := string(s.Kind)
	if s.Status != due.Status || len(s.Attempts) != len(due.At) {
		return p.wrongPush(kind, "is %s after %d attempts, want %s after %d; it is answered with %q", s.Status, len(s.Attempts), due.Status, len(due.At), query(s.URL))
	}
	for i, a := range s.Attempts {
		if model.TimeAt(a.At.Time) != p.model.At(due.At[i]) {
			return p.wrongPush(kind, "attempt %d was at %s, want %s", i+1, model.TimeAt(a.At.Time), p.model.At(due.At[i]))
		}
	}
	return nil
}

// showsStatus is a step that wants as many pushes of a kind to a merchant in a state as must be in it.
func (p *player) showsStatus(to int, kind, status string) string {
	want, n := p.model.Pushes(to), 0
	for i, due := range p.model.Outcomes(want) {
		if want[i].Kind == kind && due.Status == status {
			n++
		}
	}
	return showsPush(to, kind, fmt.Sprintf(", status: %s, count: %d", status, n))
}

// showsAttempts is a step that wants of a push as many attempts as are due, at their times; of several that nothing tells apart, there is none.
func (p *player) showsAttempts(to int, want []*model.Push, of *model.Push, due model.Attempts) string {
	same, where := count(want, func(other *model.Push) bool { return other.Kind == of.Kind }), ""
	if same > 1 {
		var apart []string
		for _, field := range []string{"plateNumber", "entranceTime", "exitTime", "time"} {
			if value := of.Value(field); value != "" {
				apart = append(apart, fmt.Sprintf("%s: %q", field, value))
			}
		}
		same = count(want, func(other *model.Push) bool {
			return other.Kind == of.Kind && !slices.ContainsFunc([]string{"plateNumber", "entranceTime", "exitTime", "time"}, func(field string) bool { return other.Value(field) != of.Value(field) })
		})
		where = ", where: {" + strings.Join(apart, ", ") + "}"
	}
	if same != 1 {
		return ""
	}
	asserts := []string{fmt.Sprintf(`"len(push.attempts) == %d"`, len(due.At))}
	for i, at := range due.At {
		asserts = append(asserts, fmt.Sprintf(`"push.attempts[%d].at == '%s'"`, i, p.model.At(at)))
	}
	return showsPush(to, of.Kind, fmt.Sprintf("%s, count: 1, within: 2s, assert: [%s]", where, strings.Join(asserts, ", ")))
}

func query(address string) string { _, query, _ := strings.Cut(address, "?"); return query }

// received holds what came to the fuzzer's own address to the log: each attempt once, with the same bytes, and in the order of a vehicle's pushes.
func (p *player) received(sent []control.Push) *breach {
	if p.receiver == nil {
		return nil
	}
	came, _ := p.receiver.Since(0)
	want, kind := 0, "entry"
	for _, s := range sent {
		if !strings.HasPrefix(s.URL, p.f.hub.url) {
			continue
		}
		want += len(s.Attempts)
		n := 0
		for _, c := range came {
			if string(c.Raw) == s.Body && strings.HasSuffix(s.URL, c.URI) {
				n++
				if c.Method != http.MethodPost || c.ContentType != s.ContentType {
					return p.wrongPush(string(s.Kind), "came by %s as %q, and the log says POST and %q", c.Method, c.ContentType, s.ContentType).
						shownBy(showsPush(max(slices.Index(p.no[:], s.MerchantNo), 0), string(s.Kind), ""))
				}
			}
		}
		if n < len(s.Attempts) {
			return p.wrongPush(string(s.Kind), "came %d times as it is in the log, and was tried %d times", n, len(s.Attempts))
		}
		kind = string(s.Kind)
	}
	if want != len(came) {
		return p.wrongPush(kind, "%d came, and %d attempts are in the log", len(came), want)
	}
	return nil
}

// hub takes pushes at an address of the fuzzer's own: those of each story apart.
type hub struct {
	url    string
	server *httpserver.Server

	mu      sync.Mutex
	stories map[string]*scenarios.Receiver
}

// listen opens the fuzzer's own address, or gives nil where there is none.
func listen() *hub {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a free port is there at once
	if err != nil {
		return nil
	}
	h := &hub{url: "http://" + listener.Addr().String(), stories: map[string]*scenarios.Receiver{}}
	h.server, _ = httpserver.Start(listener, h, httpserver.Usual) // it ends when it is closed
	return h
}

func (h *hub) close() {
	if h != nil {
		_ = h.server.Close()
	}
}

// open takes the pushes below a name until it is closed.
func (h *hub) open(name string) *scenarios.Receiver {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &scenarios.Receiver{URL: h.url + "/" + name + "/"}
	h.stories[name] = r
	return r
}

func (h *hub) done(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.stories, name)
}

// ServeHTTP takes a push for the story that its URL names.
func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	h.mu.Lock()
	receiver := h.stories[name]
	h.mu.Unlock()
	if receiver == nil {
		http.NotFound(w, r)
		return
	}
	receiver.ServeHTTP(w, r)
}
