package seal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/seal"
)

// verificationInfo and scrollId open only as they were sealed, for what they were sealed for.
func FuzzSeal(f *testing.F) {
	s := seal.New(7)
	at := time.Date(2017, 8, 20, 12, 0, 0, 5, notation.Shanghai)
	made := s.Quote(seal.Quote{Order: "B9466E26-7420-4BDF-958D-E90106AB5F20", Amount: 800, At: at})
	scrolled := s.Scroll(seal.Scroll{Merchant: "M1", City: "重庆市", After: "20"})
	for _, seed := range []string{made, scrolled, made[:127] + "A", made + "=", "", "AAAA", strings.Repeat("A", 128), "\n" + made, made[:64] + "\n" + made[64:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := s.OpenQuote(text); err == nil {
			require.Equal(t, made, text) // no other was ever made here
			require.Equal(t, notation.Fen(800), q.Amount)
			require.True(t, at.Equal(q.At))
		}
		if v, err := s.OpenScroll(text); err == nil {
			require.Equal(t, scrolled, text)
			require.Equal(t, seal.Scroll{Merchant: "M1", City: "重庆市", After: "20"}, v)
		}
		_, err := seal.New(8).OpenQuote(text) // another sandbox's
		require.Error(t, err)
	})
}

// A scrollId opens to what was sealed in it, whatever texts and numbers that is.
func TestScroll_opensAsSealed(t *testing.T) {
	s := seal.New(7)
	rapid.Check(t, func(t *rapid.T) {
		v := seal.Scroll{
			Merchant: rapid.String().Draw(t, "merchant"), City: rapid.String().Draw(t, "city"), After: rapid.String().Draw(t, "after"),
			Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon"),
			Radius: rapid.Int().Draw(t, "radius"), Distance: rapid.Int64().Draw(t, "distance"), PayType: rapid.Bool().Draw(t, "payType"),
		}
		opened, err := s.OpenScroll(s.Scroll(v))
		require.NoError(t, err)
		require.Equal(t, v, opened)
	})
}
