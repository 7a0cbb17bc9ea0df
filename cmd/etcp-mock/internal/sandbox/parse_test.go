package sandbox

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// A delay is a duration, a range, or a median with a sigma, as the help of fault add says; what is none of these is refused here.
func TestParseDelay(t *testing.T) {
	for text, want := range map[string]control.Delay{
		"2s": {By: control.Duration(2 * time.Second)}, "0s": {}, "1s..3s": {Min: control.Duration(time.Second), Max: control.Duration(3 * time.Second)},
		"500ms~0.8": {Median: control.Duration(500 * time.Millisecond), Sigma: 0.8}, "1s~0": {Median: control.Duration(time.Second)},
	} {
		got, err := parseDelay(text)
		require.NoError(t, err, text)
		require.Equal(t, want, *got, text)
	}
	for _, wrong := range []string{"", "2", "-2s", "3s..1s", "1s..1s", "1s..", "..1s", "1s~", "1s~x", "0s~1", "1s~NaN", "1s~Inf", "1s~-1", "1s..2s..3s"} {
		_, err := parseDelay(wrong)
		require.ErrorContains(t, err, "want 2s, a range 1s..3s, or 500ms~0.8", wrong)
	}
}

// When a fault hits is said in words: after how many, how often, how likely; else always.
func TestFaultWhen(t *testing.T) {
	p := &show.Printer{Printer: &cli.Printer{Out: &bytes.Buffer{}}}
	for want, f := range map[string]control.Fault{
		"always": {}, "after 2": {After: 2}, "3 times": {Times: 3}, "5 %": {Probability: 0.05}, "after 1, 2 times, 33.33 %": {After: 1, Times: 2, Probability: 1.0 / 3}, "0.5 %": {Probability: 0.005},
	} {
		require.Equal(t, want, faultWhen(p, f))
	}
	var out bytes.Buffer
	p.Out = &out
	require.NoError(t, printFaults(p, []control.Fault{{ID: "f1", On: control.FaultOn{Endpoint: "orderpaid"}, Times: 1}}))
	require.Contains(t, out.String(), "endpoint=orderpaid")
	require.Contains(t, out.String(), "once")
}

// A time may be two arguments of a shell; a clock goes forward only.
func TestParseClock(t *testing.T) {
	for _, given := range [][]string{{"2017-08-20 12:00:00"}, {"2017-08-20", "12:00:00"}} {
		change, err := parseClock(given)
		require.NoError(t, err)
		require.Equal(t, "2017-08-20 12:00:00", change.Now.String())
	}
	none, err := parseClock(nil)
	require.NoError(t, err)
	require.True(t, none.Now.IsZero())
	_, err = parseClock([]string{"tomorrow"})
	require.ErrorContains(t, err, `"tomorrow" is no time: want one such as "2017-08-20 12:00:00", in Asia/Shanghai, or RFC 3339`)
	for _, by := range []string{"-5m", "-1h30m"} {
		root := &cobra.Command{Use: "etcp-mock", SilenceErrors: true, SilenceUsage: true}
		cli.SharedFlags(root)
		root.AddCommand(NewClock())
		root.SetOut(&bytes.Buffer{})
		root.SetErr(&bytes.Buffer{})
		root.SetArgs([]string{"clock", "advance", by})
		err := root.ExecuteContext(t.Context())
		require.ErrorContains(t, err, "goes back: a clock goes forward only")
		_, usage := errors.AsType[*cli.UsageError](err)
		require.True(t, usage)
	}
}

// A value of a rule has the type of its default: a text stays one, a list is written with commas or as JSON, and what fits nothing the server judges.
func TestRuleValue(t *testing.T) {
	for _, row := range []struct {
		text       string
		like, want any
	}{
		{"true", "exact", "true"}, {"true", false, true}, {"yes", false, "yes"}, {"4", 3.0, 4.0}, {"0.25", 0.2, 0.25}, {"10s,30s", []any{"10s"}, []string{"10s", "30s"}}, {`["10s"]`, []any{}, []any{"10s"}}, {"5m", "10m", "5m"},
	} {
		require.Equal(t, row.want, ruleValue(row.text, row.like), row.text)
	}
	for want, value := range map[string]any{"10s,30s": []any{"10s", "30s"}, "text": "text", "true": true, "4": 4.0, "null": nil, "": []any{}} {
		require.Equal(t, want, ruleText(value))
	}
	rules := map[string]control.Rule{"push.timeout": {}, "push.schedule": {}, "timestamp.window": {}, "message.6": {}, "bind.max": {}}
	for name, want := range map[string]string{
		"push.timeot": `; did you mean "push.timeout"?`, "push.wait": "; there are push.schedule, push.timeout", "push.retries": `; did you mean "push.schedule"?`, "window": `; did you mean "timestamp.window"?`, "nothing.like.it": "; those there are: etcp-mock rules", "message.99999": "; those there are: etcp-mock rules",
	} {
		require.EqualError(t, nearRule(name, rules), want)
	}
}

// A hook keeps what is not changed of it; without a URL there is none.
func TestPushTo(t *testing.T) {
	have := &control.PushHook{URL: "http://old", Kinds: []client.Kind{client.KindExit}, URLs: map[client.Kind]string{client.KindUnbind: "http://u"}}
	now := pushTo(have, "http://new")
	require.Equal(t, control.PushHook{URL: "http://new", Kinds: have.Kinds, URLs: have.URLs}, *now)
	require.Equal(t, "http://old", have.URL, "the one that the server has stays")
	require.Nil(t, pushTo(have, ""))
	require.Equal(t, "http://new", pushTo(nil, "http://new").URL)
}

// What a city's day is told is read before anything is asked of the server; each kind of event that the help lists is one.
func TestTrafficFlags(t *testing.T) {
	flags := func(change func(f *trafficFlags)) *trafficFlags {
		f := &trafficFlags{rate: "2/m", length: "24h", speed: "600x", seed: 7}
		change(f)
		return f
	}
	plan, err := flags(func(f *trafficFlags) { f.mix = []string{"enter=2", "leave=0"}; f.speed = "max" }).traffic()
	require.NoError(t, err)
	require.Equal(t, map[string]int{"enter": 2, "leave": 0}, plan.Mix)
	require.InDelta(t, 2.0/60, plan.Rate, 1e-9)
	require.Zero(t, plan.Speed)
	require.Equal(t, uint64(7), plan.Seed)
	for want, change := range map[string]func(f *trafficFlags){
		"--rate: ": func(f *trafficFlags) { f.rate = "often" }, "--for: ": func(f *trafficFlags) { f.length = "long" }, "--speed: want max": func(f *trafficFlags) { f.speed = "fast" },
		"--mix enter: want kind=weight": func(f *trafficFlags) { f.mix = []string{"enter"} }, "--mix enter=-1": func(f *trafficFlags) { f.mix = []string{"enter=-1"} }, `no kind of event "fly"`: func(f *trafficFlags) { f.mix = []string{"fly=1"} },
		"at most 31 days": func(f *trafficFlags) { f.length = "32d" },
	} {
		_, err := flags(change).traffic()
		require.ErrorContains(t, err, want)
	}
	require.Contains(t, trafficKindsHelp(), "\n  payOnline ")
}
