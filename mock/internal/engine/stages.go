package engine

import (
	"math"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/sign"
)

// stage is a row of the table of checks in docs/protocol.md.
type stage struct {
	number int
	check  func(*exchange) *reasons.Refusal
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

// NoContentType stands in [Request.Foreign] for a body that says nothing of its kind.
const NoContentType = "a body of no content type"

func (x *exchange) present() *reasons.Refusal {
	for _, p := range []struct{ name, value string }{
		{"merchant_no", x.MerchantNo}, {"time_stamp", x.TimeStamp}, {"data", x.Data}, {"sign", x.Sign},
	} {
		if p.value == "" {
			refusal := reasons.Refuse("missing-parameter").At(p.name).With("where", "the request")
			if f, ok := inspect.Missing(p.name, x.arrived()); ok {
				refusal.Because(f)
			}
			if kind := journal.Short(x.Foreign); kind != "" {
				kindZh := kind
				if kind == NoContentType {
					kindZh = "没有 Content-Type 的请求体"
				}
				return refusal.Say("how", "is "+kind+", which is not read; send application/x-www-form-urlencoded (§5)",
					"是 "+kindZh+"，不会读取；请用 application/x-www-form-urlencoded（§5）")
			}
			return refusal.With("how", "lacks it, or it is empty")
		}
	}
	return nil
}

// arrived is the request as it came, as far as it is kept.
func (x *exchange) arrived() inspect.Arrived {
	a := inspect.Arrived{Method: x.Method, Path: schemas.PathPrefix + x.Endpoint, Want: x.Method}
	if x.p.row != nil {
		a.Want = x.p.row.Method
	}
	for _, h := range x.Headers {
		switch h.Name {
		case "Content-Type":
			a.ContentType = h.Value
		case "Content-Encoding":
			a.Encoding = h.Value
		}
		a.HeaderNames = append(a.HeaderNames, h.Name)
	}
	if x.InQuery {
		a.RawQuery = x.RawForm
	} else {
		a.Body = x.RawForm
	}
	return a
}

func (x *exchange) merchant() *reasons.Refusal {
	if x.p.known {
		return nil
	}
	given := journal.Short(x.MerchantNo)
	if ex := x.e.explainer; ex != nil {
		x.lazy = journal.NewLazy(func() reasons.Explanation { return ex.Merchant(given) }, 0, true)
	}
	return reasons.Refuse("unknown-merchant") // the explainer says what was given, for it may be a key
}

// stamp is checks 4 and 5: a real instant, near the wall clock or the sandbox's.
func (x *exchange) stamp() *reasons.Refusal {
	if !x.p.isStamp {
		refusal := reasons.Refuse("timestamp-malformed").With("given", journal.Short(x.TimeStamp))
		if f, ok := inspect.Stamp(x.TimeStamp); ok {
			return refusal.Because(f)
		}
		return refusal
	}
	window := x.e.state.Rules().TimestampWindow
	wallOff, sandboxOff := offset(x.p.stamp, x.st.Wall), offset(x.p.stamp, x.e.now)
	if wallOff.Abs() <= window || sandboxOff.Abs() <= window {
		return nil
	}
	refusal := reasons.Refuse("timestamp-expired").With("given", x.TimeStamp).Say("window", duration.Prose(window), duration.Chinese(window)).
		With("wall", notation.FormatTime(x.st.Wall)).With("sandbox", notation.FormatTime(x.e.now)).
		Say("wallOff", beside(wallOff), besideZh(wallOff)).Say("sandboxOff", beside(sandboxOff), besideZh(sandboxOff))
	if f, ok := inspect.Stamp(x.TimeStamp, x.st.Wall, x.e.now); ok {
		refusal.Because(f)
	}
	return refusal
}

// offset is how far a stamp, which has no fraction of a second, is from a clock.
func offset(at, clock time.Time) time.Duration { return at.Sub(clock.Truncate(time.Second)) }

func beside(off time.Duration) string {
	off = max(off, -math.MaxInt64) // a stamp of another millennium
	if off < 0 {
		return inDays(-off) + " behind"
	}
	return inDays(off) + " ahead of"
}

func besideZh(off time.Duration) string {
	off = max(off, -math.MaxInt64)
	if off < 0 {
		return "慢 " + inDaysZh(-off)
	}
	return "快 " + inDaysZh(off)
}

// inDays prints what is far off so that a person sees how far: "3383d17h34m23s".
func inDays(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day || d%day == 0 {
		return duration.Prose(d)
	}
	return duration.Prose(d-d%day) + duration.Prose(d%day)
}

// inDaysZh is inDays in Chinese: "3383 天 17 小时 34 分 23 秒".
func inDaysZh(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day || d%day == 0 {
		return duration.Chinese(d)
	}
	return duration.Chinese(d-d%day) + " " + duration.Chinese(d%day)
}

// signature is check 6. Why a wrong one is wrong is found out when somebody asks, so that a flood of them costs no more than
// other requests.
func (x *exchange) signature() *reasons.Refusal {
	if x.p.signed {
		return nil
	}
	x.raw = &journal.Raw{Data: journal.Exact(x.RawData), Form: journal.Exact(x.RawForm), InQuery: x.InQuery}
	if x.raw.Data == "" && !utf8.ValidString(x.Data) {
		x.raw.Data = journal.Exact(url.QueryEscape(x.Data[:min(len(x.Data), mostRaw)])) // JSON cannot keep the bytes of data
		if len(x.Data) > mostRaw {
			x.raw.Data += "…"
		}
	}
	x.lazy = x.e.lazySign(diagnose.Request{
		MerchantNo: x.MerchantNo, Key: x.p.key, Data: x.Data, Stamp: x.TimeStamp, Sign: x.Sign, Whitespace: sign.Whitespace(x.e.state.Rules().SignWhitespace),
	}, x.raw)
	return reasons.Refuse("sign-mismatch").With("given", journal.Short(x.Sign))
}

// mostRaw bounds data that is held against its encoding.
const mostRaw = 16 << 10

// lazySign keeps what it takes to explain a wrong signature. raw is nil where it is not known how the request came, as in a state that was
// edited.
func (e *Engine) lazySign(a diagnose.Request, raw *journal.Raw) *journal.Lazy {
	ex := e.explainer
	if ex == nil {
		return nil
	}
	size := len(a.Data)
	if raw != nil {
		size += len(raw.Data) + len(raw.Form)
		a.RawData, a.RawBody = string(raw.Data), string(raw.Form)
		if raw.InQuery {
			a.RawBody, a.RawQuery = "", string(raw.Form)
		}
	}
	return journal.NewLazy(func() reasons.Explanation {
		if raw != nil && a.RawData == "" && len(a.Data) <= mostRaw { // it was sent as it should be
			a.RawData = url.QueryEscape(a.Data)
		}
		return ex.Sign(a)
	}, size, false)
}

func verify(settings *Settings, key string, r *Request) bool {
	v := sign.Verifier{Key: key, Whitespace: sign.Whitespace(settings.Rules.SignWhitespace)}
	return v.Verify(r.Data, r.TimeStamp, r.Sign) == nil
}

// decode is checks 7, 8 and 9.
func (x *exchange) decode() *reasons.Refusal {
	x.lints = slices.Concat(x.lints, x.p.lints)
	return x.p.refusal
}

// strict turns the first lint into code 6 where the rule strict is on.
func (x *exchange) strict() *reasons.Refusal {
	if len(x.lints) == 0 || !x.e.state.Rules().Strict {
		return nil
	}
	first := x.lints[0]
	return reasons.Refuse("strict-lint").With("rule", first.Rule).Say("detail", first.Detail, first.DetailZh)
}
