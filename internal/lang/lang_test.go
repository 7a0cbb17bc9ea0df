package lang_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// A text is in Chinese where that was asked for, and else in English.
func TestText(t *testing.T) {
	text := lang.T("refused", "被拒绝")
	require.Equal(t, "被拒绝", text.In(lang.Chinese))
	for _, language := range []string{lang.English, "", "fr", "ZH"} {
		require.Equal(t, "refused", text.In(language), language)
	}
	require.Equal(t, "/a", lang.Same("/a").In(lang.Chinese))
	require.True(t, lang.Text{}.IsZero())
	require.False(t, lang.T("", "中").IsZero())
}

// A text in another is filled in in the other's language.
func TestText_with(t *testing.T) {
	text := lang.T("%s after %d attempts", "%s，共 %d 次").With(lang.T("given up", "已放弃"), 6)
	require.Equal(t, lang.T("given up after 6 attempts", "已放弃，共 6 次"), text)
}

// Names beside each other are separated as each language does it: Chinese has a comma of its own.
func TestText_lists(t *testing.T) {
	names := []string{"a", "b", "c"}
	require.Equal(t, lang.T("there are a, b, c", "现有：a、b、c"), lang.T("there are %s", "现有：%s").With(names))
	require.Equal(t, lang.T("want a, b or c", "应为 a、b 或 c"), lang.T("want %s", "应为 %s").With(lang.AnyOf(names)))
	require.Equal(t, lang.T("want a", "应为 a"), lang.T("want %s", "应为 %s").With(lang.AnyOf(names[:1])))
	require.Equal(t, lang.T("none: ", "无："), lang.T("none: %s", "无：%s").With(lang.AnyOf(nil)))
}

// LC_ALL goes before LC_MESSAGES, and that before LANG, as everywhere; an empty one is not set.
func TestOfEnvironment(t *testing.T) {
	for _, c := range []struct{ all, messages, lang, want string }{
		{"", "", "zh_CN.UTF-8", "zh"},
		{"", "", "en_US.UTF-8", "en"},
		{"", "", "", "en"},
		{"C", "", "zh_CN.UTF-8", "en"},
		{"", "zh_TW", "en_US", "zh"},
		{"zh_CN", "en_US", "en_US", "zh"},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_MESSAGES": c.messages, "LANG": c.lang}
		require.Equal(t, c.want, lang.OfEnvironment(func(name string) string { return env[name] }), "%+v", c)
	}
}

// The product's own variable goes before the locale; a value that is no language, such as auto, leaves it to the locale.
func TestOfEnvironment_ownVariable(t *testing.T) {
	for _, c := range []struct{ own, lang, want string }{
		{"zh", "en_US.UTF-8", "zh"},
		{"en", "zh_CN.UTF-8", "en"},
		{"auto", "zh_CN.UTF-8", "zh"},
		{"fr", "en_US.UTF-8", "en"},
	} {
		env := map[string]string{lang.Variable: c.own, "LANG": c.lang}
		require.Equal(t, c.want, lang.OfEnvironment(func(name string) string { return env[name] }), "%+v", c)
	}
}

// The language of a call is the one that its header wants most; of others than the two, English.
func TestOfHeader(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "zh": "zh", "zh-CN": "zh", "ZH-Hans-CN": "zh", "en": "en", "fr": "en", "*": "en", "zh;q=0": "en", "zh;q=x": "en",
		"zh-CN,zh;q=0.9,en;q=0.8": "zh", "en-US,en;q=0.9,zh;q=0.8": "en", "fr, zh;q=0.5": "zh", "en;q=0.5, zh;q=0.7": "zh", " zh ; q=0.4 , en;q=0.3": "zh",
	} {
		require.Equal(t, want, lang.OfHeader(header), header)
	}
}
