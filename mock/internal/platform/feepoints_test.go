package platform

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// at is the point that holds at an instant.
func (l *FeeLine) at(t time.Time) (p FeePoint) {
	for _, point := range l.Points {
		if !point.At.After(t) {
			p = point
		}
	}
	return p
}

type seenFee struct{ fee, remaining notation.Fen }

// What the line says of an instant in the past is what was to be paid then; and what it says of the future comes, if nobody
// pays and the car stays.
func TestFeeLine_isWhatWasToBePaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t)
		rules := map[string]any{"tariff.free": rapid.SampledFrom([]string{"threshold", "deducted"}).Draw(rt, "free")}
		rules["tariff.grace"] = rapid.SampledFrom([]string{"0s", "15m", "90m"}).Draw(rt, "grace")
		r.rules(rules)
		most := notation.Fen(2000)
		r.park("2", tariff.Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500, DailyCap: &most})
		order := r.do(Enter{Vehicle: theCar, ParkingID: "2"}).Value.(Order).ID
		token := r.token("M1", alice)
		seen := map[time.Time]seenFee{}
		note := func() {
			o, _ := r.w.Order(order, r.now)
			seen[notation.Second(r.now)] = seenFee{o.Fee, o.Remaining}
		}
		note()
		left := false
		for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			r.pass(time.Duration(rapid.IntRange(0, 7200).Draw(rt, "seconds")) * time.Second)
			if rapid.Bool().Draw(rt, "between seconds") {
				r.pass(300 * time.Millisecond)
			}
			switch o, _ := r.w.Order(order, r.now); {
			case o.Remaining > 0 && rapid.Bool().Draw(rt, "pays"):
				for _, row := range r.unpaid(token) {
					r.code(0, r.pay(token, row, string(rune('a'+i)), row.RemainingFee.Plain()))
				}
			case !left && rapid.IntRange(0, 5).Draw(rt, "leaves") == 0:
				r.do(Exit{Vehicle: theCar, Payment: rapid.SampledFrom([]string{PayCash, PayWithhold, PayNone}).Draw(rt, "how")})
				left = true
			}
			note()
		}
		now := r.now
		line, _ := r.w.FeeLine(order, time.Time{}, now.Add(31*tariff.Day), 100_000, now)
		for range 5 {
			r.pass(time.Duration(rapid.IntRange(0, 90_000).Draw(rt, "later")) * time.Second)
			note()
		}
		for instant, want := range seen {
			point := line.at(instant)
			require.Equal(rt, want, seenFee{point.Fee, point.Remaining}, "at %s; the line: %v", notation.FormatTime(instant), line.Points)
		}
		for i, p := range line.Points[1:] {
			require.True(rt, p.At.After(line.Points[i].At))
			require.NotEqual(rt, seenFee{line.Points[i].Fee, line.Points[i].Remaining}, seenFee{p.Fee, p.Remaining}, "no change, no point")
			before := r.w.feePoint(r.w.orders[order], p.At.Add(-time.Second))
			require.Equal(rt, seenFee{line.Points[i].Fee, line.Points[i].Remaining}, seenFee{before.Fee, before.Remaining}, "not a second late")
			require.NotEmpty(rt, p.Why)
			require.NotEmpty(rt, p.WhyZh)
		}
	})
}

// Page by page it is the same line.
func TestFeeLine_pages(t *testing.T) {
	r := newRig(t)
	order := r.do(Enter{Vehicle: theCar, ParkingID: "1"}).Value.(Order).ID
	whole, known := r.w.FeeLine(order, time.Time{}, r.now.Add(31*tariff.Day), 10_000, r.now)
	require.True(t, known)
	require.False(t, whole.More)
	require.Len(t, whole.Points, 31*24+1)
	var paged []FeePoint
	for after := (time.Time{}); ; {
		line, _ := r.w.FeeLine(order, after, r.now.Add(31*tariff.Day), 100, r.now)
		paged = append(paged, line.Points...)
		if !line.More {
			break
		}
		after = paged[len(paged)-1].At
	}
	require.Equal(t, whole.Points, paged)
	_, known = r.w.FeeLine("none", time.Time{}, r.now, 1, r.now)
	require.False(t, known)
}

// A fee that was given with a stay is its fee from the start, also after it was paid late; the fee at the exit is known though
// a late payment by a quote settled it for less.
func TestFeeLine_ofAGivenFeeAndOfALatePayment(t *testing.T) {
	r := newRig(t)
	fee := notation.Fen(1250)
	entered := r.now.Add(-5 * time.Hour)
	given := r.do(PutOrder{Enter: Enter{Vehicle: theCar, ParkingID: "1", At: entered}, ExitTime: r.now.Add(-time.Hour), Payment: PayNone, Fee: &fee}).Value.(Order).ID
	token := r.token("M1", alice)
	row := r.unpaid(token)[0]
	r.code(0, r.pay(token, row, "E1", "12.5"))
	line, _ := r.w.FeeLine(given, time.Time{}, r.now, 10, r.now)
	require.Len(t, line.Points, 2)
	require.Equal(t, seenFee{1250, 1250}, seenFee{line.Points[0].Fee, line.Points[0].Remaining})
	require.Equal(t, seenFee{1250, 0}, seenFee{line.Points[1].Fee, line.Points[1].Remaining})

	late := r.do(Enter{Vehicle: theCar, ParkingID: "1"}).Value.(Order).ID
	r.pass(59 * time.Minute)
	quoted := r.unpaid(token)[0]
	r.pass(2 * time.Minute)
	r.do(Exit{Vehicle: theCar, Payment: PayNone})
	left := r.now
	r.pass(time.Minute)
	r.code(0, r.pay(token, quoted, "E2", "5"))
	line, _ = r.w.FeeLine(late, time.Time{}, r.now, 10, r.now)
	at, paid := line.at(left), line.at(r.now)
	require.Equal(t, seenFee{1000, 1000}, seenFee{at.Fee, at.Remaining})
	require.Equal(t, seenFee{500, 0}, seenFee{paid.Fee, paid.Remaining})
	was, _ := r.w.OrderAt(late, left)
	require.Equal(t, Owing, was.State)
	was, _ = r.w.OrderAt(late, left.Add(-time.Second))
	require.Equal(t, Parked, was.State)
	require.Zero(t, was.ExitTime)
	restored, err := FromSnapshot(r.w.Copy().Snapshot())
	require.NoError(t, err)
	again, _ := restored.FeeLine(late, time.Time{}, r.now, 10, r.now)
	require.Equal(t, line, again)
}
