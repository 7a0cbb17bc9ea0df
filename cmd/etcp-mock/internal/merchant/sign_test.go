package merchant

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/sign"
)

// The vector of §6 is signed and verified, without a server; the key is in no output, also where it stands in the data.
func TestSign_request(t *testing.T) {
	t.Parallel()
	const data, vector = `{"param1":"value1","param2":"value2","param3":"value3"}`, "A3DE1813F4DDBADFC18555E18A2E579D"
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewSign(), append(args, "--merchant-key", "noxxxxx", "--time-stamp", "20170721132452", "--server", "http://127.0.0.1:1")...)
	}
	require.Equal(t, vector+"\n", run("compute", data, "-q").Out)
	require.Contains(t, run("compute", data+"noxxxxx").Out, data+"••••••20170721132452")
	require.Contains(t, run("compute", data, "-o", "json").Out, `"timeStamp": "20170721132452"`)
	require.Equal(t, cli.ExitOK, run("verify", data, "--sign", vector).Code)
	wrong := run("verify", data, "--sign", strings.ToLower(vector))
	require.Equal(t, cli.ExitFailed, wrong.Code)
	require.Contains(t, wrong.Out, "lower-case")
	require.Equal(t, cli.ExitOK, run("explain", data, "--sign", strings.ToLower(vector)).Code, "to explain is no check")
	for _, got := range []commandtest.Result{wrong, run("explain", "{}", "--sign", "0"), run("compute", "noxxxxx")} {
		require.NotContains(t, got.Out+got.Err, "noxxxxx")
	}
	for want, args := range map[string][]string{
		"--whitespace is exact, strip or either": {"compute", data, "--whitespace", "none"}, "--sign-data is json, values or query": {"compute", data, "--sign-data", "xml"}, "want --sign and --time-stamp": {"verify", data},
		"either DATA, which is a request's, or --push": {"verify", data, "--push", "{}"}, "want DATA, the text of the parameter data": {"compute"}, "want --merchant-no": {"verify", "--push", "{}"},
	} {
		got := run(args...)
		require.Equal(t, cli.ExitUsage, got.Code, got.Err)
		require.Contains(t, got.Err, want)
	}
}

// A push is examined alike with a key and by a server that knows it: as JSON or as the form it came in, by its own signment or by the one that
// is given.
func TestSign_push(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	right := unbind(merchantKey)
	form := url.Values{"plateNumber": {"渝ATX061"}, "time": {"2017-08-19 12:07:19"}, "signment": {sign.Push(merchantNo, `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`, merchantKey)}}.Encode()
	for _, where := range [][]string{{"--merchant-key", merchantKey, "--server", "http://127.0.0.1:1"}, {"--server", base}} {
		run := func(args ...string) commandtest.Result {
			return commandtest.Run(t, NewSign(), append(append([]string{"verify", "--merchant-no", merchantNo}, args...), where...)...)
		}
		for _, body := range []string{right, form} {
			require.Equal(t, cli.ExitOK, run("--push", body).Code, "%v %s", where, body)
			other := run("--push", body, "--sign", strings.Repeat("0", 32))
			require.Equal(t, cli.ExitFailed, other.Code, "the signment that is given is the one to check: %v", where)
			require.Contains(t, other.Out, "signature  wrong")
		}
		require.Equal(t, cli.ExitFailed, run("--push", unbind("another")).Code)
	}
	require.Contains(t, commandtest.Run(t, NewSign(), "compute", "--push", right, "-q", "--server", base).Out, sign.Push(merchantNo, `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`, merchantKey))
	require.Equal(t, cli.ExitFailed, commandtest.Run(t, NewSign(), "compute", "--push", "[", "--server", base).Code)
	require.Contains(t, commandtest.Run(t, NewSign(), "verify", "--push", "no push", "--merchant-no", merchantNo, "--merchant-key", "k").Out, "malformed")
}

