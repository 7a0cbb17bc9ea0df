package slab

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is kept stays as it was, whatever is kept after it and whatever becomes of the bytes that were given.
func TestSlab(t *testing.T) {
	var s Slab
	var have, want [][]byte
	for i := range 5000 {
		b := bytes.Repeat([]byte{byte(i)}, i*7%(piece/3))
		want = append(want, bytes.Clone(b))
		have = append(have, s.Keep(b))
		clear(b)
	}
	for i := range have {
		require.True(t, bytes.Equal(want[i], have[i]), i)
		require.Equal(t, len(have[i]), cap(have[i]), "nothing can be appended over what follows")
	}
}
