// Package ci_test runs what the CI recipes run, as the CI would.
package ci_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// action is action.yml as far as a runner reads it.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Name, Shell, Run string
			Env              map[string]string
		}
	}
}

// job is a runner at work: a process that runs a step after the other, and then ends.
type job struct {
	dir string
	out string
	err error
	env map[string]string // what the steps have left for those after them
}

// runAction runs the steps of the action as the runner does (bash --noprofile --norc -eo pipefail), and then some commands of the user's.
func runAction(t *testing.T, inputs map[string]string, then string) *job {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	require.NoError(t, err)
	var a action
	document, err := scenarios.ReadDocument("action.yml", text)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(document.JSON, &a))
	require.Equal(t, "composite", a.Runs.Using)

	j := &job{dir: t.TempDir(), env: map[string]string{}}
	values := map[string]string{}
	for name, input := range a.Inputs {
		values[name] = input.Default
	}
	maps.Copy(values, inputs)
	var runner strings.Builder
	runner.WriteString("load() { while IFS= read -r line; do export \"$line\"; done <\"$GITHUB_ENV\"; while IFS= read -r dir; do PATH=$dir:$PATH; done <\"$GITHUB_PATH\"; }\n")
	step := func(name, script string, env map[string]string) {
		file := filepath.Join(j.dir, name+".sh")
		require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
		runner.WriteString("load\nenv")
		for variable, value := range env {
			runner.WriteString(" " + variable + "='" + value + "'")
		}
		runner.WriteString(" bash --noprofile --norc -eo pipefail " + file + " || exit $?\n")
	}
	for i, s := range a.Runs.Steps {
		require.Equal(t, "bash", s.Shell)
		env := map[string]string{}
		for variable, value := range s.Env {
			value = strings.ReplaceAll(value, "${{ github.action_path }}", root)
			for name, input := range values {
				value = strings.ReplaceAll(value, "${{ inputs."+name+" }}", input)
			}
			require.NotContains(t, value, "${{")
			env[variable] = value
		}
		step("step"+string(rune('0'+i)), s.Run, env)
	}
	step("then", then, nil)
	bin, err := commandtest.Built()
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(filepath.Join(j.dir, "etcp-mock"), os.DirFS(bin)))
	for _, file := range []string{"env", "output", "path"} {
		require.NoError(t, os.WriteFile(filepath.Join(j.dir, file), nil, 0o600))
	}
	j.run(t, runner.String())
	return j
}

func TestMain(m *testing.M) { commandtest.Main(m) }

func (j *job) run(t *testing.T, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.Dir = j.dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+j.dir, "GITHUB_ENV="+filepath.Join(j.dir, "env"),
		"GITHUB_OUTPUT="+filepath.Join(j.dir, "output"), "GITHUB_PATH="+filepath.Join(j.dir, "path"))
	out, err := cmd.CombinedOutput()
	j.out, j.err = string(out), err
	left, err := os.ReadFile(filepath.Join(j.dir, "env"))
	require.NoError(t, err)
	for line := range strings.Lines(string(left)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		j.env[name] = value
	}
}

// endsAlone holds that nothing of the job is left, and so nobody who listens for it.
func (j *job) endsAlone(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		left, _ := exec.CommandContext(t.Context(), "pgrep", "-a", "-f", "--", j.dir).Output() // it exits 1 where there is none
		if len(left) == 0 {
			break
		}
		require.True(t, time.Now().Before(deadline), "left: %s", left)
	}
}

// Without a fixture the merchant is demo; the steps after it find everything, and both commands.
func TestAction_plain(t *testing.T) {
	t.Parallel()
	j := runAction(t, nil, "etcp-mock version --remote\ncontract run --tag smoke --last-run=\netcp-mock scenario run temporary-car-pays-online\n"+park(t))
	require.NoError(t, j.err, j.out)
	require.Contains(t, j.out, "paid 10 yuan")
	require.Equal(t, []string{"demo", "demo-key", "default"}, []string{j.env["ETCP_MOCK_MERCHANT_NO"], j.env["ETCP_MOCK_MERCHANT_KEY"], j.env["ETCP_MOCK_SANDBOX"]})
	require.Equal(t, j.env["ETCP_MOCK_URL"]+"/__admin", j.env["ETCP_MOCK_ADMIN"])
	require.Equal(t, j.env["ETCP_MOCK_URL"], j.env["ETCP_MOCK_SERVER"])
	output, err := os.ReadFile(filepath.Join(j.dir, "output"))
	require.NoError(t, err)
	require.Contains(t, string(output), "url="+j.env["ETCP_MOCK_URL"]+"\n")
	j.endsAlone(t)
}

