package remote

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// MerchantFlags name a merchant and its key. Where a key is not given, the mock is asked for it.
type MerchantFlags struct{ cli.MerchantFlags }

// Register adds the flags.
func (m *MerchantFlags) Register(cmd *cobra.Command) {
	m.MerchantFlags.Register(cmd, " (default: the sandbox's first)")
}

// Resolve gives the merchant's number and key, from the flags or from the sandbox.
func (m *MerchantFlags) Resolve(cmd *cobra.Command, s *control.Sandbox) (no, key string, err error) {
	if key, err = m.Given(cmd); err != nil {
		return "", "", err
	}
	if m.No != "" && key != "" {
		return m.No, key, nil
	}
	found, ok, err := find(cmd.Context(), s, m.No)
	if err == nil && !ok && m.No != "" {
		return "", "", cli.Errorf("the sandbox %s has no merchant %s, so its key has to be given: ETCP_MOCK_MERCHANT_KEY, or the --sandbox that has it", s.ID(), m.No)
	}
	if err == nil && !ok {
		err = ErrNoMerchant
	}
	if err != nil {
		return "", "", err
	}
	if key == "" {
		key = found.Key
	}
	return found.No, key, nil
}

// Merchant finds a merchant of the sandbox, the first one where no number is given.
func Merchant(ctx context.Context, s *control.Sandbox, no string) (control.Merchant, error) {
	m, ok, err := find(ctx, s, no)
	switch {
	case err != nil || ok:
		return m, err
	case no == "":
		return m, ErrNoMerchant
	}
	return m, cli.Errorf("the sandbox %s has no merchant %s; those there are: etcp-mock merchants (of another sandbox: --sandbox)", s.ID(), no)
}

// find is Merchant, and false where there is none.
func find(ctx context.Context, s *control.Sandbox, no string) (found control.Merchant, ok bool, err error) {
	for m, err := range control.All(func(p control.Page) (control.List[control.Merchant], error) { return s.Merchants(ctx, p) }) {
		if err != nil || no == "" || m.No == no {
			return m, err == nil, err
		}
	}
	return found, false, nil
}

// ErrNoMerchant is a sandbox without a merchant, where one is needed.
var ErrNoMerchant = cli.Errorf("the sandbox has no merchant")

// MerchantNoOr is the number given, or that of the sandbox's first merchant.
func MerchantNoOr(ctx context.Context, s *control.Sandbox, no string) (string, error) {
	if no != "" {
		return no, nil
	}
	m, err := Merchant(ctx, s, "")
	return m.No, err
}
