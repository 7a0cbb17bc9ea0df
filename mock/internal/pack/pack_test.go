package pack

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

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

// What is appended is read again; what is cut short fails, and nothing is read of it or after it.
func TestReader(t *testing.T) {
	at := time.Date(2017, 8, 20, 12, 0, 0, 123456789, time.UTC)
	for _, n := range []uint64{0, 1, 127, 128, 1 << 40, math.MaxUint64} {
		for _, text := range []string{"", "车", string(make([]byte, 300))} {
			b := AppendText(binary.AppendVarint(binary.AppendUvarint(nil, n), -int64(n>>1)), text)
			b = AppendBool(AppendTime(b, at), true)
			r := Reader{Rest: string(b)}
			require.Equal(t, n, r.Number())
			require.Equal(t, -int64(n>>1), r.Signed())
			require.Equal(t, text, r.Text())
			require.True(t, at.Equal(r.Time()))
			require.True(t, r.Bool())
			require.False(t, r.Failed)
			require.Empty(t, r.Rest)
			for cut := range b {
				r := Reader{Rest: string(b[:cut])}
				_, _, _, _, _ = r.Number(), r.Signed(), r.Text(), r.Time(), r.Bool()
				require.True(t, r.Failed, cut)
				require.Empty(t, r.Rest)
			}
		}
	}
	r := Reader{Rest: "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"}
	require.Zero(t, r.Number(), "more than 64 bits")
	require.True(t, r.Failed)
}
