// Package remote is the server that a command speaks to: the flags that name it, its clients, and what its errors mean on a command line.
package remote

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/authority"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// defaultServer is where serve listens if it is not told.
const defaultServer = "http://127.0.0.1:8787"

// onSocket is the base URL of whatever is asked through a socket.
const onSocket = "http://localhost"

// Flags is the server a command speaks to, and the sandbox on it.
type Flags struct{ Server, Token, CACert, SandboxID string }

// RegisterServer adds what names a server.
func (r *Flags) RegisterServer(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.Server, "server", defaultServer, "base `URL` of the mock, or unix:/path/of/a/socket")
	cmd.Flags().StringVar(&r.Token, "admin-token", "", "`token` of the control API; better in ETCP_MOCK_ADMIN_TOKEN, where others do not see it")
	cli.SentTo(cmd, "admin-token", "server")
	cmd.Flags().StringVar(&r.CACert, "cacert", "", "PEM `file` of an authority to trust (default: that of serve --tls)")
}

// secure reports whether the server speaks HTTPS.
func (r *Flags) secure() bool { return strings.HasPrefix(r.URL(), "https://") }

// Register adds what names a server and a sandbox on it.
func (r *Flags) Register(cmd *cobra.Command) {
	r.RegisterServer(cmd)
	cmd.Flags().StringVar(&r.SandboxID, "sandbox", control.Default, "`id` of the sandbox")
}

// Client is a client of the server's control API.
func (r *Flags) Client() *control.Client {
	if err := r.Check(); err != nil {
		return control.New(onSocket, control.WithHTTPClient(&http.Client{Transport: unable{err}}))
	}
	opts := []control.Option{control.WithToken(r.Token), control.WithPatience(patience)}
	if h := r.socket(); h != nil {
		opts = append(opts, control.WithHTTPClient(h))
	}
	if r.secure() {
		pool, err := authority.Roots(r.CACert)
		if err != nil {
			opts = append(opts, control.WithHTTPClient(&http.Client{Transport: unable{err}}))
		} else {
			opts = append(opts, control.WithRoots(pool))
		}
	}
	return control.New(r.URL(), opts...)
}

// Platform is a merchant's client of the same server.
func (r *Flags) Platform(no, key string) (*client.Client, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if h := r.socket(); h != nil {
		return client.New(r.URL(), no, key, client.WithHTTPClient(h)), nil
	}
	if !r.secure() {
		return client.New(r.URL(), no, key), nil
	}
	pool, err := authority.Roots(r.CACert)
	return client.New(r.URL(), no, key, client.WithRoots(pool)), err
}

// unable fails at every request, with why.
type unable struct{ err error }

func (u unable) RoundTrip(*http.Request) (*http.Response, error) { return nil, u.err }

// socket is a client that connects to the socket of --server unix:/path, nil where there is none.
func (r *Flags) socket() *http.Client {
	path, ok := strings.CutPrefix(r.Server, "unix:")
	if !ok {
		return nil
	}
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
}

// Address is where the server is, as --server takes it: its base URL, or unix:/path.
func (r *Flags) Address() string {
	if r.socket() != nil {
		return r.Server
	}
	return r.URL()
}

// URL is the server's base URL; 127.0.0.1:8787 alone will do. That of a socket is http://localhost.
func (r *Flags) URL() string {
	if strings.HasPrefix(r.Server, "unix:") {
		return onSocket
	}
	url := strings.TrimRight(r.Server, "/")
	if strings.HasSuffix(r.Server, "://") {
		return r.Server // which no server has
	}
	if !strings.Contains(url, "://") {
		return "http://" + url
	}
	return url
}

// Check says what is wrong with an address that no server can have.
func (r *Flags) Check() error {
	u, err := url.Parse(r.URL())
	if wrong, ok := errors.AsType[*url.Error](err); ok {
		err = wrong.Err
	} else if u.Scheme != "http" && u.Scheme != "https" {
		err = fmt.Errorf("unsupported protocol scheme %q", u.Scheme)
	} else if u.Host == "" {
		err = errors.New("no Host in request URL")
	} else if port, _ := strconv.Atoi(u.Port()); port > 65535 {
		err = fmt.Errorf("address %d: invalid port", port)
	}
	if err != nil {
		return cli.Usagef("--server: %w", err)
	}
	return nil
}

