package model

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// parkedAndQuoted is a model whose car is parked since two hours, and was quoted 10 yuan just now.
func parkedAndQuoted() *Model {
	m := signedIn("1", "2")
	m.Enter("渝A00001|1", "1", orderID)
	m.Advance(2 * time.Hour)
	m.quotes["V"] = givenQuote{m.orders[0], 1000, m.now}
	return m
}

func paying(amount, external string) map[string]any {
	return map[string]any{"token": "token-1", "orderId": orderID, "externalOrderId": external, "payment": amount, "verificationInfo": "V", "payTime": "2017-08-20 13:00:00"}
}

// How long a quoted fee may be paid though it has grown is quote.ttl; past that it is the fee of now. The order and its proof come first, then the externalOrderId,
// then whether something is due, then the amount (§9.8).
func TestModel_predictPayment(t *testing.T) {
	t.Parallel()
	pass := func(d time.Duration) func(*Model) { return func(m *Model) { m.Advance(d) } }
	leave := func(how string) func(*Model) { return func(m *Model) { m.Exit("渝A00001|1", how) } }
	settle := func(m *Model) {
		o := m.orders[0]
		o.settled, o.settledAt, o.sum = true, m.now, 1000
		m.paid["E1"] = &madePayment{order: o, amount: 1000}
	}
	for name, row := range map[string]struct {
		before           func(*Model)
		amount, external string
		code             int
	}{
		"as quoted":                      {pass(0), "10", "E1", 0},
		"text compares as a decimal":     {pass(0), "10.00", "E1", 0},
		"another amount":                 {pass(0), "10.01", "E1", schemas.CodeWrongAmount},
		"grown, and the quote is young":  {pass(5*time.Minute - time.Second), "10", "E1", 0},
		"of now, and the quote is young": {pass(5*time.Minute - time.Second), "15", "E1", schemas.CodeWrongAmount},
		"grown, and the quote is old":    {pass(5 * time.Minute), "10", "E1", schemas.CodeWrongAmount},
		"of now, and the quote is old":   {pass(5 * time.Minute), "15", "E1", 0},
		"left, and paid in cash":         {leave("cash"), "10", "E1", schemas.CodeOrderUpdateFailed},
		"left, and was debited":          {leave("withhold"), "10", "E1", schemas.CodeOrderUpdateFailed},
		"left owing":                     {leave("none"), "10", "E1", 0},
		"of another order":               {func(m *Model) { m.quotes["V"] = givenQuote{&parkingOrder{id: orderID}, 1000, m.now} }, "10", "E1", schemas.CodeOrderUpdateFailed},
		"no such order":                  {func(m *Model) { m.orders = nil }, "10", "E1", schemas.CodeOrderUpdateFailed},
		"the same once more":             {settle, "10", "E1", 0},
		"another amount, same id":        {settle, "9", "E1", schemas.CodeOrderCreateFailed},
		"another id, nothing due":        {settle, "10", "E2", schemas.CodeOrderUpdateFailed},
		"an id of another order": {func(m *Model) {
			m.paid["E1"] = &madePayment{order: &parkingOrder{}, amount: 1000}
		}, "10", "E1", schemas.CodeOrderCreateFailed},
		"quoted nothing": {func(m *Model) { m.quotes["V"] = givenQuote{order: m.orders[0]}; m.setup.quote = 3 * time.Hour }, "10", "E1", schemas.CodeWrongAmount},
		"a quote from before a payment": {func(m *Model) {
			settle(m)
			m.setup.quote = time.Hour
			m.Advance(16 * time.Minute)
		}, "5", "E2", Unsure},
	} {
		m := parkedAndQuoted()
		row.before(m)
		require.Equal(t, row.code, m.Predict(endpoint(t, "orderpaid"), 0, paying(row.amount, row.external)), name)
	}
	m := parkedAndQuoted()
	theirs := paying("10", "E1")
	theirs["token"] = "other-2"
	require.Zero(t, m.Predict(endpoint(t, "orderpaid"), 1, theirs), "another phone or merchant may pay")
}

