package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

func newScenario() *cobra.Command {
	cmd := group("scenario", "Worlds and stories in YAML: list, run and write them",
		newScenarioList(), newScenarioShow(), newScenarioRun(), newScenarioValidate(), newScenarioNew(), newScenarioSchema())
	cmd.Long = "A scenario is a world, a story and what must come of it, in a YAML file. Some come with the mock (scenario list); your own are\n" +
		"named by their files or folders.\n\n" +
		"  etcp-mock scenario run temporary-car-pays-online\n  etcp-mock scenario new > mine.yaml\n  etcp-mock scenario run mine.yaml"
	return cmd
}

// gathered are the scenarios meant by arguments: names, files, folders, and files with a line.
type gathered struct {
	library *scenarios.Library
	chosen  []*scenarios.Scenario
	lines   map[*scenarios.Scenario]int
}

// gather reads what arguments name. Names are built in, or in the folders and files beside them. The variables need not be
// defined by them.
func gather(given []string, variables ...string) (*gathered, error) {
	g := &gathered{library: scenarios.Builtin(), lines: map[*scenarios.Scenario]int{}}
	var names, paths []string
	lines := map[string]int{}
	for _, arg := range given {
		path, line := splitLine(arg)
		if _, err := os.Stat(path); err != nil {
			if looksLikePath(arg) {
				return nil, usagef("there is no file %s", path)
			}
			names = append(names, arg)
			continue
		}
		paths = append(paths, path)
		if line > 0 {
			lines[path] = line
		}
	}
	if len(paths) > 0 {
		library, err := scenarios.Load(scenarios.NewLibrary(scenarios.Builtin()).Give(variables...), paths...)
		if err != nil {
			return nil, err
		}
		g.library, g.chosen = library, library.Own()
	}
	for _, name := range names {
		s := g.library.Get(name)
		if s == nil {
			return nil, usagef("there is no scenario %q%s; which there are: etcp-mock scenario list", name, nearest(name, g.library.Names()))
		}
		if !slices.Contains(g.chosen, s) {
			g.chosen = append(g.chosen, s)
		}
	}
	for _, s := range g.chosen {
		g.lines[s] = lines[s.File]
	}
	return g, nil
}