// Sandbox is the sandbox that the flags name.
func (r *Flags) Sandbox() *control.Sandbox { return r.Client().Sandbox(r.SandboxID) }

// Explain is an error in the words of a command line.
func Explain(cmd *cobra.Command, err error) cli.Explanation {
	return explain(cli.Language(cmd), cmd, err)
}

func explain(language string, cmd *cobra.Command, err error) cli.Explanation {
	unreachable := func(host string, why error) cli.Explanation {
		line := translation.Format(language, "cannot reach %s: %s", host, NetworkText(language, why))
		return cli.Explanation{Lines: []string{line}, Hint: networkHint(language, cmd, host, why), Code: cli.ExitUnreachable}
	}
	problem, refused := errors.AsType[*control.ProblemError](err)
	said, isSaid := errors.AsType[*cli.Problem](err)
	isSaid = isSaid && said.Error() == err.Error()
	failed, network := errors.AsType[*url.Error](err)
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case refused && problem.Status == http.StatusUnauthorized:
		return withoutToken(language, cmd)
	case refused && problem.Status == http.StatusUnprocessableEntity:
		hint := translation.Format(language, "see: %s --help", cmd.CommandPath())
		hint = cmp.Or(hints[problem.Reason], hint)
		return cli.Explanation{Lines: problemLines(language, cmd, problem), Hint: hint, Code: cli.ExitUsage}
	case refused && isSaid: // with what the command says around it
		return cli.Explanation{Lines: []string{cli.TextOf(language, err)}, Hint: ProblemHint(problem), Code: cli.ExitFailed}
	case refused:
		return cli.Explanation{Lines: problemLines(language, cmd, problem), Hint: ProblemHint(problem), Code: cli.ExitFailed}
	case errors.Is(err, context.Canceled):
		return cli.Explanation{Lines: []string{translation.In(language, "interrupted")}, Code: cli.ExitFailed}
	case IsType[*control.SlowError](err):
		return cli.Explanation{Lines: []string{strings.TrimPrefix(cli.TextOf(language, err), "control: ")}, Code: cli.ExitUnreachable}
	case network:
		return unreachable(host(cmd, failed.URL), failed.Err)
	case isOp && op.Op == "dial":
		return unreachable(op.Addr.String(), err)
	case IsType[*timeoutError](err):
		return cli.Explanation{Lines: []string{cli.TextOf(language, err)}, Code: cli.ExitUnreachable}
	}
	return cli.Explanation{Lines: []string{strings.TrimPrefix(cli.TextOf(language, err), "control: ")}, Code: cli.ExitFailed}
}

// host is where a request went to: that of a socket has another address than --server.
func host(cmd *cobra.Command, address string) string {
	host := excerpt.Host(address)
	if f := cmd.Flags().Lookup("server"); f != nil && host == onSocket && cli.IsSocket(f.Value.String()) {
		return f.Value.String()
	}
	return host
}

// withoutToken says that the server did not take the token of its control API, or was given none.
func withoutToken(language string, cmd *cobra.Command) cli.Explanation {
	line, hint := "the server wants the token of its control API", hintToken
	if f := cmd.Flags().Lookup("admin-token"); f != nil && f.Value.String() != "" {
		line, hint = "--admin-token: that is not the token of the server's control API", "the server printed the right one when it started, unless it was given one with --admin-token or in ETCP_MOCK_ADMIN_TOKEN"
	}
	return cli.Explanation{Lines: []string{translation.In(language, line)}, Hint: hint, Code: cli.ExitFailed}
}

// Explained is an error in the words of a language, where it does not end the command.
func Explained(language string, cmd *cobra.Command, err error) (lines []string, hint string) {
	e := explain(language, cmd, err)
	for i, line := range e.Lines {
		e.Lines[i] = cli.NameVariables(cmd, line)
	}
	return e.Lines, translation.In(language, e.Hint)
}