// The answer to a payment has what was sent; its payOrderId is no, the sandbox's time and seven digits. Paying settles the order, even one that had left owing (§9.8).
func TestObserved_payment(t *testing.T) {
	t.Parallel()
	const right = `{"orderId":"` + orderID + `","externalOrderId":"E1","payOrderId":"no201708201400001234567","payTime":"2017-08-20 13:00:00","payment":10.0}`
	for old, c := range map[string]struct{ to, says string }{
		orderID:               {strings.ToLower(orderID), "another order's ids"},
		`"E1"`:                {`"E2"`, "another order's ids"},
		"no20170820140000":    {"no20170820130000", "want no, the time and seven digits"},
		"1234567":             {"123456", "want no, the time and seven digits"},
		"2017-08-20 13:00:00": {"2017-08-20 14:00:00", "and it was 2017-08-20 13:00:00"},
		":10.0":               {":9.99", "says that 9.99 was paid, and it was 10"},
	} {
		require.Contains(t, right, old)
		wrong := &client.Answer{Data: json.RawMessage(strings.Replace(right, old, c.to, 1))}
		require.Contains(t, parkedAndQuoted().Observe(endpoint(t, "orderpaid"), 0, paying("10", "E1"), wrong), c.says)
	}
	for _, leaves := range []bool{false, true} {
		m := parkedAndQuoted()
		m.Advance(4 * time.Minute)
		if leaves {
			m.Exit("渝A00001|1", "none")
		}
		require.Equal(t, client.Fen(1500), m.due(m.orders[0]))
		first := strings.Replace(right, "20140000", "20140400", 1)
		answer := &client.Answer{Data: json.RawMessage(first)}
		require.Empty(t, m.Observe(endpoint(t, "orderpaid"), 0, paying("10", "E1"), answer))
		require.Zero(t, m.due(m.orders[0]), "a young quote settles the order though the fee has grown")
		require.Equal(t, []string{"1"}, m.orders[0].payers)
		m.Advance(time.Hour)
		require.Empty(t, m.Observe(endpoint(t, "orderpaid"), 0, paying("10.00", "E1"), answer), "a retry has the first answer")
		later := &client.Answer{Data: json.RawMessage(strings.Replace(first, "13:00:00", "13:00:01", 1))}
		require.Contains(t, m.Observe(endpoint(t, "orderpaid"), 0, paying("10", "E1"), later), "gives a retry the payTime")
		require.Equal(t, client.Fen(1000), m.orders[0].sum, "a retry pays nothing")
	}
}

// What is to pay of a number is the car now parked, and what left with something unpaid, in any colour, the newest entrance first (§9.7).
func TestObserved_quotes(t *testing.T) {
	t.Parallel()
	const owing = "1B59582D-EA6F-4BF1-A570-E803CC24EBE0"
	m := signedIn("1")
	m.Enter("渝A00001|3", "1", owing)
	m.Advance(time.Hour)
	m.Exit("渝A00001|3", "none")
	m.Enter("渝A00001|1", "1", orderID)
	m.Enter("渝A00002|1", "1", "2B59582D-EA6F-4BF1-A570-E803CC24EBE0")
	m.Advance(2 * time.Hour)
	row := func(id, fee, entered, left string) string {
		return `{"orderId":"` + id + `","verificationInfo":"` + id + strings.Repeat("V", 128-len(id)) + `","remainingFee":` + fee + `,"parkingFee":` + fee +
			`,"carNumber":"渝****01","entranceTime":"2017-08-20 ` + entered + `","exitTime":"2017-08-20 ` + left + `","parkingId":1,"parkingName":"` + parkName + `"}`
	}
	newer, older := row(orderID, "10", "13:00:00", "15:00:00"), row(owing, "5.00", "12:00:00", "13:00:00")
	quoted := func(rows ...string) string {
		return m.Observe(endpoint(t, "orderunpay"), 0, binding("1", "渝a00001"), &client.Answer{Data: json.RawMessage("[" + strings.Join(rows, ",") + "]")})
	}
	require.Contains(t, quoted(older, newer), "at place 1, want "+orderID)
	require.Empty(t, quoted(newer, older))
	require.Len(t, m.quotes, 2)
	for old, c := range map[string]struct{ to, says string }{
		`"remainingFee":10`: {`"remainingFee":5`, "shows 5 of 10 to pay, want 10"},
		`"parkingFee":10`:   {`"parkingFee":15`, "shows 10 of 15 to pay, want 10"},
		"渝****01":           {"渝A00001", "shows the car as"},
		"15:00:00":          {"14:59:59", "to 2017-08-20 14:59:59, want"},
		`"parkingId":1`:     {`"parkingId":3`, "shows car park 3"},
		"VV":                {"V", "a verificationInfo of 127 characters"},
		parkName:            {"ETCP", "shows car park 1"},
	} {
		require.Contains(t, newer, old)
		require.Contains(t, quoted(strings.Replace(newer, old, c.to, 1), older), c.says)
	}
	m.setup.plain = true
	require.Contains(t, quoted(newer, older), `"渝****01", want "渝A00001"`)
	require.Empty(t, quoted(strings.ReplaceAll(newer, "****", "A000"), strings.ReplaceAll(older, "****", "A000")), "unpay.mask is false")
}

