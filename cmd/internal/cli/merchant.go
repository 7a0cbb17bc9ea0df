package cli

import (
	"bytes"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// KeyVariable holds the merchant's key.
const KeyVariable = "ETCP_MOCK_MERCHANT_KEY"

// MerchantFlags name a merchant and say where its key is.
type MerchantFlags struct{ No, Key, KeyFile string }

// Register adds the flags; otherwise says whose number is meant where none is given.
func (m *MerchantFlags) Register(cmd *cobra.Command, otherwise string) {
	cmd.Flags().StringVar(&m.No, "merchant-no", "", "`number` of the merchant"+otherwise)
	cmd.Flags().StringVar(&m.KeyFile, "key-file", "", "`file` that holds the merchant's key (- is stdin)")
	cmd.Flags().StringVar(&m.Key, "merchant-key", "", "the merchant's `key`; better in "+KeyVariable+" or a file, where others do not see it")
}

// longestKey is how much of a file is read as a key.
const longestKey = 4096

// Given is the key that was given, or "". A file goes before the flag and the environment.
func (m *MerchantFlags) Given(cmd *cobra.Command) (string, error) {
	switch m.KeyFile {
	case "":
		return m.Key, nil
	case "-":
		return oneKey(cmd.InOrStdin(), "stdin")
	}
	f, err := os.Open(m.KeyFile)
	if err != nil {
		return "", Usagef("--key-file: %v", err)
	}
	defer func() { _ = f.Close() }()
	return oneKey(f, m.KeyFile)
}

// Required is the key that was given, or the one that a person types on a terminal.
func (m *MerchantFlags) Required(cmd *cobra.Command) (string, error) {
	key, err := m.Given(cmd)
	if key != "" || err != nil {
		return key, err
	}
	if in, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		_, _ = io.WriteString(cmd.ErrOrStderr(), "key of merchant "+m.No+": ")
		typed, err := term.ReadPassword(int(in.Fd()))
		_, _ = io.WriteString(cmd.ErrOrStderr(), "\n")
		if err != nil {
			return "", Usagef("the merchant's key: %v", err)
		}
		return oneKey(bytes.NewReader(typed), "the prompt")
	}
	return "", Usagef("the merchant's key is missing: set %s, or give --key-file FILE", KeyVariable)
}

func oneKey(r io.Reader, where string) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, longestKey))
	if err != nil {
		return "", Usagef("the merchant's key: %v", err)
	}
	if raw = bytes.TrimRight(raw, "\r\n"); len(raw) == 0 {
		return "", Usagef("the merchant's key: %s is empty", where)
	}
	return string(raw), nil
}
