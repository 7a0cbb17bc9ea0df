package fault_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// An event fault tells of each that is applied.
func TestFault_event(t *testing.T) {
	c := newControlled(t)
	s := c.Follow(t, "")
	id := c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"code": 2})
	c.Call(t, "parkingstatus", aStatus)
	e := s.Until("fault").Data
	require.Equal(t, id, e["fault"].(obj)["id"])
	require.Equal(t, "parkingstatus", e["endpoint"])
	require.Equal(t, "M1", e["merchantNo"])
	require.Equal(t, "2017-08-20 12:00:00", e["at"])
	require.Equal(t, []any{id}, s.Until("request").Data["faults"])
}

// GET, POST and DELETE; what is wrong with a fault is said at its place, and nothing of it is kept.
func TestFaults_control(t *testing.T) {
	c := newControlled(t)
	first := c.fault(t, obj{"endpoint": "carnum"}, obj{"code": 2}, obj{"name": "none", "after": 1, "times": 2, "probability": 0.5})
	c.fault(t, obj{"push": "exit"}, obj{"duplicate": 2})
	items := c.Do(t, http.MethodGet, "/faults", nil)["items"].([]any)
	require.Equal(t, obj{
		"id": first, "name": "none", "on": obj{"endpoint": "carnum"}, "after": 1.0, "times": 2.0, "probability": 0.5,
		"do": obj{"code": 2.0}, "stats": obj{"matched": 0.0, "applied": 0.0},
	}, items[0])
	require.Len(t, items, 2)
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, servertest.Default+"/faults/"+first, nil).Status)
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodDelete, servertest.Default+"/faults/"+first, nil).Status)
	require.Len(t, c.Do(t, http.MethodGet, "/faults", nil)["items"], 1)
	require.NotEqual(t, first, c.fault(t, obj{}, obj{"code": 2}), "ids go on")
	c.Do(t, http.MethodDelete, "/faults", nil)
	require.Empty(t, c.Do(t, http.MethodGet, "/faults", nil)["items"])
}

func TestFaults_badInput(t *testing.T) {
	c := newControlled(t)
	for body, pointers := range map[string][]string{
		`{"on":{"endpoint":"bindcars"},"do":{"code":2}}`:                 {"/on/endpoint"},
		`{"on":{"push":"exits"},"do":{"drop":true}}`:                     {"/on/push"},
		`{"on":{"push":"exit","endpoint":"carnum"},"do":{"delay":"1s"}}`: {"/on/push"},
		`{"on":{},"do":{}}`:              {"/do"},
		`{"on":{}}`:                      {"/do"},
		`{}`:                             {"/do"},
		`{"on":{"push":"exit"},"do":{}}`: {"/do"},
		`{"on":{"push":"exit"},"do":{"code":2,"cut":"after"}}`:            {"/do/code", "/do/cut"},
		`{"on":{},"do":{"duplicate":2,"reorder":true}}`:                   {"/do/duplicate", "/do/reorder"},
		`{"on":{},"do":{"corruptSign":true,"drop":true}}`:                 {"/do/corruptSign", "/do/drop"},
		`{"on":{},"probability":1.01,"do":{"code":2}}`:                    {"/probability"},
		`{"on":{},"probability":-0.1,"do":{"code":2}}`:                    {"/probability"},
		`{"on":{},"probability":"1","do":{"code":2}}`:                     {"/probability"},
		`{"on":{},"after":-1,"times":-1,"do":{"code":2}}`:                 {"/after", "/times"},
		`{"on":{},"do":{"delay":"10m1ms"}}`:                               {"/do/delay"},
		`{"on":{},"do":{"delay":"-1s"}}`:                                  {"/do/delay"},
		`{"on":{},"do":{"delay":"soon"}}`:                                 {"/do/delay"},
		`{"on":{},"do":{"delay":3}}`:                                      {"/do/delay"},
		`{"on":{},"do":{"delay":{}}}`:                                     {"/do/delay"},
		`{"on":{},"do":{"delay":{"min":"1s"}}}`:                           {"/do/delay"},
		`{"on":{},"do":{"delay":{"min":"2s","max":"1s"}}}`:                {"/do/delay/min"},
		`{"on":{},"do":{"delay":{"min":"2s","max":"11m"}}}`:               {"/do/delay/max"},
		`{"on":{},"do":{"delay":{"min":"1s","max":"2s","sigma":1}}}`:      {"/do/delay"},
		`{"on":{},"do":{"delay":{"median":"11m","sigma":9}}}`:             {"/do/delay/median", "/do/delay/sigma"},
		`{"on":{},"do":{"delay":{"median":"1s","sigma":-1}}}`:             {"/do/delay/sigma"},
		`{"on":{},"do":{"code":-1}}`:                                      {"/do/code"},
		`{"on":{},"do":{"httpStatus":101}}`:                               {"/do/httpStatus"},
		`{"on":{},"do":{"httpStatus":600}}`:                               {"/do/httpStatus"},
		`{"on":{},"do":{"httpStatus":204,"body":"x"}}`:                    {"/do/httpStatus"},
		`{"on":{},"do":{"cut":"during"}}`:                                 {"/do/cut"},
		`{"on":{},"do":{"cut":"after","code":2}}`:                         {"/do/cut"},
		`{"on":{},"do":{"cut":"after","truncate":true}}`:                  {"/do/cut"},
		`{"on":{},"do":{"body":"","truncate":true}}`:                      {"/do/truncate"},
		`{"on":{"push":"exit"},"do":{"duplicate":1}}`:                     {"/do/duplicate"},
		`{"on":{"push":"exit"},"do":{"duplicate":101}}`:                   {"/do/duplicate"},
		`{"on":{"where":[]},"do":{"code":2}}`:                             {"/on/where"},
		`{"on":{"endpoint":"carnum"},"do":{"codes":2},"fault":"unknown"}`: {"/do/codes", "/fault"},
	} {
		status, at, _ := c.Ask(t, http.MethodPost, servertest.Default+"/faults", body).Problem(t)
		require.Equal(t, http.StatusUnprocessableEntity, status, body)
		require.ElementsMatch(t, pointers, at, body)
	}
	require.Empty(t, c.Do(t, http.MethodGet, "/faults", nil)["items"])

	a := c.Ask(t, http.MethodPost, "/__admin/sandboxes", obj{"fixture": obj{"faults": []any{obj{"on": obj{}, "do": obj{"code": 2}}, obj{"probability": 2, "do": obj{"code": 2}}}}})
	status, at, _ := a.Problem(t)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/fixture/faults/1/probability"}, at)
}

