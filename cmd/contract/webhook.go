package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign"
)

const webhookHelp = `Examine a merchant's endpoint for pushes (§10) as the platform would use it.

First a right push has to be accepted (the positive control), else nothing else is judged: then it is tried which wrong push
is accepted instead, which often shows the mistake. After it come right pushes of every kind that have to be accepted, wrong ones
that have to be refused, garbage that has to be survived, repetitions, and many at once. A check that rests on another
which did not pass is not judged, so that each mistake shows once.

Each check is a MUST or a SHOULD; a broken SHOULD warns, and fails with --strict. --list-checks shows them all.

Unbinding (§10.3) and lost certification (§10.4) have the same fields, so most merchants have a URL for each: say
--kind unbind=/etcp/unbind; --kind unbind=none for one that you do not take. The platform does not say how a push is
written and what of it is signed: --encoding and --sign-data are the mock's rules push.encoding and push.sign_data.

--probe is run after each check that passed, with the pushes that were sent as JSON on its standard input, the check's id in
CONTRACT_CHECK and the synIds of the right pushes that were accepted in CONTRACT_SYN_IDS: let it ask your
database whether what had to be stored is stored, once. It fails the check by an
exit code that is not 0; what it prints is shown.

Pushes are made up; they do reach your endpoint, and what it does with them: examine a test installation.`

type webhookFlags struct {
	cli.MerchantFlags
	cli.ReportFlags
	cli.ConnectionFlags

	encoding, signData, plate, probe string
	kinds, only                      []string
	timeout                          time.Duration
	burst                            int
	seed                             uint64
	strict, list                     bool
}

func newWebhook() *cobra.Command {
	var f webhookFlags
	cmd := &cobra.Command{
		Use:   "webhook URL",
		Short: "Examine a merchant's endpoint for pushes",
		Long:  webhookHelp,
		Example: "  contract webhook http://127.0.0.1:9000/etcp --merchant-no M1 --key-file key.txt\n" +
			"  contract webhook https://shop.example/etcp --merchant-no M1 --kind unbind=/etcp/unbind --kind certification-invalid=none\n" +
			"  contract webhook http://127.0.0.1:9000/etcp --merchant-no M1 --report junit=junit.xml,html=report.html",
		Args: cli.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return listChecks(cmd)
			}
			if len(args) == 0 {
				return cli.Usagef("missing URL of the endpoint")
			}
			return f.examine(cmd, args[0])
		},
	}
	f.MerchantFlags.Register(cmd, "")
	f.ReportFlags.Register(cmd)
	f.ConnectionFlags.Register(cmd)
	cmd.Flags().StringVar(&f.encoding, "encoding", string(webhook.EncodingJSON), "how a push is written: json, form or form-data-param")
	cmd.Flags().StringVar(&f.signData, "sign-data", string(sign.JSON), "what of a push is signed: json, values or query")
	cmd.Flags().StringArrayVar(&f.kinds, "kind", nil, "`KIND=URL` of a kind of push with an address of its own, or KIND=none")
	cmd.Flags().StringSliceVar(&f.only, "check", nil, "run these checks only (`id`), with the controls")
	cmd.Flags().StringVar(&f.plate, "plate", "", "plate of most pushes (default 渝ATX061), for an endpoint that refuses those it does not know")
	cmd.Flags().DurationVar(&f.timeout, "timeout", webhook.DefaultTimeout, "how long an answer may take")
	cmd.Flags().IntVar(&f.burst, "burst", 50, "how many pushes come at once")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of what is made up (default: another each time)")
	cmd.Flags().StringVar(&f.probe, "probe", "", "`command` (for sh -c) that asks for your own state after each check")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "a broken SHOULD fails, too")
	cmd.Flags().BoolVar(&f.list, "list-checks", false, "show the checks, and run none")
	return cmd
}

