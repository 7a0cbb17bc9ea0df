package serving

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// How a check of the doctor can end.
const (
	checkGood = "good"
	checkWarn = "warn"
	checkBad  = "bad"
)

// check is what the doctor has found.
type check struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`
}

// The doctor's patience, and how far apart the clocks may be before a time_stamp is in danger.
const (
	doctorTimeout = 5 * time.Second
	clockWarn     = 30 * time.Second
	clockBad      = 10 * time.Minute // the default of timestamp.window
	headerStep    = 2 * time.Second  // HTTP's Date has whole seconds: what is less says nothing
)

type doctor struct {
	remote.Flags
	cmd      *cobra.Command
	checks   []check
	language string
	code     int // of what keeps it from looking further, as every other command exits for it
}

// NewDoctor is the command doctor.
func NewDoctor() *cobra.Command {
	var d doctor
	cmd := &cobra.Command{
		Use: "doctor", Short: "Find out what is wrong: port, server, clocks, merchants' webhooks", Args: cli.NoArgs,
		Long: `Find out why nothing works. Exits 1 where something is bad, 3 where no server answers.

  server    does a mock answer there, or is the port free, or somebody else's?
  clock     is this machine's clock near the server's, so that a time_stamp is accepted?
  webhook   is every merchant's push URL reachable from here, and does it answer in the platform's envelope? It is sent a push whose
            signature is wrong, which a good one refuses; nothing happens by it. (A whole examination: contract webhook URL.)
  pushes    which pushes did a webhook not accept?`,
		Example: "  etcp-mock doctor\n  etcp-mock doctor --server http://10.0.0.5:8787 -o json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	d.cmd = cmd
	d.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func (d *doctor) say(name, status, fix, format string, args ...any) {
	fix = cli.NameVariables(d.cmd, translation.In(d.language, fix))
	d.checks = append(d.checks, check{name, status, translation.Format(d.language, format, args...), fix})
}

func (d *doctor) run(cmd *cobra.Command) error {
	p := show.Of(cmd)
	d.language = lang.English // of JSON
	if !p.JSON {
		d.language = p.Language()
	}
	there, err := d.atServer(cmd)
	if err != nil {
		return err
	}
	if there {
		d.clock(cmd.Context())
		d.webhooks(cmd.Context())
	}
	for _, c := range d.checks {
		if c.Status == checkBad {
			d.code = cmp.Or(d.code, cli.ExitFailed)
		}
	}
	if p.JSON {
		if err := p.Object(map[string]any{"items": d.checks}); err != nil {
			return err
		}
	} else {
		marks := map[string]string{checkGood: p.Green("✓"), checkWarn: p.Yellow("!"), checkBad: p.Red("✗")}
		for _, c := range d.checks {
			p.Line("%s %s  %s", marks[c.Status], p.Bold(cli.Pad(p.In(c.Check), 8)), cli.Clean(c.Detail))
			if c.Fix != "" {
				p.Line("            %s", p.Yellow(c.Fix))
			}
		}
	}
	if d.code != cli.ExitOK {
		return cli.ExitCode(d.code)
	}
	return nil
}

// atServer looks who is at the server's address, and reports whether it is a mock that lets us in. It fails where no server can have the address.
func (d *doctor) atServer(cmd *cobra.Command) (bool, error) {
	if err := d.Check(); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), doctorTimeout)
	defer cancel()
	const name = "server"
	said, err := d.Client().Version(ctx)
	if err != nil {
		d.code = remote.Explain(cmd, err).Code
	}
	problem, refused := errors.AsType[*control.ProblemError](err)
	switch {
	case err == nil:
		d.say(name, checkGood, "", "a mock answers at %s: version %s %s", d.Address(), said.Version, said.GoVersion)
		if said.Version != cli.Version {
			d.say(name, checkWarn, "use the command and the server of one version", "this command is version %s", cli.Version)
		}
		return d.letIn(ctx), nil
	case refused && (problem.Status == http.StatusUnauthorized || problem.Status == http.StatusForbidden):
		lines, hint := remote.Explained(d.language, cmd, err)
		d.say(name, checkBad, hint, "the mock at %s does not let us in: %s", d.Address(), lines[0])
	case refused && problem.Status == http.StatusNotFound && d.mockAt(ctx, excerpt.Host(d.URL())):
		d.say(name, checkBad, "leave out the path in --server", "the path in %s is wrong: a mock answers at %s", d.URL(), excerpt.Host(d.URL()))
	case refused && strings.Contains(problem.Error(), "HTTP request to an HTTPS server"):
		d.say(name, checkBad, "use https:// in --server, and in the merchant's client", "the server at %s speaks TLS, and was spoken to in plain HTTP", d.URL())
	case err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		d.say(name, checkBad, "use http:// in --server, and in the merchant's client, or serve with --tls", "the server at %s speaks plain HTTP, and was spoken to in TLS", d.URL())
	case refused && remote.IsPlatform(problem):
		d.say(name, checkBad, remote.ProblemHint(problem), "the platform answers at %s, and no control API", d.Address())
	case refused:
		d.say(name, checkBad, "serve on another port: etcp-mock serve --addr 127.0.0.1:0",
			"the port is taken: something that is no mock answers at %s (%s)", d.Address(), problem.Error())
	default:
		d.nobody(ctx, err)
	}
	return false, nil
}

// mockAt reports whether a mock answers at another address than the given one.
func (d *doctor) mockAt(ctx context.Context, address string) bool {
	other := d.Flags
	if other.Server = address; address == d.Address() {
		return false
	}
	_, err := other.Client().Version(ctx)
	problem, refused := errors.AsType[*control.ProblemError](err)
	return err == nil || refused && problem.Status == http.StatusUnauthorized && problem.Type != "" // as a mock refuses
}

func (d *doctor) letIn(ctx context.Context) bool {
	if _, err := d.Sandbox().Get(ctx); err != nil {
		lines, hint := remote.Explained(d.language, d.cmd, err)
		d.say("server", checkBad, hint, "sandbox %s: %s", d.SandboxID, lines[0])
		return false
	}
	return true
}

// nobody tells a free port from one that somebody has who speaks no HTTP.
func (d *doctor) nobody(ctx context.Context, err error) {
	lines, hint := remote.Explained(d.language, d.cmd, err)
	network, address := "unix", strings.TrimPrefix(d.Server, "unix:")
	if !cli.IsSocket(d.Server) {
		network, address = "tcp", d.URL()
		if u, parseErr := url.Parse(d.URL()); parseErr == nil {
			address = u.Host
		}
	}
	connection, dialErr := (&net.Dialer{}).DialContext(ctx, network, address)
	if dialErr != nil {
		d.say("server", checkBad, hint, "%s", lines[0])
		return
	}
	_ = connection.Close() // it was only to see whether somebody is there
	d.say("server", checkBad, "serve on another port: etcp-mock serve --addr 127.0.0.1:0",
		"the port is taken: %s", lines[0])
}

// clock compares this machine's clock with the server's.
func (d *doctor) clock(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	const name = "clock"
	sandbox, err := d.Sandbox().Clock(ctx)
	if err != nil {
		lines, _ := remote.Explained(d.language, d.cmd, err)
		d.say(name, checkBad, "", "%s", lines[0])
		return
	}
	d.say(name, checkGood, "", "the sandbox's clock says %s and is %s", sandbox.Now, translation.In(d.language, sandbox.Mode))
	sent := time.Now()
	theirs, err := d.Client().ServerTime(ctx)
	if err != nil {
		d.say(name, checkWarn, "", "the server does not tell its time: %v", err)
		return
	}
	off := theirs.Sub(sent).Round(time.Second)
	status, fix := checkGood, ""
	switch {
	case off.Abs() >= clockBad:
		status, fix = checkBad, "set the clocks right, or widen the rule timestamp.window"
	case off.Abs() >= clockWarn:
		status, fix = checkWarn, "a time_stamp may be off by the rule timestamp.window only"
	}
	if off.Abs() < headerStep {
		off = 0
	}
	d.say(name, status, fix, "the server's clock differs from this machine's by %s", off)
}

// webhooks tries the push URLs of the sandbox's merchants.
func (d *doctor) webhooks(ctx context.Context) {
	merchants, err := remote.All(func(p control.Page) (control.List[control.Merchant], error) { return d.Sandbox().Merchants(ctx, p) })
	if err != nil {
		lines, _ := remote.Explained(d.language, d.cmd, err)
		d.say("webhook", checkBad, "", "%s", lines[0])
		return
	}
	for _, m := range merchants {
		urls := pushURLs(m.Push)
		if len(urls) == 0 {
			d.say("webhook", checkWarn, "give it one: etcp-mock merchants set-url URL --merchant-no NO; or receive the pushes here: etcp-mock listen", "merchant %s has no push URL: it gets no pushes", m.No)
		}
		for _, address := range urls {
			status, detail, fix := d.tryWebhook(ctx, address)
			d.say("webhook", status, fix, "merchant %s, %s: %s", m.No, address, detail)
		}
	}
	d.undelivered(ctx)
}

// undelivered looks for pushes that their URLs did not accept: a webhook that refuses what is signed wrong may refuse what is signed right.
func (d *doctor) undelivered(ctx context.Context) {
	newest, count := map[string]control.Push{}, map[string]int{}
	for _, status := range []string{control.PushPending, control.PushFailed} {
		pushes, err := remote.All(func(p control.Page) (control.List[control.Push], error) {
			return d.Sandbox().Pushes(ctx, control.PushFilter{Status: status}, p)
		})
		if err != nil {
			lines, _ := remote.Explained(d.language, d.cmd, err)
			d.say("pushes", checkBad, "", "%s", lines[0])
			return
		}
		for _, p := range pushes {
			if len(p.Attempts) == 0 {
				continue
			}
			if count[p.URL]++; !p.CreatedAt.Before(newest[p.URL].CreatedAt.Time) {
				newest[p.URL] = p
			}
		}
	}
	for _, address := range slices.Sorted(maps.Keys(newest)) {
		p := newest[address]
		last := p.Attempts[len(p.Attempts)-1]
		why, seeing := last.Error, translation.Format(d.language, "see: etcp-mock pushes show %s", p.ID)
		if d.language == lang.Chinese {
			why = last.ErrorZh
		}
		d.say("pushes", checkWarn, seeing, "%s: pushes not accepted, waiting or given up: %d; the newest is %s: %s", address, count[address], p.ID, why)
	}
}

// pushURLs are a merchant's, each once.
func pushURLs(hook *control.PushHook) []string {
	urls := []string{}
	if hook == nil {
		return urls
	}
	seen := map[string]bool{"": true}
	for _, address := range append([]string{hook.URL}, hook.URLs[client.KindUnbind], hook.URLs[client.KindCertificationInvalid],
		hook.URLs[client.KindEntry], hook.URLs[client.KindExit]) {
		if !seen[address] {
			seen[address] = true
			urls = append(urls, address)
		}
	}
	return urls
}

// tryWebhook sends a push whose signature is wrong.
func (d *doctor) tryWebhook(ctx context.Context, address string) (status, detail, fix string) {
	in := func(format string, args ...any) string { return translation.Format(d.language, format, args...) }
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	body := sign.PushText([]sign.Field{
		{Name: "plateNumber", Value: "渝A00000"},
		{Name: "time", Value: client.At(time.Now()).String()},
		{Name: "signment", Value: strings.Repeat("0", 32)},
	}, sign.JSON)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader([]byte(body)))
	if err != nil {
		return checkBad, err.Error(), ""
	}
	req.Header.Set("Content-Type", "application/json;charset=UTF-8")
	noRedirects := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := noRedirects.Do(req)
	if err != nil {
		return checkBad, in("not reachable from here: %s", remote.NetworkText(d.language, errors.Unwrap(err))), "start the merchant's server, or correct its push URL: etcp-mock merchants set-url URL --merchant-no NO"
	}
	defer func() { _ = res.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(res.Body, client.MaxPush)) // what is missing is no JSON
	var envelope struct {
		Code json.RawMessage `json:"code"`
	}
	err = json.Unmarshal(text, &envelope)
	var code *float64 // a number, and no text that holds one
	if err == nil && json.Unmarshal(envelope.Code, &code) != nil {
		code = nil
	}
	switch {
	case res.StatusCode/100 == 3:
		return checkBad, in("redirects (HTTP %d), which is not followed", res.StatusCode), "give the URL it redirects to"
	case res.StatusCode/100 != 2 && res.StatusCode < 500:
		return checkWarn, in("refuses a wrong signature with HTTP %d", res.StatusCode), "the platform expects HTTP 200 and a code that is not 0"
	case res.StatusCode/100 != 2:
		return checkBad, in("answers HTTP %d", res.StatusCode), "its log says why"
	case code == nil:
		return checkBad, in("answers %.60q, which is not the envelope", text), `answer {"code":0,"message":"ok"}, code a number (§10.1.1)`
	case *code == 0:
		return checkBad, in("accepts a push whose signature is wrong"), "verify signment: UPPER(HEX(MD5(merchant_no + data + merchant_key))); see etcp-mock sign"
	}
	return checkGood, in("reachable, and refuses a wrong signature with code %s; whether it accepts right pushes, contract webhook shows", string(envelope.Code)), ""
}
