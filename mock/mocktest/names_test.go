package mocktest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

// recorded is a test that goes on after a failure, and keeps what it said.
type recorded struct {
	testing.TB
	fatal, errors []string
}

type ended struct{}

func (r *recorded) Fatalf(format string, args ...any) {
	r.fatal = append(r.fatal, fmt.Sprintf(format, args...))
	panic(ended{})
}

func (r *recorded) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorded) Logf(string, ...any) {}
func (r *recorded) Failed() bool        { return false }

// run runs a step of a test to where it ends.
func (r *recorded) run(step func()) {
	defer func() {
		if left := recover(); left != nil && left != (ended{}) {
			panic(left)
		}
	}()
	step()
}

// A name that does not exist ends the test, even where nothing of it was wanted.
func TestNames_thatDoNotExistEndTheTest(t *testing.T) {
	for name, step := range map[string]func(*mocktest.Mock){
		`no endpoint "unbindcr"; did you mean unbindcar?`:       func(m *mocktest.Mock) { m.NeverSaw("unbindcr", nil) },
		`no parameter of bindcar "plateNumbr"; did you mean`:    func(m *mocktest.Mock) { m.NeverSaw("bindcar", map[string]any{"plateNumbr": "x"}) },
		`no endpoint "orderpayed"`:                              func(m *mocktest.Mock) { m.Requests("orderpayed") },
		`no kind of push "exti"; did you mean exit?`:            func(m *mocktest.Mock) { m.Pushed("exti", nil) },
		`no field of a push exit "recievableFee"; did you mean`: func(m *mocktest.Mock) { m.Pushed("exit", map[string]any{"recievableFee": 8}) },
		`no endpoint "bindcra"; did you mean bindcar?`:          func(m *mocktest.Mock) { m.InOrder("carnum", "bindcra") },
		`no such push: "p99"`:                                   func(m *mocktest.Mock) { m.Redeliver("p99") },
		`no field of a push exit "recievableFee"; did you mean receivable`: func(m *mocktest.Mock) {
			m.Fault(map[string]any{"push": "exit", "where": map[string]any{"recievableFee": 8}}, map[string]any{"drop": true})
		},
		`no such rule; did you mean sms.interval?`: func(m *mocktest.Mock) { m.Rule("sms.intervl", "5s") },
		`no car park 99`: func(m *mocktest.Mock) { m.Enter("渝ATX061", mocktest.Into("99")) },
		`want a plate such as 渝ATX061, got "渝ATX06"`:                     func(m *mocktest.Mock) { m.Orders("渝ATX06") },
		`no code was sent to 13800000001`:                                func(m *mocktest.Mock) { m.SMS("13800000001") },
		`want enter or exit`:                                             func(m *mocktest.Mock) { m.InOrder("car:entr") },
		`no kind of push "exti"`:                                         func(m *mocktest.Mock) { m.InOrder("push:exti") },
		`the platform has no endpoint "bindcra"; did you mean bindcar?`:  func(m *mocktest.Mock) { m.Call("bindcra", nil) },
		`the platform has no endpoint "x"; there are uservalidatecode, `: func(m *mocktest.Mock) { m.Call("x", nil) },
		`unknown field "sms"`:                                            func(m *mocktest.Mock) { m.InOrder("sms:x") },
		`want 1 to 1000 steps`:                                           func(m *mocktest.Mock) { m.InOrder() },
	} {
		tb := &recorded{TB: t}
		m := mocktest.New(tb)
		tb.run(func() { step(m) })
		require.Len(t, tb.fatal, 1, name)
		require.Contains(t, tb.fatal[0], name)
	}
}

// A call without data has an empty object, and the path of a control call needs no slash in front.
func TestCall_withoutData(t *testing.T) {
	m := mocktest.New(t)
	require.Equal(t, "missing-parameter: mobilePhone", m.Call("usersigin", nil).Reason)
	var slash, none struct{ Now string }
	m.Admin(http.MethodGet, "/clock", nil, &slash)
	m.Admin(http.MethodGet, "clock", nil, &none)
	require.Equal(t, mocktest.Start, none.Now)
	require.Equal(t, slash, none)
}

// What was wanted is in the failure; an order that did not come names the step.
func TestVerdicts_sayWhatWasWanted(t *testing.T) {
	tb := &recorded{TB: t}
	m := mocktest.New(tb)
	m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061")
	m.InOrder("usersigin", "bindcar", "car:enter")
	require.Empty(t, tb.errors)
	m.NeverSaw("bindcar", nil)
	m.InOrder("car:enter", "bindcar")
	require.Len(t, tb.errors, 2)
	require.Contains(t, tb.errors[0], "(1 matched): want none")
	require.Contains(t, strings.ToLower(tb.errors[1]), "step 2 of 2, bindcar, did not come in this order; before it came enter 渝atx061")

	m.InOrder("orderpaid", "bindcar")
	require.Contains(t, tb.errors[2], "orderpaid, did not come in this order; nothing that was looked for came")
	m.Pushed("entry", nil)
	require.Contains(t, tb.errors[3], "(0 matched): want at least 1; merchant demo has no push URL for it (set one: etcp-mock merchants set-url, or an inbox of the test)")
	require.Contains(t, tb.errors[0], "; these are r2")
}

