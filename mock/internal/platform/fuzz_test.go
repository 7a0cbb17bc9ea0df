package platform

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// verificationInfo and scrollId open only as they were sealed, for what they were sealed for.
func FuzzSeal(f *testing.F) {
	s := newSealer(7)
	at := time.Date(2017, 8, 20, 12, 0, 0, 5, notation.Shanghai)
	made := s.sealQuote(quote{"B9466E26-7420-4BDF-958D-E90106AB5F20", 800, at})
	scrolled := s.sealScroll(scroll{Merchant: "M1", City: "重庆市", After: "20"})
	for _, seed := range []string{made, scrolled, made[:127] + "A", made + "=", "", "AAAA", strings.Repeat("A", 128), "\n" + made, made[:64] + "\n" + made[64:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := s.openQuote(text); err == nil {
			require.Equal(t, made, text) // no other was ever made here
			require.Equal(t, notation.Fen(800), q.amount)
			require.True(t, at.Equal(q.at))
		}
		if v, err := s.openScroll(text); err == nil {
			require.Equal(t, scrolled, text)
			require.Equal(t, scroll{Merchant: "M1", City: "重庆市", After: "20"}, v)
		}
		_, err := newSealer(8).openQuote(text) // another sandbox's
		require.Error(t, err)
	})
}
