package serving

import (
	"errors"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
)

// flagOf are the flags whose values only the mock can judge, or find out about when it starts: each by the option of the mock that takes the value. The
// variable of a flag and its key in a file of settings follow from its name; see [cli.NameVariables].
var flagOf = map[string]string{
	mock.OptionAddr:       "addr",
	mock.OptionAdminAddr:  "admin-addr",
	mock.OptionAdminToken: "admin-token",
	mock.OptionData:       "data",
	mock.OptionPushAllow:  "push-allow",
	mock.OptionReplica:    "replica",
	mock.OptionPeerAddr:   "peer-addr",
	mock.OptionPeerToken:  "peer-token",
}

// Blame is an error of making or starting a mock with the flag before it that the value comes from, or the default; and what to do where a port is
// taken. A value that cannot be on any machine is a wrong command line. A command that has no such flag says what is the matter alone.
func Blame(cmd *cobra.Command, err error) error {
	option, ok := errors.AsType[*mock.OptionError](err)
	if !ok {
		return err
	}
	flag := flagOf[option.Option]
	switch {
	case flag == "" || cmd.Flags().Lookup(flag) == nil:
		return option.Err
	case errors.Is(err, syscall.EADDRINUSE):
		return cli.Errorf("--%s: %w (stop what listens there, another mock perhaps, or name another port: 0 takes a free one)", flag, option.Err)
	case option.Code == mock.CodeInvalid:
		return cli.Usagef("--%s: %w", flag, option.Err)
	}
	return cli.Errorf("--%s: %w", flag, option.Err)
}
