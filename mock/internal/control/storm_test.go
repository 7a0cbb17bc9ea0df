package control_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// storm is one caller among many. It uses the sandbox default with the others, and one of its own in every way.
type storm struct {
	*controlled

	t        *testing.T
	rng      *rand.Rand
	own      string // sandbox
	no, key  string
	tokens   []string // of M1 in default
	external *atomic.Int64
}

// try makes a call that may be refused, but must not fail.
func (s *storm) try(method, path string, body any) servertest.Answer {
	a := s.Ask(s.t, method, path, body)
	if a.Status >= 500 && a.Status != http.StatusGatewayTimeout {
		s.t.Errorf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a
}

func (s *storm) plate() string { return fmt.Sprintf("渝B0000%d", s.rng.IntN(10)) }

func (s *storm) shared() {
	here, plate := servertest.Default, s.plate()
	token := s.tokens[s.rng.IntN(len(s.tokens))]
	switch s.rng.IntN(16) {
	case 0, 1, 2:
		s.try("POST", here+"/cars/enter", map[string]any{"plateNumber": plate, "parkingId": strconv.Itoa(1 + s.rng.IntN(2))})
	case 3, 4:
		s.try("POST", here+"/cars/exit", map[string]any{"plateNumber": plate, "payment": []string{"cash", "withhold", "none"}[s.rng.IntN(3)]})
	case 5:
		s.try("POST", here+"/clock/advance", map[string]any{"by": strconv.Itoa(s.rng.IntN(40)) + "m"})
	case 6:
		s.try("PUT", here+"/clock", map[string]any{"mode": []string{"running", "frozen"}[s.rng.IntN(2)], "rate": 1 + s.rng.IntN(1000)})
	case 7, 8:
		s.CallAny(s.t, "bindcar", map[string]any{"token": token, "plateNumber": plate})
	case 9:
		s.CallAny(s.t, "unbindcar", map[string]any{"token": token, "plateNumber": plate})
	case 10:
		s.CallAny(s.t, "carretrieve", map[string]any{"token": token, "plateNumber": plate, "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "E1"})
	case 11:
		s.pay(token, plate)
	case 12:
		s.try("POST", here+"/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	case 13:
		s.try("POST", here+"/pushes/p"+strconv.Itoa(1+s.rng.IntN(30))+"/redeliver", nil)
	case 14:
		s.try("PATCH", here+"/rules", map[string]any{"push.ordering": []string{"vehicle", "none"}[s.rng.IntN(2)], "push.encoding": []string{"json", "form"}[s.rng.IntN(2)]})
	default:
		for _, path := range []string{"", "/state", "/orders", "/pushes", "/requests", "/parkings", "/rules", "/merchants", "/users/13800000001", "/vehicles", "/clock"} {
			s.try("GET", here+path, nil)
		}
		s.try("GET", "/__admin/sandboxes", nil)
	}
}

func (s *storm) pay(token, plate string) {
	code, list := s.CallAny(s.t, "orderunpay", map[string]any{"token": token, "plateNumber": plate})
	rows, _ := list.([]any)
	if code != 0 || len(rows) == 0 {
		return
	}
	row := rows[0].(map[string]any)
	pay := map[string]any{
		"token": token, "orderId": row["orderId"], "externalOrderId": "E" + strconv.FormatInt(s.external.Add(1), 10), "payment": row["remainingFee"],
		"payTime": "2017-08-20 12:00:00", "verificationInfo": row["verificationInfo"],
	}
	first, _ := s.CallAny(s.t, "orderpaid", pay)
	if again, _ := s.CallAny(s.t, "orderpaid", pay); first == 0 && again != 0 {
		s.t.Errorf("a payment's retry was answered %d", again)
	}
}

func (s *storm) alone() {
	here := "/__admin/sandboxes/" + s.own
	switch s.rng.IntN(9) {
	case 0:
		s.try("POST", here+"/reset", nil)
	case 1:
		state := s.try("GET", here+"/state", nil)
		s.try("POST", here+"/clock/advance", `{"by":"30m"}`)
		if put := s.try("PUT", here+"/state", state.Body); put.Status != http.StatusOK {
			s.t.Errorf("its own state was refused: %s", put.Body)
		}
	case 2:
		if del := s.try("DELETE", here, nil); del.Status != http.StatusNoContent {
			s.t.Errorf("delete: %s", del.Body)
		}
		s.make()
	case 3, 4:
		s.try("POST", here+"/pushes", map[string]any{"merchantNo": s.no, "kind": "exit"})
	case 5:
		s.try("POST", here+"/cars/enter", map[string]any{"plateNumber": s.plate(), "parkingId": "1"})
	case 6:
		s.try("POST", here+"/pushes/drain", `{"timeout":"1s"}`)
	case 7:
		s.CallAny(s.t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}, s.no, s.key)
	default:
		s.try("POST", here+"/clock/advance", `{"by":"10m"}`)
	}
}

func (s *storm) make() {
	a := s.try("POST", "/__admin/sandboxes", map[string]any{"id": s.own, "fixture": map[string]any{
		"merchants": []any{map[string]any{"no": s.no, "key": s.key, "push": map[string]any{"url": "http://127.0.0.1:1/"}}},
		"parkings":  []any{map[string]any{"id": "1", "name": "P", "city": "", "lat": "29", "lon": "106"}},
	}})
	if a.Status != http.StatusCreated {
		s.t.Errorf("make: %s", a.Body)
	}
}

// Everything at once, on a shared sandbox and on sandboxes that come and go: nothing fails, and afterwards every push
// was delivered or has failed, none is lost or invented, a vehicle has one owner, and the money adds up.
func TestControlStorm(t *testing.T) {
	c := newControlled(t)
	var hits atomic.Int64
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if hits.Add(1)%3 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"code":0}`)
	})
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.Do(t, http.MethodPut, "/parkings/2", map[string]any{"name": "P", "city": "", "lat": "29", "lon": "106", "totalSpace": 1000})
	var (
		tokens   []string
		phones   []string
		external atomic.Int64
		callers  sync.WaitGroup
	)
	for i := range 4 {
		phone := "1380000000" + strconv.Itoa(i)
		_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": phone, "appId": "ETCP"})
		phones, tokens = append(phones, phone), append(tokens, data["token"].(string))
	}
	for i := range 8 {
		callers.Go(func() {
			s := &storm{controlled: c, t: t, rng: rand.New(rand.NewPCG(1, uint64(i))), own: fmt.Sprintf("own-%d", i), no: fmt.Sprintf("O%d", i), key: "k", tokens: tokens, external: &external}
			s.make()
			for range 60 {
				s.shared()
				s.alone()
			}
		})
	}
	callers.Wait()
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "frozen"})
	c.Advance(t, "1h")
	c.Drain(t)
	c.stormOver(t, r, phones)
}

func (c *controlled) stormOver(t *testing.T, r *servertest.Receiver, phones []string) {
	t.Helper()
	pushes := c.Pushes(t, "")
	require.NotEmpty(t, pushes)
	t.Logf("figure: %d pushes, %d requests at the merchant", len(pushes), len(r.All()))
	want := map[string]int{}
	for i, p := range pushes {
		require.Equal(t, "p"+strconv.Itoa(i+1), p.ID, "none lost, none given twice")
		require.Contains(t, []string{"delivered", "failed"}, p.Status)
		want[p.Body] += len(p.Attempts)
	}
	got := map[string]int{}
	for _, one := range r.All() {
		got[one.Body]++
	}
	require.Equal(t, want, got, "each attempt is one request, and each request an attempt")

	owners := map[string]string{}
	for _, phone := range phones {
		for _, b := range c.Do(t, http.MethodGet, "/users/"+phone, nil)["bindings"].([]any) {
			plate := b.(map[string]any)["plateNumber"].(string)
			require.Empty(t, owners[plate], plate)
			owners[plate] = phone
		}
	}
	inside := map[string]float64{}
	orders := c.Do(t, http.MethodGet, "/orders?limit=1000", nil)["items"].([]any)
	require.NotEmpty(t, orders)
	for _, item := range orders {
		var o struct {
			State, ParkingID                                   string
			ParkingFee, PaidElectronic, PaidCash, RemainingFee string
			Payments                                           []struct{ Payment string }
		}
		text, err := json.Marshal(item)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &o))
		sum := 0
		for _, p := range o.Payments {
			sum += fen(t, p.Payment)
		}
		require.Equal(t, fen(t, o.PaidElectronic), sum, "%s", text)
		if o.State == "parked" {
			inside[o.ParkingID]++
		} else {
			require.Equal(t, fen(t, o.ParkingFee), sum+fen(t, o.PaidCash)+fen(t, o.RemainingFee), "%s", text)
		}
	}
	for _, id := range []string{"1", "2"} {
		require.InDelta(t, inside[id], c.Do(t, http.MethodGet, "/parkings/"+url.PathEscape(id), nil)["parked"], 0)
	}
	var state any
	require.NoError(t, json.Unmarshal([]byte(c.state(t)), &state))
	c.Do(t, http.MethodPut, "/state", state) // and it is a state that can be put back
}

// fen is an amount in hundredths.
func fen(t *testing.T, yuan string) int {
	t.Helper()
	f, err := strconv.ParseFloat(yuan, 64)
	require.NoError(t, err)
	return int(f*100 + 0.5)
}
