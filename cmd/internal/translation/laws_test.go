package translation_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

// found are what a pattern finds in a text, each once and in order.
func found(pattern *regexp.Regexp, text string) []string {
	all := pattern.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// What is typed, sent or looked up is the same in both languages: flags, variables of the environment, commands with their arguments,
// sections of the document, placeholders of flags, addresses, times, codes and the names of files.
func TestAll_keepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	patterns := map[string]*regexp.Regexp{
		"flags":        regexp.MustCompile(`\B--[a-z][a-z-]*`),
		"variables":    regexp.MustCompile(`\b(ETCP_MOCK|CONTRACT|NO|HTTPS?)_[A-Z_]*[A-Z]\b`),
		"sections":     regexp.MustCompile(`§[0-9.]*[0-9]`),
		"placeholders": regexp.MustCompile("`[^`]*`"),
		"addresses":    regexp.MustCompile(`https?://[0-9a-z.:/-]*[0-9a-z]`),
		"times":        regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}`),
		"files":        regexp.MustCompile(`\b[a-z-]+\.(yaml|json|txt)\b`),
		"JSON":         regexp.MustCompile(`\{"[^}]*\}`),
		"commands":     regexp.MustCompile(`\b(etcp-mock|contract) (call|sandbox|listen|serve|sign|version|ca|rules|tail|scenario|pushes|clock|run|webhook|requests|demo|diff|enter|exit)( (list|show|run|log|get|advance))?\b`),
	}
	for en, zh := range translation.All() {
		for name, pattern := range patterns {
			assert.Subset(t, found(pattern, zh), found(pattern, en), "%s of %q: %q", name, en, zh)
		}
	}
}

// withoutVerbs is a format without what is filled in.
func withoutVerbs(text string) string {
	for _, verb := range phrases.Verbs(text) {
		text = strings.Replace(text, verb, "", 1)
	}
	return text
}

// Whatever numbers a text names are in its Chinese, too; what counts up to twelve may be a word in English.
func TestAll_keepsNumbers(t *testing.T) {
	t.Parallel()
	number := regexp.MustCompile(`[0-9]+`)
	for en, zh := range translation.All() {
		for _, n := range found(number, withoutVerbs(en)) {
			assert.Contains(t, zh, n, "%q: %q", en, zh)
		}
	}
}

// A row says something else than its English, and in Chinese, unless there is nothing to translate; and it begins and ends as its English does, so that
// what is put before and behind it fits.
func TestAll_isChinese(t *testing.T) {
	t.Parallel()
	same := regexp.MustCompile(`^[A-Z]{2,3}( URL)?$|^[a-zA-Z_]+$|^%|^etcp-mock |^(§|HTTP)|^  codes `)
	han := regexp.MustCompile(`\p{Han}`)
	for en, zh := range translation.All() {
		if !han.MatchString(zh) {
			assert.True(t, same.MatchString(en), "%q has no Chinese: %q", en, zh)
		}
		for _, cut := range []func(string, string) string{strings.TrimLeft, strings.TrimRight} {
			assert.Equal(t, len(en)-len(cut(en, " \n")), len(zh)-len(cut(zh, " \n")), "the white space around %q: %q", en, zh)
		}
		assert.True(t, strings.Contains(en, "\n") || !strings.Contains(zh, "\n"), "%q of one line: %q", en, zh)
	}
}

// Chinese has its own punctuation: no comma, colon, semicolon or bracket of ASCII stands right between two Chinese characters, and none is
// followed by a space.
func TestAll_punctuation(t *testing.T) {
	t.Parallel()
	for wrong, pattern := range map[string]*regexp.Regexp{
		"ASCII between Chinese characters": regexp.MustCompile(`\p{Han}[,;:?!()]\p{Han}|\p{Han}\.( |$)`),
		"a space behind a full-width mark": regexp.MustCompile(`[，。；？！（）、] +[^ \n]`),
		"a mark twice":                     regexp.MustCompile(`[，。；：、]{2}`),
	} {
		for en, zh := range translation.All() {
			for line := range strings.SplitSeq(zh, "\n") {
				if !strings.HasPrefix(line, "  ") { // a table, with the document's own titles
					assert.NotRegexp(t, pattern, line, "%s: %q", wrong, en)
				}
			}
		}
	}
	for en, zh := range translation.All() {
		assert.Equal(t, strings.Count(zh, "（"), strings.Count(zh, "）"), "a bracket that is not closed: %q", en)
	}
}

// A format is filled in without a verb that lacks its value or has another's.
func TestFormat_fills(t *testing.T) {
	t.Parallel()
	for en := range translation.All() {
		var args []any
		for _, v := range phrases.Verbs(en) {
			switch v[len(v)-1] {
			case '%':
			case 'd', 'o':
				args = append(args, 7)
			case 'g', 'f':
				args = append(args, 0.5)
			case 'w':
				args = append(args, errors.New("an error"))
			default:
				args = append(args, "text")
			}
		}
		for _, language := range []string{"en", "zh"} {
			format := strings.ReplaceAll(translation.In(language, en), "%w", "%v")
			require.NotContains(t, fmt.Sprintf(format, args...), "%!", "%s: %q", language, en)
		}
	}
}

// The placeholder of a flag stands once in its help: where the Chinese has a word for it, it is right behind that word, and is not shown again. What
// has no such word is the value's own name: an id, a code, a number n.
func TestAll_placeholdersOnce(t *testing.T) {
	t.Parallel()
	twice := regexp.MustCompile("\\p{Han} `[a-z]{3,}`")
	for en, zh := range translation.All() {
		if !strings.Contains(zh, "此 `code`") { // that is what it is in Chinese, too
			assert.NotRegexp(t, twice, zh, "%q", en)
		}
	}
}

// The rows that are given are a copy: who changes them changes nothing that is said.
func TestAll_isACopy(t *testing.T) {
	t.Parallel()
	all := translation.All()
	all["Run the mock"] = "x"
	require.NotEqual(t, "x", translation.In("zh", "Run the mock"))
	require.False(t, translation.Known("no row"))
	require.Empty(t, translation.In("zh", ""))
	require.Equal(t, "Run the mock", translation.In("fr", "Run the mock"), "of a language that is none, English")
}

// A term is translated alike wherever it stands by itself: one Chinese word for one thing, as one English word (STYLE, glossary).
func TestAll_terms(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{"sandbox": "沙箱", "merchant": "商户", "signature": "签名", "scenario": "场景", "plate": "车牌", "fault": "故障", "seed": "种子", "vehicle": "车"} {
		word := regexp.MustCompile(`(?i)\b` + english + `(es|s)?\b`)
		for en, zh := range translation.All() {
			prose := regexp.MustCompile("`[^`]*`|--[a-z-]+|etcp-mock [a-z ]+|"+`%[a-z]`).ReplaceAllString(en, "")
			if len(en) > 60 || !word.MatchString(prose) || !regexp.MustCompile(`\p{Han}`).MatchString(zh) {
				continue // of long texts, some need no word for it
			}
			assert.Contains(t, zh, want, "%q", en)
		}
	}
}

// What to do is said, not asked: only what was probably meant may be a question. Help, which has lines and names of values, says what is looked at.
func TestAll_noHintAsks(t *testing.T) {
	t.Parallel()
	for english, zh := range translation.All() {
		if !strings.Contains(english, "did you mean") && !strings.ContainsAny(english, "\n`") {
			require.NotRegexp(t, `\?([ )]|$)`, english)
			require.NotContains(t, zh, "？", english)
		}
	}
}
