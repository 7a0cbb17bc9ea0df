package diagnose_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// noise is what no client sends: n bytes of a sort, under a signature that belongs to nothing.
func noise(sort string, n int) string {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < n {
		switch sort {
		case "letters":
			b.WriteByte('a' + byte(rng.IntN(26)))
		case "Chinese":
			b.WriteRune(0x4e00 + rng.Int32N(0x5000))
		case "bytes":
			b.WriteByte(byte(rng.IntN(256)))
		case "question marks":
			b.WriteString(`"?A1234?",`)
		case "escapes":
			b.WriteString("%25&quot;")
		case "members":
			fmt.Fprintf(&b, `"k%d":%d.0,`, rng.IntN(1000), rng.IntN(1000))
		case "brackets":
			b.WriteByte('[')
		}
	}
	return b.String()[:n]
}

// A search is bounded by the bytes it hashes, whatever came: of long data one pass, and of other data as much as the effort and a few passes for HMAC.
func TestRequest_hashedBytes(t *testing.T) {
	const effort, mebibyte = 1960 << 10, 1 << 20 // of which the rare mistakes have two sevenths
	for _, sort := range []string{"letters", "Chinese", "bytes", "question marks", "escapes", "members", "brackets"} {
		for _, size := range []int{100, 4000, 4 << 10, 16 << 10, 64 << 10, mebibyte} {
			for _, rule := range []sign.Whitespace{sign.Exact, sign.Strip, sign.Either} {
				data := `{"a":"` + noise(sort, size)
				r := diagnose.Request{
					MerchantNo: "M1", Key: wireKey, Data: data, Stamp: patientStamp, Sign: raw("?"), Whitespace: rule,
					RawBody: "merchant_no=M1&data=" + url.QueryEscape(data), OtherKeys: map[string]string{"M3": otherKey},
				}
				passes := 10 // as HMAC, of the texts that others sign so
				if size <= 4<<10 {
					passes = 50 // and as the beginning of a longer hash, and as HMAC with a key that was read wrongly
				}
				if rule != sign.Exact {
					passes++
				}
				most := effort + passes*len(data)
				if len(data) < 1<<10 {
					most += effort // all pairs of mistakes are tried
				}
				if size == mebibyte && rule == sign.Exact {
					most = len(data) + len(data)/4
				}
				require.LessOrEqual(t, r.Hashed(), most, "%s, %d bytes, %s", sort, size, rule)
			}
		}
	}
}

// Many keys of other merchants are tried within the same bound.
func TestRequest_hashedBytesOfManyMerchants(t *testing.T) {
	others := map[string]string{}
	for i := range 1000 {
		others[fmt.Sprint("M", i)] = fmt.Sprint("key-", i)
	}
	for _, size := range []int{100, 4000, 60 << 10, 1 << 20} {
		data := `{"a":"` + noise("letters", size) + `"}`
		r := diagnose.Request{MerchantNo: "M1", Key: wireKey, Data: data, Stamp: patientStamp, Sign: raw("?"), OtherKeys: others}
		most := 1960<<10 + 12*len(data)
		if size <= 4<<10 {
			most += 38 * len(data) // HMAC with a key that was read wrongly
		}
		if size < 1<<10 {
			most += 1400 << 10 // all pairs of mistakes are tried
		}
		require.LessOrEqual(t, r.Hashed(), most, "%d bytes", size)
	}
}
