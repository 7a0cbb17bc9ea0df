package journal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// What is verified is sent with each flag as the control API has it; the exit code is whether it holds, and what came nearest is shown.
func TestVerify(t *testing.T) {
	t.Parallel()
	const holds, not = `{"ok":true,"matched":1}`, `{"ok":false,"matched":2,"nearest":[{"id":"r3","differs":["data.payment: want 8, got 9"]}]}`
	for _, row := range []struct {
		args         []string
		answer, sent string
		code         int
		en, zh       string
	}{
		{
			[]string{"requests", "--endpoint", "orderpaid", "--merchant", "M1", "--code", "0", "--count", "2", "--within", "5s", "payment=8", "a.b:=1"},
			holds,
			`POST /requests/verify {"byValue":true,"endpoint":"orderpaid","merchantNo":"M1","code":0,"data":{"a":{"b":1},"payment":"8"},"count":{"min":2,"max":2},"within":"5s"}`, cli.ExitOK, "holds: 1 request matches\n", "成立",
		},
		{[]string{"requests", "--max", "0"}, not, `POST /requests/verify {"byValue":true,"count":{"max":0}}`, cli.ExitFailed, "does not hold: 2 requests match\n  nearest: r3  (etcp-mock requests show r3)\n    data.payment: want 8, got 9\n", "不成立"},
		{
			[]string{"pushes", "--kind", "exit", "--merchant", "M1", "--plate", "渝ATX061", "--status", "delivered", "receivableFee:=8"},
			holds,
			`POST /pushes/verify {"byValue":true,"kind":"exit","merchantNo":"M1","plateNumber":"渝ATX061","status":"delivered","body":{"receivableFee":8}}`, cli.ExitOK, "holds: 1 push matches\n", "推送",
		},
		{[]string{"sequence", "bindcar", "push:exit", "--strict"}, `{"ok":true,"matched":["r1","p1"]}`, `POST /verify/sequence {"steps":[{"endpoint":"bindcar"},{"push":"exit"}],"strict":true}`, cli.ExitOK, "holds: 2 of 2 steps came in this order\nbindcar    r1\npush:exit  p1\n", "顺序"},
		{[]string{"requests"}, `{"ok":false,"detail":"no car in a request","detailZh":"请求里没有车"}`, `POST /requests/verify {"byValue":true}`, cli.ExitFailed, "does not hold: no car in a request\n", "请求里没有车"},
	} {
		pattern := strings.Join(strings.Fields(row.sent)[:2], " ")
		s := commandtest.Answering(t, map[string]string{pattern: row.answer})
		got := commandtest.Run(t, NewVerify(), append(row.args, "--server", s.URL)...)
		require.Equal(t, row.code, got.Code, got.Err)
		require.Equal(t, row.en, got.Out)
		require.JSONEq(t, row.sent[len(pattern):], s.Sent()[0][len(pattern):])
		require.Contains(t, commandtest.Run(t, NewVerify(), append(row.args, "--server", s.URL, "--lang", "zh")...).Out, row.zh)
		asJSON := commandtest.Run(t, NewVerify(), append(row.args, "--server", s.URL, "-o", "json")...)
		require.Equal(t, row.code, asJSON.Code, "as JSON too")
		require.Contains(t, asJSON.Out, `"ok": `)
	}
}

// What cannot be verified is a wrong command line, named by what was given; a server that answers it wrongly, or not, has an exit code of its own.
func TestVerify_refused(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for want, args := range map[string][]string{
		"either --count, or --min and --max": {"pushes", "--count", "1", "--min", "1"}, `"payment": want KEY=VALUE`: {"requests", "payment"}, `--code "x" is no number`: {"requests", "--code", "x"},
		"--endpoint: ": {"requests", "--endpoint", "nonsense"}, "--kind: ": {"pushes", "--kind", "nonsense"}, "step 2, push:exitt: ": {"sequence", "bindcar", "push:exitt"}, "want STEP…, got nothing": {"sequence"}, "missing subcommand": nil,
	} {
		got := commandtest.Run(t, NewVerify(), append(args, "--server", base)...)
		if args == nil {
			got = commandtest.Run(t, NewVerify())
		}
		require.Equal(t, cli.ExitUsage, got.Code, got.Err)
		require.Contains(t, got.Err, want)
	}
	for body, code := range map[string]int{"cut": cli.ExitUnreachable, "<html>": cli.ExitFailed, `{"ok":"yes"}`: cli.ExitFailed} {
		s := commandtest.Answering(t, map[string]string{"POST /requests/verify": body, "POST /pushes/verify": body, "POST /verify/sequence": body})
		for _, args := range [][]string{{"requests"}, {"pushes"}, {"sequence", "bindcar"}} {
			got := commandtest.Run(t, NewVerify(), append(args, "--server", s.URL)...)
			require.Equal(t, code, got.Code, body)
			require.Empty(t, got.Out)
		}
	}
}

// However a server points into the steps, it ends no command.
func TestByStep_anyPointer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pointer := rapid.OneOf(rapid.Custom(func(t *rapid.T) string {
			return "/steps/" + rapid.SampledFrom([]string{"-1", "0", "2", "+1", "99999999999999999999", "x", ""}).Draw(t, "number")
		}), rapid.String()).Draw(t, "pointer")
		problem := &control.ProblemError{Errors: []control.FieldError{{Pointer: pointer, Detail: "is wrong"}}}
		require.ErrorIs(t, byStep(english, problem, []string{"bindcar", "car:enter"}), error(problem))
		require.Contains(t, problem.Errors[0].Detail, "is wrong")
	})
}

// A request to whatever was asked for is sent there again: what stands in the name of an endpoint stays in the path.
func TestSent_anyEndpoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := control.Request{Method: http.MethodGet, Sign: "S", Endpoint: rapid.String().Draw(t, "endpoint")}
		u, err := url.Parse(sent("http://h", q).URL)
		require.NoError(t, err)
		require.Equal(t, "/merchant/open/1.0.0/openapi/"+q.Endpoint, u.Path)
		require.Equal(t, "sign=S", u.RawQuery)
		require.NotEmpty(t, raw(sent("http://h", q), nil))
	})
}
