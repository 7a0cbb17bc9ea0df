package phrases_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

func book() *phrases.Book {
	return phrases.New(map[string]string{
		"is required":         "必填",
		"a number":            "数字",
		"want %s, got %s":     "应为%s，实际为%s",
		"%s; got %d of %d":    "%s；%[3]s 个中有 %[2]s 个",
		"no merchant %s":      "没有商户 %v",
		"no push %q":          "没有推送 %s",
		"bytes %x end":        "以 %s 结尾",
		"100%% of %s":         "%s 的全部",
		"begins with %c here": "此处以 %s 开头",
		"; there are %s":      "；现有：%v",
		"want one of %s":      "应为以下之一：%v",
	}, map[string]string{"want %s": "应为%s", "line %d: %s": "第 %s 行：%s"})
}

// Of the rows that a text may be made of the one is meant that leaves the least in English; values that are texts are in Chinese, too, and
// names, numbers and quoted texts stay.
func TestBook_of(t *testing.T) {
	b := book()
	for text, want := range map[string]string{
		"is required":                       "必填",
		"want a number, got is required":    "应为数字，实际为必填",
		"want a number":                     "应为数字",
		"line 3: want a number":             "第 3 行：应为数字",
		"line -3: want want a number":       "第 -3 行：应为应为数字",
		"line x: want a number":             "line x: want a number", // %d prints no x
		"is required; got 2 of 3":           "必填；3 个中有 2 个",
		"no merchant is required":           "没有商户 is required", // that is its name
		`no push "a number"`:                `没有推送 "a number"`,
		`no push "a \" number"`:             `没有推送 "a \" number"`,
		`no push a number`:                  `no push a number`, // not quoted
		"bytes 0f end":                      "以 0f 结尾",
		"bytes 0g end":                      "bytes 0g end",
		"100% of a number":                  "数字的全部",
		"begins with { here":                "此处以 { 开头",
		"begins with {{ here":               "begins with {{ here",
		"want the impossible, got a number": "want the impossible, got a number", // no English word stays within the Chinese
		`want "the impossible", got x`:      `应为 "the impossible"，实际为 x`,
		"nobody says this":                  "nobody says this",
		"; there are entry, exit, a-b.c":    "；现有：entry、exit、a-b.c", // Chinese has a comma of its own for lists
		"; there are 1, 2, …":               "；现有：1、2、…",
		"want one of json, values":          "应为以下之一：json、values",
		`no push "a, b"`:                    `没有推送 "a, b"`, // somebody's own words
		"":                                  "",
	} {
		require.Equal(t, want, b.Of(text), text)
	}
}

// Of two rows that say as much, the one is meant that takes the text less apart.
func TestBook_least(t *testing.T) {
	b := phrases.New(map[string]string{"is required": "必填", "line %d: %s": "第 %s 行：%s", "%s: %s": "%s：%s", "%s %s: %s": "%s %s：%s"})
	require.Equal(t, "outside：第 3 行：必填", b.Of("outside: line 3: is required"))
}

// What is too long, or no UTF-8, was sent by somebody: it is not looked at.
func TestBook_limits(t *testing.T) {
	b := book()
	long := "want " + strings.Repeat("x", 8<<10)
	require.Equal(t, long, b.Of(long))
	require.Equal(t, "应为 "+strings.Repeat("x", 8<<10-5), b.Of(long[:8<<10]))
	require.Equal(t, "want \xff", b.Of("want \xff"))
	deep := func(n int) string { return strings.Repeat("want ", n) + "a number" }
	require.Equal(t, strings.Repeat("应为", 6)+"数字", b.Of(deep(6)), "a text in a text, to a depth")
	require.Equal(t, deep(12), b.Of(deep(12)))
}

// Whatever the values are, they are all in what is said, and a text that is made of no row stays as it is.
func TestBook_keepsValues(t *testing.T) {
	b := book()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][a-z]{2,8}`).Draw(t, "name")
		n := rapid.Int().Draw(t, "n")
		quoted := rapid.String().Draw(t, "quoted")
		require.Equal(t, "没有商户 "+name, b.Of("no merchant "+name))
		require.Equal(t, fmt.Sprintf("第 %d 行：没有商户 %s", n, name), b.Of(fmt.Sprintf("line %d: no merchant %s", n, name)))
		require.Equal(t, fmt.Sprintf("没有推送 %q", quoted), b.Of(fmt.Sprintf("no push %q", quoted)))
		require.Equal(t, name, b.Of(name))
	})
}

// Several may look texts up at once, the first among them.
func TestBook_atOnce(t *testing.T) {
	b := book()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if zh := b.Of("want a number"); zh != "应为数字" {
				t.Error(zh)
			}
		})
	}
	all.Wait()
}

// The verbs of a format, with their indexes and widths.
func TestVerbs(t *testing.T) {
	require.Equal(t, []string{"%s", "%[2]d", "%-5.2f", "%%", "%+v", "%#x"}, phrases.Verbs("a %s b %[2]d %-5.2f 100%% %+v%#x"))
	require.Empty(t, phrases.Verbs("no verb"))
}
