package serving

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewReplicas is the command that lists the replicas of a database.
func NewReplicas() *cobra.Command {
	var r remote.Flags
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "replicas", Short: "List the replicas that share a database, and the sandboxes each owns",
		Long: "List the replicas of a mock whose data is in a database (serve --data postgres://…), and the sandboxes that each of them owns.\n" +
			"The one that answered is marked with *. A mock that shares its data with no other has none.",
		Args: cli.NoArgs, Example: "  etcp-mock replicas\n  etcp-mock replicas --json | jq '.items[].name'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := remote.First(limit, func(page control.Page) (control.List[control.Replica], error) {
				return r.Client().Replicas(cmd.Context(), page)
			})
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			p.JSON = p.JSON || asJSON
			return cli.PrintList(p.Printer, found, p.Either("none: this mock shares its data with no other", "无：该模拟平台不与其他副本共享数据"), []cli.Column[control.Replica]{
				{Title: "NAME", Cell: func(each control.Replica) string { return p.Bold(cli.Clean(each.Name)) + mark(each) }},
				{Title: "ADDRESS", Cell: func(each control.Replica) string { return cli.Clean(each.Addr) }},
				{Title: "STATE", Cell: func(each control.Replica) string { return replicaState(p, each) }},
				{Title: "SANDBOXES", Right: true, Cell: func(each control.Replica) string { return strconv.Itoa(len(each.Sandboxes)) }},
				{Title: "IDS", Cell: func(each control.Replica) string { return p.Short(cli.Clean(strings.Join(each.Sandboxes, " ")), 200) }},
			})
		},
	}
	r.RegisterServer(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().IntVar(&limit, "limit", 0, "the first `n`; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "the same as -o json")
	return cmd
}

// mark marks the replica that answered.
func mark(each control.Replica) string {
	if each.Self {
		return " *"
	}
	return ""
}

func replicaState(p *show.Printer, each control.Replica) string {
	silent := (time.Duration(each.SilentMs) * time.Millisecond).Round(100 * time.Millisecond)
	if each.Live {
		return p.Green(p.Either("live", "在线"))
	}
	return p.Yellow(fmt.Sprintf(p.Either("silent for %v", "已失联 %v"), silent))
}
