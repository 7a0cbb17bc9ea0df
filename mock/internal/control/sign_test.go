package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

type signAnswer struct {
	OK        bool
	Expected  string
	Signed    string
	Diagnosis []diagnose.Finding
}

func (c *controlled) explains(t *testing.T, body map[string]any) signAnswer {
	t.Helper()
	a := c.Ask(t, http.MethodPost, "/__admin/sign/explain", body)
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	require.NotContains(t, a.Body, servertest.Key)
	require.NotContains(t, a.Body, otherMerchantKey)
	require.Contains(t, a.Body, `"diagnosis":[`)
	var out signAnswer
	require.NoError(t, json.Unmarshal([]byte(a.Body), &out))
	return out
}

const otherMerchantKey = "key-of-another-never-to-be-seen"

// newPair is a server with a second sandbox, of merchant M2.
func newPair(t *testing.T) *controlled {
	t.Helper()
	c := newControlled(t)
	a := c.Ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{
		"id": "other", "fixture": map[string]any{"merchants": []any{map[string]any{"no": "M2", "key": otherMerchantKey}}},
	})
	require.Equal(t, http.StatusCreated, a.Status, a.Body)
	return c
}

// docs/control-api.md, Journal: POST /__admin/sign/explain tells what a request's sign would match.
func TestSignExplain_request(t *testing.T) {
	c := newPair(t)
	const data, stamp = `{"plateNumber":"渝B757D0","note":"a b"}`, "20171027093000"
	right := sign.Request(data, servertest.Key, stamp)
	for _, row := range []struct {
		name, sign string
		kinds      []string
	}{
		{"right", right, nil},
		{"lower case", strings.ToLower(right), []string{"lower-case"}},
		{"white space stripped", sign.RequestWith(sign.Strip, data, servertest.Key, stamp), []string{"whitespace-stripped"}},
		{"still URL-encoded", sign.Request(url.QueryEscape(data), servertest.Key, stamp), []string{"data-url-encoded"}},
		{"key and stamp swapped", sign.Request(data, stamp, servertest.Key), []string{"key-stamp-swapped"}},
		{"sorted keys", sign.Request(`{"note":"a b","plateNumber":"渝B757D0"}`, servertest.Key, stamp), []string{"keys-sorted"}},
		{"the key of another sandbox", sign.Request(data, otherMerchantKey, stamp), []string{"other-merchant-key"}},
		{"none", "", []string{"sign-missing"}},
		{"anything", strings.Repeat("0F", 16), []string{"unknown"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out := c.explains(t, map[string]any{"merchantNo": "M1", "data": data, "timeStamp": stamp, "sign": row.sign})
			var kinds []string
			for _, d := range out.Diagnosis {
				kinds = append(kinds, d.Kind)
				require.NotEmpty(t, d.Detail)
				require.NotEmpty(t, d.DetailZh)
			}
			require.Equal(t, row.kinds, kinds)
			require.Equal(t, row.kinds == nil, out.OK)
			require.Equal(t, right, out.Expected)
			require.Equal(t, data+"•••"+stamp, out.Signed)
		})
	}
	other := c.explains(t, map[string]any{"merchantNo": "M1", "data": data, "timeStamp": stamp, "sign": sign.Request(data, otherMerchantKey, stamp)})
	require.Contains(t, other.Diagnosis[0].Detail, "merchant M2")
}

// A key of one's own is examined with, whether or not the server knows the merchant.
func TestSignExplain_merchantKey(t *testing.T) {
	c := newPair(t)
	const data, stamp = `{"a":1}`, "20171027093000"
	out := c.explains(t, map[string]any{"merchantKey": "my-own-key", "data": data, "timeStamp": stamp, "sign": sign.Request(data, "my-own-key", stamp)})
	require.True(t, out.OK)
	out = c.explains(t, map[string]any{"merchantKey": "my-own-key", "data": data, "timeStamp": stamp, "sign": sign.Request(data, servertest.Key, stamp)})
	require.Equal(t, "other-merchant-key", out.Diagnosis[0].Kind)
}

