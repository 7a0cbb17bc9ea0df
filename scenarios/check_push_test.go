package scenarios

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/sign"
)

// A push step holds every push to §10 without saying so: method, content type, the signature over the body as it came, and
// the order of the fields.
func TestPush_howItIsSent(t *testing.T) {
	body := func(key string, fields ...sign.Field) []byte {
		signed := append(slices.Clip(fields), sign.Field{Name: "signment", Value: sign.Push("M1", sign.PushText(fields, sign.JSON), key)})
		return []byte(sign.PushText(signed, sign.JSON))
	}
	plate, at := sign.Field{Name: "plateNumber", Value: "渝****61"}, sign.Field{Name: "time", Value: "2017-08-20 12:00:00"}
	right := rawPush{http.MethodPost, "application/json", body("k", plate, at), "M1"}
	form := url.Values{"data": {string(right.body)}}.Encode()
	r := &runner{merchants: []control.SandboxMerchant{{MerchantNo: "M0", MerchantKey: "k0"}, {MerchantNo: "M1", MerchantKey: "k"}}}
	for name, c := range map[string]struct {
		change func(p *rawPush)
		want   string
	}{
		"right":                       {func(*rawPush) {}, ""},
		"a charset":                   {func(p *rawPush) { p.contentType = "application/json; charset=utf-8" }, ""},
		"one parameter data":          {func(p *rawPush) { p.contentType, p.body = "application/x-www-form-urlencoded", []byte(form) }, ""},
		"to whom is not known":        {func(p *rawPush) { p.merchantNo = "" }, ""},
		"a merchant that is not":      {func(p *rawPush) { p.merchantNo = "M9" }, ""},
		"GET":                         {func(p *rawPush) { p.method = http.MethodGet }, "pushes are sent with POST"},
		"text/plain":                  {func(p *rawPush) { p.contentType = "text/plain" }, "neither application/json"},
		"another key":                 {func(p *rawPush) { p.body = body("other", plate, at) }, "code 4"},
		"another merchant's":          {func(p *rawPush) { p.merchantNo = "M0" }, "code 4"},
		"a changed field":             {func(p *rawPush) { p.body = []byte(string(p.body[:len(p.body)-3]) + `0"}`) }, "code 4"},
		"no JSON":                     {func(p *rawPush) { p.body = []byte("{") }, "code 6"},
		"fields in another order":     {func(p *rawPush) { p.body = body("k", at, plate) }, "the field plateNumber comes after time; §10 fixes the order plateNumber, time"},
		"one field more is no matter": {func(p *rawPush) { p.body = body("k", plate, sign.Field{Name: "more", Value: "x"}, at) }, ""},
	} {
		p := right
		c.change(&p)
		err := r.wrongWith("unbind", p)
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, c.want, name)
	}
}
