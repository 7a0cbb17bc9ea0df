package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Rules are set all or none, by NAME=VALUE or a name and a value, and shown as they are then; those that are changed can be listed alone.
func TestRules(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for _, args := range [][]string{{"strict=true", "timestamp.window=5m"}, {"bind.max", "2"}, {"push.schedule=10s, 30s"}} {
		set := commandtest.Run(t, NewRules(), append([]string{"set", "--server", base}, args...)...)
		require.Equal(t, cli.ExitOK, set.Code, set.Err)
		require.NotEmpty(t, set.Out)
	}
	changed := lines(commandtest.Run(t, NewRules(), "list", "--changed", "--server", base).Out)
	require.Len(t, changed, 5)
	require.Regexp(t, `^push\.schedule +10s,30s +10s,30s,2m,5m,15m +§10`, changed[2])
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewRules(), "set", "push.schedule=", "--server", base).Code, "no retries")
	require.Regexp(t, `(?m)^push\.schedule +10s,30s,2m`, commandtest.Run(t, NewRules(), "list", "push.s", "--server", base).Out)
	for want, args := range map[string][]string{
		`no rule "push.schedul"; did you mean "push.schedule"?`: {"set", "push.schedul=1s"}, `"strict": want NAME=VALUE`: {"set", "strict"}, "--strict: ": {"set", "strict=perhaps"}, `no rule "pusch."`: {"list", "pusch."},
	} {
		got := commandtest.Run(t, NewRules(), append(args, "--server", base)...)
		require.Equal(t, cli.ExitUsage, got.Code, got.Err)
		if want != "--strict: " { // of the server, which names the rule
			require.Contains(t, got.Err, want)
		}
	}
	both := commandtest.Run(t, NewRules(), "set", "bind.max=9", "strict=perhaps", "--server", base)
	require.Equal(t, cli.ExitUsage, both.Code)
	require.Contains(t, both.Err, "strict")
	require.Regexp(t, `(?m)^bind\.max +2 `, commandtest.Run(t, NewRules(), "bind.max", "--server", base).Out, "none of them was set")
}

// What is listed of a rule can be given to rules set, and is that value again.
func TestRuleValue_ofItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.SampledFrom([]string{"10s", "2m", "500ms"}), 0, 4).Draw(t, "items")
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = item
		}
		require.Equal(t, append([]string{}, items...), ruleValue(ruleText(list), []any{}))
		for _, value := range []any{rapid.Bool().Draw(t, "bool"), float64(rapid.IntRange(-9, 999).Draw(t, "number"))} {
			require.Equal(t, value, ruleValue(ruleText(value), value))
		}
		text := rapid.String().Draw(t, "text")
		require.Equal(t, text, ruleValue(ruleText(text), "default"))
	})
}

// In Chinese a rule has its meaning in Chinese, and its values as they are written.
func TestPrintRules_inChinese(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{"GET /rules": `{"a.b":{"value":"x","default":"x","section":"§6","doc":"What it is.","docZh":"含义。","oneOf":["x","y"]}}`})
	require.Contains(t, commandtest.Run(t, NewRules(), "--server", s.URL, "--lang", "zh").Out, "含义。 x | y")
	require.Contains(t, commandtest.Run(t, NewRules(), "--server", s.URL).Out, "What it is. x | y")
	require.Equal(t, "no such rule is set\n", commandtest.Run(t, NewRules(), "--changed", "--server", s.URL).Out)
}