// Faults are part of the fixture, of the state and of a reset; a state that is put back goes on with counters and chance.
func TestFaults_fixtureStateReset(t *testing.T) {
	fixture := strings.TrimSuffix(servertest.Fixture, "}") + `,
		"faults": [{"on":{"endpoint":"parkingstatus"},"after":3,"do":{"code":2},"probability":0.4}]}`
	c := newControlled(t, mock.WithFixture([]byte(fixture)))
	ask := func(n int) (codes []int) {
		for range n {
			code, _ := c.Call(t, "parkingstatus", aStatus)
			codes = append(codes, code)
		}
		return codes
	}
	require.NotContains(t, ask(3), 2)
	ask(10)
	matched, applied := c.stats(t, "f1")
	state := c.Do(t, http.MethodGet, "/state", nil)
	went := ask(30)
	require.Contains(t, went, 2)
	require.Contains(t, went, 0)

	c.fault(t, obj{}, obj{"code": 1})
	c.Do(t, http.MethodPut, "/state", state)
	again, hits := c.stats(t, "f1")
	require.Equal(t, []float64{matched, applied}, []float64{again, hits})
	require.Equal(t, went, ask(30), "the same chance")

	other := newControlled(t, mock.WithFixture([]byte(`{}`)))
	other.Do(t, http.MethodPut, "/state", state)
	c, there := other, c
	require.Equal(t, went, ask(30), "on another server, too")
	c = there

	c.fault(t, obj{}, obj{"code": 1})
	c.Do(t, http.MethodPost, "/reset", nil)
	matched, applied = c.stats(t, "f1")
	require.Zero(t, matched+applied)
	require.Len(t, c.Do(t, http.MethodGet, "/faults", nil)["items"], 1)
	require.NotContains(t, ask(3), 2)
}

// A state with faults that cannot be is refused whole.
func TestFaults_badState(t *testing.T) {
	c := newControlled(t)
	c.fault(t, obj{}, obj{"delay": obj{"min": "1ms", "max": "2ms"}})
	for _, spoil := range []func(faults obj){
		func(f obj) { f["rng"] = "AAAA" },
		func(f obj) { f["list"].([]any)[0].(obj)["probability"] = 3 },
		func(f obj) { f["list"].([]any)[0].(obj)["do"].(obj)["delay"] = "11m" },
		func(f obj) { f["list"] = append(f["list"].([]any), f["list"].([]any)[0]) },
	} {
		state := c.Do(t, http.MethodGet, "/state", nil)
		spoil(state["faults"].(obj))
		status, _, _ := c.Ask(t, http.MethodPut, servertest.Default+"/state", state).Problem(t)
		require.Equal(t, http.StatusUnprocessableEntity, status)
	}
	state := c.Do(t, http.MethodGet, "/state", nil)
	delete(state, "faults")
	c.Do(t, http.MethodPut, "/state", state)
	require.Empty(t, c.Do(t, http.MethodGet, "/faults", nil)["items"])
}

// --hostile is a named, seeded set of ordinary rules and faults, of default and of sandboxes without a fixture.
func TestHostile(t *testing.T) {
	c := newControlled(t, mock.WithHostile())
	bad := 0
	for range 400 {
		if code, _ := c.Call(t, "parkingstatus", aStatus); code == 2 {
			bad++
		}
	}
	require.InDelta(t, 20, bad, 12, "one answer in twenty")
	rules := c.Do(t, http.MethodGet, "/rules", nil)
	require.Equal(t, "2m", rules["token.ttl"].(obj)["value"])
	require.Equal(t, 2.0, rules["search.page"].(obj)["value"])
	for _, item := range c.Do(t, http.MethodGet, "/faults", nil)["items"].([]any) {
		require.Contains(t, item.(obj)["name"], "hostile: ")
	}
	c.Do(t, http.MethodDelete, "/faults", nil)
	c.Do(t, http.MethodPost, "/reset", nil)
	require.Len(t, c.Do(t, http.MethodGet, "/faults", nil)["items"], 9, "a reset brings them back")

	for body, faults := range map[string]int{`{"id":"bare"}`: 9, `{"id":"made","fixture":{}}`: 0} {
		a := c.Ask(t, http.MethodPost, "/__admin/sandboxes", body)
		require.Equal(t, http.StatusCreated, a.Status)
		var made struct{ ID string }
		require.NoError(t, json.Unmarshal([]byte(a.Body), &made))
		var list struct{ Items []any }
		require.NoError(t, json.Unmarshal([]byte(c.Ask(t, http.MethodGet, "/__admin/sandboxes/"+made.ID+"/faults", nil).Body), &list))
		require.Len(t, list.Items, faults)
	}
}
