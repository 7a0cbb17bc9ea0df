package suggest_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

// rules are the names in the table of the rules.
func rules(t *testing.T) (names []string) {
	t.Helper()
	table, err := os.ReadFile("../../mock/internal/platform/rules/table.go")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`\{Name: "([^"]+)"`).FindAllStringSubmatch(string(table), -1) {
		names = append(names, m[1])
	}
	require.Greater(t, len(names), 25)
	return names
}

// What people call a rule leads to it, whatever other rule has more of its letters; a name that is misspelt leads where it did.
func TestRule_wordsThatPeopleUse(t *testing.T) {
	known := rules(t)
	for given, want := range map[string]string{
		"push.retry": "push.schedule", "push.retries": "push.schedule", "retry": "push.schedule", "push.maxRetries": "push.schedule", "webhook_backoff": "push.schedule", "push.interval": "push.schedule", "retry.interval": "push.schedule", "interval": "sms.interval",
		"qps": "push.rate", "push.limit": "push.rate", "limit": "push.rate", "push.qps": "push.rate", "rate-limit": "push.rate",
		"expire": "token.ttl", "token.expire": "token.ttl", "token.lifetime": "token.ttl", "session.ttl": "token.ttl", "login.expiry": "token.ttl",
		"sms.expire": "sms.ttl", "code.ttl": "sms.ttl", "quote.expires": "quote.ttl", "timestamp.tolerance": "timestamp.window", "clock.skew": "timestamp.window",
		"sms.limit": "sms.interval", "sms.cooldown": "sms.interval", "bind.limit": "bind.max", "memory.limit": "memory.max", "page.size": "search.page", "push.format": "push.encoding",
		"webhook.deadline": "push.timeout", "push.fifo": "push.ordering",
		"push.rat": "push.rate", "push.scedule": "push.schedule", "qoute.ttl": "quote.ttl", "token.tll": "token.ttl", "strct": "strict", "Push_Rate": "push.rate",
	} {
		meant, _ := suggest.Rule(given, known)
		require.Equal(t, want, meant, given)
		require.True(t, slices.Contains(known, meant), "%s is no rule", meant)
	}
	meant, alike := suggest.Rule("ttl", known)
	require.Empty(t, meant, "it may be any")
	require.Greater(t, len(alike), 1)
	meant, _ = suggest.Rule("push.retry", []string{"push.rate"})
	require.Equal(t, "push.rate", meant, "of another server, which has no such rule")
}
