package diagnose_test

import (
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

var signatures = flag.Int("signatures", 200, "how many random signatures are examined")

// looksOnly are the kinds that say how a signature is written, and nothing of what was signed: a random one may be in lower case.
var looksOnly = []string{"lower-case", "base64", "sign-separated", "sign-number"}

// Of many random signatures, in every form in which a hash is written, none is given a kind of what was signed. Most come with long data, of which few mistakes are tried; some with
// the data of a request, of which all are. All 100,000: go test ./sign/diagnose -run manyRandom -signatures 100000.
func TestRequest_manyRandomSignatures(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(17, uint64(*signatures)))
	datas := []string{`{}`, "{\"a\":\"?\"}\n", `"{}"`, `e30=`, `%7B%7D`, `{"token":"d970cff4-3811","plateNumber":"渝ATX061","plateColor":"1","payment":8.50}`}
	long := `{"note":"` + strings.Repeat("x", 5000) + `"}`
	for i := range *signatures {
		digest := make([]byte, 16)
		for b := range digest {
			digest[b] = byte(rng.Uint32())
		}
		upper := strings.ToUpper(hex.EncodeToString(digest))
		signature := upper
		switch i % 8 {
		case 1:
			signature = strings.ToLower(upper)
		case 2:
			signature = base64.StdEncoding.EncodeToString(digest)
		case 3:
			signature = fmt.Sprintf("%X-%X-%X-%X-%X", digest[:4], digest[4:6], digest[6:8], digest[8:10], digest[10:])
		case 4:
			signature = upper[:16]
		case 5:
			signature = "-" + strings.ToLower(upper[1:])
		}
		data := long
		if i%101 == 0 {
			data = datas[i/101%len(datas)]
		}
		r := diagnose.Request{
			MerchantNo: "M1", Key: wireKey, Data: data, Stamp: patientStamp, Sign: signature, RawBody: "merchant_no=M1&data=" + url.QueryEscape(data), OtherKeys: map[string]string{"M2": otherKey},
		}
		out := r.Examine()
		require.False(t, out.OK)
		require.Empty(t, out.Alternatives, signature)
		for _, f := range out.Findings[:len(out.Findings)-1] {
			require.True(t, slices.Contains(looksOnly, f.Kind), "%s of %s: %s", f.Kind, data, signature)
		}
		require.Equal(t, "unknown", out.Findings[len(out.Findings)-1].Kind, "%s: %s", data, signature)
	}
}
