package merchant

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// NewSign is the command sign.
func NewSign() *cobra.Command {
	cmd := cli.Group("sign", "Compute, verify and explain signatures", newSignCompute(), newSignVerify(), newSignExplain())
	cmd.Long = `Compute, verify and explain the two signatures of the platform.

A request (§6):  sign     = UPPER(HEX(MD5(data + merchant_key + time_stamp)))
A push (§10):    signment = UPPER(HEX(MD5(merchant_no + data + merchant_key)))

The key is taken from --key-file, --merchant-key or ETCP_MOCK_MERCHANT_KEY; where none is given, the mock is asked for it.`
	return cmd
}

// signFlags say what is signed.
type signFlags struct {
	remote.Flags
	merchant                remote.MerchantFlags
	stamp, sign, whitespace string
	push, signData          string
	explains                bool   // --raw is a flag of sign explain
	raw                     string // the query or body as it was sent
}

const hiddenKey = mask.Hidden

func (f *signFlags) flags(cmd *cobra.Command) {
	f.Register(cmd)
	f.merchant.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.stamp, "time-stamp", "", "time_stamp, `yyyyMMddHHmmss` in Asia/Shanghai")
	cmd.Flags().StringVar(&f.whitespace, "whitespace", "exact", "the rule sign.whitespace: exact, strip or either")
	cmd.Flags().StringVar(&f.push, "push", "", "a push's `body` as JSON in place of DATA (@file reads it from a file, @- from stdin)")
	cmd.Flags().StringVar(&f.signData, "sign-data", "json", "the rule push.sign_data: json, values or query")
}

// signed is what is signed: the data of a request or the body of a push.
func (f *signFlags) signed(cmd *cobra.Command, given []string) (text string, err error) {
	for _, check := range []struct {
		flag, value string
		values      []string
	}{
		{"whitespace", f.whitespace, []string{"exact", "strip", "either"}},
		{"sign-data", f.signData, []string{"json", "values", "query"}},
	} {
		if err := input.OneOf(check.flag, check.value, check.values...); err != nil {
			return "", err
		}
	}
	switch {
	case f.push != "" && len(given) > 0:
		return "", cli.Usagef("either DATA, which is a request's, or --push, not both")
	case f.push != "":
		return input.TextOrFile(cmd, f.push)
	case len(given) == 0 && f.explains:
		return "", cli.Usagef("want DATA, the text of the parameter data, or --push or --raw")
	case len(given) == 0:
		return "", cli.Usagef("want DATA, the text of the parameter data, or --push")
	}
	return input.TextOrFile(cmd, given[0])
}

func newSignCompute() *cobra.Command {
	var f signFlags
	var quiet bool
	cmd := &cobra.Command{
		Use: "compute DATA", Short: "Sign a request's data, or a push",
		Example: "  etcp-mock sign compute '{\"token\":\"…\"}'\n" +
			"  ETCP_MOCK_MERCHANT_KEY=noxxxxx etcp-mock sign compute '{\"param1\":\"value1\",\"param2\":\"value2\",\"param3\":\"value3\"}' --time-stamp 20170721132452\n" +
			"  etcp-mock sign compute --push @push.json -q",
		Args: cli.ArgsMaybeEmpty(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			text, err := f.signed(cmd, given)
			if err != nil {
				return err
			}
			out, err := f.compute(cmd, text)
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			switch {
			case p.JSON:
				return p.Object(out)
			case quiet:
				p.Exactly(out.Sign)
			default:
				p.Card(cli.Field{"sign", p.Bold(out.Sign)}, cli.Field{"time_stamp", out.TimeStamp}, cli.Field{"signed", cli.Clean(out.Signed)})
			}
			return nil
		},
	}
	f.flags(cmd)
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print the signature and nothing else")
	return cmd
}

// signature is what sign compute answers.
type signature struct {
	Sign      string `json:"sign"`
	TimeStamp string `json:"timeStamp,omitempty"`
	Signed    string `json:"signed"` // with the key as •••
}

