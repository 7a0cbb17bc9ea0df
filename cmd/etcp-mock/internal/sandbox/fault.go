package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// NewFault is the command fault.
func NewFault() *cobra.Command {
	cmd := newFaultList("fault")
	cmd.Short = "Make things go wrong on purpose"
	cmd.AddCommand(newFaultAdd(), newFaultList("list"), newFaultClear())
	return cmd
}

func newFaultList(use string) *cobra.Command {
	return listing(use, "List the faults", "  etcp-mock fault list", (*control.Sandbox).Faults, printFaults)
}

func printFaults(p *show.Printer, faults []control.Fault) error {
	return cli.PrintList(p.Printer, faults, "no faults", []cli.Column[control.Fault]{
		{Title: "ID", Cell: func(f control.Fault) string { return p.Bold(cli.Clean(f.ID)) }},
		{Title: "ON", Cell: func(f control.Fault) string { return cli.Clean(cmp.Or(show.Flat(f.On), p.In("everything"))) }},
		{Title: "WHEN", Cell: func(f control.Fault) string { return faultWhen(p, f) }},
		{Title: "HIT", Right: true, Cell: func(f control.Fault) string {
			if f.Stats == nil {
				return ""
			}
			return p.Phrase("%d of %d", f.Stats.Applied, f.Stats.Matched)
		}},
		{Title: "DO", Cell: func(f control.Fault) string { return p.Short(cli.Clean(asTyped(show.Flat(f.Do))), 300) }},
	})
}

// The delays of faults, as the API has them.
var (
	delayRange  = lazyregexp.New(`delay=\{"min":"([^"]+)","max":"([^"]+)"\}`)
	delayAround = lazyregexp.New(`delay=\{"median":"([^"]+)","sigma":([0-9.]+)\}`)
)

// asTyped has the delay of a fault as fault add is given it: 200ms..300ms, or 500ms~0.8.
func asTyped(text string) string {
	return delayAround().ReplaceAllString(delayRange().ReplaceAllString(text, "delay=$1..$2"), "delay=$1~$2")
}

func faultWhen(p *show.Printer, f control.Fault) string {
	parts := []string{}
	if f.After > 0 {
		parts = append(parts, p.Phrase("after %d", f.After))
	}
	if f.Times > 0 {
		parts = append(parts, p.Counted(f.Times, "once", "%d times"))
	}
	if f.Probability > 0 {
		parts = append(parts, strconv.FormatFloat(f.Probability*100, 'g', 4, 64)+" %")
	}
	if len(parts) == 0 {
		return p.In("always")
	}
	return strings.Join(parts, p.Either(", ", "，"))
}

type faultFlags struct {
	remote.Flags
	fault             control.Fault
	push, code, delay string
	where             []string
	source            string
}

