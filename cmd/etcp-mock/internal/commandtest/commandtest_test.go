package commandtest

import (
	"io"
	"net/http"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// A command ends as on a command line: its output, what it says on stderr, and its exit code.
func TestRun(t *testing.T) {
	t.Parallel()
	cmd := func(with error) *cobra.Command {
		return &cobra.Command{Use: "echo", Args: cli.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.Copy(cmd.OutOrStdout(), cmd.InOrStdin())
			require.NoError(t, err)
			return with
		}}
	}
	require.Equal(t, Result{Code: 0, Out: "in"}, RunIn(t.Context(), cmd(nil), "in"))
	require.Equal(t, Result{Code: 2, Err: "etcp-mock: --code \"x\" is no number\n  see: etcp-mock echo --help\n"}, Run(t, cmd(cli.Usagef("--code %q is no number", "x"))))
	require.Regexp(t, `\p{Han}`, Run(t, cmd(cli.Usagef("--code %q is no number", "x")), "--lang", "zh").Err)
}

// A server answers what it is told to, breaks off where it is told that, and keeps what came in its order.
func TestAnswering(t *testing.T) {
	t.Parallel()
	s := Answering(t, map[string]string{"GET /clock": `{"mode":"frozen"}`, "PUT /clock": "cut", "GET /__admin/version": `{"version":"1"}`})
	c := control.New(s.URL)
	clock, err := c.Sandbox(control.Default).Clock(t.Context())
	require.NoError(t, err)
	require.Equal(t, "frozen", clock.Mode)
	_, err = c.Sandbox(control.Default).SetClock(t.Context(), control.ClockChange{Mode: "running"})
	require.ErrorContains(t, err, "EOF")
	said, err := c.Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, "1", said.Version)
	_, err = c.Sandbox("other").Clock(t.Context())
	require.True(t, control.IsNotFound(err))
	require.Equal(t, []string{"GET /clock", `PUT /clock {"mode":"running"}`, "GET /__admin/version", "GET /__admin/sandboxes/other/clock"}, s.Sent())
}

// A mock is one: it answers as the fixture says, over HTTP.
func TestMock(t *testing.T) {
	t.Parallel()
	base := Mock(t, `{"clock":"2017-08-20 12:00:00","merchants":[{"no":"M1","key":"k1"}]}`)
	clock, err := control.New(base).Sandbox(control.Default).Clock(t.Context())
	require.NoError(t, err)
	require.Equal(t, "2017-08-20 12:00:00", clock.Now.String())
	res, err := http.Get(base + "/merchant/open/1.0.0/openapi/nonsense") //nolint:noctx // a loopback address
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusNotFound, res.StatusCode)
}
