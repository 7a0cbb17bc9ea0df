package fuzz

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// What must be answered is known by the first check that a request does not pass: its way, its envelope, its data, its parameters; and what the state says of it, only where
// the fuzzer has made the sandbox.
func TestPlayer_expect(t *testing.T) {
	t.Parallel()
	e, known := schemas.Lookup("carnum")
	require.True(t, known)
	token := []fuzzField{{"token", "t"}}
	for _, c := range []struct {
		name           string
		step           fuzzStep
		sandbox, other int // the code with a sandbox of the fuzzer's, and without
		status         int
	}{
		{"a good one", fuzzStep{fields: token}, schemas.CodeInvalidToken, model.Unsure, 200},
		{"no token", fuzzStep{}, schemas.CodeMissingParameter, schemas.CodeMissingParameter, 200},
		{"a token that is an object", fuzzStep{fields: []fuzzField{{"token", map[string]any{}}}}, schemas.CodeBadParameter, schemas.CodeBadParameter, 200},
		{"garbage", fuzzStep{raw: "[]"}, schemas.CodeBadParameter, schemas.CodeBadParameter, 200},
		{"garbage that is wrongly signed", fuzzStep{raw: "[]", overrides: []string{"key other"}}, schemas.CodeBadSignature, schemas.CodeBadSignature, 200},
		{"expired", fuzzStep{fields: token, overrides: []string{"stamp -11m"}}, schemas.CodeTimestampExpired, schemas.CodeTimestampExpired, 200},
		{"another's number", fuzzStep{overrides: []string{"merchant {merchant}x"}}, schemas.CodeUnknownMerchant, schemas.CodeUnknownMerchant, 200},
		{"a stamp that is none", fuzzStep{overrides: []string{"stamp 2017-08-20"}}, schemas.CodeBadParameter, schemas.CodeBadParameter, 200},
		{"no sign", fuzzStep{overrides: []string{"no sign"}}, schemas.CodeMissingParameter, schemas.CodeMissingParameter, 200},
		{"wrongly sent, and wrongly signed", fuzzStep{way: "by PUT", overrides: []string{"key other"}}, 1, 1, 405},
		{"sent to another path", fuzzStep{way: "with a slash", fields: token}, 1, 1, 404},
		{"sent in another order", fuzzStep{way: "in another order", fields: token}, schemas.CodeInvalidToken, model.Unsure, 200},
	} {
		p := wrapping("exact")
		for _, want := range []int{c.other, c.sandbox} {
			expected := p.expect(e, &c.step, p.wrap(&c.step, c.step.text(p.value)))
			require.Equal(t, want, expected.code, "%s, with a sandbox: %t", c.name, p.model != nil)
			require.Equal(t, c.status, expected.status, c.name)
			p.model = model.New(p.setup)
		}
	}
}

// In strict mode what is noted is refused: a name twice, a way that is a lint; what nobody knows of an unusual encoding is not asked.
func TestPlayer_expectStrict(t *testing.T) {
	t.Parallel()
	e, _ := schemas.Lookup("bindcar")
	fields := []fuzzField{{"token", "t"}, {"plateNumber", "渝A00001"}}
	for strict, codes := range map[bool][]int{
		false: {schemas.CodeInvalidToken, schemas.CodeInvalidToken, schemas.CodeInvalidToken},
		true:  {schemas.CodeBadParameter, schemas.CodeBadParameter, model.Unsure},
	} {
		p := wrapping("exact")
		p.setup.Strict = strict
		p.model = model.New(p.setup)
		for i, step := range []fuzzStep{{fields: fields, style: "twice"}, {fields: fields, way: "all in the query"}, {raw: `{"token":"t","plateNumber":"渝A00001"}`, encoded: "x"}} {
			require.Equal(t, codes[i], p.expect(e, &step, p.wrap(&step, step.text(p.value))).code, "strict: %t, step %d", strict, i)
		}
	}
}

