package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	jsonType = "application/json;charset=UTF-8"
	formType = "application/x-www-form-urlencoded"
)

// exitFields is §10.2's example; parkId, stayedTime and receivableFee are numbers there.
func exitFields() []sign.Field {
	return []sign.Field{
		{Name: "synId", Value: "fd92f645-880e-4c2a-9d7d-7081a2488181"},
		{Name: "plateNumber", Value: "渝ATX061"},
		{Name: "parkName", Value: "ETCP <智慧> & 停车场"},
		{Name: "parkId", Value: 1},
		{Name: "entranceTime", Value: "2017-08-17 18:44:19"},
		{Name: "userType", Value: "76"},
		{Name: "pushTime", Value: "2017-08-20 11:57:51"},
		{Name: "exitTime", Value: "2017-08-19 12:07:19"},
		{Name: "stayedTime", Value: 148980},
		{Name: "receivableFee", Value: 0},
		{Name: "fixParkingId", Value: "U7"},
		{Name: "remainingDays", Value: "12"},
	}
}

func entryFields() []sign.Field {
	f := exitFields()
	return append(f[:7:7], f[10:]...)
}

func noticeFields() []sign.Field {
	return []sign.Field{{Name: "plateNumber", Value: "渝ATX061"}, {Name: "time", Value: "2017-08-20 11:57:51"}}
}

// with replaces one field's value; nil takes the field out.
func with(fields []sign.Field, name string, value any) []sign.Field {
	var out []sign.Field
	for _, f := range fields {
		if f.Name == name {
			f.Value = value
		}
		if f.Value != nil {
			out = append(out, f)
		}
	}
	return out
}

// signed appends the signature that covers fields under a rule value.
func signed(fields []sign.Field, how sign.PushData) []sign.Field {
	return append(slices.Clip(fields), sign.Field{Name: "signment", Value: sign.Push(merchantNo, sign.PushText(fields, how), key)})
}

func formOf(fields []sign.Field) string {
	var pairs []string
	for _, f := range fields {
		pairs = append(pairs, url.QueryEscape(f.Name)+"="+url.QueryEscape(sign.PushText([]sign.Field{f}, sign.Values)))
	}
	return strings.Join(pairs, "&")
}

// merchant is a handler that keeps what it was told.
type merchant struct {
	client.PushHandler
	got     []any
	refused []error
	answer  error
}

func newMerchant(how sign.PushData) *merchant {
	m := &merchant{PushHandler: *client.NewPushHandler(merchantNo, key, how)}
	m.OnEntry = func(_ context.Context, p client.EntryPush) error { m.got = append(m.got, p); return m.answer }
	m.OnExit = func(_ context.Context, p client.ExitPush) error { m.got = append(m.got, p); return m.answer }
	m.OnUnbind = func(_ context.Context, p client.UnbindPush) error { m.got = append(m.got, p); return m.answer }
	m.OnCertificationInvalid = func(_ context.Context, p client.CertificationInvalidPush) error {
		m.got = append(m.got, p)
		return m.answer
	}
	m.OnRefuse = func(_ *http.Request, err error) { m.refused = append(m.refused, err) }
	return m
}

