package engine

import (
	"net/url"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

// stage is a row of the table of checks in docs/protocol.md.
type stage struct {
	number int
	check  func(*exchange) *platform.Refusal
}

// stages are checks 2 to 9, in their order. Check 1, injected faults, comes
// before them ([exchange.checks]); 10 and 11 are the platform's.
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
		{"merchant_no", x.MerchantNo}, {"time_stamp", x.TimeStamp}, {"data", x.Data}, {"sign", x.Sign},
	} {
		if p.value == "" {
			refusal := platform.Refuse("missing-parameter").At(p.name).With("where", "the request")
			if kind := clip(x.Foreign); kind != "" {
				return refusal.Say("how", "is "+kind+", which is not read; send application/x-www-form-urlencoded (§5)",
					"是 "+kind+"，不会读取；请用 application/x-www-form-urlencoded（§5）")
			}
			return refusal.With("how", "lacks it, or it is empty")
		}
	}
	return nil
}

func (x *exchange) merchant() *platform.Refusal {
	if x.p.known {
		return nil
	}
	given := clip(x.MerchantNo)
	if ex := x.e.explainer; ex != nil {
		x.lazy = journal.NewLazy(func() []platform.Value { return ex.Merchant(given) }, 0, true)
	}
	return platform.Refuse("unknown-merchant").With("given", given)
}

// stamp is checks 4 and 5: a real instant, near the wall clock or the sandbox's.
func (x *exchange) stamp() *platform.Refusal {
	if !x.p.isStamp {
		en, zh := stampFix(x.TimeStamp)
		return platform.Refuse("timestamp-malformed").With("given", clip(x.TimeStamp)).Say("mend", en, zh)
	}
	window := x.e.state.Rules().TimestampWindow
	wallOff, sandboxOff := offset(x.p.stamp, x.st.Wall), offset(x.p.stamp, x.e.now)
	if wallOff.Abs() <= window || sandboxOff.Abs() <= window {
		return nil
	}
	return platform.Refuse("timestamp-expired").With("given", x.TimeStamp).With("window", duration.Prose(window)).
		With("wall", platform.FormatTime(x.st.Wall)).With("sandbox", platform.FormatTime(x.e.now)).
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

// signature is check 6. Why a wrong one is wrong is found out when somebody asks, so that a flood of them costs no more than
// other requests.
func (x *exchange) signature() *platform.Refusal {
	if x.p.signed {
		return nil
	}
	x.lazy = x.e.lazySign(sign.RequestAttempt{
		MerchantNo: x.MerchantNo, Key: x.p.key, Data: x.Data, RawData: x.RawData,
		Stamp: x.TimeStamp, Sign: x.Sign, Whitespace: sign.Whitespace(x.e.state.Rules().SignWhitespace),
	})
	return platform.Refuse("sign-mismatch").With("given", clip(x.Sign))
}

// lazySign keeps what it takes to explain a wrong signature.
func (e *Engine) lazySign(a sign.RequestAttempt) *journal.Lazy {
	ex := e.explainer
	if ex == nil {
		return nil
	}
	const most = 16 << 10 // longer data is not held against its encoding
	return journal.NewLazy(func() []platform.Value {
		if a.RawData == "" && len(a.Data) <= most { // it was sent as it should be
			a.RawData = url.QueryEscape(a.Data)
		}
		return ex.Sign(a)
	}, len(a.Data)+len(a.RawData), false)
}

func verify(settings *Settings, key string, r *Request) bool {
	v := sign.Verifier{Key: key, Whitespace: sign.Whitespace(settings.Rules.SignWhitespace)}
	return v.Verify(r.Data, r.TimeStamp, r.Sign) == nil
}

// decode is checks 7, 8 and 9.
func (x *exchange) decode() *platform.Refusal {
	x.lints = slices.Concat(x.lints, x.p.lints)
	return x.p.refusal
}

// strict turns the first lint into code 6 where the rule strict is on.
func (x *exchange) strict() *platform.Refusal {
	if len(x.lints) == 0 || !x.e.state.Rules().Strict {
		return nil
	}
	first := x.lints[0]
	return platform.Refuse("strict-lint").With("rule", first.Rule).Say("detail", first.Detail, first.DetailZh)
}

// stampFix knows the other ways to write an instant.
func stampFix(stamp string) (en, zh string) {
	digits := true
	for _, r := range stamp {
		digits = digits && r >= '0' && r <= '9'
	}
	switch {
	case digits && len(stamp) == 10:
		return "It looks like Unix seconds.", "看起来是 Unix 时间戳（秒）。"
	case digits && len(stamp) == 13:
		return "It looks like Unix milliseconds.", "看起来是 Unix 时间戳（毫秒）。"
	case digits && len(stamp) == 14:
		return "It has the right length, but there is no such day or time.", "长度正确，但没有这样的日期或时间。"
	case len(stamp) >= 19 && stamp[4] == '-':
		return "Leave out everything but the digits.", "请只保留数字。"
	default:
		return "An example: 20170721132452.", "例如：20170721132452。"
	}
}
