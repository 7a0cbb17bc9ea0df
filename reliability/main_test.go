// Package reliability_test shows what the mock survives: signals under load, slow and many clients, a merchant killed in
// the middle, a full disk, a host clock that jumps. It drives whole processes where a process is what fails.
package reliability_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// role makes this program another one when it runs itself.
const role = "RELIABILITY_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "server":
		os.Exit(beServer())
	case "merchant":
		os.Exit(beMerchant())
	case "kept":
		os.Exit(beKept())
	case "replica":
		os.Exit(beReplica())
	case "session":
		os.Exit(beSession())
	}
	code := m.Run()
	commandtest.Remove()
	if err := errors.Join(stopDatabase(), goleak.Find()); code == 0 && err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		code = 1
	}
	os.Exit(code)
}

// process is this program in another role, and the first line it printed.
type process struct {
	cmd  *exec.Cmd
	line string
	rest *bufio.Reader

	stdin io.Closer
}

func start(t *testing.T, as string, env ...string) *process {
	t.Helper()
	return startIn(t, "", as, env...)
}

// startIn starts it in a network namespace; "" is the test's own.
func startIn(t *testing.T, namespace, as string, env ...string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(context.Background(), self) // ended below
	if namespace != "" {
		cmd = exec.CommandContext(context.Background(), "ip", "netns", "exec", namespace, self) // which becomes it
	}
	cmd.Env = append(append(os.Environ(), role+"="+as), env...)
	return startCommand(t, cmd)
}

// startCommand starts a program and reads the first line that it prints.
func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd, rest: bufio.NewReader(out), stdin: in}
	t.Cleanup(p.kill)
	line, err := p.rest.ReadString('\n')
	require.NoError(t, err)
	p.line = strings.TrimSpace(line)
	return p
}

// kill is SIGKILL: the process has no say in it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_, _ = io.Copy(io.Discard, p.rest)
	_ = p.cmd.Wait()
}

// form is a signed request of the merchant demo, now.
func form(data string) string { return formAt(time.Now(), data) }

func formAt(at time.Time, data string) string {
	stamp := at.In(time.FixedZone("Asia/Shanghai", 8*3600)).Format("20060102150405")
	return url.Values{
		"merchant_no": {"demo"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, "demo-key", stamp)},
	}.Encode()
}

// post sends a signed request and gives the body, or the error of a connection that was not served.
func post(ctx context.Context, client *http.Client, base, endpoint, data string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+schemas.PathPrefix+endpoint, strings.NewReader(form(data)))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

// newClient keeps connections of its own, closed with the test.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}
