package mock_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// otherMerchantKey is the key of a merchant of another sandbox.
const otherMerchantKey = "key-of-another-never-to-be-seen"

// wronged is a server and a person who does one thing wrong after another.
type wronged struct {
	*controlled
	t     *testing.T
	token string
	clock *atomic.Bool // true: reading it panics, once

	listed string // the merchants, with their keys
}

// signs sends a signed request of a merchant and gives the whole answer.
func (d *wronged) signs(endpoint string, data any, merchant ...string) servertest.Answer {
	d.t.Helper()
	no, key := "M1", servertest.Key
	if len(merchant) == 2 {
		no, key = merchant[0], merchant[1]
	}
	text, ok := data.(string)
	if !ok {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		require.NoError(d.t, enc.Encode(data))
		text = strings.TrimSpace(buf.String())
	}
	return d.sends(endpoint, url.Values{
		"merchant_no": {no}, "time_stamp": {servertest.Stamp()}, "data": {text}, "sign": {sign.Request(text, key, servertest.Stamp())},
	})
}

func (d *wronged) sends(endpoint string, form url.Values) servertest.Answer {
	d.t.Helper()
	if row, _ := schemas.Lookup(endpoint); row != nil && row.Method == http.MethodGet {
		return d.Ask(d.t, http.MethodGet, schemas.PathPrefix+endpoint+"?"+form.Encode(), nil)
	}
	return d.Ask(d.t, http.MethodPost, schemas.PathPrefix+endpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (d *wronged) advance(by string) {
	d.t.Helper()
	d.Do(d.t, http.MethodPost, "/clock/advance", map[string]any{"by": by})
}

func (d *wronged) parks(plate string) {
	d.t.Helper()
	d.Do(d.t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"})
}

// unpaid is the first row of orderunpay.
func (d *wronged) unpaid(plate string) map[string]any {
	d.t.Helper()
	a := d.signs("orderunpay", map[string]any{"token": d.token, "plateNumber": plate})
	var out struct{ Data []map[string]any }
	require.NoError(d.t, json.Unmarshal([]byte(a.Body), &out), a.Body)
	require.NotEmpty(d.t, out.Data, a.Body)
	return out.Data[0]
}

func (d *wronged) pays(row map[string]any, payment any, external string) servertest.Answer {
	d.t.Helper()
	return d.signs("orderpaid", map[string]any{
		"token": d.token, "orderId": row["orderId"], "externalOrderId": external, "payment": payment,
		"payTime": "2017-08-20 12:45:00", "verificationInfo": row["verificationInfo"],
	})
}

const wrongPhone = "13800000001"

func (d *wronged) code() string {
	d.t.Helper()
	d.signs("uservalidatecode", map[string]any{"mobilePhone": wrongPhone})
	code, _ := d.Do(d.t, http.MethodGet, "/sms/"+wrongPhone, nil)["code"].(string)
	return code
}

func (d *wronged) logsIn(code string) servertest.Answer {
	d.t.Helper()
	return d.signs("userlogin", map[string]any{"mobilePhone": wrongPhone, "code": code, "appId": "ETCP"})
}

func (d *wronged) retrieves(vin string) servertest.Answer {
	d.t.Helper()
	return d.signs("carretrieve", map[string]any{"token": d.token, "plateNumber": "渝B757D0", "carFrameNum": vin, "carEngineNum": "DA01991"})
}

var placeholder = regexp.MustCompile(`\{[A-Za-z]+\}`)

// Every reason of the catalogue is reached by a real request, and explained in both languages with all its values.
func TestExplanations(t *testing.T) {
	for reason, code := range reasons.All() {
		t.Run(reason, func(t *testing.T) {
			switch reason {
			case "sign-unexamined":
				explainsBriefly(t)
				return
			case "memory-max-reached", "storage-unavailable", "storage-uncertain":
				t.Skip("no request alone gives it: a full sandbox, or storage that fails")
			}
			row, there := wrongs[reason]
			require.True(t, there, "no request is refused for it")
			broken := &atomic.Bool{}
			d := &wronged{t: t, clock: broken, controlled: newControlled(t, mock.WithClock(func() time.Time {
				if broken.CompareAndSwap(true, false) {
					panic("the clock fell down")
				}
				return time.Now()
			}))}
			_, data := d.Call(t, "usersigin", map[string]any{"mobilePhone": wrongPhone, "appId": "ETCP"})
			d.token, _ = data["token"].(string)
			a := row.does(d)
			word, _, _ := strings.Cut(a.Header.Get("X-Mock-Reason"), ":")
			require.Equal(t, reason, word, a.Body)
			item := d.Do(t, http.MethodGet, "/requests/"+a.Header.Get("X-Mock-Request-Id"), nil)
			require.EqualValues(t, code, item["code"])
			en, _ := item["explanation"].(string)
			zh, _ := item["explanationZh"].(string)
			t.Log(en)
			t.Log(zh)
			for _, text := range []string{en, zh} {
				require.NotRegexp(t, placeholder, text)
				require.NotContains(t, text, "  ")
				require.NotContains(t, text, servertest.Key)
				require.NotContains(t, text, otherMerchantKey)
			}
			require.Regexp(t, `\p{Han}`, zh)
			require.NotRegexp(t, `[a-z]+ [a-z]+ [a-z]+ [a-z]+`, zh, "English in Chinese")
			for _, want := range row.says {
				require.Contains(t, en, want)
			}
			for _, want := range row.zh {
				require.Contains(t, zh, want)
			}
			d.usesItsValues(a.Header.Get("X-Mock-Request-Id"), en)
		})
	}
	for reason := range wrongs {
		require.Contains(t, reasons.All(), reason)
	}
}

// usesItsValues holds that an explanation shows every value its refusal has.
func (d *wronged) usesItsValues(id, explanation string) {
	d.t.Helper()
	var state struct {
		Journal struct {
			Entries []struct {
				ID      string
				Refusal *reasons.Refusal
			}
		}
	}
	a := d.Ask(d.t, http.MethodGet, servertest.Default+"/state", nil)
	require.NoError(d.t, json.Unmarshal([]byte(a.Body), &state))
	for _, e := range state.Journal.Entries {
		if e.ID != id {
			continue
		}
		for _, v := range e.Refusal.Values {
			require.Contains(d.t, explanation, v.Text, v.Name)
		}
		return
	}
	d.t.Fatal("not in the journal")
}

// explainsBriefly has an event stream resume over many wrong signatures at once.
func explainsBriefly(t *testing.T) {
	t.Helper()
	c := newControlled(t)
	s := c.Follow(t, "")
	c.Do(t, http.MethodPut, "/clock", map[string]any{"rate": 2})
	from := s.Until("clock").ID
	s.Close()
	for range 10 {
		c.SendSigned(t, "bindcar", `{"a":1}`, "wrong", servertest.Stamp())
	}
	s = c.Follow(t, from)
	brief := 0
	for range 10 {
		e := s.Until("request")
		if strings.Contains(e.Data["explanation"].(string), "request "+e.Data["id"].(string)+" of the journal") {
			brief++
			require.Contains(t, e.Data["explanationZh"], "请求日志中的 "+e.Data["id"].(string))
			require.NotRegexp(t, placeholder, e.Data["explanationZh"])
		}
	}
	require.Positive(t, brief)
}
