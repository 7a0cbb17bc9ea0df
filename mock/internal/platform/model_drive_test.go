package platform_test

import (
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/schemas"
)

var (
	merchants = []string{"M1", "M2"}
	phones    = []string{"13800000001", "13900000002", "13700000003"}
	plates    = []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004"}
	jumps     = []time.Duration{
		time.Second, 30 * time.Second, time.Minute, 4 * time.Minute, 5 * time.Minute, 15 * time.Minute, 40 * time.Minute, time.Hour, 7 * time.Hour,
		24 * time.Hour, 7 * 24 * time.Hour, 17 * 24 * time.Hour, 31 * 24 * time.Hour,
	}
)

// newState is a state with both merchants, whose pushes are wanted, and a car park.
func newState(t require.TestingT, start time.Time) *platform.State {
	fee := modelCap
	w := platform.New(11, start)
	for _, c := range []platform.Command{
		platform.PutMerchant{Merchant: platform.Merchant{No: "M1", Key: "k1", Push: &platform.Hook{URL: "http://127.0.0.1/1"}}},
		platform.PutMerchant{Merchant: platform.Merchant{No: "M2", Key: "k2", Push: &platform.Hook{URL: "http://127.0.0.1/2"}}},
		platform.PutParking{Parking: platform.Parking{
			ID: "1", Name: "P", City: "重庆市", Lat: "29", Lon: "106", ParkingType: "8", TotalSpace: 7,
			Tariff: tariff.Tariff{FreeMinutes: int(modelFree / time.Minute), UnitMinutes: int(modelUnit / time.Minute), UnitPrice: modelPrice, DailyCap: &fee},
		}},
	} {
		require.Nil(t, w.Apply(start, c).Err)
	}
	return w
}

// call sends data as a merchant.
func call(t require.TestingT, w *platform.State, now time.Time, merchant, endpoint string, data map[string]any) platform.Result {
	text, err := json.Marshal(data)
	require.NoError(t, err)
	row, ok := schemas.Lookup(endpoint)
	require.True(t, ok)
	in, _, refusal := params.Decode(row, string(text))
	if refusal != nil {
		return platform.Result{Answer: platform.Answer{Code: refusal.Code, Refusal: refusal}}
	}
	return w.Call(now, merchant, &in)
}

func kindsOf(t require.TestingT, w *platform.State, pushes []platform.Push) (told []string) {
	for _, p := range pushes {
		var body struct{ PlateNumber string }
		require.NoError(t, json.Unmarshal([]byte(w.Encode(&p, false).Body), &body))
		told = append(told, p.MerchantNo+" "+p.Kind+" "+body.PlateNumber)
	}
	return told
}

// pair is a state and the model of it, driven by the same commands.
type pair struct {
	t *rapid.T
	w *platform.State
	m *model
}

// does sends one command to both and compares what they say.
var does = []struct {
	name string
	do   func(p *pair)
}{
	{"time passes", func(p *pair) { p.m.now = p.m.now.Add(one(p, "jump", jumps)) }},
	{"a minute passes", func(p *pair) { p.m.now = p.m.now.Add(one(p, "short", jumps[:6])) }},
	{"sms", (*pair).askCode},
	{"login", (*pair).login},
	{"signin", func(p *pair) { p.giveToken("usersigin", map[string]any{}) }},
	{"bind", (*pair).bind},
	{"bind again", (*pair).bind},
	{"unbind", (*pair).unbind},
	{"retrieve", (*pair).retrieve},
	{"enter", (*pair).enter},
	{"exit", (*pair).exit},
	{"ask", (*pair).ask},
	{"ask again", (*pair).ask},
	{"pay", (*pair).pay},
	{"pay again", (*pair).pay},
	{"history", (*pair).history},
	{"count", (*pair).count},
}

func one[T any](p *pair, label string, from []T) T {
	return from[rapid.IntRange(0, len(from)-1).Draw(p.t, label)]
}

func (p *pair) vehicle() notation.Vehicle {
	return notation.Vehicle{Plate: one(p, "plate", plates), Color: one(p, "colour", []string{"1", "2"})}
}

// with adds a token to data, mostly a good one, and says whose it is.
func (p *pair) with(data map[string]any) (merchant, phone string, ok bool) {
	merchant = one(p, "merchant", merchants)
	text := "nonsense"
	if n := len(p.m.tokens); n > 0 {
		t := p.m.tokens[n-1-rapid.IntRange(0, min(n, 6)-1).Draw(p.t, "token")]
		text = t.text
		if rapid.IntRange(0, 9).Draw(p.t, "own") > 0 {
			merchant = t.merchant
		}
	}
	data["token"] = text
	phone, ok = p.m.holder(merchant, text)
	return merchant, phone, ok
}

// answer sends a call and compares the code and the pushes.
func (p *pair) answer(merchant, endpoint string, data map[string]any, code int, pushes []string) platform.Answer {
	r := call(p.t, p.w, p.m.now, merchant, endpoint, data)
	require.Equal(p.t, code, r.Answer.Code, "%s %v as %s: %+v", endpoint, data, merchant, r.Answer.Refusal)
	require.Equal(p.t, pushes, kindsOf(p.t, p.w, r.Pushes))
	return r.Answer
}

