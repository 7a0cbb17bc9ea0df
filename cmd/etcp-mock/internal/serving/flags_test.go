package serving

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// refused runs a command that is refused before it begins, and gives why.
func refused(t *testing.T, cmd *cobra.Command, args ...string) string {
	t.Helper()
	root := &cobra.Command{Use: "etcp-mock"}
	cli.SharedFlags(root)
	root.AddCommand(cmd)
	root.SetArgs(append([]string{cmd.Name()}, args...))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	root.SilenceErrors, root.SilenceUsage = true, true
	err := root.ExecuteContext(t.Context())
	require.Error(t, err, args)
	_, usage := errors.AsType[*cli.UsageError](err)
	require.True(t, usage, "%v: %v", args, err)
	return err.Error()
}

// Flags that exclude each other, or mean nothing by themselves, are refused before the mock is made.
func TestServe_flags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"--no-admin", "--admin-addr", "127.0.0.1:0"}, "--no-admin and --admin-addr exclude each other"},
		{[]string{"--watch"}, "--watch wants --fixture or --scenarios"},
		{[]string{"--addr", "8787"}, "--addr: want host:port"},
		{[]string{"--admin-addr", "x"}, "--admin-addr: want host:port"},
		{[]string{"--admin-addr", "unix:"}, "--admin-addr: want host:port or unix:/path/of/a/socket"},
		{[]string{"--addr", "unix:/tmp/a"}, "is --admin-addr unix:/path/of/a/socket"},
		{[]string{"--scenarios", "nowhere"}, "--scenarios: "},
		{[]string{"--scenarios", file}, "is no folder"},
		{[]string{"--fixture", "nowhere.yaml"}, "--fixture: "},
		{[]string{"--log-format", "xml"}, `--log-format is text or json, not "xml"`},
		{[]string{"--sync", "soon"}, `--sync is a duration such as 100ms, or always, not "soon"`},
		{[]string{"--sync", "0s"}, "--sync is a duration"},
		{[]string{"--replica", "a"}, "are for replicas that share a database"},
		{[]string{"--data", t.TempDir(), "--peer-addr", "127.0.0.1:0"}, "are for replicas that share a database"},
		{[]string{"--tls-cert", file}, "--tls-cert and --tls-key go together"},
		{[]string{"--push-allow", "http://x"}, "--push-allow: want a host, host:port or a network"},
	} {
		require.Contains(t, refused(t, NewServe(), append([]string{"--addr", "127.0.0.1:0"}, row.args...)...), row.want)
	}
	require.Contains(t, refused(t, NewExec(), "--fixture", "a", "--scenario", "b", "--", "true"), "either --fixture or --scenario, not both")
	require.Contains(t, refused(t, NewExec(), "--addr", "x", "--", "true"), "--addr: want host:port")
	require.Contains(t, refused(t, NewExec(), "--addr", "unix:/tmp/a", "--", "true"), "--addr: want host:port, since merchants call over TCP")
	for want, args := range map[string][]string{
		"--to is required": {"leaves"}, "--to: want an http or https URL": {"leaves", "--to", "h"}, "--encoding is json, form or form-data-param": {"x", "--to", "http://h", "--encoding", "xml"},
		"--sign-data is json, values or query": {"x", "--to", "http://h", "--sign-data", "xml"}, "speed": {"x", "--to", "http://h", "--speed", "fast"}, "there is no scenario": {"nobody", "--to", "http://h"},
	} {
		require.Contains(t, refused(t, NewReplay(), args...), want)
	}
}

// Where the data is says whether it is shared; a database is told by its scheme.
func TestDataFlags(t *testing.T) {
	for data, shared := range map[string]bool{"postgres://h/d": true, "postgresql://h/d": true, "./postgres": false, "": false} {
		f := &dataFlags{data: data, sync: "always"}
		require.Equal(t, shared, f.isShared(), data)
		options, err := f.options()
		require.NoError(t, err)
		require.Equal(t, data != "", len(options) > 0)
	}
	for addr, host := range map[string]string{"127.0.0.1:8787": "127.0.0.1", ":80": "", "[::1]:80": "::1", "unix:/tmp/a:1": "", "x": ""} {
		require.Equal(t, host, hostIn(addr), addr)
	}
}

