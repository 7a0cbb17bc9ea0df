package tariff

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

// The fee, which does not count the days one by one, is what the account of the days comes to.
func TestTariff_feeIsTheSumOfItsDays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tariff := Tariff{
			FreeMinutes: rapid.SampledFrom([]int{0, 1, 15, 1439, 1440, 1441, 4000}).Draw(rt, "free minutes"),
			UnitMinutes: rapid.IntRange(0, 3000).Draw(rt, "unit minutes"),
			UnitPrice:   notation.Fen(rapid.IntRange(0, 100_000).Draw(rt, "unit price")),
		}
		if rapid.Bool().Draw(rt, "capped") {
			fen := notation.Fen(rapid.IntRange(0, 500_000).Draw(rt, "daily cap"))
			tariff.DailyCap = &fen
		}
		stay := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(40*Day)).Draw(rt, "stay"))
		if rapid.Bool().Draw(rt, "whole days") {
			stay = stay.Truncate(Day)
		}
		for _, free := range []string{"threshold", "deducted"} {
			sum := notation.Fen(0)
			for _, d := range tariff.Explain(stay, free, 100) {
				sum += d.Fee
			}
			require.Equal(rt, sum, tariff.Fee(stay, free), free)
		}
	})
}

// Between two steps of a tariff the fee stays the same, to the second.
func TestTariff_stepsAreWhereTheFeeChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tariff := Tariff{
			FreeMinutes: rapid.SampledFrom([]int{0, 1, 15, 59, 1439, 1440, 1441, 4000}).Draw(rt, "free minutes"),
			UnitMinutes: rapid.SampledFrom([]int{0, 1, 7, 30, 60, 1440, 3000}).Draw(rt, "unit minutes"),
			UnitPrice:   notation.Fen(rapid.IntRange(0, 1000).Draw(rt, "unit price")),
		}
		if rapid.Bool().Draw(rt, "capped") {
			fen := notation.Fen(rapid.IntRange(0, 20_000).Draw(rt, "daily cap"))
			tariff.DailyCap = &fen
		}
		free := rapid.SampledFrom([]string{"threshold", "deducted"}).Draw(rt, "free")
		stay := time.Duration(rapid.IntRange(0, int(5*Day/time.Second)).Draw(rt, "stay")) * time.Second
		last := time.Duration(0)
		for {
			next, ok := tariff.NextStep(last, free)
			if !ok || next > stay {
				break
			}
			require.Greater(rt, next, last)
			last = next
		}
		require.Equal(rt, tariff.Fee(last, free), tariff.Fee(stay, free), "at %s and at %s", last, stay)
	})
}