func (p *pair) askCode() {
	phone, code := one(p, "phone", phones), 0
	if sent := p.m.sms[phone]; sent != nil && p.m.now.Sub(sent.at) < time.Minute {
		code = 20202
	}
	p.answer(one(p, "merchant", merchants), "uservalidatecode", map[string]any{"mobilePhone": phone}, code, nil)
	if code == 0 {
		sms, _ := p.w.SMS(phone)
		p.m.sms[phone] = &sentCode{text: sms.Code, at: p.m.now}
	}
}

func (p *pair) login() {
	phone, text := one(p, "phone", phones), "12345"
	sent := p.m.sms[phone]
	if sent != nil && rapid.IntRange(0, 5).Draw(p.t, "right") > 0 {
		text = sent.text
	}
	if sent == nil || sent.text != text || sent.used || p.m.now.Sub(sent.at) >= 5*time.Minute {
		p.answer("M1", "userlogin", map[string]any{"mobilePhone": phone, "code": text, "appId": "A"}, 20203, nil)
		return
	}
	sent.used = true
	p.giveTokenTo(phone, "userlogin", map[string]any{"code": text})
}

func (p *pair) giveToken(endpoint string, data map[string]any) {
	p.giveTokenTo(one(p, "phone", phones), endpoint, data)
}

func (p *pair) giveTokenTo(phone, endpoint string, data map[string]any) {
	merchant, app := one(p, "merchant", merchants), one(p, "app", []string{"A", "B"})
	data["mobilePhone"], data["appId"] = phone, app
	answer := p.answer(merchant, endpoint, data, 0, nil)
	token, _ := answer.Data.(platform.TokenData)
	p.m.tokens = append(p.m.tokens, givenToken{token.Token, merchant, app, phone, p.m.now})
}

func (p *pair) bind() {
	v := p.vehicle()
	data := map[string]any{"plateNumber": v.Plate, "plateColor": v.Color}
	merchant, phone, ok := p.with(data)
	code := 20101
	if ok {
		code = p.m.bind(phone, merchant, v)
	}
	p.answer(merchant, "bindcar", data, code, nil)
}

func (p *pair) unbind() {
	data := map[string]any{"plateNumber": one(p, "plate", plates)}
	merchant, phone, ok := p.with(data)
	code, pushes := 20101, []string(nil)
	if ok {
		code, pushes = p.m.unbind(phone, merchant, data["plateNumber"].(string))
	}
	p.answer(merchant, "unbindcar", data, code, pushes)
}

