package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/curl"
)

// A request of the journal is sent again with the very parameters that came, however they are made up: in the query of a GET, in the form of a POST.
func TestSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := control.Request{
			Endpoint: "bindcar", Method: rapid.SampledFrom([]string{http.MethodGet, http.MethodPost}).Draw(t, "method"),
			MerchantNo: rapid.String().Draw(t, "merchant"), TimeStamp: "20171027093000", Sign: "S", DataText: `{"a":"` + rapid.String().Draw(t, "data") + `"}`,
		}
		r := sent("http://127.0.0.1:8787", q)
		params := string(r.Body)
		if q.Method == http.MethodGet {
			_, params, _ = strings.Cut(r.URL, "?")
			require.Empty(t, r.Body)
		} else {
			require.Equal(t, "application/x-www-form-urlencoded", r.ContentType)
		}
		form, err := url.ParseQuery(params)
		require.NoError(t, err)
		require.Equal(t, q.DataText, form.Get("data"))
		require.Equal(t, q.MerchantNo, form.Get("merchant_no"))
		require.Equal(t, q.MerchantNo != "", form.Has("merchant_no"), "what did not come is not sent")
		require.True(t, strings.HasPrefix(r.URL, "http://127.0.0.1:8787/merchant/open/1.0.0/openapi/bindcar"))
	})
	data := func(q control.Request) string {
		form, err := url.ParseQuery(string(sent("", q).Body))
		require.NoError(t, err)
		return form.Get("data")
	}
	require.Equal(t, `{"a":1}`, data(control.Request{Method: http.MethodPost, Data: json.RawMessage(`{"a":1}`)}))
	require.Equal(t, "no JSON", data(control.Request{Method: http.MethodPost, Data: json.RawMessage(`"no JSON"`)}))
}

// The raw request has its headers in order, and one Host.
func TestRaw(t *testing.T) {
	text := raw(curl.Request{Method: "POST", URL: "http://h:1/p?q=1", Body: []byte("a=b")}, map[string]string{"User-Agent": "x", "Content-Type": "y", "Host": "other"})
	require.Equal(t, "POST /p?q=1 HTTP/1.1\nHost: h:1\nContent-Type: y\nUser-Agent: x\n\na=b", text)
}

// What is followed is filtered as what is listed: every filter holds.
func TestRequestsFlags_wants(t *testing.T) {
	code := 6
	q := control.Request{ID: "r1", Endpoint: "bindcar", MerchantNo: "M1", Code: 6, Phone: "138", PlateNumber: "渝ATX061", OrderID: "O1", Lints: []control.Lint{{Rule: "plate-spaces"}}}
	for _, f := range []control.RequestFilter{
		{},
		{Endpoint: "bindcar"},
		{MerchantNo: "M1"},
		{Code: &code},
		{Phone: "138"},
		{PlateNumber: "渝 atx061"},
		{OrderID: "O1"},
		{Lint: "any"},
		{Lint: "plate-spaces"},
		{Endpoint: "bindcar", MerchantNo: "M1", Code: &code, Phone: "138", PlateNumber: "渝ATX061", OrderID: "O1", Lint: "plate-spaces"},
	} {
		require.True(t, requestsFlags{filter: f}.wants(q), "%+v", f)
		require.True(t, requestsFlags{filter: f, refused: true}.wants(q))
	}
	other := 0
	for _, f := range []control.RequestFilter{{Endpoint: "carnum"}, {MerchantNo: "M2"}, {Code: &other}, {Phone: "139"}, {PlateNumber: "渝A"}, {OrderID: "O2"}, {Lint: "other"}} {
		require.False(t, requestsFlags{filter: f}.wants(q), "%+v", f)
	}
	q.Code, q.Lints = 0, nil
	require.False(t, requestsFlags{refused: true}.wants(q))
	require.False(t, requestsFlags{filter: control.RequestFilter{Lint: "any"}}.wants(q))
}