// problemLines are what the server says is wrong, each with the flag it is about where there is one of that name.
func problemLines(language string, cmd *cobra.Command, p *control.ProblemError) []string {
	said, colon := func(text string) string { return text }, ": "
	if language == lang.Chinese {
		said, colon = chinese.Of, "："
	}
	if cmd.Flags().Lookup("push") != nil {
		inBody := said
		said = func(text string) string { return strings.ReplaceAll(inBody(text), "on.push", "--push") }
	}
	if name := givenAs(cmd, p.Parameter); name != "" {
		detail := strings.TrimPrefix(p.Detail, p.Parameter+" in the query: ")
		return []string{name + colon + said(strings.TrimPrefix(detail, p.Parameter+" in the path: "))}
	}
	if len(p.Errors) == 0 {
		return []string{said(p.Error())}
	}
	lines := make([]string, len(p.Errors))
	for i, e := range p.Errors {
		lines[i] = strings.TrimPrefix(jsonvalue.Path(e.Pointer)+colon+said(e.Detail), colon)
		if name := givenAs(cmd, e.Pointer); name != "" {
			lines[i] = name + colon + said(e.Detail)
		}
	}
	return lines
}

// givenAs is the flag or the argument that a position in a request's body, or a parameter, is set by: --parking-id for /parkingId, PHONE for
// phone. It is "" where the command has neither.
func givenAs(cmd *cobra.Command, pointer string) string {
	last := pointer[strings.LastIndexByte(pointer, '/')+1:]
	var b strings.Builder
	for i, r := range last {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	for _, suffix := range []string{"", "-id", "-number", "-no", "-space"} {
		name := strings.TrimSuffix(b.String(), suffix)
		if name == "" {
			continue
		}
		if cmd.Flags().Lookup(name) != nil {
			return "--" + name
		}
		for _, word := range strings.Fields(cmd.Use)[min(1, len(strings.Fields(cmd.Use))):] {
			if argument := strings.Trim(word, "[]…"); argument == strings.ToUpper(name) {
				return argument
			}
		}
	}
	return ""
}

// NetworkText is why a connection failed, without what every such error repeats.
func NetworkText(language string, err error) string {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return translation.In(language, "connection refused")
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return cli.TextOf(language, err)
}

// networkHint is what to do where a host cannot be reached. Where that is the server's, it says where its address comes from.
func networkHint(language string, cmd *cobra.Command, host string, err error) string {
	if IsType[*tls.CertificateVerificationError](err) {
		return translation.In(language, "name whom to trust with --cacert; the authority of serve --tls is printed by: etcp-mock ca")
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return translation.In(language, "the server speaks plain HTTP: --server http://…")
	}
	from, isDefault := "", false
	if f := cmd.Flags().Lookup("server"); f != nil && host == excerpt.Host((&Flags{Server: f.Value.String()}).Address()) {
		from = cli.SetBy(cmd, "server")
		isDefault = from == ""
	}
	switch refused := errors.Is(err, syscall.ECONNREFUSED); {
	case refused && from != "":
		return translation.Format(language, "the address comes from %s: start the mock there (etcp-mock serve), or give the address of one that runs", from)
	case refused && isDefault:
		return translation.In(language, "that is the default address; start the mock with: etcp-mock serve; or give the address of one that runs: --server or ETCP_MOCK_SERVER")
	case refused:
		return translation.In(language, "start the mock with: etcp-mock serve; or give the address of one that runs: --server or ETCP_MOCK_SERVER")
	case from != "":
		return translation.Format(language, "the address comes from %s: correct it there", from)
	}
	return translation.In(language, "name the server with --server or ETCP_MOCK_SERVER")
}

// IsType reports whether an error of a type is in a chain.
func IsType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// patience is how long a server may take for a call that waits for nothing, however loaded the machine is.
const patience = 2 * time.Minute

// requestTimeout is how long a request of a scenario may take.
const requestTimeout = 30 * time.Second

// Mock is the server as scenarios see it.
func (r *Flags) Mock() (scenarios.Target, error) {
	if err := r.Check(); err != nil {
		return scenarios.Target{}, err
	}
	target := scenarios.Mock(r.URL(), r.Token)
	target.Control, target.HTTP = r.Client(), r.socket()
	if !r.secure() {
		return target, nil
	}
	pool, err := authority.Roots(r.CACert)
	target.HTTP = &http.Client{Timeout: requestTimeout, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	return target, err
}
