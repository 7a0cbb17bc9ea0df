package sandbox

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// lines are those of an output.
func lines(out string) []string { return strings.Split(strings.TrimRight(out, "\n"), "\n") }

// Each way to move the clock sends just that, and the clock is printed as it is then: frozen, running, or running so much faster.
func TestClock(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		args         []string
		answer, sent string
		en, zh       string
	}{
		{nil, `{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`, "GET /clock", "2017-08-20 12:00:00  frozen\n", "2017-08-20 12:00:00  已冻结\n"},
		{[]string{"get"}, `{"now":"2017-08-20 12:00:00","mode":"running","rate":1}`, "GET /clock", "2017-08-20 12:00:00  running\n", "2017-08-20 12:00:00  运行中\n"},
		{[]string{"set", "2017-08-20", "12:00:00"}, `{"now":"2017-08-20 12:00:00","mode":"frozen"}`, `PUT /clock {"now":"2017-08-20 12:00:00"}`, "2017-08-20 12:00:00  frozen\n", "2017-08-20 12:00:00  已冻结\n"},
		{[]string{"freeze"}, `{"now":"2017-08-20 12:00:00","mode":"frozen"}`, `PUT /clock {"mode":"frozen"}`, "2017-08-20 12:00:00  frozen\n", "2017-08-20 12:00:00  已冻结\n"},
		{[]string{"freeze", "2017-08-20 13:00:00"}, `{"now":"2017-08-20 13:00:00","mode":"frozen"}`, `PUT /clock {"now":"2017-08-20 13:00:00","mode":"frozen"}`, "2017-08-20 13:00:00  frozen\n", "2017-08-20 13:00:00  已冻结\n"},
		{[]string{"run", "--rate", "60"}, `{"now":"2017-08-20 12:00:00","mode":"running","rate":60}`, `PUT /clock {"mode":"running","rate":60}`, "2017-08-20 12:00:00  running, 60 seconds a second\n", "60"},
		{[]string{"run", "--speed", "60x"}, `{"now":"2017-08-20 12:00:00","mode":"running","rate":60}`, `PUT /clock {"mode":"running","rate":60}`, "2017-08-20 12:00:00  running, 60 seconds a second\n", "每秒走 60 秒"},
		{[]string{"advance", "8d"}, `{"now":"2017-08-28 12:00:00","mode":"frozen"}`, `POST /clock/advance {"by":"8d"}`, "2017-08-28 12:00:00  frozen\n", "2017-08-28 12:00:00  已冻结\n"},
	} {
		s := commandtest.Answering(t, map[string]string{"GET /clock": row.answer, "PUT /clock": row.answer, "POST /clock/advance": row.answer})
		got := commandtest.Run(t, NewClock(), append(row.args, "--server", s.URL)...)
		require.Equal(t, cli.ExitOK, got.Code, got.Err)
		require.Equal(t, row.en, got.Out)
		require.Equal(t, []string{row.sent}, s.Sent())
		require.Contains(t, commandtest.Run(t, NewClock(), append(row.args, "--server", s.URL, "--lang", "zh")...).Out, row.zh)
		require.JSONEq(t, row.answer, withoutRate(row.answer, commandtest.Run(t, NewClock(), append(row.args, "--server", s.URL, "-o", "json")...).Out))
	}
}

// withoutRate takes the rate out of a clock, where the server's has none.
func withoutRate(answer, out string) string {
	if strings.Contains(answer, "rate") {
		return out
	}
	return strings.Replace(out, ",\n  \"rate\": 0", "", 1)
}

// A clock that cannot be moved so is refused before anything is asked of the server.
func TestClock_refused(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, nil)
	for want, args := range map[string][]string{
		`"soon" is no time`: {"set", "soon"}, `"9" is no time`: {"freeze", "9"}, "--rate: want a number above 0, got 0": {"run", "--rate", "0"}, "--rate: want 0 or more": {"run", "--rate", "-1"},
		`--speed: want a number, got "max"`: {"run", "--speed", "max"}, "--speed: want a number above 0, got 0": {"run", "--speed", "0x"}, "either --rate or --speed, not both": {"run", "--rate", "2", "--speed", "2"},
		`"long" is no duration to go forward`: {"advance", "long"}, `"-5m" goes back`: {"advance", "--", "-5m"}, "unknown flag: -x": {"advance", "-x"}, `unknown command "stop"`: {"stop"}, "want TIME, got nothing": {"set"},
	} {
		got := commandtest.Run(t, NewClock(), append([]string{"--server", s.URL}, args...)...)
		require.Equal(t, cli.ExitUsage, got.Code, args)
		require.Contains(t, got.Err, want)
	}
	require.Empty(t, s.Sent())
	past := commandtest.Run(t, NewClock(), "set", "2017-08-19 12:00:00", "--server", parked(t))
	require.Equal(t, cli.ExitFailed, past.Code, "back, with a car parked: 409")
	require.NotEmpty(t, past.Err)
}

// parked is a mock in which a car is parked.
func parked(t *testing.T) string {
	t.Helper()
	base := commandtest.Mock(t, city)
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewEnter(), "渝ATX061", "--server", base).Code)
	return base
}
