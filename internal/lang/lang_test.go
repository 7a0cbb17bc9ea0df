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

// The language of a call is the one that its header wants most; of others than the two, English.
func TestOfHeader(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "zh": "zh", "zh-CN": "zh", "ZH-Hans-CN": "zh", "en": "en", "fr": "en", "*": "en", "zh;q=0": "en", "zh;q=x": "en",
		"zh-CN,zh;q=0.9,en;q=0.8": "zh", "en-US,en;q=0.9,zh;q=0.8": "en", "fr, zh;q=0.5": "zh", "en;q=0.5, zh;q=0.7": "zh", " zh ; q=0.4 , en;q=0.3": "zh",
	} {
		require.Equal(t, want, lang.OfHeader(header), header)
	}
}
