package mocktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

// example stands for the t of a test, so that the examples run.
type example struct {
	testing.TB

	cleanups []func()
}

func (e *example) Helper()                 {}
func (e *example) Failed() bool            { return false }
func (e *example) Cleanup(f func())        { e.cleanups = append(e.cleanups, f) }
func (e *example) Logf(f string, a ...any) { fmt.Printf(f+"\n", a...) }
func (e *example) Errorf(f string, a ...any) {
	fmt.Printf("FAIL "+f+"\n", a...)
}

func (e *example) Fatalf(f string, a ...any) {
	panic(fmt.Sprintf(f, a...))
}

func (e *example) end() {
	for i := range e.cleanups {
		e.cleanups[len(e.cleanups)-1-i]()
	}
}

// A car parks, is paid for, and leaves; its merchant hears of it.
func Example() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t)
	inbox := m.Inbox()
	m.Owner("13800000001", "渝ATX061")

	m.Enter("渝ATX061")
	fmt.Println("entered:", inbox.Next()["plateNumber"])

	m.Advance("1h30m")
	fmt.Println("owes:", m.Order("渝ATX061").RemainingFee)

	m.Exit("渝ATX061")
	fmt.Println("paid:", inbox.Next()["receivableFee"])
	// Output:
	// entered: 渝****61
	// owes: 10
	// paid: 10
}

// A merchant that is down gets its push later, on the sandbox's clock.
func ExampleInbox_FailNext() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t)
	inbox := m.Inbox()
	inbox.FailNext(2)
	m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061")

	m.Advance("1h")
	fmt.Println(inbox.Next()["entranceTime"])
	for _, a := range m.Pushes()[0].Attempts {
		fmt.Println(a.At, a.HTTPStatus, a.Error)
	}
	// Output:
	// 2017-08-20 12:00:00
	// 2017-08-20 12:00:00 200 code is 1, not 0
	// 2017-08-20 12:00:10 200 code is 1, not 0
	// 2017-08-20 12:00:40 200
}

// The code that is tested talks to m.URL; the test asks what the mock saw.
func ExampleMock_Saw() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t)
	answer := m.Call("parkingstatus", map[string]any{"parkingId": "1"}) // the tested code would do this
	fmt.Println(answer.Code, string(answer.Data))
	m.Saw("parkingstatus", map[string]any{"parkingId": "1"})
	m.NeverSaw("orderpaid", nil)
	// Output:
	// 0 {"totalSpace":"114","time":"2017-08-20 12:00:00","status":"充足"}
}

// Faults make the platform answer as the real one may on a bad day.
func ExampleMock_Fault() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t)
	m.Fault(map[string]any{"endpoint": "parkingstatus"}, map[string]any{"code": 2})
	fmt.Println(m.Call("parkingstatus", map[string]any{"parkingId": "1"}).Code)
	m.NoFaults()
	fmt.Println(m.Call("parkingstatus", map[string]any{"parkingId": "1"}).Code)
	// Output:
	// 2
	// 0
}

// A fixture brings a sandbox of the test's own with what it needs.
func ExampleNew_fixture() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t, mock.WithFixture([]byte(`{
		"clock": "2020-02-29 08:00:00",
		"merchants": [{"no": "M1", "key": "k1"}],
		"parkings": [{"id": "7", "name": "P7", "city": "重庆市", "lat": "29.5", "lon": "106.5"}],
		"vehicles": [{"plateNumber": "渝ATX061", "userType": "76", "fixParkingId": "U7", "remainingDays": "11"}]}`)))
	m.Enter("渝ATX061")
	m.Advance("8d")
	fmt.Println(m.MerchantNo, m.Now(), m.Order("渝ATX061").RemainingFee)
	// Output:
	// M1 2020-03-08 08:00:00 0
}

// Any client in any language will do: the mock is an HTTP server.
func ExampleMock_PushTo() {
	t := &example{} // in a test: t *testing.T
	defer t.end()

	m := mocktest.New(t)
	webhook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"code":0,"message":"ok"}`))
	}))
	defer webhook.Close()
	m.PushTo(webhook.URL)
	m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061", mocktest.Into("2"))
	m.Drain()
	m.Pushed("entry", map[string]any{"parkId": 2})
	fmt.Println(strings.HasPrefix(m.URL, "http://127.0.0.1:"), m.Pushes()[0].Status)
	// Output:
	// true delivered
}
