package sandbox

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// city is a sandbox whose clock stands, with two car parks, a merchant and a user.
const city = `{"clock": "2017-08-20 12:00:00",
	"merchants": [{"no": "M1", "key": "k1", "name": "渝停"}],
	"parkings": [
		{"id": "1", "name": "智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}},
		{"id": "2", "name": "解放碑", "city": "重庆市", "lat": "29.559", "lon": "106.577"}],
	"users": [{"phone": "13800000001", "plates": [{"plateNumber": "渝ATX061", "merchantNo": "M1", "since": "2017-08-01 00:00:00"}]}]}`

// A car enters the first car park where none is named, a long-term one by the words for it, and leaves owing what it is told to; the listing
// has it in the state that is asked for.
func TestCars(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	in := commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base)
	require.Equal(t, cli.ExitOK, in.Code, in.Err)
	require.Contains(t, in.Out, "渝ATX061 entered 智慧停车场 (car park 1)\n")
	in = commandtest.Run(t, NewEnter(), "渝B00001", "--server", base, "--parking", "2", "--plate-color", "yellow", "--user-type", "long-term", "--fix-parking-id", "U7", "--remaining-days", "11", "-o", "json")
	var order control.Order
	require.NoError(t, json.Unmarshal([]byte(in.Out), &order), in.Err)
	require.Equal(t, []string{"2", "3", "76", "U7", "11"}, []string{order.ParkingID, order.PlateColor, order.UserType, order.FixParkingID, order.RemainingDays})
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewClock(), "advance", "90m", "--server", base).Code)
	out := commandtest.Run(t, NewExit(), "渝ATX061", "--server", base, "--payment", "none")
	require.Contains(t, out.Out, "渝ATX061 left 智慧停车场")
	require.Contains(t, out.Out, "2017-08-20 12:00:00 to 2017-08-20 13:30:00, 1h30m")
	for state, plate := range map[string]string{"owing": "渝ATX061", "parked": "渝B00001"} {
		listed := commandtest.Run(t, NewOrders(), "--server", base, "--state", state)
		require.Regexp(t, "(?m)^"+plate+" .*"+state, listed.Out)
		require.Len(t, lines(listed.Out), 2, "its title, and the one")
	}
	require.Equal(t, "no stay is like that\n", commandtest.Run(t, NewOrders(), "--server", base, "--plate", "渝C00001").Out)
	require.Contains(t, commandtest.Run(t, NewOrders(), "--server", commandtest.Mock(t, city)).Out, "no stays yet; drive a car in")
}

// What the simulator refuses is named by the flag or argument that was wrong, with the exit code of what is wrong about it.
func TestCars_refused(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	empty := commandtest.Mock(t, `{"merchants": [{"no": "M1", "key": "k1"}], "parkings": []}`)
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewEnter(), "渝A00001", "--server", base).Code)
	for _, row := range []struct {
		got  commandtest.Result
		code int
		want string
	}{
		{commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base, "--at", "soon"), cli.ExitUsage, `--at "soon" is no time`},
		{commandtest.Run(t, NewExit(), "渝A00001", "--server", base, "--at", "soon"), cli.ExitUsage, `--at "soon" is no time`},
		{commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base, "--plate-color", "pink"), cli.ExitUsage, "--plate-color is blue"},
		{commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base, "--parking", "9"), cli.ExitFailed, "9"},
		{commandtest.Run(t, NewEnter(), "渝A00001", "--server", base), cli.ExitFailed, "parked"},
		{commandtest.Run(t, NewExit(), "渝ATX061", "--server", base), cli.ExitFailed, "not parked"},
		{commandtest.Run(t, NewExit(), "渝A00001", "--server", base, "--payment", "gold"), cli.ExitUsage, "--payment: "},
		{commandtest.Run(t, NewEnter(), "渝ATX061", "--server", empty), cli.ExitFailed, "the sandbox has no car parks; give it some in its fixture"},
		{commandtest.Run(t, NewEnter(), "", "--server", base), cli.ExitUsage, "want PLATE, got an empty argument"},
		{commandtest.Run(t, NewOrders(), "--server", base, "--state", "hovering"), cli.ExitUsage, "--state: "},
		{commandtest.Run(t, NewOrders(), "--server", base, "--limit", "-1"), cli.ExitUsage, "--limit: want 0 or more"},
	} {
		require.Equal(t, row.code, row.got.Code, row.got.Err)
		require.Contains(t, row.got.Err, row.want)
		require.Empty(t, row.got.Out)
	}
}

// A car that nobody has bound comes and goes without a push: where a merchant waits for one that is said, and how to have one.
func TestCars_withoutPush(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for _, run := range []func() string{
		func() string { return commandtest.Run(t, NewEnter(), "渝B00002", "--server", base).Err },
		func() string { return commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base).Err },
	} {
		require.Empty(t, run(), "no merchant has a URL")
	}
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewMerchants(), "set-url", "http://127.0.0.1:1/etcp", "--server", base).Code)
	require.Empty(t, commandtest.Run(t, NewExit(), "渝ATX061", "--server", base).Err, "it is bound")
	require.Equal(t, "no push: nobody has bound 渝B00002; bind it: etcp-mock call bindcar --as 13800000001 plateNumber=渝B00002\n", commandtest.Run(t, NewExit(), "渝B00002", "--server", base).Err)
	require.Contains(t, commandtest.Run(t, NewEnter(), "渝B00002", "--server", base, "--lang", "zh").Err, "没有推送：没有人绑定 渝B00002")
}

// The code of an SMS is shown as a person would read it; where none was sent it is said how to have one sent, and only then.
func TestSMS(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{
		"GET /sms/13800000001": `{"code":"123456","sentAt":"2017-08-20 12:00:00","expiresAt":"2017-08-20 12:05:00","used":true}`,
		"GET /sms/13800000003": "cut",
	})
	for language, used := range map[string]string{"en": "used     yes", "zh": "是"} {
		got := commandtest.Run(t, NewSMS(), "13800000001", "--server", s.URL, "--lang", language)
		require.Contains(t, got.Out, "123456")
		require.Contains(t, got.Out, used)
	}
	require.Equal(t, "123456", strings.TrimSpace(commandtest.Run(t, NewSMS(), "13800000001", "--quiet", "--server", s.URL).Out))
	none := commandtest.Run(t, NewSMS(), "13800000002", "--server", commandtest.Mock(t, city))
	require.Equal(t, cli.ExitFailed, none.Code)
	require.Contains(t, none.Err, "(ask for one: etcp-mock call uservalidatecode mobilePhone=13800000002)")
	phone := commandtest.Run(t, NewSMS(), "138", "--server", commandtest.Mock(t, city))
	require.Equal(t, cli.ExitUsage, phone.Code, "nobody can have it sent one")
	require.Contains(t, phone.Err, "PHONE: want a mobile phone such as 13800000001")
	other := commandtest.Run(t, NewSMS(), "13800000002", "--server", s.URL)
	require.Equal(t, cli.ExitFailed, other.Code)
	require.NotContains(t, other.Err, "ask for one", "another server's 404")
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewSMS(), "13800000003", "--server", s.URL).Code, "it broke off")
}
