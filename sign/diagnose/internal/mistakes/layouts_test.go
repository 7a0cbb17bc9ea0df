package mistakes_test

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
)

// rowsOf are the rows of a kind that are about a scope.
func rowsOf(kind string, in guess.Scope) (all []*guess.Hypothesis) {
	for i := range mistakes.Table {
		if row := &mistakes.Table[i]; row.Kind == kind && row.In&in != 0 {
			all = append(all, row)
		}
	}
	return all
}

// Whatever order the parts are hashed in, without one of them, with merchant_no among them or with one separator between them, it is tried by the kind that says so; the
// right order is none of them.
func TestLayouts_everyOrder(t *testing.T) {
	t.Parallel()
	c := request(bound, "")
	parts := map[rune]string{'D': bound, 'K': key, 'T': stamp, 'N': merchantNo}
	text := func(order, between string) string {
		var all []string
		for _, p := range order {
			all = append(all, parts[p])
		}
		return strings.Join(all, between)
	}
	kinds := func(order string) string {
		switch has := func(p string) bool { return strings.Contains(order, p) }; {
		case order == "DNT":
			return "merchant-no-for-key"
		case order == "NDK":
			return "push-formula"
		case !has("K"):
			return "key-missing"
		case !has("D"):
			return "data-missing"
		case has("N"):
			return "merchant-no-included"
		case order == "DTK":
			return "key-stamp-swapped"
		case order == "DK":
			return "stamp-missing"
		case has("T"):
			return "parts-reordered"
		}
		return ""
	}
	rapid.Check(t, func(t *rapid.T) {
		order := strings.Join(rapid.Permutation([]string{"D", "K", "T", "N"}).Draw(t, "order")[:rapid.IntRange(2, 4).Draw(t, "parts")], "")
		if kind := kinds(order); kind != "" && order != "DKT" && order != "NT" && order != "TN" { // of neither data nor key nobody makes a text
			require.True(t, tries(c, kind, text(order, "")), "%s: %s", order, kind)
		}
		three := strings.Join(rapid.Permutation([]string{"D", "K", "T"}).Draw(t, "three"), "")
		between := rapid.SampledFrom([]string{"|", ",", "+", "_", "-", ":"}).Draw(t, "between")
		require.True(t, tries(c, "separator-joined", text(three, between)), "%s between %s", between, three)
	})
	for _, kind := range []string{"parts-reordered", "key-missing", "merchant-no-included", "separator-joined", "ampersand-joined", "parts-repeated", "text-framed", "path-included"} {
		require.False(t, tries(c, kind, text("DKT", "")), "%s: that is right", kind)
	}
}

// Where another mistake comes with it a kind of layout tries a few, the likeliest first; and none where the parts were put together in another way already.
func TestLayouts_few(t *testing.T) {
	t.Parallel()
	c := request(bound, "")
	for _, kind := range []string{"merchant-no-included", "ampersand-joined", "separator-joined"} {
		for _, row := range rowsOf(kind, guess.OfRequests) {
			few, all := texts(c, row, true), texts(c, row, false)
			require.Len(t, few, 6, kind)
			require.Equal(t, all[:6], few, kind)
			other := c.Right
			other.Form = []string{guess.TheKey, guess.TheData}
			require.True(t, row.Try(c, other, false, func(guess.Guess) bool { t.Errorf("%s of another layout", kind); return false }))
		}
	}
}

// An empty text was hashed: that is said, and nothing else of it.
func TestLayouts_nothing(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	c := request(bound, "")
	for _, row := range rowsOf("data-missing", guess.OfRequests) {
		row.Try(c, c.Right, false, func(g guess.Guess) bool {
			said[string(g.Append(nil))] = g.What.En
			return true
		})
	}
	require.Equal(t, "nothing was hashed: the text was empty", said[""])
	require.Empty(t, said[key+stamp], "the row's own words say it")
}

// The key with something around it says what that is and where, and shows nothing of the key.
func TestKeyPadded_evidence(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	c := request(bound, "")
	for _, row := range rowsOf("key-padded", guess.OfRequests) {
		row.Try(c, c.Right, false, func(g guess.Guess) bool {
			said[g.Key] = g.Evidence.En + " / " + g.Evidence.Zh
			require.NotContains(t, g.Evidence.En+g.Evidence.Zh, key)
			return true
		})
	}
	for padded, want := range map[string]string{
		key + " ":             "` ` stands behind the key / 密钥后面有 ` `",
		"\uFEFF" + key:        "`\\ufeff` stands before the key / 密钥前面有 `\\ufeff`",
		"merchant_key=" + key: "`merchant_key=` stands before the key / 密钥前面有 `merchant_key=`",
		"“" + key + "”":       "`“` stands before the key, `”` stands behind the key / 密钥前面有 `“`，密钥后面有 `”`",
	} {
		require.Equal(t, want, said[padded], "%q", padded)
	}
}

// The hash of a key in its place: MD5 in either case and its middle, SHA-1 and SHA-256; of few only the first two.
func TestKeyHashed(t *testing.T) {
	t.Parallel()
	c := request(bound, "")
	sum := md5.Sum([]byte(key))
	digest := hex.EncodeToString(sum[:])
	for _, row := range rowsOf("key-hashed", guess.OfRequests) {
		require.Len(t, texts(c, row, true), 2)
		require.Len(t, texts(c, row, false), 6)
	}
	require.True(t, tries(c, "key-hashed", bound+digest[8:24]+stamp), "16 digits")
	require.True(t, tries(c, "key-hashed", bound+string(sum[:])+stamp), "the bytes")
}

// Keys of other merchants are tried by their numbers, of three at most where another mistake comes with it.
func TestOtherMerchantKey_few(t *testing.T) {
	t.Parallel()
	c := request(bound, "")
	for n, others := range map[int]map[string]string{2: {"M3": "three", "M2": "two"}, 0: {"M2": "a", "M3": "b", "M4": "c", "M5": "d"}} {
		c.Others = others
		var said []string
		for _, row := range rowsOf("other-merchant-key", guess.OfRequests) {
			row.Try(c, c.Right, true, func(g guess.Guess) bool { said = append(said, g.What.En); return true })
		}
		require.Len(t, said, n)
		require.True(t, slices.IsSorted(said), said)
	}
}

// The text of a time that was signed says the instant that was sent, wherever the client is: no two zones that differ give the same text, but for the right one.
func TestStampZone_everyZone(t *testing.T) {
	t.Parallel()
	at, err := time.ParseInLocation(zone.StampLayout, stamp, zone.Shanghai)
	require.NoError(t, err)
	c := request(bound, "")
	rapid.Check(t, func(t *rapid.T) {
		quarters := rapid.SampledFrom([]int{-48, -40, -20, -14, 0, 4, 22, 23, 26, 36, 38, 51, 56}).Draw(t, "quarters of an hour from UTC")
		zoned := at.In(time.FixedZone("", quarters*15*60))
		if zoned.Format(zone.StampLayout) != stamp {
			require.True(t, tries(c, "stamp-zone", bound+key+zoned.Format(zone.StampLayout)), zoned)
		}
		drift := rapid.IntRange(1, 60).Draw(t, "drift")
		require.True(t, tries(c, "stamp-drift", bound+key+at.Add(time.Duration(drift)*time.Second).Format(zone.StampLayout)))
		require.True(t, tries(c, "stamp-drift", bound+key+at.Add(-time.Duration(drift)*time.Second).Format(zone.StampLayout)))
	})
	require.False(t, tries(c, "stamp-drift", bound+key+at.Add(61*time.Second).Format(zone.StampLayout)), "a minute is the most")
}
