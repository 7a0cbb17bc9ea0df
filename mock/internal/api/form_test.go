package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// An unknown path is HTTP 404, a wrong method HTTP 405 with Allow; both carry code 1.
func TestEnvelope_unknownPathAndMethod(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{
		"/", "/merchant", "/merchant/open/1.0.0/openapi", "/merchant/open/1.0.0/openapi/", "/merchant/open/1.0.0/openapi/nothing",
		"/merchant/open/1.0.1/openapi/carnum", "/merchant/open/1.0.0/openapi/carnum/", "/merchant/open/1.0.0/openapi/CarNum",
		"/merchant/open/1.0.0/openapi/carnum/x", "//merchant/open/1.0.0/openapi/carnum", "/merchant/open/1.0.0/openapi/../openapi/carnum", "/merchant/open/1.0.0/openapi/carnum%2F", "/%00",
	} {
		status, header, text := d.http("GET", path, "", "")
		require.Equal(t, 404, status, path)
		require.Equal(t, `{"code":1,"message":"失败"}`, text, path)
		require.Equal(t, "application/json;charset=UTF-8", header.Get("Content-Type"))
		require.Equal(t, "unknown-path", header.Get("X-Mock-Reason"))
		require.NotEmpty(t, header.Get("X-Mock-Request-Id"))
	}
	for _, e := range schemas.Endpoints() {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
			if method == e.Method {
				continue
			}
			status, header, text := d.http(method, schemas.PathPrefix+e.Name, formType, form("{}"))
			require.Equal(t, 405, status, "%s %s", method, e.Name)
			require.Equal(t, e.Method, header.Get("Allow"))
			require.Equal(t, `{"code":1,"message":"失败"}`, text)
			require.Equal(t, "method-not-allowed", header.Get("X-Mock-Reason"))
			_, err := d.box.Request(t.Context(), header.Get("X-Mock-Request-Id"))
			require.NoError(t, err)
		}
	}
	status, header, _ := d.http("HEAD", schemas.PathPrefix+"carnum", "", "")
	require.Equal(t, 405, status)
	require.Equal(t, "GET", header.Get("Allow"))
	status, _, text := d.http("GET", schemas.PathPrefix+"car%6Eum?"+form(`{"token":"x"}`), "", "") // the same path
	require.Equal(t, 200, status)
	require.Contains(t, text, "20101")
}

// A body over 1 MiB is HTTP 413 with code 6; one of exactly 1 MiB is read.
func TestEnvelope_bodySize(t *testing.T) {
	d := newDesk(t)
	whole := form(`{"token":"x","plateNumber":"` + plate + `"}`)
	pad := func(size int) string { return whole + "&pad=" + strings.Repeat("x", size-len(whole)-5) }
	const path = schemas.PathPrefix + "bindcar"
	status, _, text := d.http("POST", path, formType, pad(1<<20))
	require.Equal(t, 200, status)
	require.Contains(t, text, "20101")
	for _, size := range []int{1<<20 + 1, 5 << 20} {
		for _, kind := range []string{formType, "application/json"} {
			status, header, text := d.http("POST", path, kind, pad(size))
			require.Equal(t, 413, status)
			require.Equal(t, `{"code":6,"message":"参数错误"}`, text)
			require.Equal(t, "body-too-large", header.Get("X-Mock-Reason"))
			require.NotEmpty(t, header.Get("X-Mock-Request-Id"))
		}
	}
}

// A body that announces itself as hopelessly large is refused at its head: nobody waits for it.
func TestEnvelope_bodyAnnouncedHuge(t *testing.T) {
	c := servertest.New(t)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(c.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, "POST "+schemas.PathPrefix+"userlogin HTTP/1.1\r\nHost: mock\r\nContent-Type: "+formType+"\r\nContent-Length: 99999999999\r\n\r\n")
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, 413, answer.StatusCode)
	require.Equal(t, "body-too-large", answer.Header.Get("X-Mock-Reason"))
}

