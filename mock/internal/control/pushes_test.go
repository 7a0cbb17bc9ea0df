package control_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// names are an object's fields in the order they are written.
func names(t *testing.T, object string) (fields []string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(object))
	_, err := d.Token()
	require.NoError(t, err)
	for d.More() {
		name, err := d.Token()
		require.NoError(t, err)
		var value any
		require.NoError(t, d.Decode(&value))
		fields = append(fields, name.(string))
	}
	return fields
}

// §10: the four kinds go out in their time, with their fields in the document's order; §10.1 and §10.2 are masked
// until the vehicle is certified for the merchant.
func TestControlPushes_kinds(t *testing.T) {
	c := newControlled(t)
	r1, r2 := servertest.NewReceiver(t, servertest.AnswerOK), servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": r1.URL + "/all", "urls": map[string]any{"unbind": r1.URL + "/unbind"}})
	c.PutMerchant(t, "M2", map[string]any{"url": r2.URL + "/all", "kinds": []string{"certification-invalid", "exit"}})
	token := c.Bind(t, "13800000001", "渝ATX061")
	_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}, "M2", "key-M2")
	retrieve := map[string]any{"plateNumber": "渝ATX061", "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "E1"}
	retrieve["token"] = data["token"]
	code, _ := c.Call(t, "carretrieve", retrieve, "M2", "key-M2")
	require.Zero(t, code)
	order := c.Enter(t, "渝ATX061")
	retrieve["token"] = token
	code, _ = c.Call(t, "carretrieve", retrieve)
	require.Zero(t, code)
	c.Advance(t, "90m")
	c.Exit(t, "渝ATX061")
	code, _ = c.Call(t, "unbindcar", map[string]any{"token": token, "plateNumber": "渝ATX061"})
	require.Zero(t, code)
	c.Drain(t)

	want := []struct{ no, kind, path, plate string }{
		{"M1", "entry", "/all", "渝****61"},
		{"M2", "certification-invalid", "/all", "渝ATX061"},
		{"M1", "exit", "/all", "渝ATX061"},
		{"M2", "exit", "/all", "渝****61"},
		{"M1", "unbind", "/unbind", "渝ATX061"},
	}
	all := c.Pushes(t, "")
	require.Len(t, all, len(want))
	for i, w := range want {
		p := all[i]
		require.Equal(t, []string{w.no, w.kind, "渝ATX061", "delivered"}, []string{p.MerchantNo, p.Kind, p.PlateNumber, p.Status}, "%d", i)
		row, _ := schemas.LookupPush(w.kind)
		require.Equal(t, append(append([]string{}, row.Fields...), "signment"), names(t, p.Body))
		require.Equal(t, "application/json;charset=UTF-8", p.ContentType)
		require.Contains(t, p.Body, `"plateNumber":"`+w.plate+`"`)
		require.True(t, strings.HasSuffix(p.URL, w.path), p.URL)
		require.Nil(t, p.NextAttemptAt)
		r := map[string]*servertest.Receiver{"M1": r1, "M2": r2}[w.no]
		require.Contains(t, r.All(), servertest.Arrived{Path: w.path, ContentType: p.ContentType, Body: p.Body})
		require.True(t, strings.HasSuffix(p.Signed, "•••"), "the key is hidden: %s", p.Signed)
		require.NotContains(t, p.Signed, "key-")
		if strings.HasPrefix(w.kind, "e") {
			require.Equal(t, order, p.OrderID)
		}
	}
	require.Contains(t, all[2].Body, `"stayedTime":5400,"receivableFee":10,`)
	require.Len(t, c.Pushes(t, "kind=exit"), 2)
	require.Len(t, c.Pushes(t, "merchantNo=M2"), 2)
	require.Len(t, c.Pushes(t, "plateNumber="+url.QueryEscape("渝 atx061")), 5, "the real one")
	require.Empty(t, c.Pushes(t, "plateNumber="+url.QueryEscape("渝****61")))
	require.Empty(t, c.Pushes(t, "status=pending"))
}

// docs/protocol.md, Pushes: every push.encoding with every push.sign_data, byte for byte.
func TestControlPushes_encodings(t *testing.T) {
	c := newControlled(t)
	r := servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	fields := map[string]any{"plateNumber": "渝A&<12345", "time": "2017-08-20 12:00:00"}
	const object = `{"plateNumber":"渝A&<12345","time":"2017-08-20 12:00:00"}`
	signed := map[string]string{
		"json": object, "values": "渝A&<123452017-08-20 12:00:00", "query": "plateNumber=渝A&<12345&time=2017-08-20 12:00:00",
	}
	for signData, data := range signed {
		sum := md5.Sum([]byte("M1" + data + servertest.Key))
		signment := strings.ToUpper(hex.EncodeToString(sum[:]))
		whole := strings.TrimSuffix(object, "}") + `,"signment":"` + signment + `"}`
		for encoding, want := range map[string][2]string{
			"json":            {"application/json;charset=UTF-8", whole},
			"form":            {"application/x-www-form-urlencoded;charset=UTF-8", "plateNumber=" + url.QueryEscape("渝A&<12345") + "&time=2017-08-20+12%3A00%3A00&signment=" + signment},
			"form-data-param": {"application/x-www-form-urlencoded;charset=UTF-8", "data=" + url.QueryEscape(whole)},
		} {
			c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.encoding": encoding, "push.sign_data": signData})
			p := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "unbind", "fields": fields})
			got := <-r.News
			require.Equal(t, want, [2]string{got.ContentType, got.Body}, "%s %s", encoding, signData)
			require.Equal(t, want, [2]string{p["contentType"].(string), p["body"].(string)})
			require.Equal(t, "M1"+data+"•••", p["signed"])
		}
	}
	for rule, want := range map[string]string{"integer": `"receivableFee":5,`, "decimal": `"receivableFee":5,`, "string": `"receivableFee":"5.0",`} {
		c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.encoding": nil, "push.sign_data": nil, "push.receivable_fee": rule})
		c.Bind(t, "13800000001", "渝ATX061")
		c.Enter(t, "渝ATX061")
		c.Advance(t, "16m")
		c.Exit(t, "渝ATX061")
		c.Drain(t)
		all := r.All()
		require.Contains(t, all[len(all)-1].Body, want, rule)
	}
}

