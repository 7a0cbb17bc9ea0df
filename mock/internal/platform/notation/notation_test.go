package notation

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// A plate that holds has 7 or 8 characters and stays as it is when it is read again.
func FuzzPlate(f *testing.F) {
	for _, seed := range []string{"渝ATX061", "渝 b757d0", "京AD12345", "粤Z1234港", "使A12345", "渝　A12345", "渝A1234学学", "", "\xff", "渝A1234\xe5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plate, spaces, lower := NormalPlate(text)
		again, _, _ := NormalPlate(plate)
		require.Equal(t, plate, again)
		require.Equal(t, text != plate, spaces || lower)
		if !ValidPlate(plate) {
			return
		}
		runes := []rune(plate)
		require.True(t, utf8.ValidString(plate) && (len(runes) == 7 || len(runes) == 8), plate)
		require.Equal(t, string(runes[0])+"****"+string(runes[len(runes)-2:]), Mask(plate))
		var v Vehicle
		written, err := Vehicle{plate, "3"}.MarshalText()
		require.NoError(t, err)
		require.NoError(t, v.UnmarshalText(written))
		require.Equal(t, Vehicle{plate, "3"}, v)
	})
}

// An amount that is read is written and read again as the same, in every form.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"8", "8.0", "8.00", "10.34", "0.01", "8.000", "8e0", "+8", ".5", "8.", "-0", "9999999999.99", "99999999999", "００"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fen, err := ParseFen(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, fen, Fen(0))
		for _, written := range []string{fen.Plain(), fen.OnePlace()} {
			again, err := ParseFen(written)
			require.NoError(t, err, written)
			require.Equal(t, fen, again)
		}
		written, err := json.Marshal(fen)
		require.NoError(t, err)
		var again Fen
		require.NoError(t, json.Unmarshal(written, &again))
		require.Equal(t, fen, again)
		require.Equal(t, fen*2, fen+again)
	})
}

// A time or a stamp that is read prints as it was written.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2017-06-12 09:58:58", "20170721132452", "20170230000000", "2016-02-29 23:59:59", "2017-06-12  9:58:58", "0000-01-01 00:00:00", "9999-12-31 23:59:59", "2017-06-12 9:58:58.1", "２０１７"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := ParseTime(text)
		if want, wantErr := time.ParseInLocation(TimeLayout, text, Shanghai); err == nil || (wantErr == nil && shaped(TimeLayout, text)) {
			require.NoError(t, wantErr)
			require.Equal(t, want, at)
		}
		if err == nil {
			require.Equal(t, text, FormatTime(at))
			require.False(t, MonthBefore(at).After(at.AddDate(0, 0, -28)))
			require.False(t, MonthBefore(at).Before(at.AddDate(0, 0, -31)))
		}
		if at, err := ParseStamp(text); err == nil {
			require.Equal(t, text, at.Format(StampLayout))
			require.Equal(t, at.Format(TimeLayout), FormatTime(at))
		}
	})
}

// §9.8: the forms of payment.
func TestParseFen(t *testing.T) {
	for text, want := range map[string]Fen{"8": 800, "8.0": 800, "8.00": 800, "10.34": 1034, "0.01": 1, "5.5": 550} {
		got, err := ParseFen(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "8.000", "8e0", "+8", "-8", ".5", "8.", "1,0", "99999999999", " 8", "８"} {
		_, err := ParseFen(text)
		require.Error(t, err, text)
	}
	require.Equal(t, "5.0", Fen(500).OnePlace())
	require.Equal(t, "10.34", Fen(1034).OnePlace())
	require.Equal(t, "5.5", Fen(550).Plain())
	require.Equal(t, "10", Fen(1000).Plain())
	require.EqualValues(t, 6, Fen(550).YuanHalfUp())
}
