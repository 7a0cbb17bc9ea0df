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

// A wrong value of the environment is blamed on its variable, whatever command reads it, in both languages.
func TestVariables_wrongValues(t *testing.T) { helptest.WrongVariables(t, newRoot, run) }