// Of a good answer is learnt what later steps take, under the number of the step; of another nothing.
func TestPlayer_learn(t *testing.T) {
	t.Parallel()
	const quotes = `[{"orderId":"O","verificationInfo":"P","remainingFee":5.5},{"orderId":"O2","verificationInfo":"P2","remainingFee":1}]`
	for _, c := range []struct {
		endpoint, data string
		code, status   int
		want           map[symbol]any
	}{
		{"usersigin", `{"token":"T"}`, 0, 200, map[symbol]any{"token7": "T"}},
		{"userlogin", `{"token":"T"}`, 0, 200, map[symbol]any{"token7": "T"}},
		{"userlogin", `{"token":"T"}`, 20201, 200, map[symbol]any{}},
		{"userlogin", `{"token":"T"}`, 0, 404, map[symbol]any{}},
		{"userlogin", `[]`, 0, 200, map[symbol]any{}},
		{"carnum", `{"token":"T"}`, 0, 200, map[symbol]any{}},
		{"orderunpay", quotes, 0, 200, map[symbol]any{"order7": "O", "proof7": "P", "fee7": json.Number("5.5")}},
		{"orderunpay", `[]`, 0, 200, map[symbol]any{}},
		{"surroundingparking", `{"scrollId":"S"}`, 0, 200, map[symbol]any{"scroll7": "S"}},
		{"surroundingparking", `{"scrollId":""}`, 0, 200, map[symbol]any{}},
	} {
		p := &player{known: map[symbol]any{}}
		e, known := schemas.Lookup(c.endpoint)
		require.True(t, known)
		p.learn(e, &fuzzStep{id: 7}, &client.Answer{Code: c.code, HTTPStatus: c.status, Data: json.RawMessage(c.data)})
		require.Equal(t, c.want, p.known, "%s %s", c.endpoint, c.data)
	}
}

// What a symbol stands for is what an answer gave, or what the story fixes; else a text that nobody gave, which for a fee is an amount.
func TestPlayer_value(t *testing.T) {
	t.Parallel()
	p := &player{s: story{salt: 1}, known: map[symbol]any{"token0": "T"}}
	for v, want := range map[symbol]any{"token0": "T", "token1": "never-given", "fee3": "5", "phone0": "13900000007", "plate1": "渝B00008", "text2": "T1-2"} {
		require.Equal(t, want, p.value(v), v)
	}
	require.Equal(t, map[string]any{"token": "T~", "n": nil}, (&player{known: map[symbol]any{"token0": "T~"}}).fields(&fuzzStep{fields: []fuzzField{{"token", symbol("token0")}, {"n", nil}}}))
}

// Who answers nothing that a platform would is no platform, as long as nothing has answered as one: a page, or a refusal to let anybody through. Later that is a finding.
func TestPlayer_noPlatform(t *testing.T) {
	t.Parallel()
	wrong := errors.New("no envelope")
	answer := func(status int, kind, body string) *client.Answer {
		return &client.Answer{HTTPStatus: status, Raw: []byte(body), Header: http.Header{"Content-Type": {kind}}}
	}
	for _, c := range []struct {
		name   string
		answer *client.Answer
		err    error
		outage bool
	}{
		{"an envelope", answer(200, "application/json", `{"code":0}`), nil, false},
		{"nothing", nil, wrong, false},
		{"a page", answer(200, "text/html", "<html></html>"), wrong, true},
		{"no entry", answer(403, "text/plain", "no"), wrong, true},
		{"a proxy's", answer(407, "text/html", ""), wrong, true},
		{"a login", answer(401, "application/json", "{}"), wrong, true},
		{"a gateway's", answer(502, "text/html", "<h1>Bad Gateway</h1>"), wrong, true},
	} {
		p := &player{f: playing(http.NotFoundHandler())}
		require.Equal(t, c.outage, p.noPlatform(c.answer, c.err) != nil, c.name)
		p.f.answered.Store(true)
		require.Nil(t, p.noPlatform(c.answer, c.err), c.name)
	}
}

// A platform that stops to answer as one is found out, with what was sent and what came; one that never did is an outage, and no finding.
func TestPlayer_call(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>"+strings.Repeat("x", 9)+"</html>")
	})
	s := story{steps: []fuzzStep{{action: "call", subject: "carnum", fields: []fuzzField{{"token", "t"}}}}}
	f := playing(page)
	b := f.play(t.Context(), s)
	require.NotNil(t, b)
	require.NotNil(t, b.outage)
	f.answered.Store(true)
	b = f.play(t.Context(), s)
	require.Nil(t, b.outage)
	require.Equal(t, "envelope carnum", b.kind)
	require.Equal(t, "HTTP 200 <html>xxxxxxxxx</html>", b.received)
	e, _ := schemas.Lookup("carnum")
	require.Equal(t, e.Section, b.section)
	require.Contains(t, b.curl, "/openapi/carnum")
	require.Equal(t, int64(2), f.calls.Load())
}
