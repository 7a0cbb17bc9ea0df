//go:build unix

package docs_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/internal/freeport"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// pages are all of the documentation, from the root.
func pages(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	for _, pattern := range []string{"client/*/README*.md", "examples/README*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		all = append(all, found...)
	}
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			all = append(all, filepath.Join(root, "docs", path))
		}
		return err
	}))
	for i := range all {
		all[i], err = filepath.Rel(root, all[i])
		require.NoError(t, err)
	}
	return all
}

var (
	localLink = regexp.MustCompile(`\]\(([^):\s]+)\)`)
	title     = regexp.MustCompile(`(?m)^#+ (.*)$`)
	field     = regexp.MustCompile(`[{,]"(\w+)":`)
	noSlug    = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are what a link into a page may name.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, m := range title.FindAllStringSubmatch(block.ReplaceAllString(page, ""), -1) {
		all[strings.ReplaceAll(noSlug.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

// What a page links to is there, the heading too.
func TestPages_links(t *testing.T) {
	for _, name := range pages(t) {
		for _, m := range localLink.FindAllStringSubmatch(block.ReplaceAllString(readme(t, name), ""), -1) {
			file, anchor, _ := strings.Cut(m[1], "#")
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			_, err := os.Stat(filepath.Join(root, target))
			require.NoError(t, err, "%s links to %s", name, m[1])
			if anchor != "" {
				require.True(t, anchors(readme(t, target))[anchor], "%s links to %s", name, m[1])
			}
		}
	}
}

// The marks before a block of commands, as an HTML comment:
//
//	<!-- run -->              it is run, and has to succeed
//	<!-- run: exits 1 -->     it is run, and exits with that code
//	<!-- not run: reason -->  it cannot be, and why
//	<!-- file: NAME -->       before any block: what is in it is a file of that name, for the page's commands
//
// Every command of the documentation runs, in an empty folder beside a mock as serve starts it; of one that cannot the page says why.
func TestPages_commands(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the documentation's commands want %s", tool)
		}
	}
	bin := binaries(t)
	for _, name := range pages(t) {
		if name == "README.zh-CN.md" || filepath.Dir(name) == "docs/zh-CN" {
			continue // its commands are those of the English page
		}
		files, commands := commandsOf(t, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range commands {
				t.Run(strings.SplitN(c[1], "\n", 2)[0], func(t *testing.T) { runBlock(t, bin, files, c[0], c[1], false) })
			}
		})
	}
}

// The commands of the README and of the page on CI run as well where everything is in the environment that exec and the CI action export.
func TestPages_commandsInExec(t *testing.T) {
	t.Parallel()
	bin := binaries(t)
	for _, name := range []string{"README.md", "docs/ci.md"} {
		files, commands := commandsOf(t, name)
		require.NotEmpty(t, commands)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range commands {
				t.Run(strings.SplitN(c[1], "\n", 2)[0], func(t *testing.T) { runBlock(t, bin, files, c[0], c[1], true) })
			}
		})
	}
}

// commandsOf are the blocks of a page that are run, each with what stands behind "run: ", and the files that they want.
func commandsOf(t *testing.T, page string) (files map[string]string, commands [][2]string) {
	t.Helper()
	files = map[string]string{}
	for _, m := range block.FindAllStringSubmatch(readme(t, page), -1) {
		mark, argument, _ := strings.Cut(m[1], ": ")
		if mark == "file" {
			files[argument] = m[3]
		}
		if m[2] != "sh" || mark == "file" {
			continue
		}
		switch mark {
		case "run":
			commands = append(commands, [2]string{argument, m[3]})
		case "not run":
			require.NotEmpty(t, argument, "%s does not say why this is not run: %s", page, m[3])
		default:
			require.Fail(t, "a block is marked neither run nor not run: reason", "%s: %s", page, m[3])
		}
	}
	return files, commands
}

// Code marked <!-- from: FILE --> stands in that file, which a test runs; a Chinese page has its own comments in it.
func TestPages_code(t *testing.T) {
	found := 0
	for _, name := range pages(t) {
		for _, m := range block.FindAllStringSubmatch(readme(t, name), -1) {
			if file, ok := strings.CutPrefix(m[1], "from: "); ok {
				found++
				code, shown := readme(t, file), m[3]
				if strings.Contains(name, "zh-CN") {
					for _, comment := range remark.FindAllString(shown, -1) {
						require.Regexp(t, `\p{Han}`, comment, "%s: a comment that is not in Chinese", name)
					}
					code, shown = stripped(code), stripped(shown)
				}
				require.Contains(t, code, shown, name)
			}
		}
	}
	require.Positive(t, found)
}

// The README says how many checks a webhook is held to; there are that many, and not another hundred.
func TestReadme_howManyChecks(t *testing.T) {
	for name, says := range map[string]string{"README.md": "by more than a hundred checks", "README.zh-CN.md": "一百多项检查"} {
		require.Contains(t, readme(t, name), says)
	}
	n := len(webhook.Checks("en"))
	require.True(t, 100 < n && n < 200, "there are %d checks", n)
}