// Each kind of push goes to the URL that is named for it, and one that is set later for all kinds leaves it.
func TestPushTo_kinds(t *testing.T) {
	m := mocktest.New(t)
	ok := func(int) string { return `{"code":0,"message":"ok"}` }
	all, unbind, later := newMerchant(t, ok), newMerchant(t, ok), newMerchant(t, ok)
	m.PushTo(all.URL)
	m.PushTo(unbind.URL, "unbind", "certification-invalid")
	m.PushTo(later.URL)
	token := m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061")
	require.Zero(t, m.Call("unbindcar", map[string]any{"token": token, "plateNumber": "渝ATX061"}).Code)
	m.Drain()
	require.Equal(t, []int{0, 1, 1}, []int{len(all.received()), len(unbind.received()), len(later.received())})
	require.Contains(t, unbind.received()[0], "渝ATX061")
	inbox := m.Inbox() // in place of both
	token = m.Owner("13800000001", "渝ATX062")
	require.Zero(t, m.Call("unbindcar", map[string]any{"token": token, "plateNumber": "渝ATX062"}).Code)
	require.Equal(t, "渝ATX062", inbox.Next()["plateNumber"])

	tb := &recorded{TB: t}
	m = mocktest.New(tb)
	tb.run(func() { m.PushTo(all.URL, "unbnd") })
	require.Len(t, tb.fatal, 1)
	require.Contains(t, tb.fatal[0], "unbnd")
}

// A push that a webhook refuses is in the log with what it answered, and all that is said is in one language.
func TestLog_answerOfTheWebhook(t *testing.T) {
	const answer = `{"code":6,"message":"unbind and certification-invalid look alike: give each a URL of its own"}`
	mc := newMerchant(t, func(int) string { return answer })
	for language, want := range map[string][]string{
		"en": {"is pending: code is 6, not 0; the answer was " + answer, "mocktest: the mock delivered no push entry like it (0 matched): want at least 1", "nearest p1: status: want delivered, got pending"},
		"zh": {"code 为 6，应为 0；应答为 " + answer, "mocktest: 模拟平台没有送达符合条件的 entry 推送：", "最接近的 p1：status：应为 delivered，实际为 pending", "渝ATX061 已在场内：自", "平台没有接口 \"bindcra\"；是否想用 bindcar？", "渝B00000 没有停过车"},
	} {
		t.Setenv("ETCP_MOCK_LANG", language)
		log := &log{recorded: recorded{TB: t}}
		m := mocktest.New(log)
		m.PushTo(mc.URL)
		m.Owner("13800000001", "渝ATX061")
		m.Enter("渝ATX061")
		m.Drain()
		m.Pushed("entry", nil)
		log.run(func() { m.Enter("渝ATX061") })
		log.run(func() { m.Call("bindcra", nil) })
		log.run(func() { m.Order("渝B00000") })
		for _, cleanup := range log.cleanups {
			cleanup()
		}
		for _, line := range want {
			require.Contains(t, log.text.String(), line, language)
		}
	}
}

// A push that was tried for the last time has failed; that is not what it is.
func TestLog_pushGivenUp(t *testing.T) {
	log := &log{recorded: recorded{TB: t}}
	m := mocktest.New(log)
	m.PushTo("http://127.0.0.1:1/")
	m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061")
	m.Advance("1h")
	for _, cleanup := range log.cleanups {
		cleanup()
	}
	require.Contains(t, log.text.String(), "entry of 渝ATX061 to http://127.0.0.1:1/ has failed: connection refused")
}

// log is a test that failed and keeps all that it printed.
type log struct {
	recorded

	cleanups []func()
	text     strings.Builder
}

func (l *log) Failed() bool              { return true }
func (l *log) Cleanup(f func())          { l.cleanups = append([]func(){f}, l.cleanups...) }
func (l *log) Logf(f string, a ...any)   { fmt.Fprintf(&l.text, f+"\n", a...) }
func (l *log) Errorf(f string, a ...any) { fmt.Fprintf(&l.text, f+"\n", a...) }
func (l *log) Fatalf(f string, a ...any) {
	fmt.Fprintf(&l.text, f+"\n", a...)
	panic(ended{})
}
