package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Placed prints a refusal that points into a file at its lines; another error stays.
func Placed(err error, document *scenarios.Document, under string, stderr io.Writer) error {
	problem, ok := err.(*control.ProblemError) //nolint:errorlint // as the control client gives it
	if !ok || document == nil || len(problem.Errors) == 0 {
		return err
	}
	for _, e := range problem.Errors {
		pointer, inside := strings.CutPrefix(e.Pointer, under)
		if !inside {
			return err
		}
		fmt.Fprintf(stderr, "etcp-mock: %v\n", document.At(pointer, e.Detail))
	}
	return cli.ExitCode(cli.ExitFailed)
}

// Read reads a file, or stdin for -.
func Read(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(name)
}

// Fixture reads a YAML or JSON file.
func Fixture(name string) (*scenarios.Document, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("fixture: %w", err)
	}
	return scenarios.ReadDocument(name, text)
}

// Located prints everything that is wrong with a fixture at its line and column.
func Located(err error, document *scenarios.Document, stderr io.Writer) error {
	var broken *mock.FixtureError
	if !errors.As(err, &broken) || document == nil {
		return err
	}
	for _, p := range broken.Problems {
		fmt.Fprintf(stderr, "etcp-mock: %v\n", document.At(p.Pointer, p.Detail))
	}
	return cli.ExitCode(1)
}

// TextOrFile is a text, or what is in a file for @name, or on stdin for @-. The newline an editor leaves at the end goes.
func TextOrFile(cmd *cobra.Command, text string) (string, error) {
	name, is := strings.CutPrefix(text, "@")
	if !is {
		return text, nil
	}
	raw, err := Read(cmd, name)
	return strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r"), err
}
