package serving

import (
	"bytes"
	"errors"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/collector"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// NewScenario is the command scenario.
func NewScenario() *cobra.Command {
	cmd := cli.Group("scenario", "Scenarios in YAML: list, run and write them",
		newScenarioList(), newScenarioShow(), newScenarioRun(), newScenarioValidate(), newScenarioNew(), newScenarioSchema())
	cmd.Long = "A scenario is a YAML file with a fixture, steps, and what must come of them. Some come with the mock (scenario list); your own are\n" +
		"named by their files or folders.\n\n" +
		"  etcp-mock scenario run temporary-car-pays-online\n  etcp-mock scenario new > mine.yaml\n  etcp-mock scenario run mine.yaml"
	return cmd
}

// source is the scenarios that are built in. None runs that is not named.
var source = cli.Source{
	Library:   scenarios.Builtin,
	Otherwise: func(*scenarios.Library) []*scenarios.Scenario { return nil },
	List:      "etcp-mock scenario list",
}

// gathered are the scenarios that arguments name, and where those that they use are looked for.
type gathered struct {
	library *scenarios.Library
	chosen  []*scenarios.Scenario
}

// gather reads the scenarios that arguments name: names, files and folders.
func gather(given []string) (*gathered, error) { return gatherFrom(source, given) }

func gatherFrom(from cli.Source, given []string) (*gathered, error) {
	var f cli.SelectionFlags
	s, err := f.Choose(given, from)
	if err != nil {
		return nil, err
	}
	g := &gathered{library: s.Library}
	for _, c := range s.Cases {
		if !slices.Contains(g.chosen, c.Scenario) {
			g.chosen = append(g.chosen, c.Scenario)
		}
	}
	return g, nil
}

func newScenarioList() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list [FILE|FOLDER…]", Example: "  etcp-mock scenario list\n  etcp-mock scenario list cases/ -o json",
		Short: "List the scenarios that are built in, or those in files",
		Args:  cli.Args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			g, err := gather(given)
			if err != nil {
				return err
			}
			if len(given) == 0 {
				g.chosen = g.library.All()
			}
			return printScenarios(show.Of(cmd), g.chosen)
		},
	}
	cli.OutputFlag(cmd)
	return cmd
}

func newScenarioShow() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Example: "  etcp-mock scenario show temporary-car-pays-online",
		Short: "Print a scenario's file", Args: cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			g, err := gather(given)
			if err != nil {
				return err
			}
			for _, s := range g.chosen {
				if _, err := cmd.OutOrStdout().Write(bytes.Replace(s.Text, []byte("$schema=../../schemas/"+schemaFile), []byte("$schema="+schemaFile), 1)); err != nil {
					return err
				}
			}
			return nil
		},
		ValidArgsFunction: scenarioNames,
	}
}

func scenarioNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return scenarios.Builtin().Names(), cobra.ShellCompDirectiveDefault
}

func newScenarioValidate() *cobra.Command {
	return &cobra.Command{
		Use: "validate FILE|FOLDER…", Example: "  etcp-mock scenario validate cases/",
		Short: "Check scenario files without running them", Args: cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			judged := source
			judged.Judge = mock.JudgeScenario
			g, err := gatherFrom(judged, given)
			if err != nil {
				return err
			}
			cases := 0
			for _, s := range g.chosen {
				cases += len(s.Cases())
			}
			p := cli.PrinterOf(cmd)
			if len(g.chosen) == 0 {
				p.Line("no scenario is in %s: a file of scenarios is named *.yaml, *.yml or *.json", given)
				return cli.ExitCode(cli.ExitNothing)
			}
			p.Line("%s, %s: all right", p.Counted(len(g.chosen), "1 scenario", "%d scenarios"), p.Counted(cases, "1 case", "%d cases"))
			return nil
		},
	}
}

func newScenarioSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Example: "  etcp-mock scenario schema > scenario.schema.json",
		Short: "Print the JSON Schema of scenario files, for editors", Args: cli.NoArgs,
		Long: "Print the JSON Schema of scenario files. An editor with a YAML language server completes and explains a file that begins with\n\n" +
			"  # yaml-language-server: $schema=scenario.schema.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(scenarios.SchemaIn(cli.Language(cmd)))
			return err
		},
	}
}

func newScenarioNew() *cobra.Command {
	return &cobra.Command{
		Use: "new [FILE]", Example: "  etcp-mock scenario new mine.yaml",
		Short: "Write a scenario to begin with, with comments", Args: cli.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) == 0 {
				_, err := cmd.OutOrStdout().Write(scenarios.Skeleton("my-scenario", cli.Language(cmd)))
				return err
			}
			file, err := os.OpenFile(given[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a file for others to read, as any source
			if errors.Is(err, os.ErrExist) {
				return cli.Usagef("%s is there already", given[0])
			}
			if err != nil {
				return err
			}
			_, err = file.Write(withSchema(cmd.Context(), scenarios.Skeleton(scenarios.NameOf(given[0]), cli.Language(cmd)), given[0], cli.Language(cmd)))
			if err = errors.Join(err, file.Close()); err == nil {
				cli.PrinterOf(cmd).Line("wrote %s; run it: etcp-mock scenario run %s", given[0], given[0])
			}
			return err
		},
	}
}

