package input

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Placed gives a refusal that points into a file its lines, below a position of the file and of the body that was sent; another error stays.
func Placed(err error, document *scenarios.Document, inFile, inBody string) error {
	problem, ok := err.(*control.ProblemError) //nolint:errorlint // as the control client gives it
	if !ok || document == nil || len(problem.Errors) == 0 {
		return err
	}
	if slices.ContainsFunc(problem.Errors, func(e control.FieldError) bool { return !strings.HasPrefix(e.Pointer, inBody) }) {
		return err
	}
	return document.Placed(func(yield func(pointer, detail string) bool) {
		for _, e := range problem.Errors {
			if !yield(inFile+strings.TrimPrefix(e.Pointer, inBody), e.Detail) {
				return
			}
		}
	})
}

// Read reads a file, or stdin for -.
func Read(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return cli.ReadAll(cmd.InOrStdin(), "stdin", cli.MostOfState)
	}
	return cli.ReadFile(name, cli.MostOfState)
}

// Fixture reads a YAML or JSON file.
func Fixture(name string) (*scenarios.Document, error) {
	text, err := FixtureText(name)
	if err != nil {
		return nil, err
	}
	return scenarios.ReadFixture(name, text)
}

// FixtureText reads a file that [scenarios.ReadFixture] makes JSON of.
func FixtureText(name string) ([]byte, error) {
	text, err := cli.ReadFile(name, cli.MostOfFixture)
	if err != nil {
		return nil, cli.Usagef("--fixture: %v", err)
	}
	return text, nil
}

// Faults reads a YAML or JSON file of faults.
func Faults(name string) (*scenarios.Document, error) {
	text, err := cli.ReadFile(name, cli.MostOfFixture)
	if err != nil {
		return nil, cli.Usagef("--file: %v", err)
	}
	return scenarios.ReadDocument(name, text)
}

// Located is everything that is wrong with a fixture, each at its line and column; another error stays.
func Located(err error, document *scenarios.Document) error {
	var broken *mock.FixtureError
	if !errors.As(err, &broken) || document == nil {
		return err
	}
	found := document.Placed(func(yield func(pointer, detail string) bool) {
		for _, p := range broken.Problems {
			if !yield(p.Pointer, p.Detail) {
				return
			}
		}
	})
	return slices.CompactFunc(found, func(a, b *scenarios.Problem) bool { return *a == *b }) // one of the file as a whole stands for several
}

// TextOrFile is a text, or what is in a file for @name, or on stdin for @-. The newline an editor leaves at the end goes. @{ begins what PowerShell
// prints of an object, which people paste as the data that was signed: that is a text.
func TextOrFile(cmd *cobra.Command, text string) (string, error) {
	name, ok := strings.CutPrefix(text, "@")
	if !ok || strings.HasPrefix(name, "{") {
		return text, nil
	}
	raw, err := Read(cmd, name)
	if err != nil {
		return "", cli.Usagef("%v", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r"), nil
}
