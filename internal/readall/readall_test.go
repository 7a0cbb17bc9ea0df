package readall_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/readall"
)

// Whatever is announced, and however it comes, the text is there up to the bound.
func TestBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Repeat([]byte("渝a"), rapid.IntRange(0, 40_000).Draw(t, "length"))
		length := rapid.SampledFrom([]int64{-1, 0, 1, int64(len(text)) - 1, int64(len(text)), int64(len(text)) + 1, 1 << 40}).Draw(t, "announced")
		most := rapid.SampledFrom([]int64{0, 1, 511, 512, 513, int64(len(text)), int64(len(text)) + 1, 1 << 20}).Draw(t, "most")
		how := rapid.SampledFrom([]func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.HalfReader, iotest.DataErrReader}).Draw(t, "how")
		got, err := readall.Bounded(how(bytes.NewReader(text)), length, most)
		if err != nil || string(got) != string(text[:min(int64(len(text)), most)]) {
			t.Fatalf("%d bytes of %d: %v", len(got), len(text), err)
		}
	})
}

// Where it breaks off, what has come is given with the error; room is made for little more than that.
func TestBounded_brokenOff(t *testing.T) {
	got, err := readall.Bounded(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("abc"))), 1<<40, 1<<40)
	require.ErrorIs(t, err, iotest.ErrTimeout)
	require.Equal(t, "a", string(got))
	require.LessOrEqual(t, cap(got), 64<<10)
}