// The rules of the merchant's sandbox hold.
func TestSignExplain_rules(t *testing.T) {
	c := newPair(t)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"sign.whitespace": "strip", "push.sign_data": "values"})
	const data, stamp = `{"a": 1}`, "20171027093000"
	out := c.explains(t, map[string]any{"merchantNo": "M1", "data": data, "timeStamp": stamp, "sign": sign.RequestWith(sign.Strip, data, servertest.Key, stamp)})
	require.True(t, out.OK)
	require.Equal(t, `{"a":1}•••`+stamp, out.Signed)
	out = c.explains(t, map[string]any{"merchantNo": "M1", "push": map[string]any{"a": "1", "signment": sign.Push("M1", "1", servertest.Key)}})
	require.True(t, out.OK)
}

// docs/control-api.md, Journal: {"merchantNo","push":{…body…}} does the same for a push.
func TestSignExplain_push(t *testing.T) {
	c := newPair(t)
	push := func(text, key string) map[string]any {
		return map[string]any{"merchantNo": "M1", "push": json.RawMessage(
			`{"plateNumber":"渝B757D0","parkId":7,"fixParkingId":"","signment":"` + sign.Push("M1", text, key) + `"}`)}
	}
	const text = `{"plateNumber":"渝B757D0","parkId":7,"fixParkingId":""}`
	for _, row := range []struct{ name, text, key, kind string }{
		{"right", text, servertest.Key, ""},
		{"field order", `{"fixParkingId":"","parkId":7,"plateNumber":"渝B757D0"}`, servertest.Key, "field-order"},
		{"signment left in", `{"plateNumber":"渝B757D0","parkId":7,"fixParkingId":"","signment":""}`, servertest.Key, "signment-included"},
		{"values joined", "渝B757D07", servertest.Key, "values-joined"},
		{"null", `{"plateNumber":"渝B757D0","parkId":7,"fixParkingId":null}`, servertest.Key, "null-for-empty"},
		{"another key", text, otherMerchantKey, "other-merchant-key"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out := c.explains(t, push(row.text, row.key))
			require.Equal(t, sign.Push("M1", text, servertest.Key), out.Expected)
			require.Equal(t, "M1"+text+"•••", out.Signed)
			if row.kind == "" {
				require.True(t, out.OK)
				require.Empty(t, out.Diagnosis)
				return
			}
			require.False(t, out.OK)
			require.Equal(t, row.kind, out.Diagnosis[0].Kind)
		})
	}
	whole, err := json.Marshal(text)
	require.NoError(t, err)
	asText := c.explains(t, map[string]any{"merchantNo": "M1", "push": json.RawMessage(whole), "sign": sign.Push("M1", text, servertest.Key)})
	require.True(t, asText.OK, "a body as text, its signment beside it")
}

func TestSignExplain_badInput(t *testing.T) {
	c := newPair(t)
	for _, row := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"nobody", `{"data":"{}","timeStamp":"1","sign":"x"}`, 422, `"pointer":"/merchantNo"`},
		{"unknown merchant", `{"merchantNo":"M9","data":"{}","timeStamp":"1","sign":"x"}`, 404, "M9"},
		{"nothing signed", `{"merchantNo":"M1"}`, 422, `"pointer":"/data"`},
		{"no stamp", `{"merchantNo":"M1","data":"{}"}`, 422, `"pointer":"/timeStamp"`},
		{"data as an object", `{"merchantNo":"M1","data":{},"timeStamp":"1"}`, 422, `"pointer":"/data"`},
		{"an unknown field", `{"merchantNo":"M1","datum":"{}"}`, 422, `"pointer":"/datum"`},
		{"a push that is none", `{"merchantNo":"M1","push":[]}`, 422, `"pointer":"/push"`},
		{"a push of nobody", `{"merchantKey":"k","push":{}}`, 422, `"pointer":"/merchantNo"`},
		{"too long", `{"merchantNo":"M1","timeStamp":"1","data":"` + strings.Repeat("x", 1<<20+1) + `"}`, 422, "1 MiB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := c.Ask(t, http.MethodPost, "/__admin/sign/explain", row.body)
			require.Equal(t, row.status, a.Status, a.Body)
			require.Contains(t, a.Body, row.says)
			require.NotContains(t, a.Body, servertest.Key)
		})
	}
}

