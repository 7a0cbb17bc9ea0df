package template

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A text is taken apart into what stands as it is and expressions; one without a dollar is itself.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"plain", "${n}", "a${n}b${text}", "$${n}", "${", "${{}}", "${\"}\"}", "${`}`}", "$", "${'\\''}", "$$${n}", "车${n}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := Split(text)
		if err != nil {
			return
		}
		length := 0
		for i := range parts {
			length += len(parts[i].Text)
			if parts[i].Expr != nil {
				length += len(parts[i].Expr.Text)
			}
		}
		require.LessOrEqual(t, length, len(text))
	})
}
