package platform

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// The data of every answer is written as encoding/json writes it, whatever texts are in it.
func TestAppendData(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"渝ATX061", "a\u2028b\u2029", "<&>", "\xff", "\"\\/\b\f\n\r\t\x01\x7f", "\ufffd", "€", ""}))
	fen := rapid.Custom(func(t *rapid.T) notation.Fen { return notation.Fen(rapid.Int64Range(-100_000, 1e12).Draw(t, "fen")) })
	rapid.Check(t, func(t *rapid.T) {
		s := func() string { return text.Draw(t, "text") }
		n := rapid.IntRange(-1, 3).Draw(t, "rows")
		for _, data := range []any{
			TokenData{s()},
			NumberData{rapid.Int().Draw(t, "number")},
			StatusData{s(), s(), s()},
			PaidData{s(), s(), s(), s(), fen.Draw(t, "fen")},
			rows(n, func() UnpaidRow {
				return UnpaidRow{s(), s(), s(), s(), fen.Draw(t, "fee"), rapid.Int64().Draw(t, "id"), s(), fen.Draw(t, "rest"), s()}
			}),
			rows(n, func() HistoryRow { return HistoryRow{s(), s(), s(), s(), s(), s(), s(), s()} }),
			ParkingList{rows(n, func() ParkingRow { return ParkingRow{s(), s(), s(), s(), s(), s(), s(), s(), s()} }), s()},
			map[string]string{"other": s()},
		} {
			require.Equal(t, "before"+jsonvalue.Encode(data), string(AppendData([]byte("before"), data)))
		}
	})
}

// rows are n rows, or nil where n is negative.
func rows[T any](n int, row func() T) []T {
	if n < 0 {
		return nil
	}
	all := make([]T, n)
	for i := range all {
		all[i] = row()
	}
	return all
}
