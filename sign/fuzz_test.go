package sign_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/etcp-mock/etcp-mock/sign"
)

func FuzzVerifier(f *testing.F) {
	for _, v := range sign.Vectors() {
		f.Add(v.Data, v.Key, v.Stamp)
	}
	f.Fuzz(func(t *testing.T, data, key, stamp string) {
		for _, ws := range []sign.Whitespace{sign.Exact, sign.Strip, sign.Either} {
			signature := sign.RequestWith(ws, data, key, stamp)
			err := sign.Verifier{Key: key, Whitespace: ws}.Verify(data, stamp, signature)
			if missing := data == "" || key == "" || stamp == ""; missing != errors.Is(err, sign.ErrMissing) || !missing && err != nil {
				t.Fatalf("%s: own signature of %q at %q: %v", ws, data, stamp, err)
			}
			stripped := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(data + key + stamp)
			if ws == sign.Strip && signature != sign.Request(stripped, "", "") {
				t.Fatalf("%q is not stripped right", data)
			}
		}
	})
}

func FuzzPushVerifier(f *testing.F) {
	for _, v := range sign.Vectors() {
		f.Add([]byte(strings.TrimSuffix(v.Body, "}") + `,"signment":"` + v.Sign + `"}`))
	}
	f.Add([]byte(`{"a":null,"b":true,"c":1e400,"d":"\ud800","signment":""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		v := sign.PushVerifier{MerchantNo: "M1", Key: "key"}
		err := v.Verify(body)
		if err == nil || errors.Is(err, sign.ErrMalformed) || errors.Is(err, sign.ErrMissing) {
			return
		}
		// A flat object: signed anew over what it says, it verifies.
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil {
			t.Fatalf("taken for JSON: %v", err)
		}
		for name, value := range fields {
			switch value.(type) {
			case map[string]any, []any:
				t.Fatalf("%q is not flat", name)
			}
		}
	})
}

func FuzzPushText(f *testing.F) {
	f.Add("plateNumber", "渝B757D0", int64(5))
	f.Fuzz(func(t *testing.T, name, value string, n int64) {
		if name == "signment" || name == "n" || strings.ToValidUTF8(name, "") != name || strings.ToValidUTF8(value, "") != value {
			return
		}
		fields := []sign.Field{{Name: name, Value: value}, {Name: "n", Value: n}}
		v := sign.PushVerifier{MerchantNo: "M1", Key: "key"}
		text := sign.PushText(fields, sign.JSON)
		fields = append(fields, sign.Field{Name: "signment", Value: sign.Push("M1", text, "key")})
		if err := v.Verify([]byte(sign.PushText(fields, sign.JSON))); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
