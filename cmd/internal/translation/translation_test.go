package translation_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
)

// said are the functions whose literals are shown to people: all of their literals, or those of one argument.
var said = map[string]int{
	"Line": 0, "Bold": 0, "Dim": 0, "Red": 0, "Green": 0, "Yellow": 0, "Blue": 0, "Cyan": 0, "With": 1, "Phrase": 0, "In": 0, "Note": 1, "Usagef": 0, "newProblem": 0, "Show": 0, "Counted": every, "PrintList": 2, "say": every, "in": 0, "line": 0,
}

const every = -1

// words are texts with something to translate: letters that are no verb of a format and no placeholder.
var (
	verb  = regexp.MustCompile(`%(\[[0-9]+\])?[-+# 0]*[0-9.]*[a-zA-Z%]`)
	words = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// sources are the files of the commands.
func sources(t *testing.T, roots ...string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, root := range roots {
		require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "translation") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			files[name] = file
			return err
		}))
	}
	return files
}

func literal(e ast.Expr) string {
	l, is := e.(*ast.BasicLit)
	if !is || l.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(l.Value)
	return text
}

// shown visits every text of the commands that people read outside of a help.
func shown(files map[string]*ast.File, visit func(file, text string)) {
	for name, file := range files {
		say := func(e ast.Expr) {
			if text := literal(e); words.MatchString(verb.ReplaceAllString(text, "")) {
				visit(name, text)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				if key, is := x.Key.(*ast.Ident); is && key.Name == "Title" {
					say(x.Value)
				}
			case *ast.CompositeLit:
				if t, is := x.Type.(*ast.SelectorExpr); is && t.Sel.Name == "Field" && len(x.Elts) > 0 {
					say(x.Elts[0])
				}
			case *ast.CallExpr:
				if strings.Contains(name, "demo") { // its texts stand in both languages side by side
					return true
				}
				at, is := said[called(x)]
				for i, arg := range x.Args {
					if is && (at == every || i == at) || called(x) == "Errorf" && isOurs(x) && i == 0 {
						say(arg)
					}
				}
			}
			return true
		})
	}
}

func called(x *ast.CallExpr) string {
	switch f := x.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// isOurs reports whether an Errorf is cli's.
func isOurs(x *ast.CallExpr) bool {
	f, is := x.Fun.(*ast.SelectorExpr)
	if !is {
		return false
	}
	pkg, is := f.X.(*ast.Ident)
	return is && pkg.Name == "cli"
}

// Whatever a command says has its Chinese. What has none: a flag's or a field's own name before its value.
func TestAll_isTranslated(t *testing.T) {
	neutral := regexp.MustCompile(`^-?-?[a-zA-Z_-]+: %[vsw]$|^(etcp-mock|contract|%s)( %s)*:? ?%[vs]$|^etcp-mock [a-z %0-9]+$|^--[a-z-]+: %s: %v$|^(good|warn|bad)$|^  etcp-mock `)
	shown(sources(t, "../.."), func(file, text string) {
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
			all := verb.FindAllString(text, -1)
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

// No row is left behind by a text that was changed.
func TestAll_isUsed(t *testing.T) {
	used := map[string]bool{}
	for _, file := range sources(t, "../..", "../../../client") { // states and kinds are the API's words
		ast.Inspect(file, func(n ast.Node) bool {
			if e, is := n.(ast.Expr); is {
				used[literal(e)] = true
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
	require.Equal(t, "启动模拟器", translation.In("zh", "Run the mock"))
	require.Equal(t, "no row", translation.In("zh", "no row"))
	require.Equal(t, "沙箱 s 的商户 m 将推送到这里；按 Ctrl-C 结束", translation.Format("zh", "merchant %s of sandbox %s is pushed here; end with Ctrl-C", "m", "s"))
}
