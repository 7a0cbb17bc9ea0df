package suggest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

func TestDotted(t *testing.T) {
	rules := []string{"bind.max", "bind.max_per_month", "bind.month", "quote.ttl", "memory.max", "push.sign_data", "push.timeout", "status.word.plenty", "strict", "token.ttl", "message.6"}
	for given, want := range map[string]string{
		"bind.maximum": "bind.max", "bind_max": "bind.max", "quote.lifetime": "quote.ttl", "quote.timeout": "quote.ttl", "push.sign": "push.sign_data", "timeout": "push.timeout", "quote": "quote.ttl",
		"strct": "strict", "status.word.many": "status.word.plenty",
		"max": "? bind.max memory.max", "bind": "? bind.max bind.max_per_month bind.month", "bind.x": "? bind.max bind.max_per_month bind.month", "ttl": "? quote.ttl token.ttl",
		"nothing.like": "?", "message.99999": "? message.6", "": "?",
	} {
		meant, alike := suggest.Dotted(given, rules)
		if meant == "" {
			meant = strings.TrimSpace("? " + strings.Join(alike, " "))
		}
		require.Equal(t, want, meant, given)
	}
}