func post(h http.Handler, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/etcp", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// §10.2's example under every push.encoding and every push.sign_data.
func TestPushHandler_readsEveryEncoding(t *testing.T) {
	at := func(text string) client.Time { parsed, _ := client.ParseTime(text); return parsed }
	want := client.ExitPush{
		EntryPush: client.EntryPush{
			SynID: "fd92f645-880e-4c2a-9d7d-7081a2488181", PlateNumber: "渝ATX061", ParkName: "ETCP <智慧> & 停车场", ParkID: "1",
			EntranceTime: at("2017-08-17 18:44:19"), UserType: client.LongTerm, PushTime: at("2017-08-20 11:57:51"),
			FixParkingID: "U7", RemainingDays: "12",
		},
		ExitTime: at("2017-08-19 12:07:19"), Stayed: 148980 * time.Second,
	}
	for _, how := range []sign.PushData{"", sign.JSON, sign.Values, sign.Query} {
		// The number forms of push.receivable_fee, and the strings seen in the wild.
		for _, fee := range []any{0, sign.Number("0.0"), "0.0", "0"} {
			for _, parkID := range []any{1, "1"} {
				fields := signed(with(with(exitFields(), "receivableFee", fee), "parkId", parkID), how)
				text := sign.PushText(fields, sign.JSON)
				for encoding, sent := range map[string][2]string{
					"json":            {jsonType, text},
					"form":            {formType + ";charset=utf-8", formOf(fields)},
					"form-data-param": {formType, "data=" + url.QueryEscape(text)},
				} {
					m := newMerchant(how)
					w := post(m, sent[0], sent[1])
					assert.Equal(t, `{"code":0,"message":"ok"}`+"\n", w.Body.String(), "%s %s %v", how, encoding, fee)
					assert.Equal(t, jsonType, w.Header().Get("Content-Type"))
					assert.Equal(t, []any{want}, m.got)
					assert.Empty(t, m.refused)
				}
			}
		}
	}
}

func TestPushHandler_tellsTheKind(t *testing.T) {
	at, _ := client.ParseTime("2017-08-20 11:57:51")
	entry, notice := sign.PushText(signed(entryFields(), sign.JSON), sign.JSON), sign.PushText(signed(noticeFields(), sign.JSON), sign.JSON)
	exit := sign.PushText(signed(exitFields(), sign.JSON), sign.JSON)
	unbind, invalid := client.UnbindPush{PlateNumber: "渝ATX061", Time: at}, client.CertificationInvalidPush{PlateNumber: "渝ATX061", Time: at}

	m := newMerchant(sign.JSON)
	post(m, jsonType, entry)
	require.Len(t, m.got, 1)
	assert.IsType(t, client.EntryPush{}, m.got[0])

	m = newMerchant(sign.JSON)
	assert.Contains(t, post(m, jsonType, notice).Body.String(), `"code":6`, "a notice at a URL that does not say which")
	assert.Empty(t, m.got)
	post(m.ForKind(client.KindUnbind), jsonType, notice)
	post(m.ForKind(client.KindCertificationInvalid), jsonType, notice)
	m.Notice = client.KindUnbind
	post(m, jsonType, notice)
	assert.Equal(t, []any{unbind, invalid, unbind}, m.got)

	m = newMerchant(sign.JSON)
	for _, kind := range client.Kinds() {
		for body, own := range map[string]client.Kind{entry: client.KindEntry, exit: client.KindExit} {
			assert.Equal(t, kind == own, strings.Contains(post(m.ForKind(kind), jsonType, body).Body.String(), `"code":0`), "%s at %s", own, kind)
		}
	}
	assert.Len(t, m.got, 2)
	assert.Contains(t, post(m.ForKind(client.KindExit), jsonType, notice).Body.String(), `"code":20102`)
}

func TestPushHandler_refusesWhatIsWrong(t *testing.T) {
	whole := func(fields []sign.Field) string { return sign.PushText(signed(fields, sign.JSON), sign.JSON) }
	right := whole(exitFields())
	for name, tt := range map[string]struct {
		contentType, body string
		status, code      int
	}{
		"another signature": {jsonType, strings.Replace(right, "148980", "148981", 1), 200, 4},

		"no signature":            {jsonType, sign.PushText(exitFields(), sign.JSON), 200, 20102},
		"an empty body":           {jsonType, "", 200, 6},
		"no JSON":                 {jsonType, "{", 200, 6},
		"an array":                {jsonType, "[]", 200, 6},
		"a name twice":            {jsonType, `{"synId":"1","synId":"2","signment":"x"}`, 200, 6},
		"no plate":                {jsonType, whole(with(exitFields(), "plateNumber", nil)), 200, 20102},
		"an empty time":           {jsonType, whole(with(exitFields(), "exitTime", "")), 200, 20102},
		"a wrong time":            {jsonType, whole(with(exitFields(), "exitTime", "2017-02-30 00:00:00")), 200, 6},
		"a wrong push time":       {jsonType, whole(with(exitFields(), "pushTime", "x")), 200, 6},
		"a negative stay":         {jsonType, whole(with(exitFields(), "stayedTime", -1)), 200, 6},
		"a fee in words":          {jsonType, whole(with(exitFields(), "receivableFee", "five")), 200, 6},
		"a boolean park":          {jsonType, whole(with(exitFields(), "parkId", sign.Number("true"))), 200, 6},
		"a null park":             {jsonType, whole(with(exitFields(), "parkId", sign.Number("null"))), 200, 20102},
		"too long":                {jsonType, `{"synId":"` + strings.Repeat("x", client.MaxPush) + `"}`, 413, 1},
		"no content type":         {"", right, 415, 1},
		"another content type":    {"text/plain", right, 415, 1},
		"a form that is unsigned": {formType, formOf(exitFields()), 200, 20102},
		"a form that is signed for something else": {formType, formOf(signed(exitFields(), sign.Values)), 200, 4},
		"a form with a name twice":                 {formType, "synId=1&synId=2&signment=x", 200, 6},
		"a form with a wrong escape":               {formType, "synId=%zz&signment=x", 200, 6},
		"a form that is not UTF-8":                 {formType, "synId=%ff&signment=x", 200, 6},
		"an empty form":                            {formType, "", 200, 20102},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(sign.JSON)
			w := post(m, tt.contentType, tt.body)
			assert.Equal(t, tt.status, w.Code)
			assert.Contains(t, w.Body.String(), `{"code":`+strconv.Itoa(tt.code)+`,`)
			assert.Empty(t, m.got)
			assert.Len(t, m.refused, 1)
		})
	}
	w := httptest.NewRecorder()
	newMerchant(sign.JSON).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/etcp", http.NoBody))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "POST", w.Header().Get("Allow"))
	assert.Contains(t, post(&client.PushHandler{}, jsonType, right).Body.String(), `"code":20102`, "a handler without a key accepts nothing")
}