// A body of another content type is not read, so its parameters are missing.
func TestEnvelope_contentType(t *testing.T) {
	d := newDesk(t)
	whole := form(`{"token":"x","plateNumber":"` + plate + `"}`)
	const path = schemas.PathPrefix + "bindcar"
	for kind, code := range map[string]string{
		formType: "20101", formType + ";charset=utf-8": "20101", "Application/X-WWW-Form-Urlencoded; charset=UTF-8": "20101",
		formType + ";charset=utf-8;charset=utf-8": "20101", formType + " ;": "20101",
		"application/json": "20102", "text/plain": "20102", "": "20102", "multipart/form-data; boundary=x": "20102", formType + "x": "20102", ";": "20102",
	} {
		status, header, text := d.http("POST", path, kind, whole)
		require.Equal(t, 200, status)
		require.Contains(t, text, `"code":`+code, kind)
		if code == "20102" {
			require.Equal(t, "missing-parameter: merchant_no", header.Get("X-Mock-Reason"), kind)
		}
	}
	status, _, text := d.http("POST", path, "", "")
	require.Equal(t, 200, status)
	require.Contains(t, text, "20102")
}

// A POST's parameter that its body lacks is looked for in the query, with a lint.
func TestEnvelope_postParameterInQuery(t *testing.T) {
	d := newDesk(t)
	whole := form(`{"token":"x","plateNumber":"` + plate + `"}`)
	const path = schemas.PathPrefix + "bindcar"
	lints := func(query, kind, body, code string) []string {
		t.Helper()
		_, header, text := d.http("POST", path+query, kind, body)
		require.Contains(t, text, `"code":`+code+`,`)
		return d.lints(&client.Answer{RequestID: header.Get("X-Mock-Request-Id")})
	}
	require.Empty(t, lints("", formType, whole, "20101"))
	require.Empty(t, lints("?"+whole, formType, whole, "20101"))
	require.Equal(t, []string{"post-parameter-in-query", "post-parameter-in-query", "post-parameter-in-query", "post-parameter-in-query"}, lints("?"+whole, formType, "", "20101"))
	require.Len(t, lints("?"+whole, "application/json", `{"x":1}`, "20101"), 4)
	body, query := url.Values{}, url.Values{}
	all, err := url.ParseQuery(whole)
	require.NoError(t, err)
	for name, value := range all {
		if name == "sign" {
			query[name] = value
		} else {
			body[name] = value
		}
	}
	require.Len(t, lints("?"+query.Encode(), formType, body.Encode(), "20101"), 1)
	require.Empty(t, lints("?sign=wrong", formType, whole, "20101")) // the body's counts
	d.rules(obj{"strict": true})
	require.Len(t, lints("?"+query.Encode(), formType, body.Encode(), "6"), 1)
	// A GET's parameters are in its query and nowhere else.
	_, _, text := d.http("GET", schemas.PathPrefix+"carnum", formType, form(`{"token":"x"}`))
	require.Contains(t, text, "20102")
}

// The form itself: escaped names, parameters twice, and what is no form at all.
func TestEnvelope_form(t *testing.T) {
	d := newDesk(t)
	whole := form(`{"token":"x"}`)
	for query, code := range map[string]string{
		strings.ReplaceAll(whole, "_", "%5F"):                 "20101",
		whole + "&merchant_no=other&sign=":                    "20101", // the first of a repeated one, as in a servlet
		"&&=&" + whole + "&&other=%zz":                        "20101",
		strings.ReplaceAll(whole, "%22", "\""):                "20101",
		"merchant_no=%zz":                                     "6",
		"merchant_no;time_stamp;data;sign":                    "20102",
		"merchant_no=&merchant_no=M1&" + whole[len("data="):]: "20102",
	} {
		status, _, text := d.http("GET", schemas.PathPrefix+"carnum?"+strings.ReplaceAll(query, `"`, "%22"), "", "")
		require.Equal(t, 200, status)
		require.Contains(t, text, `"code":`+code, query)
	}
}