// With a fixture the merchant is its first.
func TestAction_fixture(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "city.yaml")
	require.NoError(t, os.WriteFile(file, []byte(fixture), 0o600))
	j := runAction(t, map[string]string{"fixture": file}, park(t))
	require.NoError(t, j.err, j.out)
	require.Contains(t, j.out, "paid 10 yuan")
	require.Equal(t, []string{"M1", "k1&<x>"}, []string{j.env["ETCP_MOCK_MERCHANT_NO"], j.env["ETCP_MOCK_MERCHANT_KEY"]})
	j.endsAlone(t)
}

// A fixture with a typo fails at once, and the step shows where it is.
func TestAction_fixtureWithATypo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "city.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(fixture, "merchants", "merchant", 1)), 0o600))
	j := runAction(t, map[string]string{"fixture": file}, "echo it went on")
	require.Error(t, j.err)
	require.Regexp(t, `(?m)^::error::etcp-mock did not start: \S*city\.yaml:\d+:\d+: merchant: unknown field`, j.out, "the annotation says why, as it is shown apart from the log")
	require.Contains(t, j.out, `did you mean "merchants"?`)
	require.NotContains(t, j.out, "it went on")
	require.Empty(t, j.env)
	j.endsAlone(t)
}

// A port that another mock has is an error, and the other mock is not spoken to; a free port is taken where none is named.
func TestAction_portTaken(t *testing.T) {
	t.Parallel()
	other := mocktest.New(t)
	u, err := url.Parse(other.URL)
	require.NoError(t, err)
	j := runAction(t, map[string]string{"addr": u.Host}, "echo it went on")
	require.Error(t, j.err)
	require.Contains(t, j.out, "address already in use")
	require.NotContains(t, j.out, "it went on")
	require.Empty(t, j.env)
	j.endsAlone(t)

	j = runAction(t, nil, park(t))
	require.NoError(t, j.err, j.out)
	require.NotEqual(t, other.URL, j.env["ETCP_MOCK_URL"])
	require.Empty(t, other.Requests(""))
	j.endsAlone(t)
}

const fixture = `merchants:
  - {no: M1, key: "k1&<x>"}
parkings:
  - {id: "1", name: 观音桥停车楼, city: 重庆市, lat: "29.5", lon: "106.5", tariff: {freeMinutes: 15, unitMinutes: 60, unitPrice: "5"}}
`

// park is a step of the user's: the example in shell.
func park(t *testing.T) string {
	t.Helper()
	script, err := filepath.Abs("../shell/park.sh")
	require.NoError(t, err)
	return "bash '" + script + "'\n"
}

// The job for GitLab does as it says, and docs/ci.md shows it. Only where it clones from and installs to is another place here.
func TestGitLab(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("gitlab.yml")
	require.NoError(t, err)
	_, job, found := strings.Cut(string(text), "\nparking-tests:")
	require.True(t, found)
	page, err := os.ReadFile("../../docs/ci.md")
	require.NoError(t, err)
	require.Contains(t, string(page), "```yaml\nparking-tests:"+job+"```")

	bin, err := commandtest.Built()
	require.NoError(t, err)
	require.Contains(t, job, "    - go build -C /opt/etcp-mock -o /usr/local/bin/ ./cmd/...\n")
	_, script, _ := strings.Cut(job, "script:\n    - etcp-mock exec -- ")
	require.Equal(t, "go test ./...\n", script)
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "etcp-mock"), "exec", "--", "sh", "-c", park(t))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "paid 10 yuan")
}