func newFaultAdd() *cobra.Command {
	var f faultFlags
	cmd := &cobra.Command{
		Use: "add", Short: "Add a fault", Args: cli.NoArgs,
		Long: "Add a fault on requests (of an --endpoint, or all) or on pushes (of a kind, with --push). When it hits is drawn from the sandbox's\nseed. " +
			"A delay is 2s, a range 1s..3s, or lognormal: 500ms~0.8 (median and sigma).",
		Example: "  etcp-mock fault add --endpoint orderpaid --code 2 --times 1\n" +
			"  etcp-mock fault add --endpoint orderpaid --cut after        # paid, and the answer is lost\n" +
			"  etcp-mock fault add --probability 0.05 --delay 1s..3s\n" +
			"  etcp-mock fault add --push exit --duplicate 2\n" +
			"  etcp-mock fault add --file faults.yaml",
		RunE: func(cmd *cobra.Command, _ []string) error { return addFault(cmd, &f) },
	}
	f.Register(cmd)
	cli.OutputFlag(cmd)
	set := cmd.Flags()
	set.StringVar(&f.fault.Name, "name", "", "a name for the reader")
	set.StringVar(&f.fault.On.Endpoint, "endpoint", "", "hits requests to this endpoint")
	set.StringVar(&f.fault.On.MerchantNo, "merchant", "", "hits this merchant only")
	set.StringVar(&f.push, "push", "", "hits pushes of this `kind`: entry, exit, unbind or certification-invalid")
	set.StringArrayVar(&f.where, "where", nil, "`KEY=VALUE` that data holds, of those it hits; may be given several times")
	set.IntVar(&f.fault.After, "after", 0, "lets the first `n` through")
	set.IntVar(&f.fault.Times, "times", 0, "hits `n` times (default: always)")
	set.Float64Var(&f.fault.Probability, "probability", 0, "hits with this probability (default: always)")
	set.StringVar(&f.code, "code", "", "answers this code of §11")
	set.StringVar(&f.fault.Do.Message, "message", "", "answers this message")
	set.IntVar(&f.fault.Do.HTTPStatus, "http-status", 0, "answers this HTTP status")
	set.StringVar(&f.delay, "delay", "", "waits, in real time: 2s, 1s..3s or 500ms~0.8")
	set.StringVar(&f.fault.Do.Cut, "cut", "", "resets the connection `before` or after the state has changed")
	set.StringVar(&f.fault.Do.Body, "body", "", "answers this text")
	set.StringToStringVar(&f.fault.Do.Headers, "header", nil, "sets a header of the answer, `NAME=VALUE`; may be given several times")
	set.BoolVar(&f.fault.Do.Empty, "empty", false, "answers without a body")
	set.IntVar(&f.fault.Do.Garbage, "garbage", 0, "answers `n` random bytes, from the seed")
	set.DurationVar((*time.Duration)(&f.fault.Do.Dribble), "dribble", 0, "sends the answer a byte at a time, with so long before each")
	set.BoolVar(&f.fault.Do.Truncate, "truncate", false, "answers half of the answer")
	set.IntVar(&f.fault.Do.Duplicate, "duplicate", 0, "sends a push `n` times in all")
	set.BoolVar(&f.fault.Do.Reorder, "reorder", false, "holds a push behind the merchant's next one")
	set.BoolVar(&f.fault.Do.CorruptSign, "corrupt-sign", false, "sends a push with a wrong signment")
	set.BoolVar(&f.fault.Do.Drop, "drop", false, "loses an attempt of a push, which is tried again")
	set.StringVar(&f.source, "file", "", "YAML or JSON `file` with a fault, or a list of faults, as the control API takes them")
	return cmd
}

func addFault(cmd *cobra.Command, f *faultFlags) error {
	if f.source != "" {
		return addFaultsOf(cmd, f)
	}
	where, err := input.ParsePairs(f.where)
	if err != nil {
		return err
	}
	f.fault.On.Where, f.fault.On.Push = where.Values(), client.Kind(f.push)
	if cmd.Flags().Changed("probability") && f.fault.Probability == 0 { // the control API's own 0, which hits nothing
		return cli.Usagef("--probability 0 hits nothing: want a number above 0, at most 1")
	}
	for _, name := range []string{"times", "http-status", "garbage", "duplicate"} {
		if given := cmd.Flags().Lookup(name); given.Changed && given.Value.String() == "0" {
			return cli.Usagef("--%s 0 does nothing: leave it out, or give a number above 0", name)
		}
	}
	if f.code != "" {
		n, err := strconv.Atoi(f.code)
		if err != nil {
			return cli.Usagef("--code %q is no number", f.code)
		}
		f.fault.Do.Code = &n
	}
	if f.delay != "" {
		if f.fault.Do.Delay, err = parseDelay(f.delay); err != nil {
			return err
		}
	}
	if show.Flat(f.fault.Do) == "" {
		return cli.Usagef("missing what goes wrong: one of --code, --http-status, --header, --delay, --cut, --body, --empty, --garbage, --truncate, --dribble, or for pushes --duplicate, --reorder, --corrupt-sign, --drop")
	}
	made, err := f.Sandbox().AddFault(cmd.Context(), f.fault)
	if err != nil {
		return err
	}
	return printFaults(show.Of(cmd), []control.Fault{made})
}