// Every file of the documentation that is a fixture or a scenario is one.
func TestPages_files(t *testing.T) {
	found := 0
	for _, name := range pages(t) {
		for _, m := range block.FindAllStringSubmatch(readme(t, name), -1) {
			file, ok := strings.CutPrefix(m[1], "file: ")
			if !ok || filepath.Ext(file) != ".yaml" {
				continue
			}
			found++
			document, err := scenarios.ReadDocument(file, []byte(m[3]))
			require.NoError(t, err, name)
			if strings.Contains(m[3], "\nsteps:") {
				_, err = scenarios.Parse(file, []byte(m[3]))
			} else {
				_, err = mock.New(mock.WithFixture(document.JSON))
			}
			require.NoError(t, err, name)
		}
	}
	require.Positive(t, found)
}

var namesTest = regexp.MustCompile("`(Test\\w+)`")

// Each test that a page names is there.
func TestPages_namedTests(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			var text []byte
			text, err = os.ReadFile(path)
			tests.Write(text)
		}
		return err
	}))
	found := 0
	for _, name := range pages(t) {
		for _, m := range namesTest.FindAllStringSubmatch(readme(t, name), -1) {
			found++
			require.True(t, strings.Contains(tests.String(), "\nfunc "+m[1]+"(t *testing.T)"), "%s names %s, a test that is not there", name, m[1]) // require.Contains would print them all
		}
	}
	require.Greater(t, found, 15)
}

// A push that a page shows has the fields of its kind, in their order.
func TestPages_pushes(t *testing.T) {
	shown := 0
	for _, name := range pages(t) {
		for _, m := range block.FindAllStringSubmatch(readme(t, name), -1) {
			kind, ok := strings.CutPrefix(m[1], "push: ")
			if !ok {
				continue
			}
			shown++
			row, known := schemas.LookupPush(kind)
			require.True(t, known, kind)
			var fields []string
			for _, f := range field.FindAllStringSubmatch(m[3], -1) {
				fields = append(fields, f[1])
			}
			require.Equal(t, append(slices.Clone(row.Fields), "signment"), fields, name)
		}
	}
	require.Positive(t, shown)
}

func TestMain(m *testing.M) { commandtest.Main(m) }

func binaries(t *testing.T) string {
	t.Helper()
	dir, err := commandtest.Built()
	require.NoError(t, err)
	return dir
}

// refusedEnvelope is an answer of the platform that is no success, which HTTP does not tell.
var refusedEnvelope = regexp.MustCompile(`(?m)^\{"code":[1-9]`)

// merchants are the addresses of pages where somebody listens: the merchant demo, which takes what is right.
var merchants = regexp.MustCompile(`127\.0\.0\.1:9000`)

// unused is an address where nobody listens.
func unused(t *testing.T) string {
	t.Helper()
	address, err := freeport.Address()
	require.NoError(t, err)
	return address
}

func sampleMerchant() http.Handler {
	h := &client.PushHandler{MerchantNo: "demo", Key: "demo-key", Notice: client.KindUnbind}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.Handle("/etcp/unbind", h.ForKind(client.KindUnbind))
	mux.Handle("/etcp/certification-invalid", h.ForKind(client.KindCertificationInvalid))
	return mux
}

// runBlock runs a block in a shell, beside a mock in place of the one on port 8787, and a merchant in place of that on port 9000;
// exported: with all that exec has in the environment.
func runBlock(t *testing.T, bin string, files map[string]string, mark, text string, exported bool) {
	t.Helper()
	server, err := mock.New(mock.WithSeed(7))
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, server.Close(ctx))
	}()
	merchant := httptest.NewServer(sampleMerchant())
	defer merchant.Close()
	text = strings.ReplaceAll(text, "http://127.0.0.1:8787", server.URL())
	text = strings.ReplaceAll(text, "127.0.0.1:18787", unused(t)) // of a mock that the block itself starts
	text = merchants.ReplaceAllString(text, strings.TrimPrefix(merchant.URL, "http://"))

	dir, home := t.TempDir(), t.TempDir()
	for name, content := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o700))
	}
	// A call that HTTP says was refused fails the block.
	require.NoError(t, os.WriteFile(filepath.Join(home, ".curlrc"), []byte("fail-with-body\n"), 0o600))
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", text)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "CURL_HOME="+home,
		"ETCP_MOCK_SERVER="+server.URL(), "NO_PROXY=127.0.0.1")
	if exported {
		out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "etcp-mock"), "env", "--server", server.URL()).Output()
		require.NoError(t, err)
		require.Contains(t, string(out), "ETCP_MOCK_ADMIN=")
		cmd.Env = append(cmd.Env, strings.Split(strings.TrimSpace(string(out)), "\n")...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it leaves running ends with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	said, err := os.Create(filepath.Join(home, "said")) // a file: what is left running does not keep it from ending
	require.NoError(t, err)
	defer func() { _ = said.Close() }()
	cmd.Stdout, cmd.Stderr = said, said
	ended := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	out, err := os.ReadFile(said.Name())
	require.NoError(t, err)
	if code, ok := strings.CutPrefix(mark, "exits "); ok {
		want, err := strconv.Atoi(code)
		require.NoError(t, err)
		require.Equal(t, want, cmd.ProcessState.ExitCode(), "%s", out)
		return
	}
	require.NoError(t, ended, "%s", out)
	if strings.Contains(text, "curl") {
		require.False(t, refusedEnvelope.Match(out), "the platform refused: %s", out)
	}
}
