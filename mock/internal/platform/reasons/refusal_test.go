package reasons

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// Each reason has a code of §11 that refuses, and both languages are what their name says.
func TestCatalogue_codes(t *testing.T) {
	known := map[int]bool{}
	for _, code := range schemas.Codes() {
		known[code.Code] = true
	}
	for reason, code := range All() {
		require.NotEqual(t, schemas.CodeOK, code, reason)
		require.True(t, known[code], "%s: %d is no code of §11", reason, code)
		require.False(t, hasHan(catalogue[reason].en), reason)
		require.True(t, hasHan(catalogue[reason].zh), reason)
		require.Equal(t, code, Refuse(reason).Code)
	}
}

// What is to be done belongs to a reason, and what is a phrase in English is one in Chinese.
func TestFixesAndPhrases(t *testing.T) {
	for reason, fix := range fixes {
		require.Contains(t, catalogue, reason, "a fix of no reason")
		require.NotContains(t, catalogue[reason].en, "{fix}", reason+" says its fix by a value")
		require.True(t, fix.En != "" && !hasHan(fix.En) && hasHan(fix.Zh), reason)
		require.False(t, strings.HasSuffix(fix.En, ".") || strings.HasSuffix(fix.Zh, "。"), reason+": the stop is added where it is shown")
	}
	for en, zh := range phrases {
		require.True(t, en != "" && !hasHan(en) && hasHan(zh), en)
	}
}

// Every refusal says what to do: by its reason, or by a value that whoever refuses gives. What is no refusal of the platform's needs no fix.
func TestFixes_ofEveryReason(t *testing.T) {
	given := []string{"unknown-path", "unknown-merchant", "method-not-allowed", "body-malformed", "sign-mismatch", "plate-not-bound"} // each by what came
	none := []string{"sign-unexamined", "injected-fault", "panic"}
	for reason := range catalogue {
		_, known := fixes[reason]
		require.Equal(t, !slices.Contains(slices.Concat(given, none), reason), known, reason)
	}
}

