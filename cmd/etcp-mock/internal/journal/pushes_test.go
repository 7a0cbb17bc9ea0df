package journal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// A push is triggered with the fields that are given, to the sandbox's first merchant where none is named; shown with what it waits for; and
// sent again, by ids of which a wrong one is named.
func TestPushes(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{
		"GET /merchants": `{"items":[{"no":"M1"}]}`, "POST /pushes": `{"id":"p1","kind":"exit","status":"pending"}`, "POST /pushes/p1/redeliver": "", "GET /clock": `{"now":"2017-08-20 12:00:00","mode":"frozen"}`,
		"GET /pushes/p1": `{"id":"p1","kind":"exit","status":"pending","nextAttemptAt":"2017-08-20 12:00:10"}`, "POST /pushes/drain": `{}`,
		"GET /pushes": `{"items":[{"id":"p1","status":"pending","nextAttemptAt":"2017-08-20 12:00:10"},{"id":"p2","status":"pending","waitsFor":"p1"}]}`,
	})
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewPushes(), append(args, "--server", s.URL)...)
	}
	require.Contains(t, run("trigger", "exit", "receivableFee:=8", "plateNumber=渝ATX061").Out, "p1  exit")
	require.Equal(t, []string{"GET /merchants?limit=1000", `POST /pushes {"merchantNo":"M1","kind":"exit","fields":{"plateNumber":"渝ATX061","receivableFee":8}}`}, s.Sent())
	require.Contains(t, run("trigger", "exit", "--merchant-no", "M9").Out, "p1")
	require.Contains(t, s.Sent()[2], `"merchantNo":"M9"`)
	const frozen = "the clock is frozen at 2017-08-20 12:00:00: 1 push waits for a later attempt, p1 at 2017-08-20 12:00:10 (etcp-mock clock advance 10s)\n"
	require.Contains(t, run("show", "p1").Out, frozen)
	require.NotContains(t, run("show", "p1", "-o", "json").Out, "frozen at")
	require.Equal(t, "nothing is due\np2 waits for p1 (push.ordering)\n"+frozen, run("drain").Out)
	require.Contains(t, run("drain", "--lang", "zh").Out, "没有到期的推送\n")
	require.Contains(t, run("redeliver", "p1").Out, "p1 on the way again")
	wrong := run("redeliver", "p1", "p9")
	require.Equal(t, cli.ExitFailed, wrong.Code)
	require.Contains(t, wrong.Err, "push p9: HTTP 404")
	require.Contains(t, run("--kind", "exit", "--status", "pending").Out, "p1")
	last := s.Sent()[len(s.Sent())-1]
	require.Contains(t, last, "kind=exit")
	require.Contains(t, last, "status=pending")
}

// What cannot be pushed is a wrong command line; where time is over before nothing is due, that is an exit code too.
func TestPushes_refused(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for _, row := range []struct {
		code int
		want string
		args []string
	}{
		{cli.ExitUsage, "want KIND [FIELD=VALUE…], got nothing", []string{"trigger"}},
		{cli.ExitUsage, `"plateNumber": want KEY=VALUE`, []string{"trigger", "exit", "plateNumber"}},
		{cli.ExitUsage, "KIND: ", []string{"trigger", "nonsense"}},
		{cli.ExitUsage, "--status: ", []string{"--status", "lost"}},
		{cli.ExitUsage, "--timeout: want 0 or more", []string{"drain", "--timeout", "-1s"}},
		{cli.ExitFailed, "etcp-mock: no such push: \"p9\"\n", []string{"redeliver", "p9"}},
		{cli.ExitFailed, "no push p9", []string{"show", "p9"}},
	} {
		got := commandtest.Run(t, NewPushes(), append(row.args, "--server", base)...)
		require.Equal(t, row.code, got.Code, got.Err)
		require.Contains(t, got.Err, row.want)
	}
	empty := commandtest.Mock(t, `{"merchants":[]}`)
	require.Contains(t, commandtest.Run(t, NewPushes(), "trigger", "exit", "--server", empty).Err, "the sandbox has no merchant")
	require.Contains(t, commandtest.Run(t, NewPushes(), "--server", empty).Out, "try: etcp-mock listen")
}

// A stay is that of an order's id, or the newest of a plate; what is neither is said to be none.
func TestStay(t *testing.T) {
	t.Parallel()
	const item = `{"id":"1","at":"2017-08-20 12:00:00","lane":"car","kind":"enter","text":"drove in","textZh":"入场"}`
	s := commandtest.Answering(t, map[string]string{
		"GET /orders": `{"items":[{"orderId":"O1","plateNumber":"渝ATX061","parkingName":"P","state":"parked"}]}`, "GET /stays/O1": `{"items":[` + item + `]}`,
	})
	got := commandtest.Run(t, NewStay(), "渝ATX061", "--server", s.URL)
	require.Contains(t, got.Out, "渝ATX061 P, O1, parked\n")
	require.Regexp(t, `2017-08-20 12:00:00 +car +drove in`, got.Out)
	require.Contains(t, commandtest.Run(t, NewStay(), "渝ATX061", "--server", s.URL, "--lang", "zh").Out, "入场")
	base := commandtest.Mock(t, city)
	for _, text := range []string{"渝ATX061", "no-order"} {
		none := commandtest.Run(t, NewStay(), text, "--server", base)
		require.Equal(t, cli.ExitFailed, none.Code)
		require.Contains(t, none.Err, "no stay of "+text+", and no order of that id")
	}
	cut := commandtest.Answering(t, map[string]string{"GET /orders": "cut"})
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewStay(), "渝ATX061", "--server", cut.URL).Code)
}
