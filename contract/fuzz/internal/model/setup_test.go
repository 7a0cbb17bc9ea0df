package model

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// A fixture has the clock, the rules that differ from those by default, and the car parks and vehicles that are needed.
func TestSetup_Fixture(t *testing.T) {
	t.Parallel()
	none := func(string) bool { return false }
	u := Usual()
	var fixture struct {
		Clock    string                       `json:"clock"`
		Rules    map[string]any               `json:"rules"`
		Parkings []map[string]json.RawMessage `json:"parkings"`
		Vehicles []map[string]string          `json:"vehicles"`
	}
	require.NoError(t, json.Unmarshal([]byte("{"+u.Fixture(none)+"}"), &fixture))
	require.Equal(t, "2017-08-20 12:00:00", fixture.Clock)
	require.Empty(t, fixture.Rules)
	require.Len(t, fixture.Parkings, 1)
	require.JSONEq(t, `{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5.0"}`, string(fixture.Parkings[0]["tariff"]))
	u.bind, u.calendar, u.takesOver, u.plain, u.plenty, u.page = 2, true, false, true, 50, 1
	u.schedule = u.schedule[:2]
	require.NoError(t, json.Unmarshal([]byte("{"+u.Fixture(func(what string) bool { return what == "渝L12346" || what == "21" })+"}"), &fixture))
	require.Equal(t, map[string]any{"bind.max": 2., "bind.month": "calendar", "retrieve.takes_over": false, "unpay.mask": false, "status.plenty": .5, "search.page": 1., "push.schedule": []any{"10s", "30s"}}, fixture.Rules)
	require.Len(t, fixture.Parkings, 2)
	require.Equal(t, []map[string]string{{"plateNumber": "渝L12346", "plateColor": "1", "userType": "76", "fixParkingId": "U7", "remainingDays": "11"}}, fixture.Vehicles)
}

// The setup follows from its number; where nothing can be received all pushes are answered with ok.
func TestSetupOf(t *testing.T) {
	t.Parallel()
	usuals, answering := 0, 0
	for number := range uint64(100) {
		one, again := SetupOf(number, true), SetupOf(number, true)
		require.Equal(t, one, again)
		if len(one.rules()) == 0 && one.Clock.Equal(start) && one.main == usual.main {
			usuals++
		}
		deaf := SetupOf(number, false)
		require.Equal(t, one.rules(), deaf.rules())
		for i := range one.Hooks {
			if one.Hooks[i].AnswersOtherwise() {
				answering++
			}
			require.False(t, deaf.Hooks[i].AnswersOtherwise(), number)
		}
	}
	require.Greater(t, usuals, 30, "many are as usual")
	require.Greater(t, answering, 10)
}
