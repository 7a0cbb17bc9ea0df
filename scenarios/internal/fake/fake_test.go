package fake_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// What is made up has the forms of §9.1 and §9.4, and is the same for the same seed.
func TestFake(t *testing.T) {
	for seed := range uint64(200) {
		f := fake.New(seed)
		require.Regexp(t, `^\p{Han}[A-H][A-HJ-NP-Z][0-9]{4}$`, fake.Plate(f, 5))
		newEnergy := fake.Plate(f, 6)
		require.Regexp(t, `^\p{Han}[A-H][DF][0-9]{5}$`, newEnergy)
		require.Equal(t, 8, utf8.RuneCountInString(newEnergy))
		require.Regexp(t, `^1[3-9][0-9]{9}$`, fake.Phone(f))
		require.Regexp(t, `^[A-HJ-NPR-Z0-9]{17}$`, fake.Letters(f, fake.VinLetters, 17))
	}
	require.Equal(t, fake.Plate(fake.New(7), 5), fake.Plate(fake.New(7), 5))
	require.NotEqual(t, fake.Phone(fake.New(7)), fake.Phone(fake.New(8)))
}
