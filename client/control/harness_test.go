package control_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newClient is a client of a server of the test's own.
func newClient(t *testing.T, opts ...mock.Option) (*control.Client, string) {
	t.Helper()
	c, url, _ := newNotedClient(t, opts...)
	return c, url
}

// newNotedClient is newClient with what notes its calls.
func newNotedClient(t *testing.T, opts ...mock.Option) (*control.Client, string, *noting) {
	t.Helper()
	server, err := mock.New(opts...)
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, server.Close(ctx))
	})
	noted := &noting{RoundTripper: transport}
	return control.New(server.URL(), control.WithHTTPClient(&http.Client{Transport: noted})), server.URL(), noted
}

// noting notes every call that goes through it.
type noting struct {
	http.RoundTripper
	calls []string
}

func (n *noting) RoundTrip(r *http.Request) (*http.Response, error) {
	n.calls = append(n.calls, r.Method+" "+r.URL.EscapedPath())
	return n.RoundTripper.RoundTrip(r)
}

// asked says whether one of the calls is that of a route.
func (n *noting) asked(r schemas.ControlRoute) bool {
	pattern := regexp.MustCompile("^" + r.Method + " " + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(r.Path), "[^/]+") + "$")
	return slices.ContainsFunc(n.calls, pattern.MatchString)
}

func at(text string) client.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, client.Zone)
	if err != nil {
		panic(err)
	}
	return client.At(t)
}

// fixture has every part, in the client's types.
func fixture(pushURL string) control.Fixture {
	return control.Fixture{
		Clock: &control.FixtureClock{Now: at("2017-08-20 12:00:00"), Mode: control.ClockFrozen},
		Seed:  new(uint64(7)),
		Rules: map[string]any{"sms.interval": "30s"},
		Merchants: []control.Merchant{
			{No: "M1", Key: "k1", Name: "渝停", Push: &control.PushHook{URL: pushURL, URLs: map[client.Kind]string{client.KindUnbind: pushURL + "/unbind"}, Kinds: []client.Kind{client.KindEntry, client.KindExit, client.KindUnbind}}},
		},
		Parkings: []control.Parking{{
			ID: "1", Name: "P", City: "重庆市", Lat: "29.5", Lon: "106.5", ParkingType: "7", ElectronicPayment: new(true), TotalSpace: new(9), Occupied: 2,
			Tariff: &control.Tariff{FreeMinutes: new(0), UnitMinutes: new(30), UnitPrice: new(client.Fen(250)), DailyCap: new(client.Fen(3000))},
		}},
		Vehicles: []control.Vehicle{{PlateNumber: "渝B12345", PlateColor: "2", VIN: "LVSHBFDC7RF414158", Engine: "E", UserType: client.LongTerm, FixParkingID: "U7", RemainingDays: "11"}},
		Users:    []control.FixtureUser{{Phone: "13800000001", Plates: []control.FixtureBinding{{PlateNumber: "渝ATX061", MerchantNo: "M1", Since: at("2017-08-01 00:00:00"), Certified: true}}}},
		Orders: []control.FixtureOrder{
			{PlateNumber: "渝ATX061", ParkingID: "1", EntranceTime: at("2017-08-17 18:44:19"), ExitTime: at("2017-08-19 12:07:19"), Payment: control.PayNone, ParkingFee: new(client.Fen(750))},
		},
	}
}
