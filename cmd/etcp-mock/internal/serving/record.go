package serving

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// NewRecord is the command record.
func NewRecord() *cobra.Command {
	var (
		f    execFlags
		r    remote.Flags
		to   string
		from string
	)
	cmd := &cobra.Command{
		Use: "record [flags] [-- COMMAND [ARG…]]", Short: "Record what is done to a sandbox as a scenario that does it again",
		Long: "With a COMMAND: start a mock, run the command beside it as exec does, and write what it did, as a scenario. The exit code is the\n" +
			"command's. Without one: write what was done so far to a sandbox of a mock that runs. Where nothing was, no file is written, and\n" +
			"the exit code is 4.\n\n" +
			"A test that makes a sandbox or a mock of its own, as the fixtures of the clients and mocktest do, leaves nothing in the sandbox\n" +
			"that is recorded; one that calls ETCP_MOCK_URL as the merchant ETCP_MOCK_MERCHANT_NO does. What was done in their own sandbox these\n" +
			"fixtures give as such a file's text: sandbox.recording(), or Recording of mocktest.\n\n" +
			"Values that flow from an answer into a later request become variables; merchants' keys stay out.",
		Example: "  etcp-mock record -o checkout.yaml -- ./checkout.sh\n  etcp-mock record -o today.yaml --server 127.0.0.1:8787\n" +
			"  etcp-mock scenario run checkout.yaml",
		Args: cli.ArgsMaybeEmpty(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			save := func(ctx context.Context, sandbox *control.Sandbox) error {
				return saveRecording(ctx, cmd, sandbox, from, to)
			}
			if len(given) == 0 {
				return save(cmd.Context(), r.Sandbox())
			}
			f.after = save
			if to != "-" {
				release, err := atomicfile.Hold(to)
				if err != nil {
					return cli.Errorf("the recording cannot be written: %w", err)
				}
				defer release()
			}
			return runBeside(cmd, &f, given)
		},
	}
	cmd.Flags().SetInterspersed(false) // what follows COMMAND is its own
	r.Register(cmd)
	cmd.Flags().StringVarP(&to, "out", "o", "-", "`file` that is written (- is stdout)")
	cmd.Flags().StringVar(&from, "from", "", "`id` of the request, or time, at which the recording begins; what was before is kept as its setting")
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:0", "address the mock listens on; port 0 takes a free one")
	cli.OwnOnly(cmd, "addr")
	cmd.Flags().StringVar(&f.fixture, "fixture", "", "YAML or JSON `file` the sandbox starts from")
	cmd.Flags().StringVar(&f.scenario, "scenario", "", "`name` of a scenario whose fixture the sandbox starts from")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything random (default: another each time)")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "do not print what was refused")
	return cmd
}

// saveRecording writes a recording whole or not at all.
func saveRecording(ctx context.Context, cmd *cobra.Command, sandbox *control.Sandbox, from, to string) error {
	text, err := sandbox.RecordingIn(ctx, from, cli.Language(cmd))
	if err != nil {
		return err
	}
	if _, err := scenarios.Parse("recording", text); err != nil { // a server that is none may answer anything
		return cli.Errorf("the server's answer is no recording: %w", err)
	}
	if to == "-" {
		_, err = cmd.OutOrStdout().Write(text)
		return err
	}
	m := stepsLine().FindSubmatch(text)
	if m != nil && string(m[1]) == "0" { // a file of before stays
		cli.Note(cmd, "etcp-mock: nothing was recorded, and %s is not written: nobody asked the sandbox %s of the mock anything, or drove a car there; a test that makes a sandbox of its own records that one by its harness: sandbox.recording(), or Recording of mocktest", to, sandbox.ID())
		return cli.ExitCode(cli.ExitNothing)
	}
	text = inPlace(ctx, text, to, cli.Language(cmd))
	if err := atomicfile.WriteBytes(ctx, to, 0o644, text); err != nil { // it holds no key, and is there to be shared
		return err
	}
	if m == nil {
		return nil
	}
	n, _ := strconv.Atoi(string(m[1]))
	cli.Note(cmd, "etcp-mock: recorded into %s (%s); again: etcp-mock scenario run %s", to, cli.PrinterOf(cmd).Counted(n, "1 step", "%d steps"), to)
	return nil
}

// stepsLine is the summary of a recording, which says how many steps it has.
var stepsLine = lazyregexp.New(`(?m)^summary: \W*Recorded: (\d+) steps?`)

var nameLine = lazyregexp.New(`(?m)^name: .*$`)

// inPlace gives a scenario the name of the file that it is written to, and a schema that lies beside that file.
func inPlace(ctx context.Context, text []byte, file, language string) []byte {
	name := []byte("name: " + scenarios.QuotedName(scenarios.NameOf(file)))
	if at := nameLine().FindIndex(text); at != nil {
		text = slices.Concat(text[:at[0]], name, text[at[1]:])
	}
	return withSchema(ctx, text, file, language)
}

// schemaFile is the name of the schema beside scenarios.
const schemaFile = "scenario.schema.json"

// withSchema has a scenario's file name a schema that is there: the nearest in its folder or in schemas, there or above it in its project; else
// one is written beside it, in a language. Where none can be, the file names the published one.
func withSchema(ctx context.Context, text []byte, file, language string) []byte {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return text // a pipe or device has no folder to put a schema in
	}
	folder := filepath.Dir(file)
	link, top := "", projectOf(folder)
	for up, above := folder, ""; link == ""; up, above = filepath.Join(up, ".."), above+"../" {
		for _, candidate := range []string{schemaFile, "schemas/" + schemaFile} {
			if info, err := os.Stat(filepath.Join(up, filepath.FromSlash(candidate))); link == "" && err == nil && info.Mode().IsRegular() {
				link = above + candidate
			}
		}
		if whole, err := filepath.Abs(up); err != nil || whole == top || filepath.Dir(whole) == whole {
			break
		}
	}
	if link == "" {
		link = schemaFile
		if atomicfile.WriteBytes(ctx, filepath.Join(folder, schemaFile), 0o644, scenarios.SchemaIn(language)) != nil {
			return text
		}
	}
	return bytes.Replace(text, []byte(scenarios.SchemaURL), []byte(link), 1)
}

// projectOf is the top of the project that a folder is in: of its repository, or else the working directory. A folder in neither is alone: what
// lies above it, in /tmp say, is somebody else's.
func projectOf(folder string) string {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return folder
	}
	for up := whole; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, ".git")); err == nil {
			return up
		}
		if filepath.Dir(up) == up {
			break
		}
	}
	here, err := os.Getwd()
	if err != nil {
		return whole
	}
	if inside, err := filepath.Rel(here, whole); err != nil || !filepath.IsLocal(inside) {
		return whole
	}
	return here
}
