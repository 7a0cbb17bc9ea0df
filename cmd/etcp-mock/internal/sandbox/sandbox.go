// Package sandbox has the commands that set up and drive a sandbox: cars, clock, rules, faults, traffic.
package sandbox

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// NewSandbox is the command sandbox.
func NewSandbox() *cobra.Command {
	cmd := newSandboxList("sandbox")
	cmd.Short = "Make, reset, save and load sandboxes: isolated from each other on one server"
	cmd.Long = "A sandbox is isolated, with its own merchants, users, vehicles, car parks, clock, rules, faults, journal and pushes. A request\n" +
		"goes to the sandbox that owns its merchant_no. The sandbox default always exists."
	cmd.AddCommand(newSandboxList("list"), newSandboxCreate(), newSandboxDelete(), newSandboxReset(), newSandboxSave(), newSandboxLoad(),
		newSandboxFork(), newSandboxDiff(), newSandboxUndo(), newSandboxLog())
	return cmd
}

func newSandboxList(use string) *cobra.Command {
	var r remote.Flags
	var limit int
	cmd := &cobra.Command{
		Use: use, Short: "List the sandboxes", Args: cli.NoArgs, Example: "  etcp-mock sandbox list",
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := remote.First(limit, func(page control.Page) (control.List[control.SandboxSummary], error) {
				return r.Client().Sandboxes(cmd.Context(), page)
			})
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			return cli.PrintList(p.Printer, found, "none", []cli.Column[control.SandboxSummary]{
				{Title: "ID", Cell: func(s control.SandboxSummary) string { return p.Bold(cli.Clean(s.ID)) }},
				{Title: "MERCHANTS", Cell: func(s control.SandboxSummary) string { return p.Short(cli.Clean(strings.Join(s.Merchants, " ")), 200) }},
				{Title: "NOW", Cell: func(s control.SandboxSummary) string { return s.Now.String() }},
				{Title: "ORDERS", Right: true, Cell: func(s control.SandboxSummary) string { return strconv.Itoa(s.Orders) }},
				{Title: "PENDING PUSHES", Right: true, Cell: func(s control.SandboxSummary) string { return strconv.Itoa(s.PushesPending) }},
			})
		},
	}
	r.RegisterServer(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().IntVar(&limit, "limit", 0, "the first `n`; 0 for all")
	return cmd
}

func newSandboxCreate() *cobra.Command {
	var r remote.Flags
	var in control.NewSandbox
	var fixture string
	var seed uint64
	cmd := &cobra.Command{
		Use: "create [ID]", Short: "Make a sandbox, and show its merchants with their keys",
		Long: "Make a sandbox, and show its merchants with their keys. Without a fixture it gets one fresh merchant and a few car parks.",
		Example: "  etcp-mock sandbox create\n  etcp-mock sandbox create checkout --fixture city.yaml --seed 7\n" +
			"  etcp-mock sandbox create -o json | jq -r '.merchants[0].merchantKey'",
		Args: cli.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) > 0 {
				in.ID = given[0]
			}
			if cmd.Flags().Changed("seed") {
				in.Seed = &seed
			}
			var document *scenarios.Document
			if fixture != "" {
				var err error
				if document, err = input.Fixture(fixture); err != nil {
					return err
				}
				in.Fixture = json.RawMessage(document.JSON)
			}
			made, err := r.Client().CreateSandbox(cmd.Context(), in)
			if err != nil {
				return input.Placed(err, document, "", "/fixture")
			}
			return show.Sandbox(show.Of(cmd), made)
		},
	}
	r.RegisterServer(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&fixture, "fixture", "", "YAML or JSON `file` it starts from")
	cmd.Flags().StringVar(&in.Scenario, "scenario", "", "`name` of a scenario whose fixture it starts from")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "seed of everything random (default: another each time)")
	return cmd
}