// Every journaled code 4 is explained by the doctor, in both languages, and still is after a restore elsewhere.
func TestJournal_explainsWrongSignatures(t *testing.T) {
	c := newPair(t)
	stamp, data := servertest.Stamp(), `{"parkingId":"1","x":"`+servertest.Key+`"}`
	a := c.SendSigned(t, "parkingstatus", data, strings.ToLower(sign.Request(data, servertest.Key, stamp)), stamp)
	require.Contains(t, a.Body, `"code":4`)
	require.Equal(t, "sign-mismatch", a.Header.Get("X-Mock-Reason"))
	check := func(c *controlled) {
		item := c.Do(t, http.MethodGet, "/requests/"+a.Header.Get("X-Mock-Request-Id"), nil)
		for _, language := range []string{"explanation", "explanationZh"} {
			require.Contains(t, item[language], "lower-case")
			require.Contains(t, item[language], sign.Request(data, servertest.Key, stamp))
			require.Contains(t, item[language], `{"parkingId":"1","x":"•••"}•••`+stamp)
			require.NotContains(t, item[language], servertest.Key)
			require.NotContains(t, item[language], "{want}")
		}
		require.Contains(t, item["explanation"], "upper case (§6)")
		require.Contains(t, item["explanationZh"], "大写（§6）")
	}
	check(c)
	state := c.Ask(t, http.MethodGet, servertest.Default+"/state", nil)
	fresh := newControlled(t)
	require.Equal(t, http.StatusOK, fresh.Ask(t, http.MethodPut, servertest.Default+"/state", state.Body).Status)
	check(fresh)
}

// A flood of wrong signatures does not make an event stream examine every one of them.
func TestJournal_floodOfWrongSignatures(t *testing.T) {
	c := newControlled(t)
	stamp := servertest.Stamp()
	for range 100 {
		c.SendSigned(t, "parkingstatus", `{"parkingId":"1"}`, strings.Repeat("0F", 16), stamp)
	}
	first := c.Do(t, http.MethodGet, "/requests?limit=1", nil)
	require.Contains(t, first["items"].([]any)[0].(map[string]any)["explanation"], "unknown:", "the journal says all there is")

	s := c.Follow(t, "")
	for range 300 {
		c.SendSigned(t, "parkingstatus", `{"parkingId":"1"}`, strings.Repeat("0F", 16), stamp)
	}
	for range 300 {
		e := s.Until("request")
		require.Equal(t, "sign-mismatch", e.Data["reason"])
		explanation, _ := e.Data["explanation"].(string)
		if strings.Contains(explanation, "unknown:") {
			continue
		}
		require.Contains(t, explanation, "request "+e.Data["id"].(string)+" of the journal")
	}
}

// BenchmarkJournal_wrongSignature is a request with a wrong signature, and the first look at why.
func BenchmarkJournal_wrongSignature(b *testing.B) {
	c := newControlled(b)
	stamp := servertest.Stamp()
	id := ""
	b.Run("request", func(b *testing.B) {
		for b.Loop() {
			id = c.SendSigned(b, "parkingstatus", `{"parkingId":"1"}`, strings.Repeat("0F", 16), stamp).Header.Get("X-Mock-Request-Id")
		}
	})
	b.Run("look", func(b *testing.B) {
		for b.Loop() {
			c.Do(b, http.MethodGet, "/requests/"+id, nil)
		}
	})
}