// Fees of a cap that holds in each 24 hours from entry, and of what is free: charged from entry past it, or deducted once (tariff.free); an hour costs at most what a
// day does (avgCostPrecise, §9.10). Long-term cars pay nothing.
func TestTariff(t *testing.T) {
	t.Parallel()
	capped := tariff{free: 30 * time.Minute, unit: 30 * time.Minute, price: 250, most: 2050}
	for _, row := range []struct {
		stay                time.Duration
		threshold, deducted client.Fen
	}{
		{30 * time.Minute, 0, 0},
		{30*time.Minute + time.Second, 500, 250},
		{time.Hour, 500, 250},
		{4 * time.Hour, 2000, 1750},
		{4*time.Hour + time.Second, 2050, 2000},
		{24 * time.Hour, 2050, 2050},
		{24*time.Hour + time.Second, 2300, 2300},
		{48 * time.Hour, 4100, 4100},
	} {
		require.Equal(t, row.threshold, capped.fee(row.stay, false), row.stay)
		require.Equal(t, row.deducted, capped.fee(row.stay, true), row.stay)
	}
	for want, of := range map[client.Fen]tariff{500: capped, 300: {unit: 20 * time.Minute, price: 100}, 447: {unit: 45 * time.Minute, price: 335}, 350: {unit: 30 * time.Minute, price: 400, most: 350}} {
		require.Equal(t, want, of.hour())
	}
	m := New(usual)
	m.Enter("渝L12345|1", "1", orderID)
	m.Advance(30 * time.Hour)
	require.Zero(t, m.due(m.orders[0]))
}

// A car park has plenty of space above a fifth free (status.plenty), none at no space, and is tight between; a number that is none answers 1 (§9.11).
func TestObserved_status(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		parking, total string
		enter, plenty  int
		word           string
	}{
		{"3", "100", 0, 20, "充足"}, {"3", "100", 1, 20, "紧张"}, {"3", "100", 0, 50, "紧张"}, {"20", "5", 1, 20, "紧张"}, {"20", "5", 2, 20, "已满"}, {"40", "0", 0, 20, "已满"}, {"21", "2", 3, 20, "已满"},
	} {
		m := New(usual)
		m.setup.plenty = row.plenty
		for i := range row.enter {
			m.Enter("渝A0000"+string(rune('1'+i))+"|1", row.parking, orderID)
		}
		status := func(total, word, at string) string {
			return m.Observe(endpoint(t, "parkingstatus"), 0, map[string]any{"parkingId": row.parking}, &client.Answer{Data: json.RawMessage(`{"totalSpace":"` + total + `","status":"` + word + `","time":"` + at + `"}`)})
		}
		require.Empty(t, status(row.total, row.word, "2017-08-20 12:00:00"), row)
		require.Contains(t, status(row.total, "满", "2017-08-20 12:00:00"), "want "+row.word, row)
		require.NotEmpty(t, status(row.total, row.word, "2017-08-20 12:00:01"))
		require.NotEmpty(t, status("7", row.word, "2017-08-20 12:00:00"))
		m.Exit("渝A00001|1", "cash")
		require.Equal(t, max(row.enter-1, 0), m.taken[row.parking], "its space is free again")
	}
	m := New(usual)
	for parking, code := range map[string]int{"1": 0, "2": schemas.CodeFailed, "x": schemas.CodeFailed} {
		require.Equal(t, code, m.Predict(endpoint(t, "parkingstatus"), 0, map[string]any{"parkingId": parking}), parking)
	}
}
