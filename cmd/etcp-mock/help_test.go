package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
)

// Help is in both languages: every command, every flag.
func TestHelp_isTranslated(t *testing.T) {
	cli.Texts(newRoot(), func(text *string) {
		if *text != "" {
			assert.True(t, translation.Known(*text), "%q has no Chinese in package translation", *text)
		}
	})
}