// addFaultsOf adds what a file holds as it stands there: the server judges it, and its answer is given the file's lines.
func addFaultsOf(cmd *cobra.Command, f *faultFlags) error {
	document, err := input.Faults(f.source)
	if err != nil {
		return err
	}
	var faults []json.RawMessage
	inList := json.Unmarshal(document.JSON, &faults) == nil
	if !inList {
		faults = []json.RawMessage{json.RawMessage(document.JSON)}
	}
	made := make([]control.Fault, len(faults))
	for i, fault := range faults {
		answer, err := f.Sandbox().Call(cmd.Context(), http.MethodPost, "/faults", withoutOwn(fault))
		if err == nil {
			err = json.Unmarshal(answer, &made[i])
		}
		if err != nil {
			at := ""
			if inList {
				at = "/" + strconv.Itoa(i)
				cli.Note(cmd, "etcp-mock: fault %d of %d is wrong; the %d before it were added", i+1, len(faults), i)
			}
			return input.Placed(err, document, at, "")
		}
	}
	return printFaults(show.Of(cmd), made)
}

// withoutOwn is a fault without what the server gives it, in a file that was made of what it listed.
func withoutOwn(fault json.RawMessage) any {
	var fields map[string]json.RawMessage
	if json.Unmarshal(fault, &fields) != nil {
		return fault // the server says what it wants
	}
	delete(fields, "id")
	delete(fields, "stats")
	return fields
}

// parseDelay reads 2s, 1s..3s or 500ms~0.8.
func parseDelay(text string) (*control.Delay, error) {
	duration := func(s string) control.Duration {
		d, err := time.ParseDuration(s)
		if err != nil {
			return -1
		}
		return control.Duration(d)
	}
	var delay control.Delay
	var wrong bool
	if low, high, isRange := strings.Cut(text, ".."); isRange {
		delay.Min, delay.Max = duration(low), duration(high)
		wrong = delay.Min < 0 || delay.Max <= delay.Min
	} else if median, sigma, ok := strings.Cut(text, "~"); ok {
		var err error
		delay.Median = duration(median)
		delay.Sigma, err = strconv.ParseFloat(sigma, 64)
		wrong = err != nil || delay.Median <= 0 || !(delay.Sigma >= 0) || math.IsInf(delay.Sigma, 0)
	} else {
		delay.By = duration(text)
		wrong = delay.By < 0
	}
	if wrong {
		return nil, cli.Usagef("--delay %q: want 2s, a range 1s..3s, or 500ms~0.8 for a median and a sigma", text)
	}
	return &delay, nil
}

func newFaultClear() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "clear [ID…]", Short: "Take faults away, or all of them",
		Example: "  etcp-mock fault clear\n  etcp-mock fault clear f1",
		RunE: func(cmd *cobra.Command, given []string) error {
			cleared, err := clearFaults(cmd.Context(), r.Sandbox(), given)
			p := show.Of(cmd)
			switch {
			case p.JSON:
				return errors.Join(err, p.Object(map[string]any{"cleared": cleared}))
			case len(cleared) == 1:
				p.Line("fault %s is cleared", namesOf(cleared))
			case len(cleared) > 1:
				p.Line("faults %s are cleared", namesOf(cleared))
			case err == nil:
				p.Line("no faults")
			}
			return err
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// clearFaults takes faults away, all where none is named, and gives those that it took.
func clearFaults(ctx context.Context, s *control.Sandbox, given []string) ([]string, error) {
	if len(given) > 0 {
		return eachOf(given, func(id string) error { return s.DeleteFault(ctx, id) })
	}
	cleared := []string{}
	for fault, err := range control.All(func(page control.Page) (control.List[control.Fault], error) { return s.Faults(ctx, page) }) {
		if err != nil {
			return cleared, err
		}
		cleared = append(cleared, fault.ID)
	}
	return cleared, s.ClearFaults(ctx)
}
