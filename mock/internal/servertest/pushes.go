package servertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Receiver is a merchant's endpoint that keeps what comes.
type Receiver struct {
	*httptest.Server

	News chan Arrived // each that comes, but for those for which ten thousand wait already

	mu  sync.Mutex
	got []Arrived
}

// Arrived is a push as it came.
type Arrived struct{ Path, ContentType, Body string }

// AnswerOK answers that a push was accepted.
func AnswerOK(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
}

// NewReceiver starts an endpoint that answers as it is told; it ends with the test.
func NewReceiver(tb testing.TB, answer http.HandlerFunc) *Receiver {
	tb.Helper()
	r := &Receiver{News: make(chan Arrived, 10_000)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		one := Arrived{q.URL.Path, q.Header.Get("Content-Type"), string(body)}
		r.mu.Lock()
		r.got = append(r.got, one)
		r.mu.Unlock()
		select {
		case r.News <- one:
		default:
		}
		answer(w, q)
	}))
	tb.Cleanup(r.Close)
	return r
}

// All are those that have come, in their order.
func (r *Receiver) All() []Arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Arrived(nil), r.got...)
}

// AcceptPushes has M1's pushes sent to an endpoint that accepts each.
func (s *Server) AcceptPushes(tb testing.TB) *Receiver {
	tb.Helper()
	r := NewReceiver(tb, AnswerOK)
	s.PutMerchant(tb, "M1", map[string]any{"url": r.URL + "/etcp"})
	return r
}

// PutMerchant puts a merchant with where its pushes go; its key is [Key] for M1, and key-NO for another.
func (s *Server) PutMerchant(tb testing.TB, no string, push any) {
	tb.Helper()
	key := Key
	if no != "M1" {
		key = "key-" + no
	}
	s.Do(tb, http.MethodPut, "/merchants/"+no, map[string]any{"key": key, "push": push})
}

// Enter has a car drive into car park 1.
func (s *Server) Enter(tb testing.TB, plate string) (orderID string) {
	tb.Helper()
	return s.Do(tb, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"})["orderId"].(string)
}

// Exit has a car leave.
func (s *Server) Exit(tb testing.TB, plate string) {
	tb.Helper()
	s.Do(tb, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": plate})
}

// Advance moves the clock of the sandbox default forward.
func (s *Server) Advance(tb testing.TB, by string) {
	tb.Helper()
	s.Do(tb, http.MethodPost, "/clock/advance", map[string]any{"by": by})
}

// Drain waits until no attempt is due or in flight.
func (s *Server) Drain(tb testing.TB) {
	tb.Helper()
	s.Do(tb, http.MethodPost, "/pushes/drain", map[string]any{"timeout": "1m"})
}

// Push is a push as the control API lists it.
type Push struct {
	ID, Kind, MerchantNo, PlateNumber, OrderID, URL, ContentType, Body, Signed, Status string
	Attempts                                                                           []Attempt
	NextAttemptAt                                                                      *string
}

// Attempt is an attempt to deliver a push.
type Attempt struct {
	At              string
	DurationMs      *int64
	HTTPStatus      int
	Response, Error string
}

// Pushes are those of the sandbox default that a query asks for.
func (s *Server) Pushes(tb testing.TB, query string) []Push {
	tb.Helper()
	a := s.Ask(tb, http.MethodGet, Default+"/pushes?limit=1000&"+query, nil)
	require.Equal(tb, http.StatusOK, a.Status, a.Body)
	var list struct{ Items []Push }
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &list))
	return list.Items
}