// docs/protocol.md, Pushes: delivered is HTTP 2xx within push.timeout and a JSON body with the number code 0. Anything else
// costs one attempt and nothing else, whatever it is; redirects are not followed.
func TestControlPushes_verdicts(t *testing.T) {
	c := newControlled(t)
	elsewhere := servertest.NewReceiver(t, servertest.AnswerOK)
	say := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	hijack := func(w http.ResponseWriter, use func(net.Conn)) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			use(conn)
			_ = conn.Close()
		}
	}
	rows := []struct {
		name   string
		answer http.HandlerFunc
		status int
		error  string // "": delivered
	}{
		{"code 0", say(200, `{"code":0,"message":"ok"}`), 200, ""},
		{"201 and no message", say(201, ` {"code" : 0} `), 201, ""},
		{"more in it", say(200, `{"data":{"code":5},"code":0}`), 200, ""},
		{"0.0 is the number 0", say(200, `{"code":0.0}`), 200, ""},
		{"the text 0", say(200, `{"code":"0"}`), 200, "string"},
		{"code 1", say(200, `{"code":1}`), 200, "code is 1"},
		{"another case", say(200, `{"Code":0}`), 200, "no code"},
		{"null", say(200, `{"code":null}`), 200, "null"},
		{"not an object", say(200, `[0]`), 200, "array"},
		{"not JSON", say(200, `ok`), 200, "not JSON"},
		{"two values", say(200, `{"code":0}{"code":0}`), 200, "not JSON"},
		{"nothing", say(200, ``), 200, "empty"},
		{"204", say(204, ``), 204, "empty"},
		{"500", say(500, `{"code":0}`), 500, "500"},
		{"404", say(404, `{"code":0}`), 404, "404"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, 307, "redirect"},
		{"10 MB", say(200, strings.Repeat(" ", 10<<20)+`{"code":0}`), 200, "longer"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
					return
				}
			}
		}, 200, "longer"},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, "no answer within 2s"},
		{"hangs half way", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"code":0`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, 200, "no answer within 2s"},
		{"resets", func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) })
		}, 0, "reset"},
		{"closes", func(w http.ResponseWriter, _ *http.Request) { hijack(w, func(net.Conn) {}) }, 0, "closed"},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, func(conn net.Conn) { _, _ = conn.Write([]byte("\x00\xff\x01 garbage\r\n\r\n")) })
		}, 0, "malformed"},
		{"not UTF-8", say(200, "{\"code\":1,\"message\":\"\xff\xfe\"}"), 200, "code is 1"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c, timeout := c, "1m" // a busy machine is no hanging merchant
			if strings.Contains(row.error, "within") {
				t.Parallel() // it waits
				c, timeout = newControlled(t), "2s"
			}
			c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": timeout})
			r := servertest.NewReceiver(t, row.answer)
			c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
			made := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
			c.Drain(t)
			p := c.Do(t, http.MethodGet, "/pushes/"+made["id"].(string), nil)
			attempts := p["attempts"].([]any)
			require.Len(t, attempts, 1)
			require.Len(t, r.All(), 1)
			a := attempts[0].(map[string]any)
			require.Equal(t, "2017-08-20 12:00:00", a["at"])
			require.InDelta(t, row.status, a["httpStatus"], 0, a)
			require.LessOrEqual(t, len(a["response"].(string)), 4<<10)
			if row.error == "" {
				require.Equal(t, []any{"delivered", "", nil}, []any{p["status"], a["error"], p["nextAttemptAt"]})
			} else {
				require.Equal(t, []any{"pending", "2017-08-20 12:00:10"}, []any{p["status"], p["nextAttemptAt"]})
				require.Contains(t, a["error"], row.error)
			}
			require.NotContains(t, fmt.Sprint(p), servertest.Key)
		})
	}
	require.Empty(t, elsewhere.All())
	// nobody listens
	c.PutMerchant(t, "M1", map[string]any{"url": "http://127.0.0.1:1/"})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	c.Drain(t)
	all := c.Pushes(t, "")
	require.Contains(t, all[len(all)-1].Attempts[0].Error, "refused")
}
