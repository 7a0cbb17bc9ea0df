package sandbox

import (
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// mostOrders is up to how many orders are looked at for a car that nobody has bound.
const mostOrders = 1000

// WhyUnpushed says why no such push was made, where that is known: no merchant has a URL for it, or the car that entered or left is bound by nobody (§10).
func (s *Sandbox) WhyUnpushed(want verify.PushWant) (why lang.Text) {
	s.View(func(w engine.StateView, now time.Time) { why = unpushed(w, now, want) })
	return why
}

func unpushed(w engine.StateView, now time.Time, want verify.PushWant) lang.Text {
	var silent []string
	for _, m := range w.Merchants() {
		switch {
		case want.MerchantNo != "" && m.No != want.MerchantNo:
		case takes(m.Push, want.Kind):
			return unbound(w, now, want)
		default:
			silent = append(silent, m.No)
		}
	}
	if len(silent) == 0 {
		return lang.Text{}
	}
	if plate, ok := unboundPlate(w, now, want); ok {
		return lang.T("merchant %s has no push URL for it (set one: etcp-mock merchants set-url, or an inbox of the test), and nobody has bound %s, which has entered or left: only vehicles that are bound are pushed (§10)",
			"商户 %s 未设置接收该推送的地址（请设置：etcp-mock merchants set-url，或测试的 inbox）；而且 %s 有进出场，但没有人绑定该车：只推送已绑定的车辆（§10）").With(silent[0], plate)
	}
	return lang.T("merchant %s has no push URL for it (set one: etcp-mock merchants set-url, or an inbox of the test)", "商户 %s 未设置接收该推送的地址（请设置：etcp-mock merchants set-url，或测试的 inbox）").With(silent[0])
}

// takes reports whether a merchant is sent pushes of a kind, or any ("").
func takes(h *platform.Hook, kind string) bool {
	if kind != "" {
		return h.For(kind) != ""
	}
	return slices.ContainsFunc(schemas.Pushes(), func(p schemas.Push) bool { return h.For(p.Kind) != "" })
}

// unbound names the latest car that entered or left and that nobody has bound.
func unbound(w engine.StateView, now time.Time, want verify.PushWant) lang.Text {
	if plate, ok := unboundPlate(w, now, want); ok {
		return lang.T("%s has entered or left, but nobody has bound it, and only vehicles that are bound are pushed (§10)", "%s 有进出场，但没有人绑定该车；只推送已绑定的车辆（§10）").With(plate)
	}
	return lang.Text{}
}

func unboundPlate(w engine.StateView, now time.Time, want verify.PushWant) (plate string, ok bool) {
	if want.Kind != "" && want.Kind != schemas.PushEntry && want.Kind != schemas.PushExit || want.PlateNumber == "" && w.Orders() > mostOrders {
		return "", false
	}
	for _, o := range slices.Backward(w.OrdersOf(want.PlateNumber, "", now)) {
		if _, _, bound := w.Owner(o.Vehicle); !bound {
			return o.Vehicle.Plate, true
		}
	}
	return "", false
}
