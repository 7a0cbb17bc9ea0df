package platform

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A token's text is what it was, whether it is a UUID or, as in a state that somebody has written, any other text; one that only looks alike
// is another.
func TestTokens_texts(t *testing.T) {
	t.Parallel()
	const uuid = "0f9a8b7c-6d5e-4f3a-9b2c-1d0e9f8a7b6c"
	texts := []string{
		uuid, strings.ToUpper(uuid), strings.ReplaceAll(uuid, "-", "0"), strings.ReplaceAll(uuid, "-", ""), uuid[:8] + uuid[9:] + "0", "-" + uuid[1:], uuid[:35] + "g",
		"T1", "令牌", " " + uuid, uuid + " ",
	}
	all := newTokens()
	for i, text := range texts {
		all.add(text, tokenHolder{"M1", "A", strconv.Itoa(i)}, time.Unix(int64(i), 5))
	}
	for i, text := range texts {
		found, next := all.find(text)
		require.NotNil(t, found, text)
		require.Nil(t, next)
		require.Equal(t, text, found.text())
		require.Equal(t, strconv.Itoa(i), found.holder.Phone)
		require.True(t, found.at().Equal(time.Unix(int64(i), 5)))
	}
	for _, text := range []string{"", "T2", "1" + uuid[1:], uuid[:36-1]} {
		found, _ := all.find(text)
		require.Nil(t, found, text)
	}
}

// The oldest are forgotten, with the holders whose newest they are; a copy keeps them. What voided a token is found as long as it is kept.
func TestTokens_forgetOldest(t *testing.T) {
	t.Parallel()
	const most, given, holders = tokenPiece + 100, 3*tokenPiece + 7, 3
	all := newTokens()
	text := func(i int) string { return uuidText(&[16]byte{byte(i), byte(i >> 8)}) }
	all.add("first", tokenHolder{Phone: "gone"}, time.Unix(0, 0))
	before := all.list()
	for i := range given {
		all.add(text(i), tokenHolder{Phone: strconv.Itoa(i % holders)}, time.Unix(int64(i), 0))
		all.forgetOldest(most)
		require.Equal(t, min(i+2, most), all.len())
	}
	require.Len(t, all.holders, holders)
	require.Len(t, all.numbers, most)
	for i := range given {
		found, next := all.find(text(i))
		if i < given-most {
			require.Nil(t, found)
			continue
		}
		require.Equal(t, int64(i), found.at().Unix())
		if i+holders < given {
			require.Equal(t, int64(i+holders), next.at().Unix())
		} else {
			require.Nil(t, next)
		}
	}
	require.Equal(t, 1, before.len())
	require.Equal(t, "first", before.at(0).text())
}