// What is known of a value says the fix better than its parameter does.
func TestRefusal_otherwise(t *testing.T) {
	r := Refuse("malformed-parameter").At("appId").With("given", "true").With("want", "want a string, got a boolean")
	require.Equal(t, "Send it in the form that the document gives it (§9)", r.Fix("en"))
	require.Equal(t, `Send it as a text: "appId":"…"`, r.Found(inspect.Finding{}, false).Otherwise(`Send it as a text: "appId":"…"`, "").Fix("en"))
	r = Refuse("malformed-parameter").Found(inspect.Finding{Fix: "Write 8"}, true).Otherwise("Send it as a text", "")
	require.Equal(t, "Write 8", r.Fix("en"))
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// An explanation has the values that disagreed, in the reader's language, and ends with the fix.
func TestRefusal_explain(t *testing.T) {
	r := Refuse("missing-parameter").At("token").With("where", "data.token").With("how", "is null")
	require.Equal(t, "missing-parameter: token", r.Word())
	require.Equal(t, schemas.CodeMissingParameter, r.Code)
	require.Equal(t, "token is required, but data.token is null. Send it, and not empty.", r.Explain("en"))
	require.Equal(t, "缺少必要参数 token（data.token：值为 null）。请发送该参数，且不为空。", r.Explain("zh"))
	require.Equal(t, "Send it, and not empty", r.Fix("en"))
	require.Equal(t, "请发送该参数，且不为空", r.Fix("zh"))
	require.Equal(t, "unknown-path", Refuse("unknown-path").Word())
	require.Empty(t, Refuse("unknown-path").Fix("en"), "where it is not known")
}

// What was found out stands before the fix, which is then that of the finding.
func TestRefusal_because(t *testing.T) {
	f := inspect.Finding{
		Detail: "the plate is in full width", DetailZh: "车牌为全角", Evidence: "character 2 is Ａ", EvidenceZh: "第 2 个字符是 Ａ",
		Fix: "Send half-width letters", FixZh: "请发送半角字母",
	}
	r := Refuse("malformed-parameter").At("plateNumber").With("given", "渝ＡTX061").With("want", "want a plate").Because(f)
	require.Equal(t, "data.plateNumber is 渝ＡTX061: want a plate. The plate is in full width: character 2 is Ａ. Send half-width letters.", r.Explain("en"))
	require.True(t, strings.HasSuffix(r.Explain("zh"), "车牌为全角：第 2 个字符是 Ａ。请发送半角字母。"), r.Explain("zh"))
	require.Equal(t, "请发送半角字母", r.Fix("zh"))
}

// Looking closer later leaves the refusal that is kept as it was; it may be read by others.
func TestRefusal_plus(t *testing.T) {
	kept := Refuse("sign-mismatch").With("given", "A")
	whole := kept.Plus(Explanation{Values: []Value{{Name: "want", Text: "B"}}, Findings: []inspect.Finding{{Detail: "x"}}})
	require.Len(t, kept.Values, 1)
	require.Empty(t, kept.Findings)
	require.Len(t, whole.Values, 2)
	require.Len(t, whole.Findings, 1)
}

// A stranger's text cannot hide in an explanation: what cannot be seen is shown by its name.
func TestRefusal_visible(t *testing.T) {
	text := Refuse("parking-unknown").With("given", "1\u202e2\x1b[31m").Explain("en")
	require.NotContains(t, text, "\u202e")
	require.NotContains(t, text, "\x1b")
}

// Every reason, given a value for each of its places, reads in both languages as sentences without a gap; its fix stands in it once.
func TestRefusal_everyReason(t *testing.T) {
	place := regexp.MustCompile(`\{([A-Za-z]+)\}`)
	for reason, entry := range catalogue {
		r := Refuse(reason).At("token")
		for _, m := range place.FindAllStringSubmatch(entry.en, -1) {
			if m[1] != "param" {
				r.Say(m[1], "some "+m[1], "某 "+m[1])
			}
		}
		for language, stops := range map[string]string{"en": ".?", "zh": "。？"} {
			text := r.Explain(language)
			require.NotRegexp(t, place, text, reason)
			require.NotContains(t, text, "  ", reason)
			for _, v := range r.Values {
				require.Contains(t, text, map[string]string{"en": v.Text, "zh": v.Zh}[language], reason)
			}
			if fix := r.Fix(language); fix != "" {
				require.Equal(t, 1, strings.Count(text, fix), "%s: %s", reason, text)
				last, _ := utf8.DecodeLastRuneInString(text)
				if !strings.HasSuffix(entry.en, "}") {
					require.Contains(t, stops, string(last), reason)
				}
			}
		}
	}
}

// Whatever a stranger sends, an explanation stays on one line that a terminal shows as it is, in both languages.
func TestRefusal_anyText(t *testing.T) {
	reasons := slices.Sorted(maps.Keys(catalogue))
	names := []string{"given", "want", "path", "endpoint", "where", "how", "found", "fix", "cause"}
	rapid.Check(t, func(rt *rapid.T) {
		r := Refuse(rapid.SampledFrom(reasons).Draw(rt, "reason"))
		for range rapid.IntRange(0, 5).Draw(rt, "values") {
			r.With(rapid.SampledFrom(names).Draw(rt, "name"), rapid.String().Draw(rt, "text"))
		}
		for _, language := range []string{"en", "zh"} {
			text := r.Explain(language)
			require.NotRegexp(rt, `[\x00-\x08\x0a-\x1f\x7f]`, text)
			require.True(rt, utf8.ValidString(text))
		}
	})
}

// A phrase is continued in both languages at once.
func TestPhrase(t *testing.T) {
	p := Phrase{"one", "一"}
	p.Add(", two", "、二")
	require.Equal(t, Phrase{"one, two", "一、二"}, p)
	require.Equal(t, "值为 null", Value{Text: "is null"}.Chinese(), "a phrase that both languages know")
	require.Equal(t, "x", Value{Text: "x"}.Chinese(), "a value is the same in both")
	require.Equal(t, "其他", Value{Text: "is null", Zh: "其他"}.Chinese())
}