func looksLikePath(arg string) bool {
	return strings.ContainsAny(arg, `/\`) || strings.Contains(arg, ".yaml") || strings.Contains(arg, ".yml") || strings.Contains(arg, ".json")
}

// splitLine takes file.yaml:12 apart.
func splitLine(arg string) (path string, line int) {
	cut := strings.LastIndexByte(arg, ':')
	if cut < 0 {
		return arg, 0
	}
	if n, err := strconv.Atoi(arg[cut+1:]); err == nil && n > 0 {
		return arg[:cut], n
	}
	return arg, 0
}

func nearest(name string, known []string) string {
	if near := suggest.Nearest(name, known); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

// said prints what is wrong with files, each thing with its line and a caret.
func said(cmd *cobra.Command, err error) error {
	var problems scenarios.Problems
	if !errors.As(err, &problems) {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(cmd.ErrOrStderr(), p.Text())
	}
	return exitCodeError(exitFailed)
}

func newScenarioList() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list [FILE|FOLDER…]", Example: "  etcp-mock scenario list\n  etcp-mock scenario list cases/ -o json",
		Short: "List the scenarios that are built in, or those in files",
		Args:  args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			g, err := gather(given)
			if err != nil {
				return said(cmd, err)
			}
			if len(given) == 0 {
				g.chosen = g.library.All()
			}
			return printScenarios(printerOf(cmd), g.chosen)
		},
	}
	outputFlag(cmd)
	return cmd
}

func newScenarioShow() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Example: "  etcp-mock scenario show temporary-car-pays-online",
		Short: "Print a scenario's file", Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			g, err := gather(given)
			if err != nil {
				return said(cmd, err)
			}
			for _, s := range g.chosen {
				if _, err := cmd.OutOrStdout().Write(s.Text); err != nil {
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
		Short: "Check scenario files without running them", Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			g, err := gather(given)
			if err != nil {
				return said(cmd, err)
			}
			cases := 0
			for _, s := range g.chosen {
				cases += len(s.Cases())
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s, %s: all right\n", counted(len(g.chosen), "scenario"), counted(cases, "case"))
			return nil
		},
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func newScenarioSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Example: "  etcp-mock scenario schema > scenario.schema.json",
		Short: "Print the JSON Schema of scenario files, for editors", Args: noArgs,
		Long: "Print the JSON Schema of scenario files. An editor with a YAML language server completes and explains a file that begins with\n\n" +
			"  # yaml-language-server: $schema=scenario.schema.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(scenarios.Schema())
			return err
		},
	}
}

func newScenarioNew() *cobra.Command {
	return &cobra.Command{
		Use: "new [FILE]", Example: "  etcp-mock scenario new mine.yaml",
		Short: "Write a scenario to begin with, with comments", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) == 0 {
				_, err := cmd.OutOrStdout().Write(scenarios.Skeleton("my-scenario"))
				return err
			}
			file, err := os.OpenFile(given[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a file for others to read, as any source
			if errors.Is(err, os.ErrExist) {
				return usagef("%s is there already", given[0])
			}
			if err != nil {
				return err
			}
			_, err = file.Write(scenarios.Skeleton(scenarios.NameOf(given[0])))
			if err = errors.Join(err, file.Close()); err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "wrote %s; run it: etcp-mock scenario run %s\n", given[0], given[0])
			}
			return err
		},
	}
}

// scenarioRun is what scenario run is told.
type scenarioRun struct {
	remote
	all, keep bool
	speed     string
	vars      []string
	varFile   string
	tags      []string
	seed      uint64
}

func newScenarioRun() *cobra.Command {
	var f scenarioRun
	cmd := &cobra.Command{
		Use: "run NAME|FILE[:LINE]|FOLDER…", Short: "Run scenarios, on a mock of their own or on a server",
		Long: "Run scenarios. Each case has a sandbox of its own, which is gone afterwards. Without --server they run on a mock inside this\n" +
			"command. FILE:LINE runs a row of a matrix, or the steps up to the one at that line.",
		Example: "  etcp-mock scenario run --all\n  etcp-mock scenario run mine.yaml --var plate=渝A12345 --keep --server 127.0.0.1:8787\n" +
			"  etcp-mock scenario run temporary-car-pays-online --server 127.0.0.1:8787 --speed 600x",
		Args: args(cobra.ArbitraryArgs), ValidArgsFunction: scenarioNames,
		RunE: f.run,
	}
	cmd.Flags().StringVar(&f.server, "server", "", "base `URL` of a mock (default: one inside this command)")
	cmd.Flags().StringVar(&f.token, "admin-token", "", "`token` of the control API; better in ETCP_MOCK_ADMIN_TOKEN, where others do not see it")
	cmd.Flags().StringVar(&f.cacert, "cacert", "", "PEM `file` of an authority to trust (default: that of serve --tls)")
	cmd.Flags().StringVar(&f.sandbox, "sandbox", "", "run in the sandbox with this `id`, as it is, instead of in one of its own")
	cmd.Flags().BoolVar(&f.all, "all", false, "run all that are built in")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "leave the sandboxes on the server")
	cmd.Flags().StringVar(&f.speed, "speed", "max", "max, or how much faster than real time sleeps and advances are: 10x")
	cmd.Flags().StringArrayVar(&f.vars, "var", nil, "`name=value` of a variable, of the type it has in the file; name:=json for any other")
	cmd.Flags().StringVar(&f.varFile, "var-file", "", "YAML or JSON `file` of variables; they are masked in all output")
	cmd.Flags().StringSliceVar(&f.tags, "tag", nil, "only scenarios with this `tag`")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything made up (default: another each time)")
	outputFlag(cmd)
	return cmd
}

func (f *scenarioRun) run(cmd *cobra.Command, given []string) error {
	secrets, err := f.secrets()
	if err != nil {
		return err
	}
	names := slices.Collect(maps.Keys(secrets))
	for _, each := range f.vars {
		name, _, _ := strings.Cut(each, "=")
		names = append(names, strings.TrimSuffix(name, ":"))
	}
	g, err := gather(given, names...)
	if err != nil {
		return said(cmd, err)
	}
	switch {
	case f.all && len(given) > 0:
		return usagef("either --all or names")
	case f.all, len(given) == 0 && len(f.tags) > 0:
		g.chosen = g.library.All()
	case len(given) == 0:
		return usagef("which scenarios? names, files or --all; etcp-mock scenario list shows what there is")
	}
	if len(f.tags) > 0 {
		g.chosen = slices.DeleteFunc(g.chosen, func(s *scenarios.Scenario) bool {
			return !slices.ContainsFunc(f.tags, func(tag string) bool { return slices.Contains(s.Tags, tag) })
		})
	}
	if len(g.chosen) == 0 {
		return usagef("no scenario has the tag %s", strings.Join(f.tags, ", "))
	}
	options, err := f.options(cmd, g)
	options.Secrets = secrets
	if err != nil {
		return err
	}
	target, stop, err := f.target(cmd.Context())
	if err != nil {
		return err
	}
	defer stop()
	return f.play(cmd, g, target, options)
}

// requestTimeout is how long a request of a scenario may take.
const requestTimeout = 30 * time.Second

func (f *scenarioRun) target(ctx context.Context) (scenarios.Target, func(), error) {
	if f.server == "" {
		if f.sandbox != "" || f.keep {
			return scenarios.Target{}, nil, usagef("--sandbox and --keep want a --server: the mock inside this command ends with it")
		}
		server, err := mock.New(mock.WithVersion(version, commit))
		if err != nil {
			return scenarios.Target{}, nil, err
		}
		target := scenarios.InProcess(server.Handler())
		target.Env = scenarios.ProcessEnv
		return target, func() { _ = server.Close(context.WithoutCancel(ctx)) }, nil
	}
	target, err := f.mock()
	if err != nil {
		return target, nil, err
	}
	target.Sandbox, target.Env = f.sandbox, scenarios.ProcessEnv
	return target, func() {}, target.Control.Ready(ctx)
}

// mock is the server as scenarios see it.
func (r *remote) mock() (scenarios.Target, error) {
	target := scenarios.Mock(r.url(), r.token)
	target.Control = r.client()
	if !r.secure() {
		return target, nil
	}
	pool, err := roots(r.cacert)
	target.HTTP = &http.Client{Timeout: requestTimeout, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	return target, err
}

func (f *scenarioRun) options(cmd *cobra.Command, g *gathered) (scenarios.Options, error) {
	o := scenarios.Options{Library: g.library, Keep: f.keep, Vars: map[string]any{}}
	if cmd.Flags().Changed("seed") {
		o.Seed = &f.seed
	}
	var err error
	if o.Speed, err = scenarios.ParseSpeed(f.speed); err != nil {
		return o, usagef("--%v", err)
	}
	for _, each := range f.vars {
		name, value, err := f.variable(each, g)
		if err != nil {
			return o, err
		}
		o.Vars[name] = value
	}
	return o, nil
}

// secrets reads --var-file.
func (f *scenarioRun) secrets() (secrets map[string]any, err error) {
	if f.varFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.varFile)
	if err != nil {
		return nil, err
	}
	document, err := scenarios.ReadDocument(f.varFile, text)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(document.JSON, &secrets) != nil {
		return nil, usagef("--var-file %s: want a mapping of variables", f.varFile)
	}
	return secrets, nil
}

// variable reads one --var, which a scenario that is run must have.
func (f *scenarioRun) variable(each string, g *gathered) (string, any, error) {
	name, value, err := scenarios.ParseVar(each)
	if err != nil {
		return "", nil, usagef("--var: %v", err)
	}
	hint := ""
	for _, s := range g.chosen {
		declared, near := s.Declares(name)
		if declared || name == "code" {
			return name, value, nil
		}
		if near != "" {
			hint = "; " + near
		}
	}
	return "", nil, usagef("--var %s: no scenario that is run has a variable %q%s", each, name, hint)
}
