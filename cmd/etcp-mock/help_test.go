package main

import (
	"testing"

	"github.com/etcp-mock/etcp-mock/cmd/internal/helptest"
)

// Every command and every flag says what it does in both languages.
func TestHelp_readsInBothLanguages(t *testing.T) {
	t.Parallel()
	helptest.Read(t, newRoot)
}
