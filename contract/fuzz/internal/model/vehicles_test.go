package model

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := client.ParseTime(text)
	require.NoError(t, err)
	return at.Time
}

// A month is after now minus one month, or since the first (bind.month).
func TestModel_month(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		calendar     bool
		bound, asked string
		code         int
	}{
		{false, "2017-07-20 12:00:00", "2017-08-20 11:59:59", schemas.CodeTooManyBoundInAMonth},
		{false, "2017-07-20 12:00:00", "2017-08-20 12:00:00", 0},
		{false, "2017-07-31 23:59:59", "2017-08-01 00:00:00", schemas.CodeTooManyBoundInAMonth},
		{false, "2017-02-28 10:00:00", "2017-03-31 09:59:59", schemas.CodeTooManyBoundInAMonth},
		{false, "2017-02-28 10:00:00", "2017-03-31 10:00:00", 0},
		{true, "2017-07-31 23:59:59", "2017-08-01 00:00:00", 0},
		{true, "2017-08-01 00:00:00", "2017-08-31 23:59:59", schemas.CodeTooManyBoundInAMonth},
		{true, "2017-08-01 00:00:00", "2017-09-01 00:00:00", 0},
	} {
		m := signedIn("1")
		m.setup.Clock, m.setup.calendar, m.setup.token = instant(t, row.bound), row.calendar, 365*24*time.Hour
		for _, plate := range []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004"} {
			require.Zero(t, done(t, m, "bindcar", 0, binding("1", plate)))
			require.Zero(t, done(t, m, "unbindcar", 0, binding("1", plate)))
		}
		m.Advance(instant(t, row.asked).Sub(m.setup.Clock))
		require.Equal(t, row.code, m.Predict(endpoint(t, "bindcar"), 0, binding("1", "渝A00005")), row)
	}
}

// What carretrieve gives has to agree with the registry; a vehicle that is not in it is taken at its word unless it is closed (retrieve.registry). One that another
// phone has bound moves unless retrieve.takes_over is false; the limits hold, and not for a vehicle that the phone has (§9.9).
func TestModel_retrieval(t *testing.T) {
	t.Parallel()
	const otherVIN = "LVSHBFDC7RF414160"
	for name, row := range map[string]struct {
		plate, colour, vin, engine string
		before                     func(*Model)
		code                       int
	}{
		"agrees":             {"渝R12345", "1", registeredVIN, registeredEngine, nil, 0},
		"another VIN":        {"渝R12345", "1", otherVIN, registeredEngine, nil, schemas.CodeOperationFailed},
		"another engine":     {"渝R12345", "1", registeredVIN, "DA01993", nil, schemas.CodeOperationFailed},
		"another colour":     {"渝R12345", "3", registeredVIN, registeredEngine, nil, schemas.CodeOperationFailed},
		"its own colour":     {"渝R12345", "3", otherVIN, "DA01993", nil, 0},
		"nothing known":      {"渝L12346", "1", otherVIN, "E", nil, 0},
		"known while closed": {"渝L12346", "1", otherVIN, "E", func(m *Model) { m.setup.closed = true }, 0},
		"not registered":     {"渝A00001", "1", otherVIN, "E", nil, 0},
		"closed":             {"渝A00001", "1", otherVIN, "E", func(m *Model) { m.setup.closed = true }, schemas.CodeOperationFailed},
		"of another":         {"渝A00001", "1", otherVIN, "E", func(m *Model) { m.bind("2", "渝A00001|1", 0) }, 0},
		"stays of another": {"渝A00001", "1", otherVIN, "E", func(m *Model) {
			m.bind("2", "渝A00001|1", 0)
			m.setup.takesOver = false
		}, schemas.CodeBoundByOther},
		"three are bound": {"渝A00001", "1", otherVIN, "E", func(m *Model) { bindAll(m, "渝A00002|1", "渝A00003|1", "渝A00004|1") }, schemas.CodeTooManyBound},
		"one of three":    {"渝A00002", "1", otherVIN, "E", func(m *Model) { bindAll(m, "渝A00002|1", "渝A00003|1", "渝A00004|1") }, 0},
		"four this month": {"渝A00001", "1", otherVIN, "E", func(m *Model) {
			bindAll(m, "渝A00002|1", "渝A00003|1", "渝A00004|1", "渝A00005|1")
			m.unbind("1", map[string]any{"plateNumber": "渝A00002"}, 0)
			m.unbind("1", map[string]any{"plateNumber": "渝A00003"}, 0)
		}, schemas.CodeTooManyBoundInAMonth},
	} {
		m := signedIn("1")
		if row.before != nil {
			row.before(m)
		}
		fields := binding("1", row.plate)
		fields["plateColor"], fields["carFrameNum"], fields["carEngineNum"] = json.Number(row.colour), row.vin, row.engine
		require.Equal(t, row.code, m.Predict(endpoint(t, "carretrieve"), 0, fields), name)
	}
}

func bindAll(m *Model, vehicles ...string) {
	for _, v := range vehicles {
		m.bind("1", v, 0)
	}
}

