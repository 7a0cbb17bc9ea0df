package platform_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// session is a long day of many: random requests, honest and not, by several
// merchants for several phones, with cars, rules and time. What it does next
// depends on its seed and on what was answered, and on nothing else.
type session struct {
	t      *testing.T
	rng    *rand.Rand
	w      *platform.State
	now    time.Time
	tokens map[string][]string // by merchant
	scroll []string
	quotes []platform.UnpaidRow
	told   []string // everything that was answered and pushed
	codes  map[int]int
}

func newSession(t *testing.T, seed uint64) *session {
	t.Helper()
	start, err := notation.ParseTime("2017-08-20 12:00:00")
	require.NoError(t, err)
	s := &session{t: t, rng: rand.New(rand.NewPCG(seed, 1)), w: newState(t, start), now: start, codes: map[int]int{}, tokens: map[string][]string{}}
	for i := range 50 {
		s.apply(platform.PutParking{Parking: platform.Parking{
			ID: strconv.Itoa(i + 2), Name: "P", City: "重庆市", Lat: fmt.Sprintf("29.%03d", i), Lon: "106", ParkingType: "7", ElectronicPayment: i%2 == 0, TotalSpace: 3,
			Tariff: tariff.Tariff{FreeMinutes: i, UnitMinutes: 30 + i, UnitPrice: notation.Fen(99 + i)},
		}})
	}
	return s
}

func (s *session) apply(c platform.Command) platform.Result {
	r := s.w.Apply(s.now, c)
	s.tell(fmt.Sprintf("%T", c), r)
	return r
}

// tell notes what came of a command or a call.
func (s *session) tell(of string, r platform.Result) {
	text, err := json.Marshal([]any{of, r.Answer, r.Value, r.Pushes, r.Err})
	require.NoError(s.t, err)
	s.told = append(s.told, string(text))
}

func (s *session) text(from ...string) string { return from[s.rng.IntN(len(from))] }

// lately is one of the newest of a list, or the first of few.
func lately[T any](s *session, from []T) (one T) {
	if n := len(from); n > 0 {
		return from[n-1-s.rng.IntN(min(n, 8))]
	}
	return one
}

func (s *session) data(merchant string, row *schemas.Endpoint) map[string]any {
	q := lately(s, s.quotes)
	values := map[string]any{
		"mobilePhone": s.text(phones...), "code": "000000", "appId": s.text("A", "B", "C"), "carNumber": s.text(plates...), "token": lately(s, s.tokens[merchant]),
		"plateNumber": s.text(plates...), "plateColor": s.text("1", "1", "2"), "orderId": q.OrderID, "externalOrderId": strconv.Itoa(s.rng.IntN(20)),
		"payment": max(q.RemainingFee, 1), "payTime": "2017-08-20 12:00:00", "verificationInfo": q.VerificationInfo, "carFrameNum": "LVSHBFDC7RF414158",
		"carEngineNum": s.text("X", "Y"), "lat": "29.010", "lon": "106", "radius": s.text("500", "5000"), "payType": s.text("1", ""), "parkingId": strconv.Itoa(s.rng.IntN(60)),
	}
	if sms, sent := s.w.SMS(values["mobilePhone"].(string)); sent {
		values["code"] = sms.Code
	}
	if s.rng.IntN(2) == 0 {
		values["scrollId"] = lately(s, s.scroll)
	}
	data := map[string]any{}
	for _, p := range row.Params {
		switch value, ok := values[p.Name]; {
		case !ok || s.rng.IntN(60) == 0:
		case s.rng.IntN(60) == 0:
			data[p.Name] = []any{}
		default:
			data[p.Name] = value
		}
	}
	return data
}

