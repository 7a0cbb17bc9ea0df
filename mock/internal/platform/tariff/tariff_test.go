package tariff

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
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
			next, is := tariff.NextStep(last, free)
			if !is || next > stay {
				break
			}
			require.Greater(rt, next, last)
			last = next
		}
		require.Equal(rt, tariff.Fee(last, free), tariff.Fee(stay, free), "at %s and at %s", last, stay)
	})
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
