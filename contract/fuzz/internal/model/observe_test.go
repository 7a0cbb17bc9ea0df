package model

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// One month earlier is the same day, or the last of that month (§9.4).
func TestMonthBefore(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]string{"2017-08-20": "2017-07-20", "2017-03-31": "2017-02-28", "2016-03-30": "2016-02-29", "2017-01-31": "2016-12-31", "2017-07-31": "2017-06-30", "2017-03-01": "2017-02-01"} {
		at, err := time.Parse(time.DateOnly, now)
		require.NoError(t, err)
		require.Equal(t, want, monthBefore(at).Format(time.DateOnly), now)
	}
}

// A stay is free for a quarter of an hour, and then 5 yuan for each hour begun; paid in full nothing is due for a quarter of an hour, and then what has come on top.
func TestModel_due(t *testing.T) {
	t.Parallel()
	for stay, want := range map[time.Duration]int64{0: 0, 15 * time.Minute: 0, 15*time.Minute + time.Second: 5, time.Hour: 5, time.Hour + time.Second: 10, 25 * time.Hour: 125} {
		require.Equal(t, client.Fen(want*100), usual.main.fee(stay, false), stay)
	}
	capped := tariff{free: 30 * time.Minute, unit: 45 * time.Minute, price: 335, most: 4010}
	require.Equal(t, client.Fen(4010+335), capped.fee(24*time.Hour+time.Second, false), "each day by itself")
	require.Equal(t, client.Fen(335), capped.fee(75*time.Minute, true), "what is free is deducted once")
	require.Zero(t, tariff{free: 25 * time.Hour, unit: time.Hour, price: 100}.fee(25*time.Hour, true))
	require.Equal(t, client.Fen(100), tariff{free: 25 * time.Hour, unit: time.Hour, price: 100}.fee(26*time.Hour, true), "a day that is free altogether costs nothing")
	m := New(usual)
	m.Enter("渝A00001|1", "1", orderID)
	o := m.orders[0]
	m.now = time.Hour
	require.Equal(t, client.Fen(500), m.due(o))
	o.settled, o.settledAt, o.sum = true, m.now, 500
	m.now += usual.grace
	require.Zero(t, m.due(o))
	m.now += time.Second
	require.Equal(t, client.Fen(500), m.due(o), "of 10 yuan 5 are paid")
	m.Exit("渝A00001|1", "cash")
	require.Zero(t, m.due(o), "what was due was paid in cash")
	require.Equal(t, client.Fen(500), o.cash)
	m.Enter("渝A00001|1", "1", orderID)
	m.now += time.Hour
	m.Exit("渝A00001|1", "none")
	m.now += time.Hour
	require.Equal(t, client.Fen(500), m.due(m.orders[1]), "what it left owing stays")
}

// A history lists what left within seven days and was bound, or paid, by the phone: the newest first, with its amounts and times.
func TestModel_history(t *testing.T) {
	t.Parallel()
	m := signedIn("1")
	m.bind("1", "渝A00001|1", 0)
	for _, id := range []string{"O1", "O2"} {
		m.Enter("渝A00001|1", "1", id)
		m.now += time.Hour
		m.Exit("渝A00001|1", "cash")
	}
	m.Enter("渝A00002|1", "1", "O3") // Nobody's
	m.Exit("渝A00002|1", "cash")
	row := func(id, fee, cash, left string) string {
		at, err := time.ParseInLocation(client.TimeLayout, left, client.Zone)
		require.NoError(t, err)
		return fmt.Sprintf(`{"orderId":%q,"parkingFee":%q,"actual":%q,"carNumber":"渝A00001","exitTime":%q,"entranceTime":%q,"parkingId":"1","parkingName":%q}`, id, fee, cash, left, TimeAt(at.Add(-time.Hour)), parkName)
	}
	right := []string{row("O2", "5.0", "5.00", "2017-08-20 14:00:00"), row("O1", "5.0", "5.0", "2017-08-20 13:00:00")}
	history := func(rows ...string) string {
		return m.Observe(endpoint(t, "orderhistory"), 0, map[string]any{"token": "token-1"}, &client.Answer{Data: json.RawMessage("[" + strings.Join(rows, ",") + "]")})
	}
	require.Empty(t, history(right...))
	require.Contains(t, history(right[0]), "lists 1 orders, and 2 belong to the phone")
	require.Contains(t, history(right[1], right[0]), "another order at place 1")
	require.Contains(t, history(row("O2", "5", "5.0", "2017-08-20 14:00:00"), right[1]), "says 5, in cash 5.0")
	require.Contains(t, history(row("O2", "5.0", "4.0", "2017-08-20 14:00:00"), right[1]), "in cash 4.0")
	require.Contains(t, history(row("O2", "5.0", "5.0", "2017-08-20 14:00:01"), right[1]), "to 2017-08-20 14:00:01")
	m.now += 7*24*time.Hour - time.Hour
	require.Empty(t, history(right...), "seven days after the first left")
	m.now += time.Second
	require.Empty(t, history(right[0]))
}