// How many are wanted: exactly, at least, at most; both ways at once are refused, and no wish is the server's default.
func TestCountFlags(t *testing.T) {
	for _, row := range []struct {
		f        countFlags
		min, max int // -1: none
	}{
		{countFlags{exactly: 2, least: -1, most: -1}, 2, 2},
		{countFlags{exactly: 0, least: -1, most: -1}, 0, 0},
		{countFlags{exactly: -1, least: 1, most: -1}, 1, -1},
		{countFlags{exactly: -1, least: -1, most: 0}, -1, 0},
		{countFlags{exactly: -1, least: 1, most: 3}, 1, 3},
	} {
		count, err := row.f.count()
		require.NoError(t, err)
		for want, got := range map[*int]*int{&row.min: count.Min, &row.max: count.Max} {
			if *want < 0 {
				require.Nil(t, got)
			} else {
				require.Equal(t, *want, *got)
			}
		}
	}
	none, err := (&countFlags{exactly: -1, least: -1, most: -1}).count()
	require.NoError(t, err)
	require.Nil(t, none)
	_, err = (&countFlags{exactly: 1, least: 1, most: -1}).count()
	require.ErrorContains(t, err, "either --count, or --min and --max")
}

// english is a printer in it.
var english = &show.Printer{Printer: &cli.Printer{}}

// A step is an endpoint, a push or a car; what is wrong with one is said by the text it was given as.
func TestSteps(t *testing.T) {
	require.Equal(t, control.SequenceStep{Push: "exit"}, stepOf("push:exit"))
	require.Equal(t, control.SequenceStep{Car: "enter"}, stepOf("car:enter"))
	require.Equal(t, control.SequenceStep{Endpoint: "bindcar"}, stepOf("bindcar"))
	wrong := &control.ProblemError{Errors: []control.FieldError{{Pointer: "/steps/1/push", Detail: "there is no kind of push exitt"}, {Pointer: "/strict", Detail: "is wrong"}, {Pointer: "/steps/9", Detail: "is none"}}}
	require.ErrorIs(t, byStep(english, wrong, []string{"bindcar", "push:exitt"}), error(wrong))
	require.Equal(t, "step 2, push:exitt: there is no kind of push exitt", wrong.Errors[0].Detail)
	require.Equal(t, "/strict", wrong.Errors[1].Pointer)
	require.Equal(t, "is none", wrong.Errors[2].Detail)
	zh := &control.ProblemError{Errors: []control.FieldError{{Pointer: "/steps/0", Detail: `no endpoint "bind"; there are bindcar, carnum`}}}
	require.Error(t, byStep(&show.Printer{Printer: &cli.Printer{Chinese: true}}, zh, []string{"bind"}))
	require.Equal(t, `第 1 步 bind：没有接口 "bind"；现有：bindcar、carnum`, zh.Errors[0].Detail)
	gone := errors.New("gone")
	require.Equal(t, gone, byStep(english, gone, nil))
}

// A sequence is shown up to the first step that did not come; its exit code says whether it holds.
func TestPrintSequence(t *testing.T) {
	var out bytes.Buffer
	p := &show.Printer{Printer: &cli.Printer{Out: &out}}
	require.NoError(t, printSequence(p, []string{"bindcar"}, control.SequenceResult{OK: true, Matched: []string{"r1"}}))
	require.Equal(t, "holds: 1 of 1 steps came in this order\nbindcar  r1\n", out.String())
	out.Reset()
	err := printSequence(p, []string{"bindcar", "car:enter", "push:exit"}, control.SequenceResult{Matched: []string{"r1"}, Got: "r2 carnum"})
	require.Equal(t, cli.ExitCode(cli.ExitFailed), err)
	require.Equal(t, "does not hold: 1 of 3 steps came in this order\nbindcar    r1\ncar:enter  did not come; in its place: r2 carnum\n", out.String())
}

// The end of a stream is nothing to say where the user has ended it.
func TestStreamEnd(t *testing.T) {
	broken := errors.New("EOF")
	require.ErrorContains(t, streamEnd(t.Context(), broken), "the stream of events broke off: EOF")
	refused := &control.ProblemError{Status: 404}
	require.Equal(t, error(refused), streamEnd(t.Context(), refused))
}
