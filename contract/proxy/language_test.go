package proxy_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/proxy"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Whatever the proxy finds wrong is said in its language, to who reads the report and to who gets the answer: of answers, requests, pushes, and of
// a side that does not answer.
func TestProxy_language(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/carnum"): // a code that it does not answer
			_, _ = io.WriteString(w, `{"code":20100,"message":"x"}`)
		case strings.HasSuffix(r.URL.Path, "/bindcar"): // cut short
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"code":0`)
		case strings.HasSuffix(r.URL.Path, "/usersigin"): // right, to a request that is not
			_, _ = io.WriteString(w, `{"code":0,"message":"","data":{"token":"0123456789ABCDEF0123456789ABCDEF"}}`)
		default:
			_, _ = io.WriteString(w, `{"code":"0"}`)
		}
	}))
	t.Cleanup(upstream.Close)
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":1}`) }))
	t.Cleanup(merchant.Close)
	const key = "k"
	findings := func(language string) (all []string) {
		p := &proxy.Proxy{Upstream: parsed(t, upstream.URL), Merchant: parsed(t, merchant.URL), MerchantNo: "M", Key: key, Language: language}
		ask := func(method, path, kind, body string) string {
			r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			answer := httptest.NewRecorder()
			p.ServeHTTP(answer, r)
			return answer.Body.String()
		}
		const form, object = "application/x-www-form-urlencoded", "application/json"
		for _, endpoint := range []string{"carnum", "bindcar", "usersigin", "parkingstatus", "nowhere"} {
			ask(http.MethodPost, schemas.PathPrefix+endpoint, form, url.Values{"data": {`{"mobilePhone":1}`}}.Encode())
		}
		ask(http.MethodPut, schemas.PathPrefix+"carnum", form, "")
		ask(http.MethodGet, schemas.PathPrefix+"carnum?data={}", "", "")
		pushed := func(data, key string) {
			ask(http.MethodPost, "/push", object, strings.TrimSuffix(data, "}")+`,"signment":"`+sign.Push("M", data, key)+`"}`)
		}
		pushed(`{"plateNumber":"渝ATX061","time":"2017-08-20 12:00:00"}`, "another")
		pushed(`{"time":"2017-08-20 12:00:00","plateNumber":"渝ATX061"}`, key)
		pushed(`{"plateNumber":"x","time":"now"}`, key)
		pushed(`{"what":"else"}`, key)
		ask(http.MethodPost, "/push", "text/plain", "{}")
		ask(http.MethodPost, "/push", object, "{")
		ask(http.MethodGet, "/push", object, "")
		all = append(all, ask(http.MethodPost, "/push", object, strings.Repeat(" ", 2<<20)))
		p.Merchant.Host = "127.0.0.1:1"
		all = append(all, ask(http.MethodPost, "/push", object, "{}"))
		r, err := p.Report()
		require.NoError(t, err)
		for _, c := range r.Cases {
			all = append(all, c.Title)
			for _, f := range c.Failures {
				all = append(all, f.Message, f.Fix)
			}
		}
		return all
	}
	en, zh := findings("en"), findings("zh")
	require.Len(t, zh, len(en))
	require.Greater(t, len(en), 40)
	for i, text := range zh {
		if en[i] == text { // the document's own titles, and names such as POST /nowhere
			require.NotRegexp(t, `[a-z]{2,} [a-z]{2,}`, text)
			continue
		}
		require.Regexp(t, `\p{Han}`, text, en[i])
		require.NotRegexp(t, `[a-z]{2,} (of|is|are|the|than|it|not|with|came|was)( |$)`, text, en[i])
	}
	text, err := json.Marshal(en)
	require.NoError(t, err)
	for _, part := range []string{"the answer: ", "the request: ", "the push: ", "want 405", "is none that carnum answers", "was cut after 9 bytes", "did not accept it", "did not answer", "of no kind of push", "fixes the order"} {
		require.Contains(t, string(text), part)
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}