// child runs a command beside nothing, and gives its exit code.
func child(t *testing.T, command ...string) int {
	t.Helper()
	cmd := &cobra.Command{}
	cmd.SetIn(strings.NewReader(""))
	cmd.SetOut(io.Discard)
	cmd.SetErr(io.Discard)
	code, err := runChild(cmd, command, os.Environ())
	require.NoError(t, err)
	return code
}

// The exit code of exec is the command's: as a shell has it where the command cannot be run, cannot be found, or was ended by a signal.
func TestRunChild_exitCodes(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	folder := t.TempDir()
	for want, command := range map[int][]string{
		0: {"true"}, 7: {"sh", "-c", "exit 7"}, exitNotFound: {"no-such-command-here"}, exitNotRunnable: {folder}, exitSignal + 15: {"sh", "-c", "kill -TERM $$"},
	} {
		require.Equal(t, want, child(t, command...), "%q", command)
	}
}

// What the doctor says of a merchant's endpoint: only one that answers in the envelope and refuses a wrong signature is good.
func TestDoctor_webhook(t *testing.T) {
	for _, row := range []struct {
		status          int
		body            string
		verdict, detail string
	}{
		{200, `{"code":4,"message":"签名校验非法"}`, checkGood, "refuses a wrong signature with code 4"},
		{200, `{"code":0,"message":"ok"}`, checkBad, "accepts a push whose signature is wrong"},
		{200, `{"code":"4"}`, checkBad, "which is not the envelope"},
		{200, `{"code" : "4"}`, checkBad, "which is not the envelope"},
		{200, `{"code": null}`, checkBad, "which is not the envelope"},
		{200, `{"code":4,"data":{"code":"x"}}`, checkGood, "refuses a wrong signature with code 4"},
		{200, `{"code":0.0}`, checkBad, "accepts a push whose signature is wrong"},
		{200, `<html>`, checkBad, "which is not the envelope"},
		{200, ``, checkBad, "which is not the envelope"},
		{401, `{}`, checkWarn, "refuses a wrong signature with HTTP 401"},
		{500, `{}`, checkBad, "answers HTTP 500"},
		{302, ``, checkBad, "redirects (HTTP 302), which is not followed"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			require.Contains(t, string(text), `"signment":"00000000000000000000000000000000"`)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(row.status)
			_, _ = io.WriteString(w, row.body)
		}))
		verdict, detail, fix := (&doctor{cmd: NewDoctor(), language: "en"}).tryWebhook(t.Context(), server.URL)
		server.Close()
		require.Equal(t, row.verdict, verdict, row.body)
		require.Contains(t, detail, row.detail)
		require.Equal(t, verdict == checkGood, fix == "", "what is not good has a fix")
	}
	verdict, detail, _ := (&doctor{cmd: NewDoctor(), language: "en"}).tryWebhook(t.Context(), "http://127.0.0.1:1/")
	require.Equal(t, checkBad, verdict)
	require.Contains(t, detail, "not reachable from here: connection refused")
	require.Equal(t, []string{"http://a", "http://b"}, pushURLs(&control.PushHook{URL: "http://a", URLs: map[client.Kind]string{client.KindUnbind: "http://b", client.KindExit: "http://a"}}))
	require.Empty(t, pushURLs(nil))
}