// A stay of any length that a clock can show costs one day more than the same stay without its last 24 h, once its free time is over, and the next
// change of its fee lies ahead of it.
func TestTariff_longerThanADurationHolds(t *testing.T) {
	first := time.Date(1970, 1, 2, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	rapid.Check(t, func(rt *rapid.T) {
		most := notation.Fen(rapid.IntRange(1, 500_000).Draw(rt, "daily cap"))
		tariff := Tariff{FreeMinutes: rapid.SampledFrom([]int{0, 15, 1441, maxMinutes}).Draw(rt, "free minutes"), UnitMinutes: 60, UnitPrice: 500, DailyCap: &most}
		free := rapid.SampledFrom([]string{"threshold", "deducted"}).Draw(rt, "free")
		days := rapid.IntRange(1000, 2_567_000).Draw(rt, "days")
		if rapid.Bool().Draw(rt, "about 292 years") {
			days = rapid.IntRange(106_750, 106_753).Draw(rt, "days")
		}
		before := first.AddDate(0, 0, days-1).Add(time.Duration(rapid.IntRange(0, 86_399).Draw(rt, "seconds")) * time.Second)
		after := before.AddDate(0, 0, 1)
		require.Equal(rt, tariff.FeeBetween(first, before, free)+tariff.charge(Day).Fee, tariff.FeeBetween(first, after, free))
		require.Equal(rt, Days(first, before)+1, Days(first, after))
		next, ok := tariff.NextChange(first, before, free)
		require.True(rt, ok)
		require.True(rt, next.After(before) && !next.After(after.Add(time.Second)), "%s", next)
		require.Equal(rt, tariff.FeeBetween(first, before, free), tariff.FeeBetween(first, next.Add(-time.Second), free))
	})
	yuan := notation.Fen(100)
	daily := Tariff{UnitMinutes: 60, UnitPrice: 100, DailyCap: &yuan}
	require.Equal(t, "376200", daily.FeeBetween(first, time.Date(3000, 1, 2, 0, 0, 0, 0, first.Location()), "threshold").Plain())
}

// The tariff: exact, by 24 h from entry, capped, free time given once.
func TestFee_isExactAndCappedByDay(t *testing.T) {
	dailyCap := notation.Fen(5000)
	price := Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500, DailyCap: &dailyCap}
	for _, row := range []struct {
		stay time.Duration
		free string
		want notation.Fen
	}{
		{15 * time.Minute, "threshold", 0},
		{15*time.Minute + time.Second, "threshold", 500},
		{60 * time.Minute, "threshold", 500},
		{61 * time.Minute, "threshold", 1000},
		{75 * time.Minute, "deducted", 500},
		{76 * time.Minute, "deducted", 1000},
		{24 * time.Hour, "threshold", 5000},
		{24*time.Hour + time.Second, "threshold", 5500},
		{41*time.Hour + 23*time.Minute, "threshold", 10000},
		{72 * time.Hour, "threshold", 15000},
	} {
		require.Equal(t, row.want, price.Fee(row.stay, row.free), "%s %s", row.stay, row.free)
	}
	require.Equal(t, notation.Fen(500), price.PerHour())
}

// A day is explained in both languages, with what it lacks of free time and where it is capped.
func TestTariff_Prose(t *testing.T) {
	dailyCap := notation.Fen(5000)
	price := Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500, DailyCap: &dailyCap}
	for _, row := range []struct {
		stay   time.Duration
		free   string
		en, zh string
	}{
		{90 * time.Minute, "threshold", "past 15 free minutes the whole stay counts, day 1: 1h30m in units of 1h = 2 × 5 = 10", "超过 15 分钟免费时间，按全程计费，第 1 天 1 小时 30 分，按每 1 小时计 = 2 × 5 = 10"},
		{25 * time.Hour, "deducted", "less 15 free minutes, day 1: 23h45m in units of 1h = 24 × 5, capped at 50, day 2: 1h in units of 1h = 1 × 5 = 5", "扣除 15 分钟免费时间，第 1 天 23 小时 45 分，按每 1 小时计 = 24 × 5，封顶 50，第 2 天 1 小时，按每 1 小时计 = 1 × 5 = 5"},
	} {
		require.Equal(t, reasons.Phrase{En: row.en, Zh: row.zh}, price.Prose(price.Explain(row.stay, row.free, 5), row.free))
	}
}

// §9.10: avgCostPrecise is what one hour costs, so at most the cap of a day.
func TestPerHour_atMostTheDailyCap(t *testing.T) {
	most := notation.Fen(3000)
	for _, row := range []struct {
		price Tariff
		want  string
	}{
		{Tariff{UnitMinutes: 1, UnitPrice: 735}, "441"},
		{Tariff{UnitMinutes: 1, UnitPrice: 735, DailyCap: &most}, "30"},
		{Tariff{UnitMinutes: 60, UnitPrice: 500, DailyCap: &most}, "5"},
		{Tariff{UnitMinutes: 45, UnitPrice: 550, DailyCap: &most}, "7.33"},
		{Tariff{UnitMinutes: 60, UnitPrice: 500, DailyCap: new(notation.Fen)}, "0"},
	} {
		require.Equal(t, row.want, row.price.PerHour().Plain())
	}
}