// Alternatives are shown beside the explanation, and what a server says moves no cursor.
func TestPrintSignature(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{
		"GET /merchants":             `{"items":[{"no":"M1"}]}`,
		"POST /__admin/sign/explain": `{"ok":false,"expected":"\u009b","signed":"s","diagnosis":[{"kind":"k\u009b","detail":"en","detailZh":"中","fix":"f"}],"alternatives":[[{"kind":"other\u009b","fix":"else"}]]}`,
	})
	got := commandtest.Run(t, NewSign(), "explain", "{}", "--sign", "0", "--time-stamp", "1", "--server", s.URL)
	require.Equal(t, "signature  wrong\nexpected   \\x9b\nsigned     s\nwhy        k\\x9b: en\nfix        f\nor         other\\x9b: else\n", got.Out)
	require.Contains(t, commandtest.Run(t, NewSign(), "explain", "{}", "--sign", "0", "--time-stamp", "1", "--server", s.URL, "--lang", "zh").Out, "中")
}

// The sample merchant has the mock push to it while it listens, receives, and gives the mock its former URL back.
func TestListen_registers(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, `{"merchants": [{"no": "M1", "key": "key-of-m1", "push": {"url": "http://127.0.0.1:1/before", "kinds": ["unbind"]}}]}`)
	hook := func() *control.PushHook {
		list, err := control.New(base).Sandbox(control.Default).Merchants(t.Context(), control.Page{})
		require.NoError(t, err)
		return list.Items[0].Push
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan commandtest.Result, 1)
	go func() { ended <- commandtest.RunIn(ctx, NewListen(), "", "--server", base) }()
	require.Eventually(t, func() bool { return !strings.HasSuffix(hook().URL, "/before") }, waits, step)
	require.Equal(t, hook().URL+"unbind", hook().URLs["unbind"])
	require.Equal(t, "unbind", string(hook().Kinds[0]), "it gets the kinds it got")
	res, err := http.Post(hook().URL+"unbind", "application/json", strings.NewReader(unbind(merchantKey))) //nolint:noctx // a loopback address
	require.NoError(t, err)
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.JSONEq(t, `{"code":0,"message":"ok"}`, string(answer))
	stop()
	got := <-ended
	require.Equal(t, cli.ExitOK, got.Code, got.Err)
	require.Regexp(t, `(?s)^listening on http://127\.0\.0\.1:\d+\n.*signature right.*\n1 push received, 0 refused\n$`, got.Out)
	require.Regexp(t, `(?m)^merchant M1 of sandbox default is pushed here; `, got.Out) // before the push, or behind it
	require.Equal(t, "http://127.0.0.1:1/before", hook().URL)
}

// Where no mock is there, a merchant whose key is given listens all the same, unless it insists.
func TestListen_withoutMock(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	args := []string{"--server", "http://127.0.0.1:1", "--merchant-no", "M1", "--merchant-key", "k", "--sign-data", "json"}
	alone := commandtest.RunIn(ctx, NewListen(), "", args...)
	require.Equal(t, cli.ExitOK, alone.Code)
	require.Contains(t, alone.Err, "no mock at http://127.0.0.1:1 is set to push here; its merchant M1 has to have the push URL http://127.0.0.1:")
	require.Contains(t, alone.Out, "0 pushes received, 0 refused\n")
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewListen(), append(args, "--register")...).Code)
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewListen(), "--server", "http://127.0.0.1:1").Code, "it has no key to verify with")
	require.Equal(t, cli.ExitUsage, commandtest.Run(t, NewListen(), "--addr", "x").Code)
}

// A signature that no MD5 in hex can be is said to be none, with how long it is.
func TestSign_noHash(t *testing.T) {
	t.Parallel()
	for given, says := range map[string]string{"ABC": "has 3 characters", "1": "an MD5 in hex has 32 digits", strings.Repeat("A", 32): ""} {
		out := commandtest.Run(t, NewSign(), "explain", `{"a":1}`, "--time-stamp", "20171027093000", "--sign", given, "--merchant-key", "k1").Out
		if says == "" {
			require.NotContains(t, out, "an MD5 in hex has 32 digits")
			continue
		}
		require.Contains(t, out, says)
		require.Contains(t, out, "32 hex digits")
	}
}
