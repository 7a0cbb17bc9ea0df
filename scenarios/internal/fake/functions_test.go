package fake_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// What an expression calls draws from the source it was given, takes nothing but what it says, and fake.number stays between its two numbers.
func TestFunctions(t *testing.T) {
	t.Parallel()
	type function = func(...any) (any, error)
	forms := map[string]string{"word": `^\S`, "plate": `^\p{Han}[A-H][A-HJ-NP-Z][0-9]{4}$`, "newEnergy": `^\p{Han}[A-H][DF][0-9]{5}$`, "phone": `^1[3-9][0-9]{9}$`, "vin": `^[A-HJ-NPR-Z0-9]{17}$`, "engine": `^[A-Z]{2}[0-9]{5}$`, "number": ""}
	require.Len(t, fake.Functions(fake.New(1)), len(forms))
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		once, again := fake.Functions(fake.New(seed)), fake.Functions(fake.New(seed))
		for _, name := range []string{"word", "plate", "newEnergy", "phone", "vin", "engine"} {
			said, err := once[name].(function)()
			require.NoError(t, err)
			require.Regexp(t, forms[name], said)
			same, _ := again[name].(function)()
			require.Equal(t, said, same, "the same seed, the same data")
			_, err = once[name].(function)("something")
			require.EqualError(t, err, "fake."+name+" takes nothing")
		}
		least := rapid.IntRange(-50, 50).Draw(t, "least")
		most := least + rapid.IntRange(0, 3).Draw(t, "more")
		n, err := once["number"].(function)(least, most)
		require.NoError(t, err)
		require.True(t, n.(int) >= least && n.(int) <= most, n)
		for _, wrong := range [][]any{{}, {1}, {1, 2, 3}, {most + 1, most}, {1, 2.5}, {"1", 2}} {
			_, err = once["number"].(function)(wrong...)
			require.ErrorContains(t, err, "two whole numbers", "%v", wrong)
		}
	})
}