func (s *session) request() {
	all := schemas.Endpoints()
	row, _ := schemas.Lookup(all[s.rng.IntN(len(all))].Name)
	merchant := s.text(merchants...)
	text, err := json.Marshal(s.data(merchant, row))
	require.NoError(s.t, err)
	in, lints, refusal := params.Decode(row, string(text))
	if refusal != nil {
		s.told = append(s.told, fmt.Sprint(row.Name, lints, *refusal))
		return
	}
	r := s.w.Call(s.now, merchant, &in)
	s.tell(row.Name, r)
	s.codes[r.Answer.Code]++
	switch data := r.Answer.Data.(type) {
	case platform.TokenData:
		s.tokens[merchant] = append(s.tokens[merchant], data.Token)
	case []platform.UnpaidRow:
		s.quotes = append(s.quotes, data...)
	case platform.ParkingList:
		s.scroll = append(s.scroll, data.ScrollID)
	}
}

func (s *session) step() {
	switch n := s.rng.IntN(100); {
	case n < 70:
		s.request()
	case n < 80:
		s.apply(platform.Enter{Vehicle: notation.Vehicle{Plate: s.text(plates...), Color: s.text("1", "2")}, ParkingID: strconv.Itoa(1 + s.rng.IntN(4)), UserType: s.text("", "", "76")})
	case n < 88:
		s.apply(platform.Exit{Vehicle: notation.Vehicle{Plate: s.text(plates...), Color: s.text("1", "2")}, Payment: s.text("cash", "withhold", "none")})
	case n < 97:
		s.now = s.now.Add(jumps[s.rng.IntN(8)] + time.Duration(s.rng.Int64N(1e9)))
	case n < 98:
		s.now = s.now.Add(jumps[s.rng.IntN(len(jumps))])
	case n < 99:
		s.apply(platform.Trigger{MerchantNo: s.text(merchants...), Kind: s.text("entry", "exit", "unbind")})
	default:
		s.apply(platform.SetRules{Rules: map[string]any{
			"tariff.free": s.text("threshold", "deducted"), "push.sign_data": s.text("json", "values", "query"), "push.encoding": s.text("json", "form"),
			"bind.max": float64(3 + s.rng.IntN(2)), "history.by": s.text("exit", "entrance"), "orders.keep": float64(200 + s.rng.IntN(200)),
		}})
	}
}

func (s *session) state() []byte {
	text, err := json.Marshal(s.w.Snapshot())
	require.NoError(s.t, err)
	return text
}

// restart puts the state away as JSON and takes it out again.
func (s *session) restart() {
	var snapshot platform.Snapshot
	before := s.state()
	require.NoError(s.t, json.Unmarshal(before, &snapshot))
	w, err := platform.FromSnapshot(snapshot)
	require.NoError(s.t, err)
	s.w = w
	require.Equal(s.t, string(before), string(s.state()))
}

const sessionSteps = 3_000

func (s *session) run(between func(step int)) {
	for i := range sessionSteps {
		s.step()
		if between != nil {
			between(i)
		}
	}
}

// The same fixture, seed and commands give the same codes, ids, tokens, answers
// and pushes, byte for byte; and a snapshot goes on as the state it was taken of.
func TestSession_everyByteAgain(t *testing.T) {
	first := newSession(t, 42)
	first.run(nil)
	for _, code := range []int{0, 1, 6, 7, 8, 20100, 20101, 20202, 20203, 20206, 20802, 20803, 20804} {
		require.Positive(t, first.codes[code], "the session never saw code %d: %v", code, first.codes)
	}
	for name, between := range map[string]func(*session, int){
		"again":           func(*session, int) {},
		"restarted":       func(s *session, i int) { restartAt(s, i, sessionSteps/2) },
		"restarted often": func(s *session, i int) { restartAt(s, i%1003, 1002) },
	} {
		second := newSession(t, 42)
		second.run(func(i int) { between(second, i) })
		require.Len(t, second.told, len(first.told))
		for i := range first.told {
			if first.told[i] != second.told[i] {
				require.Equal(t, first.told[i], second.told[i], "%s: answer %d", name, i)
			}
		}
		require.Equal(t, string(first.state()), string(second.state()), name)
	}
	other := newSession(t, 43)
	other.run(nil)
	require.NotEqual(t, string(first.state()), string(other.state()))
}

func restartAt(s *session, i, at int) {
	if i == at {
		s.restart()
	}
}
