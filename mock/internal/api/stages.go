package api

import (
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

// stage is a row of the table of checks in docs/protocol.md.
type stage struct {
	number int
	check  func(*exchange) *platform.Refusal
}

// stages are checks 2 to 9, in their order. Check 1, injected faults, comes
// before them ([API.disturb]); 10 and 11 are the platform's.
var stages = []stage{
	{2, (*exchange).present},
	{3, (*exchange).merchant},
	{4, (*exchange).stamp},
	{6, (*exchange).signature},
	{7, (*exchange).decode}, // and 8, 9
	{9, (*exchange).strict},
}

func (x *exchange) present() *platform.Refusal {
	for _, p := range []struct{ name, value string }{
		{"merchant_no", x.form.merchantNo}, {"time_stamp", x.form.timeStamp}, {"data", x.form.data}, {"sign", x.form.sign},
	} {
		if p.value == "" {
			refusal := platform.Refuse("missing-parameter").At(p.name).With("where", "the request")
			if kind := clip(x.form.foreign); kind != "" {
				return refusal.Say("how", "is "+kind+", which is not read; send application/x-www-form-urlencoded (§5)",
					"是 "+kind+"，不会读取；请用 application/x-www-form-urlencoded（§5）")
			}
			return refusal.With("how", "lacks it, or it is empty")
		}
	}
	return nil
}

func (x *exchange) merchant() *platform.Refusal {
	if x.env.Known {
		return nil
	}
	x.entry.Doubt = x.sandbox.DoubtMerchant(clip(x.form.merchantNo))
	return platform.Refuse("unknown-merchant").With("given", clip(x.form.merchantNo))
}

// stamp is checks 4 and 5: a real instant, near the wall clock or the sandbox's.
func (x *exchange) stamp() *platform.Refusal {
	at, err := platform.ParseStamp(x.form.timeStamp)
	if err != nil {
		en, zh := stampMend(x.form.timeStamp)
		return platform.Refuse("timestamp-malformed").With("given", clip(x.form.timeStamp)).Say("mend", en, zh)
	}
	window := x.env.Rules.TimestampWindow
	wallOff, sandboxOff := offset(at, x.env.Wall), offset(at, x.env.Now)
	if wallOff.Abs() <= window || sandboxOff.Abs() <= window {
		return nil
	}
	return platform.Refuse("timestamp-expired").With("given", x.form.timeStamp).With("window", duration.Prose(window)).
		With("wall", platform.FormatTime(x.env.Wall)).With("sandbox", platform.FormatTime(x.env.Now)).
		Say("wallOff", beside(wallOff), besideZh(wallOff)).Say("sandboxOff", beside(sandboxOff), besideZh(sandboxOff))
}

// offset is how far a stamp, which has no fraction of a second, is from a clock.
func offset(at, clock time.Time) time.Duration { return at.Sub(clock.Truncate(time.Second)) }

func beside(off time.Duration) string {
	if off < 0 {
		return inDays(-off) + " behind"
	}
	return inDays(off) + " ahead of"
}

func besideZh(off time.Duration) string {
	if off < 0 {
		return "慢 " + inDays(-off)
	}
	return "快 " + inDays(off)
}

// inDays prints what is far off so that a person sees how far: "3383d17h34m23s".
func inDays(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day || d%day == 0 {
		return duration.Prose(d)
	}
	return duration.Prose(d-d%day) + duration.Prose(d%day)
}

// signature is check 6. What a wrong one would be right for is found out when
// somebody asks.
func (x *exchange) signature() *platform.Refusal {
	v := sign.Verifier{Key: x.env.Key, Whitespace: sign.Whitespace(x.env.Rules.SignWhitespace)}
	if v.Verify(x.form.data, x.form.timeStamp, x.form.sign) == nil {
		return nil
	}
	x.entry.Doubt = x.sandbox.Doubt(sign.RequestAttempt{
		MerchantNo: x.form.merchantNo, Key: v.Key, Data: x.form.data, RawData: x.form.raw,
		Stamp: x.form.timeStamp, Sign: x.form.sign, Whitespace: v.Whitespace,
	})
	return platform.Refuse("sign-mismatch").With("given", clip(x.form.sign))
}

// decode is checks 7, 8 and 9.
func (x *exchange) decode() *platform.Refusal {
	input, lints, refusal := platform.Decode(x.row, x.form.data)
	x.input = input
	x.lints = append(x.lints, lints...)
	return refusal
}

// strict turns the first lint into code 6 where the rule strict is on.
func (x *exchange) strict() *platform.Refusal {
	if len(x.lints) == 0 || !x.env.Rules.Strict {
		return nil
	}
	first := x.lints[0]
	return platform.Refuse("strict-lint").With("rule", first.Rule).Say("detail", first.Detail, first.DetailZh)
}
