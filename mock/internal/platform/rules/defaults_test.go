package rules_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// docs/protocol.md: where nobody has chosen, the platform does what the document says or what was decided for it.
func TestDefault(t *testing.T) {
	r := rules.Default()
	require.Equal(t, []any{
		10 * time.Minute, "exact", false, // §3.2, §6, §3
		time.Minute, 5 * time.Minute, 24 * time.Hour, // §9.1, §9.3
		3, 4, "rolling", // §9.4
		7 * 24 * time.Hour, "exit", // §9.6
		true, 5 * time.Minute, 15 * time.Minute, // §9.7, §9.8
		"open", true, // §9.9
		20, rules.Ratio(2000), "充足", "紧张", "已满", // §9.10, §9.11
		"json", "json", "integer", "vehicle", 5 * time.Second, // §10
	}, []any{
		r.TimestampWindow, r.SignWhitespace, r.Strict,
		r.SMSInterval, r.SMSTTL, r.TokenTTL,
		r.BindMax, r.BindMaxPerMonth, r.BindMonth,
		r.HistoryWindow, r.HistoryBy,
		r.UnpayMask, r.QuoteTTL, r.TariffGrace,
		r.RetrieveRegistry, r.RetrieveTakesOver,
		r.SearchPage, r.StatusPlenty, r.WordPlenty, r.WordTight, r.WordFull,
		r.PushSignData, r.PushEncoding, r.PushReceivableFee, r.PushOrdering, r.PushTimeout,
	})
	require.Equal(t, []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}, r.PushSchedule)
	for _, c := range schemas.Codes() {
		if c.Code != schemas.CodeOK {
			require.Equal(t, c.Message, r.Message(c.Code, "success"), "§11's words")
		}
	}
	require.Equal(t, "success", r.Message(schemas.CodeOK, "success"), "what the endpoint's section says")
}

// A rule's default may be set, which changes nothing; every row sets what no other does.
func TestNew_eachRuleByItself(t *testing.T) {
	others := map[string]any{ // what a default is not, by its type
		"string": "30s", "bool": nil, "float64": 1.0, "list": []any{"7s"},
	}
	seen := map[string]string{}
	for _, row := range rules.Table() {
		kept, err := rules.Check(row.Name, row.Default)
		require.NoError(t, err, row.Name)
		require.Equal(t, row.Default, kept, row.Name)
		require.NotEmpty(t, row.Section, row.Name)
		var other any
		switch value := row.Default.(type) {
		case bool:
			other = !value
		case float64:
			other = others["float64"]
			if strings.HasSuffix(row.Name, ".bytes") {
				other = float64(1 << 20)
				_, err := rules.Check(row.Name, 1.0)
				require.ErrorContains(t, err, "want a whole number from 65536", row.Name)
			}
		case []any:
			other = others["list"]
		case string:
			if other = others["string"]; len(row.OneOf) > 0 {
				require.Equal(t, row.OneOf[0], value, "%s: the default comes first", row.Name)
				other = row.OneOf[1]
				_, err := rules.Check(row.Name, "none of them")
				require.ErrorContains(t, err, row.OneOf[1], row.Name)
			}
		}
		changed, err := rules.New(map[string]any{row.Name: other})
		require.NoError(t, err, row.Name)
		require.NotEqual(t, rules.Default(), changed, "%s changes nothing", row.Name)
		what := difference(rules.Default(), changed)
		require.NotContains(t, seen, what, "%s does what another does", row.Name)
		seen[what] = row.Name
	}
}

// difference is the field that two compiled sets of rules differ by, or the code whose message they do.
func difference(a, b *rules.Rules) string {
	x, y := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range x.NumField() {
		if x.Type().Field(i).IsExported() && !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			return x.Type().Field(i).Name
		}
	}
	for _, c := range schemas.Codes() {
		if a.Message(c.Code, "") != b.Message(c.Code, "") {
			return c.Message
		}
	}
	return ""
}

// A value may be written as a flag or an environment variable has it, as YAML or as JSON has it, and means the same.
func TestCheck_forms(t *testing.T) {
	for _, row := range []struct {
		name string
		want any
		ways []any
	}{
		{"bind.max", 5.0, []any{5.0, 5, json.Number("5"), "5", "5.0"}},
		{"strict", true, []any{true, "true", "1"}},
		{"push.schedule", []any{"1s", "2m"}, []any{[]any{"1s", "2m"}, "1s,2m", " 1s , 2m ,"}},
		{"push.schedule", []any{}, []any{[]any{}, ""}},
		{"status.plenty", 0.5, []any{0.5, "0.5", json.Number("5e-1")}},
		{"history.window", "8d", []any{"8d"}},
	} {
		for _, way := range row.ways {
			kept, err := rules.Check(row.name, way)
			require.NoError(t, err, "%s %v", row.name, way)
			require.Equal(t, row.want, kept, "%s %v", row.name, way)
		}
	}
	_, err := rules.Check("no.such", 1.0)
	require.ErrorIs(t, err, rules.ErrUnknown)
	require.False(t, rules.Known("no.such"))
}

// What a caller does to a table, a default or a set that it was given changes nobody else's.
func TestTable_isTheCallers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := rules.Table()
		row := &all[rapid.IntRange(0, len(all)-1).Draw(rt, "row")]
		if list, ok := row.Default.([]any); ok {
			list[0] = "9h"
		}
		if len(row.OneOf) > 0 {
			row.OneOf[0] = "changed"
		}
		row.Default = "changed"
		for _, again := range rules.Table() {
			require.NotEqual(rt, "changed", again.Default)
			require.NotContains(rt, again.OneOf, "changed")
		}
	})
	set := map[string]any{"push.schedule": []any{"1s"}}
	clone := rules.Clone(set)
	clone["push.schedule"].([]any)[0], clone["strict"] = "2s", true
	require.Equal(t, map[string]any{"push.schedule": []any{"1s"}}, set)
}

// The largest number that a rule takes is taken, and no larger one.
func TestLargest(t *testing.T) {
	for _, r := range rules.Table() {
		if _, isNumber := r.Default.(float64); !isNumber || r.Name == "status.plenty" {
			continue
		}
		most := float64(rules.Largest(r.Name))
		_, err := rules.Check(r.Name, most)
		require.NoError(t, err, r.Name)
		_, err = rules.Check(r.Name, most+1)
		require.Error(t, err, r.Name)
	}
	require.Zero(t, rules.Largest("no.rule"))
}
