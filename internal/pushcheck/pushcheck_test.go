package pushcheck

import (
	"bytes"
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
// What is signed is the text that is sent, its member signment cut out.
func TestSent_Rewritten(t *testing.T) {
	fields := []sign.Field{{Name: "plateNumber", Value: "渝****61"}, {Name: "time", Value: "2017-08-20 12:00:00"}}
	signed := func(text string) []byte {
		return []byte(text[:len(text)-1] + `,"signment":"` + sign.Push("M1", text, "k") + `"}`)
	}
	merchants := []control.SandboxMerchant{{MerchantNo: "M0", MerchantKey: "k0"}, {MerchantNo: "M1", MerchantKey: "k"}}
	compact := signed(sign.PushText(fields, sign.JSON))
	right := Sent{http.MethodPost, "application/json", compact, "M1"}
	form := func(body []byte) Sent {
		return Sent{http.MethodPost, "application/x-www-form-urlencoded", []byte(url.Values{"data": {string(body)}}.Encode()), ""}
	}
	escaped := bytes.ReplaceAll(compact, []byte("渝"), []byte(`\u6e1d`))
	values := append(slices.Clip(fields), sign.Field{Name: "signment", Value: sign.Push("M1", sign.PushText(fields, sign.Values), "k")})
	for name, c := range map[string]struct {
		push  Sent
		wrong bool
	}{
		"right":                  {right, false},
		"right, in a form":       {form(compact), false},
		"escapes that it covers": {Sent{http.MethodPost, "application/json", signed(`{"plateNumber":"\u6e1d****61","time":"2017-08-20 12:00:00"}`), "M1"}, false},
		"escaped after it":       {Sent{http.MethodPost, "application/json", escaped, "M1"}, true},
		"in a form":              {form(escaped), true},
		"with spaces after it":   {Sent{http.MethodPost, "application/json", bytes.ReplaceAll(compact, []byte(`,"`), []byte(`, "`)), "M1"}, true},
		"of another way to sign": {Sent{http.MethodPost, "application/json", []byte(sign.PushText(values, sign.JSON)), "M1"}, false},
		"whose key is hidden":    {Sent{http.MethodPost, "application/json", escaped, "M0"}, false},
		"no JSON":                {Sent{http.MethodPost, "application/json", []byte("{"), "M1"}, false},
	} {
		err := c.push.Rewritten("unbind", merchants)
		require.Equal(t, c.wrong, err != nil, name)
	}
}

func TestSent_asTheDocumentSays(t *testing.T) {
	body := func(key string, fields ...sign.Field) []byte {
		signed := append(slices.Clip(fields), sign.Field{Name: "signment", Value: sign.Push("M1", sign.PushText(fields, sign.JSON), key)})
		return []byte(sign.PushText(signed, sign.JSON))
	}
	plate, at := sign.Field{Name: "plateNumber", Value: "渝****61"}, sign.Field{Name: "time", Value: "2017-08-20 12:00:00"}
	right := Sent{http.MethodPost, "application/json", body("k", plate, at), "M1"}
	form := url.Values{"data": {string(right.Body)}}.Encode()
	merchants := []control.SandboxMerchant{{MerchantNo: "M0", MerchantKey: "k0"}, {MerchantNo: "M1", MerchantKey: "k"}}
	for name, c := range map[string]struct {
		change func(p *Sent)
		want   string
	}{
		"right":                       {func(*Sent) {}, ""},
		"a charset":                   {func(p *Sent) { p.ContentType = "application/json; charset=utf-8" }, ""},
		"one parameter data":          {func(p *Sent) { p.ContentType, p.Body = "application/x-www-form-urlencoded", []byte(form) }, ""},
		"to whom is not known":        {func(p *Sent) { p.MerchantNo = "" }, ""},
		"a merchant that is not":      {func(p *Sent) { p.MerchantNo = "M9" }, ""},
		"GET":                         {func(p *Sent) { p.Method = http.MethodGet }, "pushes are sent with POST"},
		"text/plain":                  {func(p *Sent) { p.ContentType = "text/plain" }, "neither application/json"},
		"another key":                 {func(p *Sent) { p.Body = body("other", plate, at) }, "code 4"},
		"another merchant's":          {func(p *Sent) { p.MerchantNo = "M0" }, "code 4"},
		"a changed field":             {func(p *Sent) { p.Body = []byte(string(p.Body[:len(p.Body)-3]) + `0"}`) }, "code 4"},
		"no JSON":                     {func(p *Sent) { p.Body = []byte("{") }, "code 6"},
		"fields in another order":     {func(p *Sent) { p.Body = body("k", at, plate) }, "the field plateNumber comes after time; §10 fixes the order plateNumber, time"},
		"one field more is no matter": {func(p *Sent) { p.Body = body("k", plate, sign.Field{Name: "more", Value: "x"}, at) }, ""},
	} {
		p := right
		c.change(&p)
		err := p.Wrong("unbind", merchants, []sign.PushData{sign.Values, sign.JSON})
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, c.want, name)
	}
}
