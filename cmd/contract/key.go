package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// keyVariable holds the merchant's key.
const keyVariable = "ETCP_MOCK_MERCHANT_KEY"

// merchantFlags name a merchant and say where its key is.
type merchantFlags struct{ no, key, keyFile string }

func (m *merchantFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.no, "merchant-no", "", "`number` of the merchant")
	cmd.Flags().StringVar(&m.keyFile, "key-file", "", "`file` that holds the merchant's key (- is stdin)")
	cmd.Flags().StringVar(&m.key, "merchant-key", "", "the merchant's `key`; better in "+keyVariable+" or a file, where others do not see it")
}

// resolve is the key: from the file, the flag or the environment, or asked for on a terminal.
func (m *merchantFlags) resolve(cmd *cobra.Command) (string, error) {
	switch {
	case m.keyFile == "-":
		return oneKey(io.LimitReader(cmd.InOrStdin(), 4096), "stdin")
	case m.keyFile != "":
		f, err := os.Open(m.keyFile)
		if err != nil {
			return "", fmt.Errorf("key: %w", err)
		}
		defer func() { _ = f.Close() }()
		return oneKey(io.LimitReader(f, 4096), m.keyFile)
	case m.key != "":
		return m.key, nil
	}
	if in, is := cmd.InOrStdin().(*os.File); is && term.IsTerminal(int(in.Fd())) {
		fmt.Fprintf(cmd.ErrOrStderr(), "key of merchant %s: ", m.no)
		key, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		if err != nil {
			return "", fmt.Errorf("key: %w", err)
		}
		return oneKey(bytes.NewReader(key), "the prompt")
	}
	return "", errors.New("the merchant's key is missing: set " + keyVariable + ", or give --key-file FILE")
}

func oneKey(r io.Reader, where string) (string, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	if raw = bytes.TrimRight(raw, "\r\n"); len(raw) == 0 {
		return "", fmt.Errorf("key: %s is empty", where)
	}
	return string(raw), nil
}
