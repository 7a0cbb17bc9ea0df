package baseline

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// The baseline refuses another merchant, a wrong signature and what is no JSON, and looks a phone up.
func TestHandler(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ no, data, key, want string }{
		{MerchantNo, `{"mobilePhone":"13800000001"}`, MerchantKey, `{"code":0,"message":"ok","data":{"number":1}}`},
		{MerchantNo, `{"mobilePhone":"13800000002"}`, MerchantKey, `{"code":0,"message":"ok","data":{"number":0}}`},
		{MerchantNo, `[]`, MerchantKey, `{"code":6,"message":"参数错误"}`},
		{MerchantNo, `{}`, "other", `{"code":4,"message":"签名校验非法"}`},
		{"M2", `{}`, MerchantKey, `{"code":4,"message":"签名校验非法"}`},
	} {
		q := url.Values{"merchant_no": {row.no}, "time_stamp": {"20170721132452"}, "data": {row.data}, "sign": {sign.Request(row.data, row.key, "20170721132452")}}
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, schemas.PathPrefix+"carnum?"+q.Encode(), http.NoBody))
		require.JSONEq(t, row.want, w.Body.String())
	}
}
