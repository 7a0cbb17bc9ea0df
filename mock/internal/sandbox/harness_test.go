package sandbox

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/sign"
)

// alone is the index of a sandbox that shares its server with none.
type alone struct{}

func (alone) Reserve(*Sandbox, []string) error { return nil }
func (alone) Settle(*Sandbox, []string)        {}
func (alone) Keys() *mask.Words                { return nil }

// verdicts is a sender that sends nothing: every third attempt fails.
type verdicts struct{}

func (verdicts) Send(_ context.Context, a push.Attempt, _ time.Duration) push.Result {
	if a.Seq%3 == 0 {
		return push.Result{HTTPStatus: 500, Response: "no", Error: "answered HTTP 500", Duration: time.Millisecond}
	}
	return push.Result{Delivered: true, HTTPStatus: 200, Response: `{"code":0}`, Duration: time.Millisecond}
}

// words explains refusals without asking anybody.
type words struct{}

func (words) Sign(a diagnose.Request) reasons.Explanation {
	return reasons.Explanation{Values: []reasons.Value{{Name: "want", Text: "W"}, {Name: "signed", Text: a.Data}, {Name: "diagnosis", Text: "D"}}}
}

func (words) Merchant(string) reasons.Explanation {
	return reasons.Explanation{Values: []reasons.Value{{Name: "fix", Text: "M"}}}
}

func newHost(t *testing.T, sender Sender) *Host {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h := &Host{Wall: time.Now, Sender: sender, Context: ctx, Explainer: words{}, Index: alone{}}
	t.Cleanup(func() { cancel(); h.Sending.Wait() })
	return h
}

// newBox makes a sandbox of a fixture; nil is the demo's, whose clock runs.
func newBox(t *testing.T, host *Host, f *fixture.Fixture) *Sandbox {
	t.Helper()
	if f == nil {
		f = fixture.Demo()
	}
	s, err := New(host, &engine.Create{ID: "s", Instance: "b", Spec: fixture.Spec{Seed: 7, Fixture: f}})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// send applies a request that is signed as it should be.
func send(t *testing.T, s *Sandbox, merchant, endpoint string, fields map[string]any) engine.Effects {
	t.Helper()
	data, err := json.Marshal(fields)
	require.NoError(t, err)
	key, _ := s.Settings().Key(merchant)
	stamp := time.Now().In(notation.Shanghai).Format(notation.StampLayout)
	return s.Request(&engine.Request{Endpoint: endpoint, Method: "POST", MerchantNo: merchant, TimeStamp: stamp, Data: string(data), Sign: sign.Request(string(data), key, stamp)})
}

// jsonOf is a value as text.
func jsonOf(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// journalOf is the whole journal, oldest first.
func journalOf(t *testing.T, s *Sandbox) []journal.Entry {
	t.Helper()
	all, next, err := s.Requests(journal.Filter{}, Page{Limit: 1 << 30})
	require.NoError(t, err)
	require.Empty(t, next)
	return all
}
