package sign_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
)

// A push that was signed with its escapes and white space verifies, whether signment stands first, last or between.
func TestPushVerifier_rawText(t *testing.T) {
	v := sign.PushVerifier{MerchantNo: "M1", Key: "secret-key"}
	for _, row := range []struct{ signed, before, after string }{
		{`{"a": "\u6e1d", "b": 5.50}`, `{"a": "\u6e1d", "b": 5.50`, `}`},
		{`{"a":"x\/y","b":1}`, `{"a":"x\/y"`, `,"b":1}`},
		{`{"a": 1}`, `{`, `"a": 1}`},
		{"{ \"a\" : 1 \n}", `{ "a" : 1`, " \n}"}, // docs/webhook.md: what stands around it stays
	} {
		signment := `"signment": "` + sign.Push("M1", row.signed, "secret-key") + `"`
		body := row.before + `, ` + signment + row.after
		if row.before == "{" {
			body = row.before + signment + ", " + row.after
		}
		require.Equal(t, row.signed, sign.RawPushText([]byte(body)))
		require.NoError(t, v.Verify([]byte(body)), body)
		v.SignData = sign.Values
		require.ErrorIs(t, v.Verify([]byte(body)), sign.ErrMismatch, "only the JSON has a raw text")
		v.SignData = sign.JSON
	}
	for _, body := range []string{"", "[]", "1", "{}", `{"a":1}`, `{"a":`, `{"a":1,"signment":"x"`} {
		require.Empty(t, sign.RawPushText([]byte(body)))
	}
	for body, want := range map[string]string{
		`{ "a" : 1 , "sign\u006dent" : "x" , "b" : [ "," ] }`: `{ "a" : 1  , "b" : [ "," ] }`,
		"{\n\t\"signment\":\"x\",\n\t\"a\":1}":                "{\n\t\n\t\"a\":1}",
		`{"signment":"x"}`:                                    `{}`,
		`{"a":"\"","signment":null,"b":{}}`:                   `{"a":"\"","b":{}}`,
		`{"signment":1,"a":2,"signment":"x"}`:                 `{"a":2,"signment":"x"}`,
	} {
		require.Equal(t, want, sign.RawPushText([]byte(body)), body)
	}
}
