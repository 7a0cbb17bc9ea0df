package scenarios

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Target is what scenarios are run against: a mock, over the network or in the same process, or the real platform.
type Target struct {
	URL  string       // base URL of the platform
	HTTP *http.Client // how requests get there; nil: one with a timeout of 30 s

	Outside *http.Client // how http steps reach anything else; nil: a client with a timeout of 30 s

	// The merchant of a platform that has no control API; on a mock, each case has its sandbox's merchants.
	MerchantNo, MerchantKey string

	Control *control.Client // of a mock; nil: the real platform
	Sandbox string          // run in this sandbox, which is kept, instead of one of the case's own

	// Receiver takes the pushes where it is set: sandboxes without merchants of their own push to it, and on the real
	// platform it is the only way to see them.
	Receiver *Receiver
	// Listens says that the target, a mock, reaches the loopback address of this machine: where Receiver is nil, each case that looks at
	// pushes takes them at a port of its own.
	Listens bool
	// SignData is what a push's signature covers (rule push.sign_data): empty is JSON on the real platform, and any on a mock.
	SignData sign.PushData
	// Prompt asks a person for an SMS code; nil: nobody is there.
	Prompt func(ctx context.Context, question string) (string, error)
	// Env answers env("NAME"); nil: env() fails, as where a server runs what it was sent.
	Env func(name string) (string, bool)
	// Recorded says, where the target is a recording, whether it holds a case; nil: it is none. Nothing is sent then.
	Recorded func(name string) bool
	// Salt, where it is set, is what merchants' numbers follow from, with the seed of the case, so that a recording replays; else they are drawn at random.
	Salt string
	// Now is the wall clock, which stamps requests and measures; nil: time.Now.
	Now func() time.Time
}

// inProcessURL is where a handler without a socket seems to be: a loopback name, which its control API wants.
const inProcessURL = "http://127.0.0.1"

// InProcess is a mock in this process, by its handler: there is no socket between.
func InProcess(handler http.Handler) Target {
	h := &http.Client{Transport: handlertransport.New(handler)}
	return Target{URL: inProcessURL, HTTP: h, Control: control.New(inProcessURL, control.WithHTTPClient(h))}
}

// IsInProcess reports whether a target is a handler in this process (see [InProcess]).
func (t *Target) IsInProcess() bool { return t.URL == inProcessURL }

// Mock is a mock at a URL. The token is empty where it wants none.
func Mock(url, token string) Target {
	return Target{URL: url, Control: control.New(url, control.WithToken(token))}
}

// Platform is the real platform (or anything that speaks as it does) as one merchant.
func Platform(url, merchantNo, merchantKey string) Target {
	return Target{URL: url, MerchantNo: merchantNo, MerchantKey: merchantKey}
}

func (t *Target) now() time.Time {
	if t.Now == nil {
		return time.Now()
	}
	return t.Now()
}

var platformClient = &http.Client{Timeout: 30 * time.Second}

func (t *Target) http() *http.Client {
	if t.HTTP == nil {
		return platformClient
	}
	return t.HTTP
}

func (t *Target) outside() *http.Client {
	if t.Outside == nil {
		return platformClient
	}
	return t.Outside
}

// Merchants are clients of the platform as each merchant of a mock's sandbox.
func (t *Target) Merchants(ctx context.Context, sandbox string) ([]*client.Client, error) {
	if t.Control == nil {
		return nil, errors.New("the target is no mock: it has no sandboxes")
	}
	detail, err := t.Control.Sandbox(sandbox).Get(ctx)
	if err != nil {
		return nil, err
	}
	clients := make([]*client.Client, len(detail.Merchants))
	for i, m := range detail.Merchants {
		clients[i] = t.merchant(m.MerchantNo, m.MerchantKey)
	}
	return clients, nil
}

// merchant is a client of the platform as one merchant, whose requests are noted.
func (t *Target) merchant(no, key string) *client.Client {
	h := *t.http()
	h.Transport = transport.Noting{Next: h.Transport}
	return client.New(t.URL, no, key, client.WithHTTPClient(&h), client.WithClock(t.now))
}
