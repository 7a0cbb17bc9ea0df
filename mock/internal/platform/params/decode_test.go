package params

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// decode reads data for an endpoint, and gives the reason of a refusal and the rules of the lints.
func decode(t *testing.T, endpoint, data string) (in Input, word string, code int, rules []string) {
	t.Helper()
	row, known := schemas.Lookup(endpoint)
	require.True(t, known)
	in, lints, refusal := Decode(row, data)
	for _, l := range lints {
		rules = append(rules, l.Rule)
		require.NotEqual(t, l.Detail, l.DetailZh)
	}
	if refusal != nil {
		return in, refusal.Word(), refusal.Code, rules
	}
	return in, "", 0, rules
}

// What is required comes first, in the document's order, before any form is looked at (checks 8 and 9).
func TestDecode_required(t *testing.T) {
	for _, c := range []struct {
		endpoint, data, word string
		code                 int
	}{
		{"userlogin", `{}`, "missing-parameter: mobilePhone", 20102},
		{"userlogin", `{"mobilePhone":"x","code":"1"}`, "missing-parameter: appId", 20102},
		{"userlogin", `{"mobilePhone":"","code":"1","appId":"E"}`, "missing-parameter: mobilePhone", 20102},
		{"userlogin", `{"mobilePhone":null,"code":"1","appId":"E"}`, "missing-parameter: mobilePhone", 20102},
		{"userlogin", `{"mobilePhone":"x","code":"1","appId":"E"}`, "malformed-parameter: mobilePhone", 20201},
		{"userlogin", `{"mobilePhone":["13800000001"],"code":"1","appId":"E"}`, "malformed-parameter: mobilePhone", 20201},
		{"surroundingparking", `{}`, "missing-parameter: lat", 20102},
		{"surroundingparking", `{"lat":"39.9"}`, "missing-parameter: lon", 20102},
		{"surroundingparking", `{"lat":"39.9","lon":"116.4"}`, "missing-parameter: radius", 20102},
		{"surroundingparking", `{"city":"北京市"}`, "", 0},
		{"surroundingparking", `{"scrollId":"s","radius":"7"}`, "", 0},
		{"carnum", `[]`, "data-malformed", 6},
		{"carnum", ``, "data-malformed", 6},
		{"carnum", "{\"token\":\"\xff\"}", "data-malformed", 6},
	} {
		_, word, code, _ := decode(t, c.endpoint, c.data)
		require.Equal(t, c.word, word, c.data)
		require.Equal(t, c.code, code, c.data)
	}
}

// The edges of each form of §9.
func TestDecode_forms(t *testing.T) {
	place := func(lat, lon, radius, payType string) string {
		return fmt.Sprintf(`{"lat":%q,"lon":%q,"radius":%q,"payType":%q}`, lat, lon, radius, payType)
	}
	retrieve := func(vin string) string {
		return fmt.Sprintf(`{"token":"t","plateNumber":"渝ATX061","carFrameNum":%q,"carEngineNum":"E1"}`, vin)
	}
	paid := func(payment, at string) string {
		return fmt.Sprintf(`{"token":"t","orderId":"o","externalOrderId":"x","payment":%q,"payTime":%q,"verificationInfo":"v"}`, payment, at)
	}
	const noon = "2017-08-20 12:00:00"
	for _, c := range []struct{ endpoint, data, word string }{
		{"surroundingparking", place("90", "180", "500", "1"), ""},
		{"surroundingparking", place("-90", "-180", "5000", ""), ""},
		{"surroundingparking", place("90.01", "1", "500", ""), "malformed-parameter: lat"},
		{"surroundingparking", place("9e1", "1", "500", ""), "malformed-parameter: lat"},
		{"surroundingparking", place("1", "180.5", "500", ""), "malformed-parameter: lon"},
		{"surroundingparking", place("1", "1", "499", ""), "malformed-parameter: radius"},
		{"surroundingparking", place("1", "1", "5001", ""), "malformed-parameter: radius"},
		{"surroundingparking", place("1", "1", "+500", ""), "malformed-parameter: radius"},
		{"surroundingparking", place("1", "1", "500.0", ""), "malformed-parameter: radius"},
		{"surroundingparking", place("1", "1", "500", "0"), "malformed-parameter: payType"},
		{"carretrieve", retrieve("LSGPC52U6AF102554"), ""},
		{"carretrieve", retrieve("LSGPC52U6AF10255"), "malformed-parameter: carFrameNum"},
		{"carretrieve", retrieve("lSGPC52U6AF102554"), "malformed-parameter: carFrameNum"},
		{"carretrieve", retrieve("LSGPC52U6AF10255O"), "malformed-parameter: carFrameNum"},
		{"orderpaid", paid("8.00", noon), ""},
		{"orderpaid", paid("0", noon), "malformed-parameter: payment"},
		{"orderpaid", paid("8.000", noon), "malformed-parameter: payment"},
		{"orderpaid", paid("8", "2017-02-30 12:00:00"), "malformed-parameter: payTime"},
		{"orderpaid", paid("8", "20170820120000"), "malformed-parameter: payTime"},
		{"usersigin", fmt.Sprintf(`{"mobilePhone":"13800000001","appId":%q}`, strings.Repeat("停", 64)), ""},
		{"usersigin", fmt.Sprintf(`{"mobilePhone":"13800000001","appId":%q}`, strings.Repeat("停", 65)), "too-long: appId"},
		{"bindcar", `{"token":"t","plateNumber":"渝ATX061","plateColor":"5"}`, "malformed-parameter: plateColor"},
		{"bindcar", `{"token":"t","plateNumber":"渝AOX061"}`, "malformed-parameter: plateNumber"},
	} {
		_, word, _, _ := decode(t, c.endpoint, c.data)
		require.Equal(t, c.word, word, c.data)
	}
}

// What is odd is accepted with a note, and read as the document says it.
func TestDecode_lints(t *testing.T) {
	in, word, _, rules := decode(t, "bindcar", `{"token":"a","token":"b","plateNumber":"渝 atx061","plateColor":2,"color":1}`)
	require.Empty(t, word)
	require.Equal(t, []string{"duplicate-key", "unknown-field", "plate-spaces", "plate-case"}, rules)
	require.Equal(t, "b", in.Get("token"), "of a key written twice the last counts")
	require.Equal(t, "渝ATX061", in.Get("plateNumber"))
	require.Equal(t, "2", in.Get("plateColor"), "the document sends a colour either way")
	require.Empty(t, in.Get("color"), "no parameter of the endpoint")

	in, word, _, rules = decode(t, "uservalidatecode", `{"mobilePhone":13800000001}`)
	require.Empty(t, word)
	require.Equal(t, []string{"scalar-coerced"}, rules)
	require.Equal(t, "13800000001", in.Get("mobilePhone"))

	in, word, _, rules = decode(t, "surroundingparking", `{"lat":"1","lon":"2","radius":"500","city":"北京市"}`)
	require.Empty(t, word)
	require.Equal(t, []string{"either-or"}, rules)
	require.Empty(t, in.Get("city"), "coordinates count")
}

// A body of unknown fields costs a bounded number of notes.
func TestDecode_manyLints(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"token":"t"`)
	for i := range 5000 {
		fmt.Fprintf(&b, `,"f%d":0`, i%3000)
	}
	b.WriteString("}")
	_, word, _, rules := decode(t, "carnum", b.String())
	require.Empty(t, word)
	require.Len(t, rules, maxLints)
}