// A recording has the name of its file, and names a schema that is there: the nearest above in its repository, or one that is written beside it.
func TestInPlace(t *testing.T) {
	others := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(others, schemaFile), nil, 0o600)) // is none of this project
	dir := filepath.Join(others, "project")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, ".git"), 0o700))
	text := []byte("# yaml-language-server: $schema=" + scenarios.SchemaURL + "\nname: recorded\nsteps: []\n")
	placed := string(inPlace(t.Context(), text, filepath.Join(dir, "checkout: 1.yaml"), "en"))
	require.Contains(t, placed, "$schema="+schemaFile+"\nname: \"checkout: 1\"\n")
	require.FileExists(t, filepath.Join(dir, schemaFile))
	below := filepath.Join(dir, "a", "b")
	require.NoError(t, os.MkdirAll(below, 0o700))
	require.Contains(t, string(inPlace(t.Context(), text, filepath.Join(below, "x.yaml"), "en")), "$schema=../../"+schemaFile+"\nname: x\n")
	require.NoFileExists(t, filepath.Join(below, schemaFile))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", "schemas"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a", "schemas", schemaFile), nil, 0o600))
	require.Contains(t, string(inPlace(t.Context(), text, filepath.Join(below, "x.yaml"), "en")), "$schema=../schemas/"+schemaFile)
	alone := filepath.Join(others, "alone")
	require.NoError(t, os.Mkdir(alone, 0o700))
	require.Contains(t, string(inPlace(t.Context(), text, filepath.Join(alone, "x.yaml"), "en")), "$schema="+schemaFile+"\n", "what lies above a folder that is in no repository is somebody else's")
	require.FileExists(t, filepath.Join(alone, schemaFile))
	require.Contains(t, string(inPlace(t.Context(), text, os.DevNull, "en")), "$schema="+scenarios.SchemaURL, "a device has no folder")
}

// A manual page has every flag with its default, and no text of it is read as a request of roff.
func TestPage(t *testing.T) {
	root := &cobra.Command{Use: "etcp-mock", Short: "A mock"}
	cmd := &cobra.Command{Use: "serve", Short: "Run the mock", Long: ".dots begin\n'quotes too\n\nback\\slash - dash", Example: "  etcp-mock serve", Run: func(*cobra.Command, []string) {}}
	cmd.Flags().StringP("addr", "a", "127.0.0.1:0", "`address` to listen on")
	cmd.Flags().Bool("quiet", false, "say less")
	cmd.Flags().String("secret", "", "hidden")
	require.NoError(t, cmd.Flags().MarkHidden("secret"))
	root.AddCommand(cmd)
	text := page(cmd, "en")
	for _, want := range []string{
		`.TH "ETCP\-MOCK\-SERVE" "1"`, "etcp\\-mock\\-serve \\- Run the mock\n", "\\&.dots begin\n\\&'quotes too\n.PP\nback\\eslash \\- dash\n",
		"\\fB\\-a\\fP, \\fB\\-\\-addr\\fP \\fIaddress\\fP\naddress to listen on\n(default 127.0.0.1:0)\n", "\\fB\\-\\-quiet\\fP", ".SH SEE ALSO\n\\fBetcp\\-mock\\fP(1)\n",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "secret")
	_, err := writePages(root, t.TempDir(), "en")
	require.NoError(t, err)
}

// In Chinese a manual page has its headings, its defaults and the commands' own texts in Chinese, and each placeholder once.
func TestPage_inChinese(t *testing.T) {
	root := &cobra.Command{Use: "etcp-mock", Short: "A mock"}
	cmd := NewRecord()
	root.AddCommand(cmd)
	dir := t.TempDir()
	_, err := writePages(root, dir, "zh")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "etcp-mock-record.1"))
	require.NoError(t, err)
	for _, want := range []string{".SH 名称\n", ".SH 用法\n\\fBetcp\\-mock record [参数] ", ".SH 说明\n", ".SH 参数\n", "（默认 127.0.0.1:0）\n", "显示 record 的帮助\n", ".SH 另见\n"} {
		require.Contains(t, string(text), want)
	}
	require.NotRegexp(t, `(?m)^\.SH [A-Z]|\(default|help for|\[flags\]|\x01`, string(text))
}

// The log is text or JSON; a line of JSON is an object.
func TestNewLogger(t *testing.T) {
	for format, want := range map[string]string{"text": "level=WARN msg=slow", "json": `"level":"WARN","msg":"slow"`} {
		var out bytes.Buffer
		log, err := newLogger(format, &out)
		require.NoError(t, err)
		log.Log(t.Context(), slog.LevelWarn, "slow", "after", time.Second.String())
		require.Contains(t, out.String(), want)
	}
}
