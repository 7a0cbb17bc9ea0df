package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The Chinese page is the English one, line by line with the same figures; nothing of it stays English but names.
func TestInChinese(t *testing.T) {
	t.Parallel()
	english, err := os.ReadFile("../docs/benchmarks.md")
	require.NoError(t, err)
	kept, err := os.ReadFile("../docs/zh-CN/benchmarks.md")
	require.NoError(t, err)
	page := inChinese(string(english))
	require.Equal(t, page, string(kept), "go run ./bench -chinese writes it")
	from, to := strings.Split(string(english), "\n"), strings.Split(page, "\n")
	require.Len(t, to, len(from))
	words := regexp.MustCompile(`\b(the|of|and|with|a|in|over|is|as|requests|without)\b`)
	figure := regexp.MustCompile(`[0-9]+(\.[0-9]+)*`)
	for i := range from {
		assert.NotRegexp(t, words, strings.ReplaceAll(to[i], "net/http", ""), from[i])
		assert.ElementsMatch(t, figure.FindAllString(from[i], -1), figure.FindAllString(to[i], -1), from[i])
	}
}