func newSandboxDelete() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "delete ID…", Short: "End sandboxes", Args: cli.Args(cobra.MinimumNArgs(1)), Example: "  etcp-mock sandbox delete checkout",
		RunE: func(cmd *cobra.Command, given []string) error {
			deleted, err := eachOf(given, func(id string) error { return r.Client().Sandbox(id).Delete(cmd.Context()) })
			p := show.Of(cmd)
			switch {
			case p.JSON:
				return errors.Join(err, p.Object(map[string]any{"deleted": deleted}))
			case len(deleted) == 1:
				p.Line("sandbox %s is deleted", namesOf(deleted))
			case len(deleted) > 1:
				p.Line("sandboxes %s are deleted", namesOf(deleted))
			}
			return err
		},
	}
	r.RegisterServer(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// eachOf does something to what is named, up to the first that fails, and gives those to which it was done.
func eachOf(given []string, do func(id string) error) (done []string, err error) {
	done = []string{}
	for _, id := range given {
		if err := do(id); err != nil {
			return done, err
		}
		done = append(done, id)
	}
	return done, nil
}

func namesOf(ids []string) string { return cli.Clean(strings.Join(ids, ", ")) }

func newSandboxReset() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "reset [ID]", Short: "Take a sandbox back to its fixture",
		Long:    "Take a sandbox back to its fixture: state, clock, faults, journal and pushes.",
		Example: "  etcp-mock sandbox reset\n  etcp-mock sandbox reset checkout",
		Args:    cli.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) > 0 {
				r.SandboxID = given[0]
			}
			return reset(cmd, r.Sandbox())
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// reset says which merchants had a push URL that their fixture does not give them: listen, for one, sets it at the start only.
func reset(cmd *cobra.Command, s *control.Sandbox) error {
	before, err := s.Get(cmd.Context())
	if err != nil {
		return err
	}
	if err := s.Reset(cmd.Context()); err != nil {
		return err
	}
	after, err := s.Get(cmd.Context())
	if err != nil {
		return err
	}
	if p := show.Of(cmd); p.JSON {
		err = p.Object(after)
	} else {
		p.Line("sandbox %s is as its fixture has it, at %s", cli.Clean(after.ID), after.Now)
	}
	had := map[string]string{}
	for _, m := range before.Merchants {
		had[m.MerchantNo] = m.PushURL
	}
	for _, m := range after.Merchants {
		if had[m.MerchantNo] != "" && m.PushURL == "" {
			cli.Note(cmd, "merchant %s has no push URL any more; it had %s; set it: etcp-mock merchants set-url, or start listen again", cli.Clean(m.MerchantNo), cli.Clean(had[m.MerchantNo]))
		}
	}
	return err
}

func newSandboxSave() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "save FILE", Short: "Write a sandbox's whole state to a file",
		Long: "Write a sandbox's whole state to a file (- is stdout), for load here or on another server. The file holds the merchants'\n" +
			"keys: only its owner may read it.",
		Example: "  etcp-mock sandbox save parked.json\n  etcp-mock sandbox save - | gzip > parked.json.gz",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			state, err := r.Sandbox().State(cmd.Context())
			if err != nil {
				return err
			}
			if given[0] == "-" {
				_, err = cmd.OutOrStdout().Write(state)
				return err
			}
			if err := atomicfile.WriteBytes(cmd.Context(), given[0], 0o600, state); err != nil {
				return err
			}
			show.Of(cmd).Line("wrote the state of sandbox %s to %s; put it back: etcp-mock sandbox load %[2]s", cli.Clean(r.SandboxID), cli.Clean(given[0]))
			return nil
		},
	}
	r.Register(cmd)
	return cmd
}

func newSandboxLoad() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "load FILE", Short: "Put a saved state into a sandbox",
		Long:    "Put a state that save has written into a sandbox (- is stdin). What the sandbox held is gone.",
		Example: "  etcp-mock sandbox load parked.json\n  gunzip -c parked.json.gz | etcp-mock sandbox load -",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			state, err := input.Read(cmd, given[0])
			if err != nil {
				return cli.Usagef("the file of the state: %v", err)
			}
			if !json.Valid(state) {
				return cli.Usagef("%s is not JSON, as what sandbox save writes is; a sandbox is made from a fixture by: etcp-mock sandbox create --fixture FILE", given[0])
			}
			if err := r.Sandbox().Restore(cmd.Context(), state); err != nil {
				return err
			}
			now, err := r.Sandbox().Get(cmd.Context())
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			if p.JSON {
				return p.Object(now)
			}
			from := given[0]
			if from == "-" {
				from = "stdin"
			}
			p.Line("sandbox %s is as the state in %s has it, at %s", cli.Clean(now.ID), cli.Clean(from), now.Now)
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}