// A search around a point lists what lies within its radius, the nearest first, with distances to a metre; in a city all of it by number, without distances.
func TestObserved_search(t *testing.T) {
	t.Parallel()
	require.InDelta(t, math.Pi*6_371_000, metres(0, 0, 0, 180), 1)
	require.InDelta(t, 778, metres(29.563, 106.551, 29.57, 106.551), 1)
	m := New(usual)
	row := func(p place, distance string) string {
		return fmt.Sprintf(`{"id":%q,"parkingName":%q,"minFreeTime":"%d","avgCostPrecise":%q,"parkingType":%q,"distance":%q,"lat":%q,"lon":%q}`, p.id, p.name, int(p.tariff.free.Minutes()), p.tariff.hour(), p.kind, distance, p.lat, p.lon)
	}
	search := func(fields map[string]any, rows ...string) string {
		return m.Observe(endpoint(t, "surroundingparking"), 0, fields, &client.Answer{Data: json.RawMessage(`{"scrollId":"S","list":[` + strings.Join(rows, ",") + `]}`)})
	}
	around := func(radius string) map[string]any {
		return map[string]any{"lat": "29.563", "lon": json.Number("106.551"), "radius": radius}
	}
	all := m.searched(0, map[string]any{"city": "重庆市"}).rest
	require.Len(t, all, 5)
	one, three, twenty, six, hundred := all[0], all[1], all[2], all[3], all[4]
	require.Empty(t, search(around("500"), row(one, "0m")))
	require.Empty(t, search(around("1000"), row(one, "0m"), row(twenty, "779m"), row(six, "778m")))
	require.Contains(t, search(around("1000"), row(twenty, "779m"), row(one, "0m"), row(six, "778m")), "car park 20 at place 1, want 1")
	require.Contains(t, search(around("1000"), row(one, "0m"), row(twenty, "785m"), row(six, "778m")), `shows car park 20 at "785m"`)
	require.Contains(t, search(around("1000"), row(one, "0m"), row(twenty, "779"), row(six, "778m")), `at "779"`)
	require.Contains(t, search(around("1000"), row(one, "0m")), "lists 1 car parks, want 3")
	require.Empty(t, search(around("778")), "what lies next to the radius is not known")
	paying := around("1000")
	paying["payType"] = "1"
	require.Empty(t, search(paying, row(one, "0m"), row(six, "778m")), "20 takes no electronic payment")
	city := map[string]any{"city": "重庆市"}
	require.Empty(t, search(city, row(one, ""), row(three, ""), row(twenty, ""), row(six, ""), row(hundred, "")))
	require.Contains(t, search(city, row(one, "0m"), row(three, ""), row(twenty, ""), row(six, ""), row(hundred, "")), "nothing in a city")
	twenty.tariff.free = 14 * time.Minute
	require.Contains(t, search(city, row(one, ""), row(three, ""), row(twenty, ""), row(six, ""), row(hundred, "")), "minFreeTime 14")
	m.setup.page = 2
	require.Empty(t, search(city, row(one, ""), row(three, "")))
	require.Contains(t, search(map[string]any{"scrollId": "S", "city": "北京市"}, row(six, ""), row(hundred, "")), "car park 21 at place 1, want 20", "a page goes on where the one before ended")
	require.Equal(t, schemas.CodeBadParameter, m.predictSearch(1, map[string]any{"scrollId": "S"}), "it is the other merchant's")
}

