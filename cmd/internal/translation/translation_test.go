package translation_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/gosource"
	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

// said are the functions whose literals are shown to people: all of their literals, or those of one argument.
var said = map[string]int{
	"Line": 0, "Bold": 0, "Dim": 0, "Red": 0, "Green": 0, "Yellow": 0, "Blue": 0, "Cyan": 0, "With": 1, "Phrase": 0, "In": 0, "Note": 1, "Usagef": 0, "newProblem": 0, "Show": 0, "Counted": every, "PrintList": 2, "say": every, "in": 0, "line": 0,
}

const every = -1

var words = regexp.MustCompile(`[A-Za-z]{2,}`)

// isSaid reports whether a text has something to translate: letters that are no verb of a format and no placeholder.
func isSaid(text string) bool {
	for _, verb := range phrases.Verbs(text) {
		text = strings.Replace(text, verb, "", 1)
	}
	return words.MatchString(text)
}

// commands are their files.
func commands(t *testing.T) []gosource.File {
	t.Helper()
	return gosource.Tree(t, "../..", "translation")
}

// shown visits every text of the commands that people read outside of a help.
func shown(files []gosource.File, visit func(file, text string)) {
	for _, file := range files {
		say := func(e ast.Expr) {
			if text, ok := gosource.Text(e); ok && isSaid(text) {
				visit(file.Path, text)
			}
		}
		ast.Inspect(file.Syntax, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Title" {
					say(x.Value)
				}
			case *ast.CompositeLit:
				if t, ok := x.Type.(*ast.SelectorExpr); ok && t.Sel.Name == "Field" && len(x.Elts) > 0 {
					say(x.Elts[0])
				}
			case *ast.CallExpr:
				if strings.Contains(file.Path, "demo") { // its texts stand in both languages side by side
					return true
				}
				of, name := gosource.Called(x)
				at, ok := said[name]
				for i, arg := range x.Args {
					if ok && (at == every || i == at) || of == "cli" && name == "Errorf" && i == 0 {
						say(arg)
					}
				}
			}
			return true
		})
	}
}

// Whatever a command says has its Chinese. What has none: a flag's or a field's own name before its value.
func TestAll_isTranslated(t *testing.T) {
	neutral := regexp.MustCompile(`^-?-?[a-zA-Z_-]+: %[vsw]$|^(etcp-mock|contract|%s)( %s)*:? ?%[vs]$|^etcp-mock [a-z %0-9]+$|^--[a-z-]+: %s: %v$|^(good|warn|bad)$|^  etcp-mock `)
	shown(commands(t), func(file, text string) {
		if neutral.MatchString(text) {
			return
		}
		assert.True(t, translation.Known(text), "%s: %q has no Chinese in package translation", file, text)
	})
}

// A row has the verbs of its English: in the same order, or each by its index.
func TestAll_verbs(t *testing.T) {
	index := regexp.MustCompile(`\[[0-9]+\]`)
	for en, zh := range translation.All() {
		plain := func(text string) []string {
			all := phrases.Verbs(text)
			for i := range all {
				all[i] = index.ReplaceAllString(all[i], "")
			}
			return all
		}
		from, to := plain(en), plain(zh)
		if index.MatchString(zh) {
			slices.Sort(from)
			slices.Sort(to)
		}
		require.Equal(t, from, to, "%q: %q", en, zh)
	}
}

// comments are those of the examples in a help.
var comments = regexp.MustCompile(`(?m)^ .*\S +# (.+)$`)

// No row is left behind by a text that was changed.
func TestAll_isUsed(t *testing.T) {
	used := map[string]bool{}
	for _, file := range append(commands(t), gosource.Tree(t, "../../../client")...) { // states and kinds are the API's words
		ast.Inspect(file.Syntax, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				text, _ := gosource.Text(e)
				used[text] = true
				for _, comment := range comments.FindAllStringSubmatch(text, -1) {
					used[comment[1]] = true
				}
			}
			return true
		})
	}
	for en := range translation.All() {
		if !strings.ContainsAny(en, "\n`") && !strings.HasPrefix(en, "version for ") { // those are put together, and held by each program's test of its help
			assert.True(t, used[en], "nothing says %q any more", en)
		}
	}
}

// One who asks for English, or for a text that has no row, has it as it is.
func TestIn(t *testing.T) {
	require.Equal(t, "Run the mock", translation.In("en", "Run the mock"))
	require.Equal(t, "启动模拟平台", translation.In("zh", "Run the mock"))
	require.Equal(t, "no row", translation.In("zh", "no row"))
	require.Equal(t, "沙箱 s 的商户 m 将推送到这里；按 Ctrl-C 结束", translation.Format("zh", "merchant %s of sandbox %s is pushed here; end with Ctrl-C", "m", "s"))
}

// Lengths of time in whole seconds are in the language of the sentence; others, of a run say, are as Go prints them.
func TestFormat_durations(t *testing.T) {
	t.Parallel()
	const row = "%s: the output could not be written: %v"
	require.Equal(t, "x：无法写出输出：1 小时 30 分", translation.Format("zh", row, "x", 90*time.Minute))
	require.Equal(t, "x：无法写出输出：1.06s", translation.Format("zh", row, "x", 1060*time.Millisecond))
	require.Equal(t, "x: the output could not be written: 1h30m0s", translation.Format("en", row, "x", 90*time.Minute))
}

// Chinese sets no space between its own characters, but around a value such as a plate, which the English has too.
func TestAll_spaces(t *testing.T) {
	apart := regexp.MustCompile(`(\p{Han}+) (\p{Han}+)`)
	for english, chinese := range translation.All() {
		for _, m := range apart.FindAllStringSubmatch(chinese, -1) {
			assert.True(t, strings.Contains(english, m[1]) || strings.Contains(english, m[2]), "%q: a space within %q", english, m[0])
		}
	}
}