func (f *webhookFlags) examine(cmd *cobra.Command, url string) error {
	out, err := f.Open(cmd)
	if err != nil {
		return err
	}
	if f.No == "" {
		return cli.Usagef("--merchant-no is required: pushes are a merchant's")
	}
	key, err := f.Required(cmd)
	if err != nil {
		return err
	}
	if !cmd.Flags().Changed("seed") {
		f.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	transport, err := f.Transport()
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	transport.MaxIdleConnsPerHost = f.burst
	transport.DisableCompression = true // pushes of the mock ask for none, either
	w := webhook.Endpoint{
		URL: url, Kinds: map[client.Kind]string{}, MerchantNo: f.No, Key: key,
		Encoding: webhook.Encoding(f.encoding), SignData: sign.PushData(f.signData), Timeout: f.timeout, Burst: f.burst,
		Plate: f.plate, Seed: f.seed, Strict: f.strict, Only: f.only, Language: cli.Language(cmd), Progress: out.Terminal.Case, Transport: transport,
	}
	if !strings.Contains(url, "://") {
		w.URL = "http://" + url
	}
	for _, each := range f.kinds {
		kind, address, found := strings.Cut(each, "=")
		if !found {
			return cli.Usagef("--kind is KIND=URL or KIND=none, not %q", each)
		}
		w.Kinds[client.Kind(kind)] = address
	}
	if f.probe != "" {
		w.Probe = probe(f.probe)
	}
	r, err := w.Examine(cmd.Context())
	if wrong, ok := errors.AsType[*webhook.OptionError](err); ok {
		if wrong.Option == "url" { // the command's argument
			return cli.Usagef("%v", wrong)
		}
		return cli.Usagef("--%s: %v", wrong.Option, wrong)
	}
	if err != nil {
		return err
	}
	err = out.End(cmd.Context(), r)
	if r.Outage == nil && len(f.only) == 0 && alike(w) {
		p := cli.PrinterOf(cmd)
		p.Out = out.Terminal.Out
		p.Line("note: unbind and certification-invalid go to one URL, and have the same fields (§10.3, §10.4): the endpoint cannot tell there which of the two came. Give each a URL of its own, --kind unbind=/etcp/unbind --kind certification-invalid=/etcp/certification-invalid, or say KIND=none of one that you do not take")
	}
	return err
}

// alike reports whether the two kinds of push that have the same fields come at one URL.
func alike(w webhook.Endpoint) bool {
	unbind, certification := w.Kinds[client.KindUnbind], w.Kinds[client.KindCertificationInvalid]
	return unbind == certification && unbind != webhook.NotReceived
}

var lineEnds = lazyregexp.New(`\s*[\r\n]+\s*`)

// maxProbeOutput bounds what is shown of a probe's output.
const maxProbeOutput = 2000

// probe runs a command that asks for the merchant's state. It is not given the key.
func probe(command string) webhook.Probe {
	return func(ctx context.Context, p webhook.Probed) error {
		pushes, err := json.Marshal(p)
		if err != nil {
			return err
		}
		c := exec.CommandContext(ctx, "sh", "-c", command) //nolint:gosec // the user's own command
		c.Stdin = bytes.NewReader(pushes)
		for _, each := range os.Environ() {
			if !strings.HasPrefix(each, cli.KeyVariable+"=") {
				c.Env = append(c.Env, each)
			}
		}
		c.Env = append(c.Env, "CONTRACT_CHECK="+p.Check, "CONTRACT_SYN_IDS="+strings.Join(p.SynIDs(), " "))
		c.WaitDelay = time.Second
		output, err := c.CombinedOutput()
		if err == nil {
			return nil
		}
		said := strings.TrimSpace(string(output[:min(len(output), maxProbeOutput)]))
		return fmt.Errorf("the probe says %w: %s", err, lineEnds().ReplaceAllString(said, " | ")) // a finding is one line
	}
}

func listChecks(cmd *cobra.Command) error {
	p := cli.PrinterOf(cmd)
	checks := webhook.Checks(cli.Language(cmd))
	err := cli.PrintList(p, checks, "no checks", []cli.Column[webhook.Check]{
		{Title: "CHECK", Cell: func(c webhook.Check) string { return p.Bold(c.ID) }},
		{Title: "LEVEL", Cell: func(c webhook.Check) string { return c.Level }},
		{Title: "SECTION", Cell: func(c webhook.Check) string { return c.Section }},
		{Title: "WHAT", Cell: func(c webhook.Check) string { return c.Title }},
	})
	p.Line("%d checks", len(checks))
	return err
}