func (f *signFlags) compute(cmd *cobra.Command, text string) (signature, error) {
	if f.push == "" && f.stamp != "" {
		if _, err := time.Parse(client.StampLayout, f.stamp); err != nil {
			cli.Note(cmd, "etcp-mock: warning: time_stamp %q is not yyyyMMddHHmmss, 14 digits in Asia/Shanghai: the platform refuses it", f.stamp)
		}
	}
	if f.push == "" && f.stamp == "" {
		f.stamp = time.Now().In(client.Zone).Format(client.StampLayout)
	}
	if f.push == "" { // a request's signature does not hold the merchant's number
		key, err := f.merchant.Given(cmd)
		if err == nil && key == "" {
			_, key, err = f.merchant.Resolve(cmd, f.Sandbox())
		}
		if err != nil {
			return signature{}, err
		}
		signed := sign.RequestWith(sign.Whitespace(f.whitespace), text, key, f.stamp)
		return signature{signed, f.stamp, hide(text, key) + hiddenKey + f.stamp}, nil
	}
	no, key, err := f.merchant.Resolve(cmd, f.Sandbox())
	if err != nil {
		return signature{}, err
	}
	fields, _, err := sign.PushFields([]byte(text))
	if err != nil {
		return signature{}, err
	}
	data := sign.PushText(fields, sign.PushData(f.signData))
	return signature{sign.Push(no, data, key), "", no + hide(data, key) + hiddenKey}, nil
}

// hide takes the key out of a text it may stand in.
func hide(text, key string) string {
	if key == "" {
		return text
	}
	return strings.ReplaceAll(text, key, hiddenKey)
}

func newSignVerify() *cobra.Command {
	var f signFlags
	cmd := &cobra.Command{
		Use: "verify DATA", Short: "Check a signature; exits 1 where it is wrong, and says why",
		Example: "  etcp-mock sign verify '{\"token\":\"…\"}' --time-stamp 20170721132452 --sign A3DE1813F4DDBADFC18555E18A2E579D\n" +
			"  etcp-mock sign verify --push @push.json",
		Args: cli.ArgsMaybeEmpty(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			out, err := f.examine(cmd, given)
			if err != nil {
				return err
			}
			if err := printSignature(show.Of(cmd), out); err != nil {
				return err
			}
			if !out.OK {
				return cli.ExitCode(cli.ExitFailed)
			}
			return nil
		},
	}
	f.flags(cmd)
	cmd.Flags().StringVar(&f.sign, "sign", "", "the `signature` to check (of a push: default the one in it)")
	return cmd
}

func newSignExplain() *cobra.Command {
	var f signFlags
	cmd := &cobra.Command{
		Use: "explain [DATA]", Short: "Say what a wrong signature was made of, and how to fix it",
		Long: "Say what a wrong signature was made of: in lower case, without white space, over data that was still URL-encoded, with\n" +
			"another order of keys, with the key and time_stamp swapped, with another merchant's key, and so on; and how to fix it. With\n" +
			"a key it works without a server; without one the mock does it, which knows the keys of all its merchants. With --raw it names\n" +
			"what else a server would refuse in the request or note, too; DATA, --time-stamp and --sign may be left out then.",
		Example: "  etcp-mock sign explain '{\"a\": 1}' --time-stamp 20170721132452 --sign 0123456789ABCDEF0123456789ABCDEF\n" +
			"  etcp-mock sign explain --push @push.json --key-file key.txt --merchant-no demo",
		Args: cli.ArgsMaybeEmpty(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			out, err := f.examine(cmd, given)
			if err != nil {
				return err
			}
			return printSignature(show.Of(cmd), out)
		},
	}
	f.flags(cmd)
	cmd.Flags().StringVar(&f.sign, "sign", "", "the `signature` to explain (of a push: default the one in it)")
	f.explains = true
	cmd.Flags().StringVar(&f.raw, "raw", "", "the query or `body` as it was sent, still URL-encoded: damage on the way is found in it")
	return cmd
}

