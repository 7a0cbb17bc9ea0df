package merchant

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

var city = commandtest.City("key-of-m1")

// A request is signed and sent as the first merchant, its answer is shown, and the exit code is whether the code is 0; --as logs a user in first.
func TestCall(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewCall(), append(args, "--server", base)...)
	}
	status := run("parkingstatus", "parkingId=1")
	require.Equal(t, cli.ExitOK, status.Code, status.Err)
	require.Regexp(t, `^code +0  ok\ndata +\{\n +"totalSpace": "100",\n`, status.Out)
	bound := run("bindcar", "--as", "13800000001", "plateNumber=渝ATX061", "-o", "json")
	require.Equal(t, cli.ExitOK, bound.Code, bound.Err)
	require.Contains(t, run("carnum", "--as", "13800000001", "--app-id", "other").Out, `"number": 1`)
	refused := run("parkingstatus", "parkingId=99")
	require.Equal(t, cli.ExitFailed, refused.Code)
	for _, want := range []string{"code     1  失败", "reason ", "why ", "request  r"} {
		require.Contains(t, refused.Out, want)
	}
	require.Regexp(t, `why +\P{Han}+99`, refused.Out)
	require.Regexp(t, `(?m)^说明 +\p{Han}+ 99`, run("parkingstatus", "parkingId=99", "--lang", "zh").Out)
	for want, args := range map[string][]string{
		"sign-mismatch": {"--sign", strings.Repeat("0", 32)}, "timestamp-expired": {"--time-stamp", "20170101000000"}, "missing-parameter: sign": {"--omit", "sign"},
	} {
		got := run(append([]string{"parkingstatus", "parkingId=1"}, args...)...)
		require.Equal(t, cli.ExitFailed, got.Code)
		require.Contains(t, got.Out, want)
	}
	stranger := run("carnum", "--as", "138") // who cannot log in: that is explained as any refusal
	require.Equal(t, cli.ExitFailed, stranger.Code)
	for _, want := range []string{"20201  usersigin: ", "reason ", "why ", "fix ", "request  r"} {
		require.Contains(t, stranger.Out, want)
	}
}

// What a lint says is in the reader's language, as everything else of the answer; as JSON it has both.
func TestCall_lints(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewCall(), append([]string{"parkingstatus", "parkingId=1", "nosuch=x", "--server", base}, args...)...)
	}
	var out struct {
		Lints []struct{ Rule, Detail, DetailZh string }
	}
	require.NoError(t, json.Unmarshal([]byte(run("-o", "json").Out), &out))
	require.Len(t, out.Lints, 1)
	l := out.Lints[0]
	require.Contains(t, run().Out, l.Rule+": "+l.Detail)
	require.Contains(t, run("--lang", "zh").Out, l.Rule+"："+l.DetailZh)
	require.NotContains(t, run("--lang", "zh").Out, l.Detail)
}

// The whole of data may be given, as a text, from a file, or from stdin; what does not go together is refused before anything is sent.
func TestCall_data(t *testing.T) {
	t.Parallel()
	base, file := commandtest.Mock(t, city), filepath.Join(t.TempDir(), "data.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"parkingId":"1"}`+"\r\n"), 0o600))
	for _, data := range []string{`{"parkingId":"1"}`, "@" + file, "@-"} {
		got := commandtest.RunIn(t.Context(), NewCall(), `{"parkingId":"1"}`, "parkingstatus", "--data", data, "--server", base)
		require.Equal(t, cli.ExitOK, got.Code, got.Err+got.Out)
	}
	silent := commandtest.Answering(t, nil)
	for want, args := range map[string][]string{
		"--data is the whole of data": {"--data", "{}", "a=b"}, "no KEY=VALUE and no --as": {"--data", "{}", "--as", "13800000001"}, "--omit is merchant_no, time_stamp, data or sign": {"--omit", "token"}, `"a": want KEY=VALUE`: {"a"}, "what stands behind := is JSON": {"a:=x"},
	} {
		got := commandtest.Run(t, NewCall(), append([]string{"carnum", "--server", silent.URL}, args...)...)
		require.Equal(t, cli.ExitUsage, got.Code, got.Err)
		require.Contains(t, got.Err, want)
	}
	require.Empty(t, silent.Sent())
	require.Contains(t, commandtest.Run(t, NewCall(), "carnum", "--merchant-no", "M9", "--server", base).Err, "the sandbox default has no merchant M9")
	require.NotEqual(t, cli.ExitOK, commandtest.Run(t, NewCall(), "carnum", "--data", "@nowhere.json", "--server", base).Code)
}

// Where an injected fault is why no answer came, or one that is no envelope, that is said, with the request that the journal has of it.
func TestCall_faults(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	sandbox := control.New(base).Sandbox(control.Default)
	for _, do := range []control.FaultDo{{Cut: control.CutBefore}, {Cut: control.CutAfter}, {Truncate: true}, {Empty: true}, {Body: "<html>"}} {
		made, err := sandbox.AddFault(t.Context(), control.Fault{On: control.FaultOn{Endpoint: "parkingstatus"}, Do: do})
		require.NoError(t, err)
		args := []string{"parkingstatus", "parkingId=1", "--server", base}
		require.Regexp(t, "this comes of the injected fault "+made.ID+"; see: etcp-mock requests show r[0-9]+\n", commandtest.Run(t, NewCall(), args...).Err)
		require.Contains(t, commandtest.Run(t, NewCall(), append(args, "--lang", "zh")...).Err, "这是注入的故障 "+made.ID+" 造成的")
		require.NoError(t, sandbox.ClearFaults(t.Context()))
	}
}

// An answer that is no envelope is shown as it came, and is a failure; one that never comes is another. What it holds moves no cursor.
func TestCall_wrongAnswers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		code     int
		out, err string
	}{
		"<html>\x1b[2J":                    {cli.ExitFailed, `<html>\x1b[2J` + "\n", "envelope"},
		`{"message":"` + "\u009b" + `2J"}`: {cli.ExitFailed, "{\n  \"message\": \"\\x9b2J\"\n}\n", "envelope"},
		"half":                             {cli.ExitUnreachable, "", "cannot reach http://127.0.0.1:"},
		"cut":                              {cli.ExitUnreachable, "", "cannot reach http://127.0.0.1:"},
		`{"code":7,"message":"` + "\u009b" + `"}`: {cli.ExitFailed, "code  7  \\x9b\n", ""},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if body == "cut" {
				panic(http.ErrAbortHandler)
			}
			_, _ = w.Write([]byte(body))
			if body == "half" {
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		}))
		got := commandtest.Run(t, NewCall(), "parkingstatus", "parkingId=1", "--server", server.URL, "--merchant-no", "M1", "--merchant-key", "k")
		server.Close()
		require.Equal(t, want.code, got.Code, got.Err)
		require.Equal(t, want.out, got.Out)
		require.Contains(t, got.Err, want.err)
	}
}
