package model

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
)

// A push goes to every merchant related to the vehicle that has a URL for it: of a kind that it wants, to that kind's URL or else to the URL of all (§10).
func TestHook(t *testing.T) {
	t.Parallel()
	ok, fails := &verdicts[0], verdict{"status=500", false}
	for name, row := range map[string]struct {
		hook Hook
		want []string
		json string
	}{
		"one URL":           {Hook{url: ok}, []string{"entry", "unbind"}, `{"url":"http://m/"}`},
		"none":              {Hook{}, nil, `{}`},
		"some kinds":        {Hook{url: ok, kinds: []string{"unbind", "exit"}}, []string{"unbind"}, `{"url":"http://m/","kinds":["unbind","exit"]}`},
		"a URL of its own":  {Hook{urls: map[string]verdict{"entry": fails}}, []string{"entry"}, `{"urls":{"entry":"http://m/entry?status=500"}}`},
		"beside one of all": {Hook{url: ok, urls: map[string]verdict{"entry": fails}}, []string{"entry", "unbind"}, `{"url":"http://m/","urls":{"entry":"http://m/entry?status=500"}}`},
		"not wanted":        {Hook{urls: map[string]verdict{"entry": fails}, kinds: []string{"unbind"}}, nil, `{"urls":{"entry":"http://m/entry?status=500"},"kinds":["unbind"]}`},
	} {
		require.JSONEq(t, row.json, row.hook.JSON("http://m/"), name)
		m := signedIn("1")
		m.setup.Hooks[1] = row.hook
		m.bind("1", "渝A00001|1", 1)
		m.Enter("渝A00001|1", "1", orderID)
		require.Zero(t, done(t, m, "unbindcar", 1, map[string]any{"token": "other-1", "plateNumber": "渝A00001"}))
		var kinds []string
		for _, p := range m.Pushes(1) {
			kinds = append(kinds, p.Kind)
			own, has := row.hook.urls[p.Kind]
			require.Equal(t, !has || own.delivered, p.verdict.delivered, name)
		}
		require.Equal(t, row.want, kinds, name)
		require.Empty(t, m.Pushes(0), "it is not related")
	}
}

// How receivableFee is written is a rule: whole yuan rounded half up, a decimal, or a string; of a long-term car the userType is 76 (§10.2).
func TestPush_fields(t *testing.T) {
	t.Parallel()
	for fen, texts := range map[client.Fen][2]string{0: {"0", "0"}, 49: {"0", "0.49"}, 550: {"6", "5.5"}, 549: {"5", "5.49"}, 15000: {"150", "150"}} {
		for rule, want := range map[string]pushField{"integer": {"receivableFee", texts[0], true}, "decimal": {"receivableFee", texts[1], true}, "string": {"receivableFee", texts[1], false}} {
			m := New(usual)
			m.setup.receivable = rule
			require.Contains(t, m.stayFields("exit", "渝A00001", &parkingOrder{fixed: fen}), want, "%s of %d", rule, fen)
		}
	}
	m := New(usual)
	m.bind("1", "渝L12345|1", 0)
	m.Enter("渝L12345|1", "1", orderID)
	m.Advance(41*time.Hour + 23*time.Minute)
	m.Exit("渝L12345|1", "cash")
	require.Len(t, m.pushes, 2)
	require.Subset(t, m.pushes[1].fields, []pushField{{"userType", "76", false}, {"fixParkingId", fixParkingID, false}, {"remainingDays", remainingDays, false}, {"receivableFee", "0", true}, {"stayedTime", "148980", true}})
}

// A push as a form has each field as a parameter (push.encoding).
func TestPush_form(t *testing.T) {
	t.Parallel()
	m := New(usual)
	m.bind("1", "渝A00001|1", 0)
	m.Enter("渝A00001|1", "1", orderID)
	form := url.Values{
		"synId": {orderID}, "plateNumber": {"渝****01"}, "parkName": {parkName}, "parkId": {"1"}, "entranceTime": {"2017-08-20 12:00:00"},
		"userType": {"77"}, "pushTime": {"2017-08-20 12:00:00"}, "fixParkingId": {""}, "remainingDays": {""},
	}.Encode()
	require.Empty(t, wrongIn(m.pushes[0], contentTypes["form"], form, "form"))
	require.Contains(t, wrongIn(m.pushes[0], contentTypes["form"], strings.Replace(form, "parkId=1", "parkId=3", 1), "form"), "want parkId 1")
	require.NotEmpty(t, wrongIn(m.pushes[0], contentTypes["form"], "a=%", "form"))
	require.Contains(t, wrongIn(m.pushes[0], contentTypes["form"], form, "json"), "want the content type application/json")
}

// Each retry comes its wait after the failure before, and then the push has failed; one of another vehicle does not wait, and a redelivery is another attempt (§10).
func TestModel_schedule(t *testing.T) {
	t.Parallel()
	at := func(seconds ...time.Duration) (all []time.Duration) {
		for _, s := range seconds {
			all = append(all, s*time.Second)
		}
		return all
	}
	for _, row := range []struct {
		now           time.Duration
		first, second []time.Duration
		status        [2]string
	}{
		{0, at(0), nil, [2]string{"pending", "pending"}},
		{9, at(0), nil, [2]string{"pending", "pending"}},
		{10, at(0, 10), nil, [2]string{"pending", "pending"}},
		{40, at(0, 10, 40), nil, [2]string{"pending", "pending"}},
		{460, at(0, 10, 40, 160, 460), nil, [2]string{"pending", "pending"}},
		{1360, at(0, 10, 40, 160, 460, 1360), at(1360), [2]string{"failed", "delivered"}},
	} {
		m := New(usual)
		m.now = row.now * time.Second
		first, second, other := &Push{Vehicle: "A"}, &Push{Vehicle: "A", verdict: verdicts[0]}, &Push{Vehicle: "B", verdict: verdicts[0]}
		outcomes := m.Outcomes([]*Push{first, second, other})
		require.Equal(t, row.first, outcomes[0].At, row.now)
		require.Equal(t, row.second, outcomes[1].At, row.now)
		require.Equal(t, row.status, [2]string{outcomes[0].Status, outcomes[1].Status}, row.now)
		require.Equal(t, at(0), outcomes[2].At, "vehicles do not wait for each other")
		m.Redelivered(other)
		require.Equal(t, at(0, row.now), m.Outcomes([]*Push{other})[0].At)
	}
}

// wrongIn is what is wrong with what a push says, without the field.
func wrongIn(p *Push, contentType, body, encoding string) string {
	_, detail := p.Wrong(contentType, body, encoding)
	return detail
}
