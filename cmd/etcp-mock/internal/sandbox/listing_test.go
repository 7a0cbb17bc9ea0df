package sandbox

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// What no flag names of a merchant stays as it is: its key, its name, its URLs; an empty URL takes that one away.
func TestMerchants_set(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"set", "M1", "--name", "停"}, `{"no":"M1","key":"k1","name":"停"}`},
		{[]string{"set", "M1", "--push-url", "http://127.0.0.1:1/a"}, `{"no":"M1","key":"k1","name":"停","push":{"url":"http://127.0.0.1:1/a"}}`},
		{[]string{"set-url", "http://127.0.0.1:1/u", "--kind", "unbind"}, `{"no":"M1","key":"k1","name":"停","push":{"url":"http://127.0.0.1:1/a","urls":{"unbind":"http://127.0.0.1:1/u"}}}`},
		{[]string{"set-url", "http://127.0.0.1:1/b"}, `{"no":"M1","key":"k1","name":"停","push":{"url":"http://127.0.0.1:1/b","urls":{"unbind":"http://127.0.0.1:1/u"}}}`},
		{[]string{"set-url", "", "--kind", "unbind"}, `{"no":"M1","key":"k1","name":"停","push":{"url":"http://127.0.0.1:1/b"}}`},
		{[]string{"set", "M1", "--key", "k9"}, `{"no":"M1","key":"k9","name":"停","push":{"url":"http://127.0.0.1:1/b"}}`},
		{[]string{"set-url", ""}, `{"no":"M1","key":"k9","name":"停"}`},
		{[]string{"set", "M2", "--key", "k2"}, `{"no":"M2","key":"k2"}`},
	} {
		got := commandtest.Run(t, NewMerchants(), append(row.args, "--server", base, "-o", "json")...)
		require.Equal(t, cli.ExitOK, got.Code, got.Err)
		require.JSONEq(t, row.want, got.Out, row.args)
		shown := commandtest.Run(t, NewMerchants(), "show", row.want[7:9], "--server", base, "-o", "json")
		require.JSONEq(t, row.want, shown.Out, "as the server has it")
	}
	require.Len(t, lines(commandtest.Run(t, NewMerchants(), "--server", base, "--limit", "1").Out), 2)
	for want, args := range map[string][]string{
		"--key is required for a new merchant": {"set", "M3"}, "--kind is entry, exit, unbind or certification-invalid, not \"leave\"": {"set-url", "http://h", "--kind", "leave"}, "want URL, got nothing": {"set-url"}, "want URL, got demo http://h; the merchant's number goes into --merchant-no": {"set-url", "demo", "http://h"},
	} {
		got := commandtest.Run(t, NewMerchants(), append(args, "--server", base)...)
		require.Equal(t, cli.ExitUsage, got.Code)
		require.Contains(t, got.Err, want)
	}
	require.Contains(t, commandtest.Run(t, NewMerchants(), "show", "M8", "--server", base).Err, "the sandbox default has no merchant M8")
}

// What no flag names of a car park stays as it is; a new one wants what the server says it lacks.
func TestParkings_set(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewParkings(), append(args, "--server", base)...)
	}
	set := run("set", "1", "--total", "200", "--unit-price", "6", "--daily-cap", "50", "--occupied", "3", "--electronic-payment=false")
	require.Equal(t, cli.ExitOK, set.Code, set.Err)
	for _, want := range []string{"智慧停车场", "15 min free, ¥6.0 per 60 min, at most ¥50.0 a day", "spaces              200", "taken               3", "electronic payment  no"} {
		require.Contains(t, set.Out, want)
	}
	made := run("set", "9", "--name", "江北机场", "--city", "重庆市", "--lat", "29.719", "--lon", "106.641", "--parking-type", "7", "--free-minutes", "30", "--unit-minutes", "30")
	require.Equal(t, cli.ExitOK, made.Code, made.Err)
	require.Contains(t, made.Out, "29.719, 106.641")
	require.Equal(t, made.Out, run("show", "9").Out)
	require.Len(t, lines(run("list").Out), 4)
	for _, row := range []struct {
		code int
		want string
		args []string
	}{
		{cli.ExitUsage, "--unit-price: want an amount in yuan such as 5 or 4.50, got \"five\"", []string{"set", "1", "--unit-price", "five"}},
		{cli.ExitUsage, "--daily-cap: want an amount in yuan", []string{"set", "1", "--daily-cap", "1.234"}},
		{cli.ExitUsage, "--name", []string{"set", "10", "--city", "重庆市"}},
		{cli.ExitUsage, "--lat: ", []string{"set", "1", "--lat", "91"}},
		{cli.ExitFailed, "no car park 77", []string{"show", "77"}},
	} {
		got := run(row.args...)
		require.Equal(t, row.code, got.Code, got.Err)
		require.Contains(t, got.Err, row.want)
	}
}

