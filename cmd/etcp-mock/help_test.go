package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/commandtest"
)

// Help is in both languages: every command, every flag.
func TestHelp_isTranslated(t *testing.T) {
	cli.Texts(newRoot(), func(text *string) {
		if *text != "" {
			assert.True(t, translation.Known(*text), "%q has no Chinese in package translation", *text)
		}
	})
}

// What is printed is whole in either language, cobra's own texts and the comments of the examples included.
func TestHelp_readsInBothLanguages(t *testing.T) {
	t.Parallel()
	roots := map[string]*cobra.Command{"en": newRoot(), "zh": newRoot()}
	commandtest.Help(t, func(language string, command ...string) string {
		var out, problems bytes.Buffer
		arguments := append([]string{"--lang", language, "help"}, command...)
		require.Zero(t, cli.Execute(t.Context(), roots[language], arguments, strings.NewReader(""), &out, &problems, nil), "%v: %s", arguments, problems.String())
		return out.String()
	})
}