// Check 7: data is UTF-8 and a JSON object.
func TestEnvelope_dataIsAnObject(t *testing.T) {
	d := newDesk(t)
	for _, data := range []string{
		"null", "[]", `"x"`, "1", "true", " ", "{", "}", "{}{}", `{"token":"x"}]`, `{"token":"x",}`, `{'token':'x'}`, `{token:"x"}`, `{"token":NaN}`, `{"token":01}`,
		`{"token":+1}`, `{"token":.5}`, `{"token":0x1}`, `{"token":"x"`, `{"token":"x}`, `{"token" "x"}`, `{"token":"a` + "\n" + `b"}`, `{"token":"\x"}`, `{"token":"\u12"}`,
		"\ufeff" + `{"token":"x"}`, "{\"token\":\"\xff\"}", "\xff", "{\"\xc0\xaf\":1}", "{\"token\":\"\xed\xa0\x80\"}", "{\"token\":\"\x00\"}", "\x00", "{}\x00", `token=x`, `{"token":"x"} // note`,
		"{\"token\":\u00a0\"x\"}", strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
		`｛"token"："x"｝`, `{"token"："x"}`, `{“token”:“x”}`,
	} {
		if len(data) > 60_000 {
			require.Equal(t, "data-malformed", d.raw(6, "bindcar", data).Reason)
			continue
		}
		require.Equal(t, "data-malformed", d.raw(6, "carnum", data).Reason, "%q", data)
	}
	for _, data := range []string{
		`{"token":"x"}`, " \t\r\n{ \"token\" :\n\"x\" } ", `{"token":"\u0078"}`, `{"\u0074oken":"x"}`, `{"token":"\ud800"}`, `{"token":"\u0000"}`, `{"token":1e400}`, `{"token":-0}`,
		`{"token":"x","deep":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`,
	} {
		d.raw(20101, "carnum", data)
	}
}

// Check 7: of duplicate keys the last wins; unknown fields are ignored; both with a lint.
func TestEnvelope_duplicateAndUnknownKeys(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	lints := func(code int, data string) []string {
		t.Helper()
		return d.lints(d.raw(code, "carnum", data))
	}
	require.Empty(t, lints(0, `{"token":"`+token+`"}`))
	require.Equal(t, []string{"duplicate-key"}, lints(0, `{"token":"x","token":"`+token+`"}`))
	require.Equal(t, []string{"duplicate-key"}, lints(20101, `{"token":"`+token+`","token":"x"}`))
	require.Equal(t, []string{"duplicate-key"}, lints(20102, `{"token":"`+token+`","\u0074oken":null}`))
	require.Equal(t, []string{"unknown-field"}, lints(0, `{"token":"`+token+`","Token":{"token":["x"]}}`))
	require.Equal(t, []string{"unknown-field", "duplicate-key", "unknown-field"}, lints(0, `{"token":"`+token+`","a":1,"a":2}`))
	many := new(strings.Builder)
	for i := range 5000 {
		fmt.Fprintf(many, `"k%d":%d,`, i%4000, i)
	}
	answer := d.raw(20102, "bindcar", `{`+many.String()+`"token":"`+token+`"}`)
	require.Len(t, d.lints(answer), 32)
	require.Equal(t, "missing-parameter: plateNumber", answer.Reason)
}

// The journal keeps all of an honest data, and of a very long one its beginning.
func TestEnvelope_journalKeepsABeginning(t *testing.T) {
	d := newDesk(t)
	for size, kept := range map[int]int{30_000: 30_000, 1_000_000: 64 << 10} {
		data := `{"token":"` + strings.Repeat("x", size-12) + `"}`
		entry, err := d.box.Request(t.Context(), d.raw(20102, "bindcar", data).RequestID)
		require.NoError(t, err)
		var text any
		require.NoError(t, json.Unmarshal(entry.Data, &text))
		if whole, ok := text.(string); ok {
			require.Equal(t, data[:kept]+"…", whole)
		} else {
			require.JSONEq(t, data, string(entry.Data))
			require.Equal(t, size, kept)
		}
	}
}