// unbindcar takes no colour: all colours of the number that the phone has bound are unbound, and not those of another phone. Relations start anew (§9.5).
func TestModel_unbinding(t *testing.T) {
	t.Parallel()
	m := signedIn("1", "2")
	m.bind("1", "渝A00001|1", 0)
	m.bind("1", "渝A00001|3", 1)
	m.bind("2", "渝A00001|4", 0)
	m.retrieve("1", "渝A00001|3", 1)
	require.Zero(t, done(t, m, "unbindcar", 0, binding("1", "渝 a00001")))
	require.Zero(t, m.boundBy("1"))
	require.Equal(t, 1, m.boundBy("2"))
	told := [2][]string{}
	for to := range told {
		for _, p := range m.Pushes(to) {
			require.Equal(t, "unbind", p.Kind)
			told[to] = append(told[to], p.Vehicle)
		}
	}
	require.Equal(t, [2][]string{{"渝A00001|1", "渝A00001|3"}, {"渝A00001|3"}}, told, "who is related is told, and who called")
	m.bind("2", "渝A00001|3", 0)
	require.Equal(t, &boundVehicle{phone: "2", merchants: []int{0}, certified: none}, m.bound["渝A00001|3"])
}

// A token ends at its length, and is voided by a newer one of the same merchant, appId and phone alone, whichever endpoint gave it (§9.3).
func TestModel_tokens(t *testing.T) {
	t.Parallel()
	m := New(usual)
	give := func(name string, as int, app, phone, token string) {
		fields := map[string]any{"mobilePhone": phone, "appId": app, "code": "123456"}
		require.Empty(t, m.Observe(endpoint(t, name), as, fields, &client.Answer{Data: json.RawMessage(`{"token":"` + token + `"}`)}))
	}
	code := func(as int, token string) int {
		return m.Predict(endpoint(t, "carnum"), as, map[string]any{"token": token})
	}
	give("usersigin", 0, "A", "1", "first")
	give("usersigin", 1, "A", "1", "other merchant")
	give("usersigin", 0, "B", "1", "other app")
	give("usersigin", 0, "A", "2", "other phone")
	require.Zero(t, code(0, "first"))
	require.Equal(t, schemas.CodeInvalidToken, code(1, "first"), "through another merchant")
	m.Advance(time.Hour)
	give("userlogin", 0, "A", "1", "second")
	require.Equal(t, schemas.CodeInvalidToken, code(0, "first"))
	m.Advance(23*time.Hour - time.Second)
	require.Zero(t, code(0, "other app"))
	require.Zero(t, code(0, "other phone"))
	require.Zero(t, code(1, "other merchant"))
	m.Advance(time.Second)
	require.Equal(t, schemas.CodeInvalidToken, code(0, "other app"), "void at 24:00:00")
	require.Zero(t, code(0, "second"))
}

// A code is six digits, valid until its end, used up by a login, and voided by a newer one (§9.1, §9.2).
func TestModel_codes(t *testing.T) {
	t.Parallel()
	phone := map[string]any{"mobilePhone": "13800000001", "appId": "A", "code": "123456"}
	for name, row := range map[string]struct {
		wait         time.Duration
		used, resent bool
		newer        string // where it was looked up
		code         int
	}{
		"at once":           {},
		"just before":       {wait: 5*time.Minute - time.Second},
		"at its end":        {wait: 5 * time.Minute, code: schemas.CodeWrongSMSCode},
		"used":              {used: true, code: schemas.CodeWrongSMSCode},
		"a newer was sent":  {resent: true, code: schemas.CodeWrongSMSCode},
		"a newer is known":  {resent: true, newer: "654321", code: schemas.CodeWrongSMSCode},
		"the newer is same": {resent: true, newer: "123456"},
	} {
		m := New(usual)
		require.Equal(t, schemas.CodeWrongSMSCode, m.Predict(endpoint(t, "userlogin"), 0, phone), "never sent")
		require.Zero(t, done(t, m, "uservalidatecode", 0, phone))
		require.Empty(t, m.Code("13800000001", "123456"))
		m.Advance(row.wait)
		if row.used {
			require.Zero(t, done(t, m, "userlogin", 0, phone))
		}
		if row.resent {
			resend(t, m)
		}
		if row.newer != "" {
			require.Empty(t, m.Code("13800000001", row.newer))
		}
		require.Equal(t, row.code, m.Predict(endpoint(t, "userlogin"), 0, phone), name)
		other := map[string]any{"mobilePhone": "13800000002", "appId": "A", "code": "123456"}
		require.Equal(t, schemas.CodeWrongSMSCode, m.Predict(endpoint(t, "userlogin"), 0, other), "of another phone")
	}
	m := New(usual)
	for _, text := range []string{"12345", "1234567", "12345a", ""} {
		require.Contains(t, m.Code("13800000001", text), "want six digits", text)
	}
	require.Empty(t, m.Code("13800000001", "000000"))
	resend(t, m)
	require.Empty(t, m.Code("13800000001", "000000"))
	resend(t, m)
	require.Contains(t, m.Code("13800000001", "000000"), "again and again")
}

func resend(t *testing.T, m *Model) {
	t.Helper()
	m.Advance(time.Minute)
	require.Zero(t, done(t, m, "uservalidatecode", 0, map[string]any{"mobilePhone": "13800000001"}))
}

// usersigin does not bind its carNumber; where signin.binds_car is true it answers binding's code, and binds (§9.3).
func TestModel_signinBinds(t *testing.T) {
	t.Parallel()
	for _, binds := range []bool{false, true} {
		m := New(usual)
		m.setup.binds = binds
		m.bind("2", "渝A00002|1", 0)
		fields := func(plate string) map[string]any {
			return map[string]any{"mobilePhone": "1", "appId": "A", "carNumber": plate}
		}
		want, bound := 0, 0
		if binds {
			want, bound = schemas.CodeBoundByOther, 1
		}
		require.Equal(t, want, m.Predict(endpoint(t, "usersigin"), 0, fields("渝A00002")), binds)
		require.Zero(t, done(t, m, "usersigin", 0, fields("渝a00001")))
		require.Equal(t, bound, m.boundBy("1"), binds)
	}
}