// A push is the one that was due: its kind, plate, times and amounts; of a vehicle that nobody has certified the plate is masked.
func TestPush_wrong(t *testing.T) {
	t.Parallel()
	m := New(usual)
	m.bind("1", "渝A00001|1", 0)
	m.Enter("渝A00001|1", "1", orderID)
	m.now = 2 * time.Hour
	m.Exit("渝A00001|1", "cash")
	m.unbind("1", map[string]any{"plateNumber": "渝A00001"}, 0)
	m.Enter("渝A00001|1", "1", orderID)
	require.Len(t, m.pushes, 3, "of what nobody has bound nothing is sent")
	entry, exit, unbind := m.pushes[0], m.pushes[1], m.pushes[2]
	const kind = "application/json;charset=UTF-8"
	const stay = `"synId":"` + orderID + `","parkId":1,"parkName":"` + parkName + `","userType":"77","plateNumber":"渝****01","entranceTime":"2017-08-20 12:00:00","fixParkingId":"","remainingDays":""`
	right := `{` + stay + `,"pushTime":"2017-08-20 14:00:00","exitTime":"2017-08-20 14:00:00","stayedTime":7200,"receivableFee":10}`
	require.Empty(t, wrongIn(entry, kind, `{`+stay+`,"pushTime":"2017-08-20 12:00:00"}`, "json"))
	require.Empty(t, wrongIn(exit, kind, right, "json"))
	require.Empty(t, wrongIn(unbind, kind, `{"plateNumber":"渝A00001","time":"2017-08-20 14:00:00"}`, "json"), "whose it was has named it")
	require.Contains(t, wrongIn(exit, "text/plain", right, "json"), "content type")
	require.Empty(t, wrongIn(exit, contentTypes["form"], url.Values{"data": {right}}.Encode(), "form-data-param"))
	for old, c := range map[string]struct{ to, says string }{
		`"渝****01"`:                        {`"渝A00001"`, "want plateNumber 渝****01"},
		`"` + orderID + `"`:                {`"O2"`, "want synId"},
		`"userType":"77"`:                  {`"userType":"76"`, "userType 77"},
		`"userType":"77",`:                 {`"userType":77,`, "want userType as another JSON type"},
		`"pushTime":"2017-08-20 14:00:00"`: {`"pushTime":"2017-08-20 14:00:01"`, "want pushTime 2017-08-20 14:00:00"},
		`"exitTime":"2017-08-20 14:00:00"`: {`"exitTime":"2017-08-20 13:59:59"`, "want exitTime"},
		`"stayedTime":7200`:                {`"stayedTime":120`, "want stayedTime 7200"},
		`"receivableFee":10`:               {`"receivableFee":5`, "want receivableFee 10"},
	} {
		require.Contains(t, right, old)
		require.Contains(t, wrongIn(exit, kind, strings.Replace(right, old, c.to, 1), "json"), c.says)
	}
	require.Contains(t, wrongIn(unbind, kind, `{"plateNumber":"渝A00001","time":"2017-08-20 12:00:00"}`, "json"), "want time 2017-08-20 14:00:00")
	require.NotEmpty(t, wrongIn(exit, kind, "no JSON", "json"))
}

// A push is tried at once, and on the schedule after each failure; the next of its vehicle waits until it is done with, unless the rule says otherwise (§10).
func TestModel_outcomes(t *testing.T) {
	t.Parallel()
	m := New(usual)
	m.setup.schedule = []time.Duration{10 * time.Second, time.Minute}
	push := func(vehicle string, at time.Duration, delivered bool) *Push {
		return &Push{Vehicle: vehicle, at: at, verdict: verdict{delivered: delivered}}
	}
	all := []*Push{push("A", 0, false), push("A", time.Second, true), push("B", 2*time.Second, true)}
	m.now = 5 * time.Second
	outcomes := m.Outcomes(all)
	require.Equal(t, Attempts{[]time.Duration{0}, "pending", 10 * time.Second}, outcomes[0])
	require.Equal(t, "pending", outcomes[1].Status)
	require.Empty(t, outcomes[1].At, "it waits for the one before")
	require.Equal(t, Attempts{[]time.Duration{2 * time.Second}, "delivered", 2 * time.Second}, outcomes[2])
	m.now = 2 * time.Minute
	outcomes = m.Outcomes(all)
	require.Equal(t, Attempts{[]time.Duration{0, 10 * time.Second, 70 * time.Second}, "failed", 70 * time.Second}, outcomes[0])
	require.Equal(t, []time.Duration{70 * time.Second}, outcomes[1].At)
	m.setup.apart = true
	require.Equal(t, []time.Duration{time.Second}, m.Outcomes(all)[1].At)
}
