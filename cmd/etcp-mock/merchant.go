package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// merchantFlags name a merchant and its key. Where a key is not given, the mock is asked for it.
type merchantFlags struct{ no, key, keyFile string }

// keyVariable holds the key, as exec sets it.
const keyVariable = "ETCP_MOCK_MERCHANT_KEY"

func (m *merchantFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.no, "merchant-no", "", "`number` of the merchant (default: the sandbox's first)")
	cmd.Flags().StringVar(&m.keyFile, "key-file", "", "`file` that holds the merchant's key (- is stdin)")
	cmd.Flags().StringVar(&m.key, "merchant-key", "", "the merchant's `key`; better in "+keyVariable+" or a file, where others do not see it")
}

// ownKey is the key that was given, or "". A file goes before the flag and the environment.
func (m *merchantFlags) ownKey(cmd *cobra.Command) (string, error) {
	if m.keyFile == "" {
		return m.key, nil
	}
	raw, err := readInput(cmd, m.keyFile)
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	if len(raw) == 0 {
		return "", fmt.Errorf("key: %s is empty", m.keyFile)
	}
	return string(raw), nil
}

// resolve gives the merchant's number and key, from the flags or from the sandbox.
func (m *merchantFlags) resolve(cmd *cobra.Command, s *control.Sandbox) (no, key string, err error) {
	if key, err = m.ownKey(cmd); err != nil {
		return "", "", err
	}
	if m.no != "" && key != "" {
		return m.no, key, nil
	}
	found, err := merchantOf(cmd.Context(), s, m.no)
	if err != nil {
		return "", "", err
	}
	if key == "" {
		key = found.Key
	}
	return found.No, key, nil
}

// merchantOf finds a merchant of the sandbox, the first one where no number is given.
func merchantOf(ctx context.Context, s *control.Sandbox, no string) (control.Merchant, error) {
	for m, err := range control.All(func(p control.Page) (control.List[control.Merchant], error) { return s.Merchants(ctx, p) }) {
		if err != nil || no == "" || m.No == no {
			return m, err
		}
	}
	if no == "" {
		return control.Merchant{}, errNoMerchant
	}
	return control.Merchant{}, fmt.Errorf("the sandbox %s has no merchant %s; give its key, or its --sandbox", s.ID(), no)
}

var errNoMerchant = errors.New("the sandbox has no merchant")

// merchantOr is the number given, or that of the sandbox's first merchant.
func merchantOr(ctx context.Context, s *control.Sandbox, no string) (string, error) {
	if no != "" {
		return no, nil
	}
	m, err := merchantOf(ctx, s, "")
	return m.No, err
}