// scenarioRun is what scenario run is asked for beside what every run is.
type scenarioRun struct {
	cli.RunFlags
	remote.Flags

	all bool
}

func newScenarioRun() *cobra.Command {
	var f scenarioRun
	cmd := &cobra.Command{
		Use: "run NAME|FILE[:LINE]|FOLDER…", Short: "Run scenarios, on a mock of their own or on a server",
		Long: "Run scenarios. Each case has a sandbox of its own, which is gone afterwards. Without --server they run on a mock inside this\n" +
			"command. FILE:LINE runs a row of a matrix, or the steps up to the one at that line.\n\n" +
			"contract run is the same runner with other defaults: where nothing is named it runs the contract suite, and its --target may be\n" +
			"the real platform. Files, variables, reports and exit codes are alike.\n\n" +
			"Exit codes: 0 all passed; 1 a case failed; 2 a wrong command line or file; 3 the server could not be reached; 4 nothing ran.",
		Example: "  etcp-mock scenario run --all\n  etcp-mock scenario run mine.yaml --var plate=渝A12345 --keep --server 127.0.0.1:8787\n" +
			"  etcp-mock scenario run temporary-car-pays-online --server 127.0.0.1:8787 --speed 600x",
		Args: cli.Args(cobra.ArbitraryArgs), ValidArgsFunction: scenarioNames,
		RunE: f.run,
	}
	cmd.Flags().StringVar(&f.Server, "server", "", "base `URL` of a mock (default: one inside this command)")
	cmd.Flags().StringVar(&f.Token, "admin-token", "", "`token` of the control API; better in ETCP_MOCK_ADMIN_TOKEN, where others do not see it")
	cli.SentTo(cmd, "admin-token", "server")
	cmd.Flags().StringVar(&f.CACert, "cacert", "", "PEM `file` of an authority to trust (default: that of serve --tls)")
	cmd.Flags().StringVar(&f.SandboxID, "sandbox", "", "run in the sandbox with this `id`, as it is, instead of in one of its own (ETCP_MOCK_SANDBOX is not read)")
	cli.OwnOnly(cmd, "sandbox") // the one that exec and the CI action name has not the scenario's fixture
	cmd.Flags().BoolVar(&f.all, "all", false, "run all that are built in")
	f.RunFlags.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func (f *scenarioRun) run(cmd *cobra.Command, given []string) error {
	collector.TuneRun()
	from := source
	switch {
	case f.all && len(given) > 0:
		return cli.Usagef("either --all or names")
	case f.all, cmd.Flags().Changed("tag"), cmd.Flags().Changed("name"):
		from.Otherwise = (*scenarios.Library).All
	case len(given) == 0 && !cmd.Flags().Changed("file") && !cmd.Flags().Changed("rerun-failed"):
		return cli.Usagef("name scenarios or files, or give --all; etcp-mock scenario list shows what there is")
	}
	runner := cli.Runner{RunFlags: &f.RunFlags, Source: from, Open: f.target}
	if show.Of(cmd).JSON {
		runner.Results = printResults
	}
	return runner.Run(cmd, given)
}

func (f *scenarioRun) target(cmd *cobra.Command) (cli.Target, error) {
	if f.Server == "" {
		if f.SandboxID != "" || f.Keep() {
			return cli.Target{}, cli.Usagef("--sandbox and --keep want a --server: the mock inside this command ends with it")
		}
		return cli.InProcess(nil)
	}
	target, err := f.Mock()
	if err != nil {
		return cli.Target{}, err
	}
	target.Sandbox, target.Env = f.SandboxID, scenarios.ProcessEnv
	return cli.Target{Target: target, Close: func() {}}, target.Control.Ready(cmd.Context())
}

// printResults prints what the cases did, by scenario, as JSON.
func printResults(cmd *cobra.Command, r *report.Report, results map[string]*scenarios.CaseResult, s *cli.Selection) error {
	items := []*scenarios.Result{}
	byName := map[string]*scenarios.Result{}
	for _, c := range s.Cases {
		result := byName[c.Scenario.Name]
		if result == nil {
			result = &scenarios.Result{Scenario: c.Scenario.Name, File: c.Scenario.File, Status: scenarios.Skipped, Seed: r.Seed, Started: r.Started}
			byName[c.Scenario.Name] = result
			items = append(items, result)
		}
		one := results[c.Name()]
		if one == nil {
			continue
		}
		result.Cases = append(result.Cases, one)
		result.Duration += one.Duration
		if one.Status == scenarios.Failed || result.Status == scenarios.Skipped {
			result.Status = one.Status
		}
	}
	return show.Of(cmd).Object(map[string]any{"items": items})
}
