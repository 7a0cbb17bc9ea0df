package diagnose_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

// Of a request whose signature is right, what a server would refuse or note is named: data that is no JSON, is not URL-encoded, has fields of other names or values
// of a wrong form.
func TestRequest_Explain(t *testing.T) {
	for _, c := range []struct {
		data, raw    string // raw is data as it was sent; "" is URL-encoded
		kinds        []string
		says, saysZh string
	}{
		{data: `{"token":"t","plateNumber":"渝ATX061","plateColor":"1"}`},
		{data: `{"a":1,"param1":"value1"}`},
		{data: `{"payment":8.50,"payTime":"2017-10-27 09:30:00"}`},
		{data: `{'token': 't'}`, kinds: []string{"python-dict"}, says: "byte 2", saysZh: "第 2 字节"},
		{data: `{"token":"t"`, kinds: []string{"data-cut"}, says: "12", saysZh: "12"},
		{data: `{"token":"t",}`, kinds: []string{"data-not-json"}, says: "byte 14", saysZh: "第 14 字节"},
		{data: `{"token":"t"}`, raw: `{"token":"t"}`, kinds: []string{"data-not-url-encoded"}, says: "byte 1", saysZh: "第 1 字节"},
		{data: `{"token":"t"}`, raw: `%7B"token":"t"%7D`, kinds: []string{"data-not-url-encoded"}, says: "byte 4", saysZh: "第 4 字节"},
		{data: `{"token":"t","plateNo":"渝ATX061"}`, kinds: []string{"field-name"}, says: "plateNo", saysZh: "plateNo"},
		{data: `{"token":"t","PlateNumber":"渝ATX061"}`, kinds: []string{"field-name"}, says: "PlateNumber", saysZh: "PlateNumber"},
		{data: `{"params":{"token":"t"}}`, kinds: []string{"field-nested"}, says: "data.params.token", saysZh: "data.params.token"},
		{data: `{"plateNumber":"渝A·TX061"}`, kinds: []string{"plate-separator"}, says: "data.plateNumber: character 3 is U+00B7", saysZh: "data.plateNumber：第 3 个字符是 U+00B7"},
		{data: "{\"carNumber\":\"渝\u200bATX061\"}", kinds: []string{"plate-invisible"}, says: "U+200B", saysZh: "U+200B"},
		{data: `{"plateNumber":"渝ＡTX061"}`, kinds: []string{"plate-full-width"}, says: "U+FF21", saysZh: "U+FF21"},
		{data: `{"mobilePhone":"+8613800138000","code":"1"}`, kinds: []string{"phone-prefix"}, says: "data.mobilePhone", saysZh: "data.mobilePhone"},
		{data: `{"payment":"8.50元"}`, kinds: []string{"amount-unit"}, says: "data.payment", saysZh: "data.payment"},
		{data: `{"payment":8.505}`, kinds: []string{"amount-places"}, says: "8.505", saysZh: "8.505"},
		{data: `{"plateColor":"blue","lon":"106.5,29.5"}`, kinds: []string{"color-in-words", "coordinate-pair"}, says: "data.plateColor", saysZh: "data.plateColor"},
	} {
		raw := c.raw
		if raw == "" {
			raw = url.QueryEscape(c.data)
		}
		signature := diagnosetest.MD5(c.data + wireKey + patientStamp)
		for name, r := range map[string]diagnose.Request{
			"given":       {MerchantNo: "M1", Data: c.data, RawData: raw, Stamp: patientStamp, Sign: signature},
			"in the body": {MerchantNo: "M1", RawBody: "merchant_no=M1&time_stamp=" + patientStamp + "&data=" + raw + "&sign=" + signature},
			"in a query":  {MerchantNo: "M1", RawQuery: "merchant_no=M1&time_stamp=" + patientStamp + "&data=" + raw + "&sign=" + signature},
		} {
			r.Key = wireKey
			out := r.Explain()
			require.True(t, out.OK, c.data)
			var kinds []string
			for _, f := range out.Findings {
				kinds = append(kinds, f.Kind)
				diagnosetest.Whole(t, f, wireKey)
			}
			require.Equal(t, c.kinds, kinds, "%s, %s", c.data, name)
			if len(kinds) > 0 {
				require.Contains(t, out.Findings[0].Evidence, c.says)
				require.Contains(t, out.Findings[0].EvidenceZh, c.saysZh)
			}
		}
	}
}

// A wrong signature stays the first thing that is named; what would be refused before it stands behind.
func TestRequest_Explain_wrongSignature(t *testing.T) {
	kinds := func(r diagnose.Request) (all []string) {
		r.Key = wireKey
		for _, f := range r.Explain().Findings {
			all = append(all, f.Kind)
		}
		return all
	}
	form := func(data, signature string) string {
		return "merchantNo=M1&time_stamp=" + patientStamp + "&data=" + url.QueryEscape(data) + "&sign=" + signature
	}
	data := `{'token': 't'}`
	require.Equal(t, []string{"stamp-missing", "parameter-name"}, kinds(diagnose.Request{RawBody: form(data, diagnosetest.MD5(data+wireKey))}))
	require.Equal(t, []string{"unknown", "parameter-name"}, kinds(diagnose.Request{RawBody: form(data, diagnosetest.MD5("?"))}))
	require.Equal(t, []string{"parameter-name", "python-dict"}, kinds(diagnose.Request{RawBody: form(data, diagnosetest.MD5(data+wireKey+patientStamp))}))
	require.Equal(t, []string{"body-json"}, kinds(diagnose.Request{RawBody: `{"merchant_no":"M1","data":{}}`}))
	require.Equal(t, []string{"unknown"}, kinds(diagnose.Request{}))
	require.Equal(t, []string{"stamp-unix-seconds"}, kinds(diagnose.Request{Data: "{}", Stamp: "1509067800", Sign: diagnosetest.MD5("{}" + wireKey + "1509067800")}))
}
