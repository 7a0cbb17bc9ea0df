package serving

import (
	"errors"
	"go/ast"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/gosource"
	"github.com/etcp-mock/etcp-mock/mock"
)

// Every option that the mock names in an error has its flag, which serve takes.
func TestFlagOf_everyOption(t *testing.T) {
	options := map[string]bool{}
	for _, file := range gosource.Folder(t, "../../../../mock") {
		ast.Inspect(file.Syntax, func(n ast.Node) bool {
			if c, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(c.Names[0].Name, "Option") {
				value, _ := gosource.Text(c.Values[0])
				options[value] = true
				require.NotNil(t, NewServe().Flags().Lookup(flagOf[value]), c.Names[0].Name)
			}
			return true
		})
	}
	require.Len(t, options, len(flagOf), "each has one row, and no row is left over")
}

// An error of an option is blamed on the flag; only a value that cannot be anywhere is a wrong command line. Another error stays.
func TestBlame(t *testing.T) {
	cause := errors.New("cause")
	for code, usage := range map[mock.ErrorCode]bool{mock.CodeInvalid: true, mock.CodeConflict: false, mock.CodeUnavailable: false} {
		err := Blame(NewServe(), errors.Join(&mock.OptionError{Option: mock.OptionData, Code: code, Err: cause}))
		require.EqualError(t, err, "--data: cause")
		require.ErrorIs(t, err, cause)
		_, ok := errors.AsType[*cli.UsageError](err)
		require.Equal(t, usage, ok, code)
	}
	taken := Blame(NewServe(), &mock.OptionError{Option: mock.OptionAdminAddr, Code: mock.CodeUnavailable, Err: syscall.EADDRINUSE})
	require.EqualError(t, taken, "--admin-addr: address already in use (stop what listens there, another mock perhaps, or name another port: 0 takes a free one)")
	require.Equal(t, cause, Blame(&cobra.Command{}, &mock.OptionError{Option: mock.OptionAddr, Code: mock.CodeUnavailable, Err: cause}), "a command without the flag")
	require.Equal(t, cause, Blame(NewServe(), cause))
	require.NoError(t, Blame(NewServe(), nil))
}
