package sandbox

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewMerchants is the command merchants.
func NewMerchants() *cobra.Command {
	cmd := newMerchantsList("merchants")
	cmd.Short = "List, show and set merchants, and where they are pushed to"
	cmd.AddCommand(newMerchantsList("list"), newMerchantsShow(), newMerchantsSet(), newMerchantsSetURL())
	return cmd
}

func newMerchantsList(use string) *cobra.Command {
	return listing(use, "List the merchants", "  etcp-mock merchants", (*control.Sandbox).Merchants, show.Merchants)
}

func newMerchantsShow() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show [NO]", Short: "Show a merchant with its key (default: the first)", Example: "  etcp-mock merchants show\n  etcp-mock merchants show demo -o json | jq -r .key",
		Args: cli.Args(cobra.MaximumNArgs(1)),
	}
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.Merchant, error) {
		return remote.Merchant(cmd.Context(), s, strings.Join(given, ""))
	}, show.Merchant)
}

func newMerchantsSet() *cobra.Command {
	var key, name, url string
	cmd := &cobra.Command{
		Use: "set NO", Short: "Make a merchant, or change one", Long: "Make a merchant, or change one: what no flag names stays as it is. A new one wants --key.",
		Example: "  etcp-mock merchants set M2 --key k2 --name 渝停\n  etcp-mock merchants set demo --name 演示商户",
		Args:    cli.Args(cobra.ExactArgs(1)),
	}
	cmd.Flags().StringVar(&key, "key", "", "its `key`")
	cmd.Flags().StringVar(&name, "name", "", "its name")
	cmd.Flags().StringVar(&url, "push-url", "", "`URL` its pushes go to; empty: none are sent")
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.Merchant, error) {
		m := control.Merchant{No: given[0]}
		all, err := remote.All(func(p control.Page) (control.List[control.Merchant], error) {
			return s.Merchants(cmd.Context(), p)
		})
		if err != nil {
			return control.Merchant{}, err
		}
		for _, have := range all {
			if have.No == m.No {
				m = have
			}
		}
		if cmd.Flags().Changed("key") {
			m.Key = key
		}
		if m.Key == "" {
			return control.Merchant{}, cli.Usagef("--key is required for a new merchant")
		}
		if cmd.Flags().Changed("name") {
			m.Name = name
		}
		if cmd.Flags().Changed("push-url") {
			m.Push = pushTo(m.Push, url)
		}
		return putMerchant(cmd.Context(), s, m)
	}, show.Merchant)
}

func newMerchantsSetURL() *cobra.Command {
	var no, kind string
	cmd := &cobra.Command{
		Use: "set-url URL", Short: "Give a merchant the URL its pushes go to, and leave the rest as it is",
		Long:    "Give a merchant the URL its pushes go to, and leave its key, its name and all else as they are. An empty URL ends them.",
		Example: "  etcp-mock merchants set-url http://127.0.0.1:9000/etcp\n  etcp-mock merchants set-url http://127.0.0.1:9000/etcp/unbind --kind unbind --merchant-no M1",
		Args: func(cmd *cobra.Command, given []string) error {
			if len(given) == 2 {
				return cli.Usagef("want %s, got %s; the merchant's number goes into --merchant-no", "URL", strings.Join(given, " "))
			}
			return cli.ArgsMaybeEmpty(cobra.ExactArgs(1))(cmd, given)
		},
	}
	cmd.Flags().StringVar(&no, "merchant-no", "", "`number` of the merchant (default: the sandbox's first)")
	cmd.Flags().StringVar(&kind, "kind", "", "only of pushes of a `kind`: entry, exit, unbind or certification-invalid")
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.Merchant, error) {
		m, err := remote.Merchant(cmd.Context(), s, no)
		if err != nil {
			return control.Merchant{}, err
		}
		if kind != "" {
			if err := input.OneOf("kind", kind, "entry", "exit", "unbind", "certification-invalid"); err != nil {
				return control.Merchant{}, err
			}
		}
		if kind == "" {
			m.Push = pushTo(m.Push, given[0])
			return putMerchant(cmd.Context(), s, m)
		}
		if m.Push == nil {
			m.Push = &control.PushHook{}
		}
		if m.Push.URLs == nil {
			m.Push.URLs = map[client.Kind]string{}
		}
		if m.Push.URLs[client.Kind(kind)] = given[0]; given[0] == "" {
			delete(m.Push.URLs, client.Kind(kind))
		}
		return putMerchant(cmd.Context(), s, m)
	}, show.Merchant)
}

// pushTo is a hook with another URL, or none.
func pushTo(have *control.PushHook, url string) *control.PushHook {
	if url == "" {
		return nil
	}
	now := control.PushHook{}
	if have != nil {
		now = *have
	}
	now.URL = url
	return &now
}

func putMerchant(ctx context.Context, s *control.Sandbox, m control.Merchant) (control.Merchant, error) {
	return m, s.PutMerchant(ctx, m)
}
