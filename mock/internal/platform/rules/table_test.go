package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
)

// Each rule says what it decides in English and in Chinese, as sentences.
func TestRuleTable_bothLanguages(t *testing.T) {
	han := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
	}
	for _, r := range rules.Table() {
		require.True(t, strings.HasSuffix(r.Doc, ".") && !han(r.Doc), r.Name)
		require.True(t, strings.HasSuffix(r.DocZh, "。"), r.Name)
	}
}