// Users and vehicles are shown with what the platform knows of them.
func TestPeople(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	require.Regexp(t, `(?m)^13800000001 +渝ATX061 +\d$`, commandtest.Run(t, NewUsers(), "--server", base).Out)
	require.Regexp(t, `(?m)^渝ATX061 +blue +2017-08-01 00:00:00 +M1`, commandtest.Run(t, NewUsers(), "show", "13800000001", "--server", base).Out)
	require.Contains(t, commandtest.Run(t, NewUsers(), "show", "13800000009", "--server", base).Out, "no plate is bound")
	require.Equal(t, cli.ExitUsage, commandtest.Run(t, NewUsers(), "show", "1", "--server", base).Code)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewVehicles(), append(args, "--server", base)...)
	}
	require.Equal(t, "the registry is empty\n", run().Out)
	set := run("set", "渝atx 061", "--vin", "LVSHBFDC7RF414158", "--engine", "DA01991", "--user-type", "long-term", "--fix-parking-id", "U7", "--remaining-days", "11")
	require.Equal(t, cli.ExitOK, set.Code, set.Err)
	for _, want := range []string{"渝ATX061  blue", "LVSHBFDC7RF414158", "long-term", "bound by        13800000001"} {
		require.Contains(t, set.Out, want)
	}
	require.Equal(t, set.Out, run("show", "渝ATX061").Out)
	require.Contains(t, run("list", "--lang", "zh").Out, "长租")
	require.Contains(t, run("show", "渝B00001", "--plate-color", "黄").Out, "yellow")
	require.Contains(t, run("set", "渝ATX061", "--vin", "short").Err, "--vin: ")
}

// A city's day is played on the sandbox's clock; what it came to is printed, and the same seed makes the same.
func TestTraffic(t *testing.T) {
	t.Parallel()
	run := func(base string, args ...string) commandtest.Result {
		return commandtest.Run(t, NewTraffic(), append([]string{"--server", base, "--speed", "max", "--rate", "6/h", "--for", "3h", "--seed", "7"}, args...)...)
	}
	first, second := run(commandtest.Mock(t, city), "-o", "json"), run(commandtest.Mock(t, city), "-o", "json")
	require.Equal(t, cli.ExitOK, first.Code, first.Err)
	require.Equal(t, first.Out, second.Out)
	require.Contains(t, run(commandtest.Mock(t, city)).Out, "(seed 7)\n")
	for want, args := range map[string][]string{`--mix enter: want kind=weight`: {"--mix", "enter"}, "--rate: ": {"--rate", "often"}, "--for: ": {"--for", "long"}} {
		got := commandtest.Run(t, NewTraffic(), args...)
		require.Equal(t, cli.ExitUsage, got.Code)
		require.Contains(t, got.Err, want)
	}
	cut := commandtest.Answering(t, map[string]string{"GET /__admin/sandboxes/default": "cut"})
	got := run(cut.URL)
	require.Equal(t, cli.ExitUnreachable, got.Code, got.Err)
}

// A server that breaks off, answers no JSON, or is none ends every command of this package with its own exit code, and prints nothing.
func TestCommands_wrongAnswers(t *testing.T) {
	t.Parallel()
	commands := map[string]func() *cobra.Command{
		"clock": NewClock, "fault": NewFault, "merchants": NewMerchants, "orders": NewOrders, "parkings": NewParkings, "rules": NewRules, "users": NewUsers, "vehicles": NewVehicles,
	}
	for body, want := range map[string]struct {
		code int
		said string
	}{
		"cut": {cli.ExitUnreachable, "cannot reach http://127.0.0.1:"}, "<html>": {cli.ExitFailed, "invalid character"}, `{"items":7,"mode":7,"now":7}`: {cli.ExitFailed, "etcp-mock: "}, "": {cli.ExitFailed, "unexpected end of JSON input"},
	} {
		answers := map[string]string{}
		for name := range commands {
			answers["GET /"+name] = body
		}
		answers["GET /faults"] = body
		s := commandtest.Answering(t, answers)
		for name, command := range commands {
			got := commandtest.Run(t, command(), "--server", s.URL)
			require.Equal(t, want.code, got.Code, "%s: %q: %s", name, body, got.Err)
			require.Contains(t, got.Err, want.said, name)
			require.Empty(t, got.Out, name)
		}
	}
	s := commandtest.Answering(t, nil)
	for name, command := range commands {
		got := commandtest.Run(t, command(), "--server", s.URL)
		require.Equal(t, cli.ExitFailed, got.Code, name)
		require.Contains(t, got.Err, "HTTP 404: 404 page not found", name)
	}
}
