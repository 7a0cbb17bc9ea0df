package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// soak is a day of a merchant again and again: logins, bindings, cars that come and go, payments, pushes that arrive,
// refusals of every sort, large ones too.
type soak struct {
	m      *mocktest.Mock
	large  string
	tokens map[string]string // those a phone was given, which hold
	n      int
}

func (s *soak) round() {
	s.n++
	phone, plate := fmt.Sprintf("138%08d", s.n%500), fmt.Sprintf("渝A%05d", s.n%500)
	call := func(endpoint string, pairs ...string) mocktest.Answer {
		data := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			data[pairs[i]] = pairs[i+1]
		}
		return s.m.Call(endpoint, data)
	}
	token := s.tokens[phone]
	if token == "" {
		token = s.m.Owner(phone)
		s.tokens[phone] = token
	}
	call("bindcar", "token", token, "plateNumber", plate)
	s.m.Enter(plate)
	call("orderunpay", "token", token, "plateNumber", plate)
	call("surroundingparking", "city", "重庆市")
	call("carnum", "token", "nobody's")
	call("parkingstatus", "parkingId", "1")
	s.m.Exit(plate)
	call("orderhistory", "token", token)
	if s.n%10 == 0 {
		s.m.Advance("30m")
	}
	if s.n%3 > 0 {
		return
	}
	w := httptest.NewRecorder()
	stamp := strings.NewReplacer("-", "", ":", "", " ", "").Replace(s.m.Now())
	form := "merchant_no=" + s.m.MerchantNo + "&time_stamp=" + stamp + "&sign=00000000000000000000000000000000&data=" + s.large
	r := httptest.NewRequest(http.MethodPost, schemas.PathPrefix+"bindcar", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.m.Server.Handler().ServeHTTP(w, r)
}

// heap is how much is in use when all that can be collected has been.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// Once journal, pushes, events and acts hold what they may, memory stays where it is. ETCP_MOCK_SOAK says how long to go
// on, such as 1h; without it a few seconds.
func TestSoak_memoryIsFlat(t *testing.T) {
	lasting := 2 * time.Second
	if text := os.Getenv("ETCP_MOCK_SOAK"); text != "" {
		var err error
		lasting, err = time.ParseDuration(text)
		require.NoError(t, err)
	}
	s := &soak{m: mocktest.New(t), large: strings.Repeat("9", 1_000_000), tokens: map[string]string{}}
	for name, most := range map[string]any{"journal.keep": 500, "orders.keep": 100, "pushes.keep": 100, "token.ttl": "36500d"} {
		s.m.Rule(name, most)
	}
	s.m.PushTo("http://accept.invalid/")
	full := func(rounds int) {
		for range rounds {
			s.round()
		}
		s.m.Drain()
	}
	full(250)
	before, start, rounds := heap(), time.Now(), s.n
	for time.Since(start) < lasting || s.n < rounds+100 {
		full(50)
	}
	after := heap()
	t.Logf("figure: %d rounds of 9 requests: %.1f MiB in use before, %.1f MiB after", s.n-rounds, before, after)
	require.Less(t, after, before*1.1+4)
}
