package platform

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
		stay := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(40*day)).Draw(rt, "stay"))
		if rapid.Bool().Draw(rt, "whole days") {
			stay = stay.Truncate(day)
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