func (p *pair) retrieve() {
	v := p.vehicle()
	data := map[string]any{"plateNumber": v.Plate, "plateColor": v.Color, "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "X"}
	merchant, phone, ok := p.with(data)
	code, pushes := 20101, []string(nil)
	if ok {
		code, pushes = p.m.retrieve(phone, merchant, v)
	}
	p.answer(merchant, "carretrieve", data, code, pushes)
}

func (p *pair) enter() {
	v := p.vehicle()
	inside := 0
	for _, s := range p.m.stays {
		if s.out.IsZero() {
			inside++
		}
	}
	r := p.w.Apply(p.m.now, platform.Enter{Vehicle: v, ParkingID: "1"})
	if p.m.parked(v) != nil || inside == 7 {
		require.NotNil(p.t, r.Err)
		return
	}
	require.Nil(p.t, r.Err)
	order, _ := r.Value.(platform.Order)
	p.m.stays = append(p.m.stays, &stay{id: order.ID, vehicle: v, in: p.m.now})
	require.Equal(p.t, p.m.told("entry", v), kindsOf(p.t, p.w, r.Pushes))
}

func (p *pair) exit() {
	v, how := p.vehicle(), one(p, "how", []string{"cash", "withhold", "none"})
	r := p.w.Apply(p.m.now, platform.Exit{Vehicle: v, Payment: how})
	s := p.m.parked(v)
	if s == nil {
		require.NotNil(p.t, r.Err)
		return
	}
	require.Nil(p.t, r.Err)
	p.m.exit(s, how)
	require.Equal(p.t, p.m.told("exit", v), kindsOf(p.t, p.w, r.Pushes))
}

func (p *pair) ask() {
	data := map[string]any{"plateNumber": one(p, "plate", plates)}
	merchant, _, ok := p.with(data)
	if !ok {
		p.answer(merchant, "orderunpay", data, 20101, nil)
		return
	}
	rows, _ := p.answer(merchant, "orderunpay", data, 0, nil).Data.([]platform.UnpaidRow)
	want := p.m.owing(data["plateNumber"].(string))
	require.Len(p.t, rows, len(want))
	for i, s := range want {
		require.Equal(p.t, []any{s.id, s.feeAt(p.m.now), s.owes(p.m.now)}, []any{rows[i].OrderID, rows[i].ParkingFee, rows[i].RemainingFee})
		s.quotes = append(s.quotes, asked{rows[i].RemainingFee, p.m.now, rows[i].VerificationInfo})
	}
}

// pay pays one of the latest stays with one of its latest quotes: what it said, what is due, or something else.
func (p *pair) pay() {
	var quoted []*stay
	for _, s := range p.m.stays {
		if len(s.quotes) > 0 {
			quoted = append(quoted, s)
		}
	}
	if len(quoted) == 0 {
		return
	}
	s := quoted[len(quoted)-1-rapid.IntRange(0, min(len(quoted), 4)-1).Draw(p.t, "stay")]
	q := s.quotes[len(s.quotes)-1-rapid.IntRange(0, min(len(s.quotes), 3)-1).Draw(p.t, "quote")]
	amount := one(p, "amount", []notation.Fen{q.amount, q.amount, s.owes(p.m.now), 550, 1})
	if amount <= 0 {
		return
	}
	external := "E" + strconv.Itoa(rapid.IntRange(0, 30).Draw(p.t, "external"))
	data := map[string]any{
		"orderId": s.id, "externalOrderId": external, "payment": amount, "payTime": notation.FormatTime(p.m.now), "verificationInfo": q.info,
	}
	merchant, phone, ok := p.with(data)
	if !ok {
		p.answer(merchant, "orderpaid", data, 20101, nil)
		return
	}
	code, first := p.m.pay(s, q, phone, external, amount)
	answer, _ := p.answer(merchant, "orderpaid", data, code, nil).Data.(platform.PaidData)
	switch {
	case first != nil:
		require.Equal(p.t, *first, answer)
	case code == 0:
		p.m.externals[external] = &paid{s, amount, answer}
	}
}

func (p *pair) history() {
	data := map[string]any{}
	merchant, phone, ok := p.with(data)
	if !ok {
		p.answer(merchant, "orderhistory", data, 20101, nil)
		return
	}
	rows, _ := p.answer(merchant, "orderhistory", data, 0, nil).Data.([]platform.HistoryRow)
	var got, want [][3]string
	for _, row := range rows {
		got = append(got, [3]string{row.OrderID, row.ParkingFee, row.Actual})
	}
	for _, s := range p.m.history(phone) {
		want = append(want, [3]string{s.id, s.fee.OnePlace(), s.cash.OnePlace()})
	}
	require.Equal(p.t, want, got)
}

func (p *pair) count() {
	data := map[string]any{}
	merchant, phone, ok := p.with(data)
	if !ok {
		p.answer(merchant, "carnum", data, 20101, nil)
		return
	}
	require.Equal(p.t, platform.NumberData{Number: p.m.count(phone)}, p.answer(merchant, "carnum", data, 0, nil).Data)
}

// holds are what is so at any time: a vehicle has one owner, a phone no more than bind.max, and money adds up.
func (p *pair) holds() {
	owner := map[notation.Vehicle]string{}
	for _, phone := range phones {
		u := p.w.User(phone, p.m.now)
		require.LessOrEqual(p.t, len(u.Bindings), 3)
		for _, b := range u.Bindings {
			require.Empty(p.t, owner[b.Vehicle])
			owner[b.Vehicle] = phone
		}
	}
	require.Len(p.t, owner, len(p.m.bonds))
	for _, o := range p.w.OrdersOf("", "", p.m.now) {
		sum := notation.Fen(0)
		for _, payment := range o.Payments {
			require.Positive(p.t, payment.Amount)
			sum += payment.Amount
		}
		require.Equal(p.t, o.PaidElectronic, sum)
		require.GreaterOrEqual(p.t, o.Remaining, notation.Fen(0))
		require.Equal(p.t, o.Fee, o.PaidElectronic+o.PaidCash+o.Remaining)
		require.Equal(p.t, o.State == platform.Owing, !o.ExitTime.IsZero() && o.Remaining > 0)
	}
}

// The platform answers as the model says, whatever happens: a hundred states of
// a hundred commands each. ETCP_MOCK_MODEL_STATES says how many states instead.
func TestState_asTheModelSays(t *testing.T) {
	if states := os.Getenv("ETCP_MOCK_MODEL_STATES"); states != "" {
		before := flag.Lookup("rapid.checks").Value.String()
		require.NoError(t, flag.Set("rapid.checks", states))
		t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
	}
	start, err := notation.ParseTime("2017-12-30 12:00:00")
	require.NoError(t, err)
	states := 0
	defer func() { t.Logf("figure: %d states of 100 commands", states) }()
	rapid.Check(t, func(rt *rapid.T) {
		states++
		p := &pair{t: rt, w: newState(rt, start), m: &model{now: start, sms: map[string]*sentCode{}, externals: map[string]*paid{}}}
		p.giveToken("usersigin", map[string]any{})
		for range 100 {
			what := does[rapid.IntRange(0, len(does)-1).Draw(rt, "command")]
			rt.Log(what.name)
			what.do(p)
		}
		p.holds()
	})
}
