package cli

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// The commands that a message names ask the server and the sandbox that the command line named; those that take neither, and words that are
// no command, stay as they are.
func TestHere(t *testing.T) {
	t.Parallel()
	newPushes := func() *cobra.Command {
		root := &cobra.Command{Use: "etcp-mock"}
		add := func(parent *cobra.Command, name string, flags ...string) *cobra.Command {
			cmd := &cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}}
			for _, flag := range flags {
				cmd.Flags().String(flag, "", "")
			}
			parent.AddCommand(cmd)
			return cmd
		}
		add(add(root, "sandbox"), "list", "server")
		add(root, "serve")
		add(root, "call", "server", "sandbox")
		return add(root, "pushes", "server", "sandbox")
	}
	for _, tt := range []struct {
		args       []string
		text, want string
	}{
		{nil, "the pushes: etcp-mock pushes", "the pushes: etcp-mock pushes"},
		{[]string{"--sandbox", "qa"}, "the pushes: etcp-mock pushes", "the pushes: etcp-mock pushes --sandbox qa"},
		{[]string{"--sandbox", "qa", "--server", "http://h:1"}, "see etcp-mock sandbox list; or etcp-mock call bindcar token=x", "see etcp-mock sandbox list --server http://h:1; or etcp-mock call --server http://h:1 --sandbox qa bindcar token=x"},
		{[]string{"--sandbox", "it's"}, "现有的推送：etcp-mock pushes", `现有的推送：etcp-mock pushes --sandbox 'it'\''s'`},
		{[]string{"--sandbox", "qa"}, "start the mock with: etcp-mock serve; of etcp-mock itself", "start the mock with: etcp-mock serve; of etcp-mock itself"},
	} {
		pushes := newPushes()
		require.NoError(t, pushes.ParseFlags(tt.args))
		markGiven(pushes)
		require.Equal(t, tt.want, here(pushes, tt.text))
	}
}