// examine checks a signature: here where there is a key, else on the server.
func (f *signFlags) examine(cmd *cobra.Command, given []string) (control.SignExplanation, error) {
	var none control.SignExplanation
	if f.raw != "" && f.push == "" && len(given) == 0 {
		given = []string{""} // the raw text has it
	}
	text, err := f.signed(cmd, given)
	if err != nil {
		return none, err
	}
	if f.push == "" && f.raw == "" && (f.sign == "" || f.stamp == "") {
		return none, cli.Usagef("want --sign and --time-stamp, as they were sent")
	}
	key, err := f.merchant.Given(cmd)
	switch {
	case err != nil:
		return none, err
	case key != "" && f.push != "" && f.merchant.No == "":
		return none, cli.Usagef("a push's signature holds the merchant's number: want --merchant-no")
	case key == "":
		return f.onServer(cmd, text)
	case f.push != "":
		return f.examinePush(text, key)
	}
	return explanation(diagnose.Request{
		MerchantNo: f.merchant.No, Key: key, Data: text, Stamp: f.stamp, Sign: f.sign, Whitespace: sign.Whitespace(f.whitespace), RawBody: f.raw, RawQuery: f.raw,
	}.Explain()), nil
}

func (f *signFlags) examinePush(body, key string) (control.SignExplanation, error) {
	result, err := diagnose.Push{
		MerchantNo: f.merchant.No, Key: key, Body: []byte(body), Signment: f.sign, SignData: sign.PushData(f.signData),
	}.Examine()
	if err != nil {
		result.Findings = []diagnose.Finding{diagnose.Malformed(err)}
	}
	return explanation(result), nil
}

func explanation(found diagnose.Result) control.SignExplanation {
	out := control.SignExplanation{OK: found.OK, Expected: found.Expected, Signed: found.Signed, Diagnosis: []control.Diagnosis{}}
	for _, f := range found.Findings {
		out.Diagnosis = append(out.Diagnosis, control.Diagnosis(f))
	}
	for _, other := range found.Alternatives {
		var findings []control.Diagnosis
		for _, f := range other {
			findings = append(findings, control.Diagnosis(f))
		}
		out.Alternatives = append(out.Alternatives, findings)
	}
	return out
}

// onServer has the mock examine the signature with the key it knows.
func (f *signFlags) onServer(cmd *cobra.Command, text string) (control.SignExplanation, error) {
	no, err := remote.MerchantNoOr(cmd.Context(), f.Sandbox(), f.merchant.No)
	if err != nil {
		return control.SignExplanation{}, err
	}
	in := control.SignCase{MerchantNo: no, Data: text, TimeStamp: f.stamp, Sign: f.sign, RawBody: f.raw}
	if f.push != "" {
		in = control.SignCase{MerchantNo: no, Sign: f.sign, Push: json.RawMessage(text)}
		if !json.Valid(in.Push) { // a form, as it was sent
			in.Push, _ = input.JSON(text)
		}
	}
	return f.Client().ExplainSign(cmd.Context(), in)
}

func printSignature(p *show.Printer, e control.SignExplanation) error {
	if p.JSON {
		return p.Object(e)
	}
	verdict := p.Green(p.In("right"))
	if !e.OK {
		verdict = p.Red(p.In("wrong"))
	}
	card := []cli.Field{{"signature", verdict}, {"expected", cli.Clean(e.Expected)}, {"signed", cli.Clean(e.Signed)}}
	for _, d := range e.Diagnosis {
		card = append(card, cli.Field{"why", p.Yellow(cli.Clean(d.Kind)) + p.Either(": ", "：") + cli.Clean(p.Either(d.Detail, d.DetailZh))},
			cli.Field{"evidence", cli.Clean(p.Either(d.Evidence, d.EvidenceZh))}, cli.Field{"fix", p.Green(cli.Clean(p.Either(d.Fix, d.FixZh)))})
	}
	for _, other := range e.Alternatives {
		for _, d := range other {
			card = append(card, cli.Field{"or", p.Yellow(cli.Clean(d.Kind)) + p.Either(": ", "：") + cli.Clean(p.Either(d.Fix, d.FixZh))})
		}
	}
	p.Card(card...)
	return nil
}