func TestPushHandler_answersWhatTheCallbackSays(t *testing.T) {
	body := sign.PushText(signed(entryFields(), sign.JSON), sign.JSON)
	m := newMerchant(sign.JSON)
	m.answer = errors.New("database pw=secret is down")
	assert.JSONEq(t, `{"code":1,"message":"失败"}`, post(m, jsonType, body).Body.String())
	m.answer = &client.PushError{Code: 7, Message: "later", Err: errors.New("inside")}
	assert.JSONEq(t, `{"code":7,"message":"later"}`, post(m, jsonType, body).Body.String())
	require.Len(t, m.refused, 2)
	require.EqualError(t, m.refused[1], "push refused: code 7: later: inside")

	m.OnEntry = func(context.Context, client.EntryPush) error { panic("oops") }
	assert.JSONEq(t, `{"code":2,"message":"服务器异常"}`, post(m, jsonType, body).Body.String())
	m.OnEntry = func(context.Context, client.EntryPush) error { panic(http.ErrAbortHandler) }
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { post(m, jsonType, body) })
	m.OnEntry = nil
	assert.JSONEq(t, `{"code":0,"message":"ok"}`, post(m, jsonType, body).Body.String())
}

// Whatever comes: an answer, and no callback without a right signature.
func FuzzPushHandler(f *testing.F) {
	f.Add(jsonType, sign.PushText(signed(exitFields(), sign.JSON), sign.JSON))
	f.Add(formType, formOf(signed(exitFields(), sign.Values)))
	f.Add(formType, "data=%7B%7D")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		m := newMerchant(sign.JSON)
		m.Key = "a key nobody knows"
		w := post(m, contentType, body)
		if len(m.got) > 0 || !strings.HasPrefix(w.Body.String(), `{"code":`) || strings.HasPrefix(w.Body.String(), `{"code":0,`) {
			t.Errorf("accepted %q as %q: %v %s", body, contentType, m.got, w.Body)
		}
	})
}
