package chinese_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
)

// sources are the packages whose errors end up in a problem of a file or of the control API.
var sources = []string{
	"internal/duration", "mock/internal/clock", "mock/internal/control", "mock/internal/engine", "mock/internal/fault", "mock/internal/fixture",
	"mock/internal/guard", "mock/internal/ledger", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/platform/rules",
	"mock/internal/platform/tariff", "mock/internal/push", "mock/internal/recording", "mock/internal/registry", "mock/internal/runs",
	"mock/internal/sandbox", "mock/internal/strict", "mock/internal/subset", "scenarios", "scenarios/internal/expression", "scenarios/internal/fake",
	"scenarios/internal/language", "scenarios/internal/match", "scenarios/internal/pushes", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/internal/transport", "scenarios/traffic",
}

// sentence is a text with something to translate: two words at least, or one that stands alone in an error.
var sentence = regexp.MustCompile(`[a-z]{2,}[,;:]? [a-z%"$(]|[a-z)"] [a-z]{2,}|%[a-z].*[a-z]{2,}|[a-z]{2,}.*%[a-z]`)

// silent are the calls whose texts nobody reads as a refusal: logs, headers, the documentation of fields, what a failed program says.
var silent = regexp.MustCompile(`^(panic|MustCompile|Set|Header|HasPrefix|HasSuffix|Contains|ContainsAny|TrimPrefix|TrimSuffix|Cut|CutPrefix|CutSuffix|Error|Warn|Info|Debug|T|NewReplacer|Handle|Fields|Shared|Appendf|Sum256|Get|Count|Split|SplitSeq|Text|Add2)$`)

// unread are fields of a literal that are documentation or have both languages already.
var unread = regexp.MustCompile(`^(Doc|DocZh|En|Zh|EN|ZH|en|zh|doc|docZh|Meaning|MeaningZh)$`)

// templates visits the texts of a file as formats: a concatenation is one, with %s for what is no literal.
func templates(file *ast.File, visit func(text string, at token.Pos)) {
	var walk func(n ast.Node)
	walk = func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				if x.Tag != nil {
					walk(x.Type)
					return false
				}
			case *ast.KeyValueExpr:
				if key, is := x.Key.(*ast.Ident); is && unread.MatchString(key.Name) {
					return false
				}
			case *ast.CallExpr:
				name := called(x)
				if silent.MatchString(name) {
					for _, arg := range x.Args {
						if inner, is := arg.(*ast.CallExpr); is && !isText(arg) {
							walk(inner)
						}
					}
					return false
				}
				if (name == "Optional" || name == "Required") && len(x.Args) > 1 {
					walk(x.Args[1])
					return false
				}
			case *ast.BinaryExpr:
				if text, is := joined(x); is {
					visit(text, x.Pos())
					for _, part := range operands(x) {
						if _, literal := part.(*ast.BasicLit); !literal {
							walk(part)
						}
					}
					return false
				}
			case *ast.BasicLit:
				if text, is := literal(x); is {
					visit(text, x.Pos())
				}
			}
			return true
		})
	}
	walk(file)
}

func isText(e ast.Expr) bool { _, is := literal(e); return is }

func called(x *ast.CallExpr) string {
	switch f := x.Fun.(type) {
	case *ast.SelectorExpr:
		if pkg, is := f.X.(*ast.Ident); is && pkg.Name == "lazyregexp" {
			return "MustCompile"
		}
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, is := e.(*ast.BasicLit)
	if !is || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func operands(e ast.Expr) []ast.Expr {
	if sum, is := e.(*ast.BinaryExpr); is && sum.Op == token.ADD {
		return append(operands(sum.X), operands(sum.Y)...)
	}
	return []ast.Expr{e}
}

// joined is a concatenation as a format.
func joined(x *ast.BinaryExpr) (string, bool) {
	if x.Op != token.ADD {
		return "", false
	}
	var text strings.Builder
	found := false
	for _, part := range operands(x) {
		if s, is := literal(part); is {
			found = true
			text.WriteString(strings.ReplaceAll(s, "%", "%%"))
			continue
		}
		text.WriteString("%s")
	}
	return text.String(), found
}

// walkSources visits the texts with something to translate, or all.
func walkSources(t *testing.T, all bool, visit func(where, text string)) {
	t.Helper()
	for _, folder := range sources {
		files, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files, folder)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			require.NoError(t, err)
			templates(file, func(text string, at token.Pos) {
				if all || sentence.MatchString(text) && !strings.HasPrefix(text, "http://") {
					p := set.Position(at)
					visit(strings.TrimPrefix(p.Filename, "../../")+":"+strconv.Itoa(p.Line), text)
				}
			})
		}
	}
}

// exempt are texts of those packages that are no refusal: paths, headers, logs, documentation of the schema, and what both languages have
// beside each other.
var exempt = regexp.MustCompile(`^/|^%s/|^#/|^(PUT|POST) |^[a-z]+[-.=/]%s$|^/?[a-z]+[-.=/?]%[sd]$|charset=|^[A-Z].*\.$|^true: |\p{Han}.*%s|%s.*\p{Han}|^(id|event|name): |^%s(no|id|budget|step|subtract)$|\n$|^yaml-language-server|` +
	`^(storing|opening|closing|keeping|sending|delete) |^hostile: |^name: |^fields/%s$|^sandbox%s$|^setup %s$|^etcp-mock `)

// others are the rest, each with why.
var others = []string{
	"keys of merchants", "etcp-mock session", // names of random sources
	"cut the connection", "the request", "is %s, which is not read; send application/x-www-form-urlencoded (§5)", "lacks it, or it is empty", "%s behind", "%s ahead of", // in both languages there
	"to %s", "rate %s", "rules set: %s", "no%s%s", "%s on %s", "it belongs to another order", "it was not made by this sandbox, or was changed on the way", // summaries and explanations, as well
	"given up before the answer: the mock is stopping", "not among the places that pushes may go to (--push-allow)",
	"parking %s", "vehicle %s", "user %s", // keys of what is there twice
	"a rule", "the log", "it is empty", ": another shape", "input %d is the %dth", "input %d: %w", "sandbox %q: %w",
	"the snapshot cannot be read: %w", "the snapshot is of input %d, not %d", "the snapshot is no sandbox: %w", // of a store that is opened
	"Recorded: %d steps", "%s (%s %s) is left out: no step can send it.", " of %s", " with %s", "strict.Decode into %T: want a pointer", "sms %s", "field of a push %s", "no %s %s", // its name is in quotes "no %s %s", // the name in quotes
}

// bothThere are the files where each text has its Chinese beside it.
var bothThere = regexp.MustCompile(`push/failures\.go|platform/why\.go|registry/explain\.go|syntax/schema\.go`)

// Whatever a file or a call is refused for has its Chinese.
func TestOf_everyTextHasARow(t *testing.T) {
	walkSources(t, false, func(where, text string) {
		if exempt.MatchString(text) || bothThere.MatchString(where) || slices.Contains(others, text) {
			return
		}
		assert.True(t, chinese.Known(text), "%s: %q has no Chinese", where, text)
	})
}

// made are formats that are put together of parts at run time, and what libraries say.
var made = []string{
	"no parameter of %s %q", "no parameter of %s %q; there are %s", "no parameter of %s %q; did you mean %s?", "no field of a push %s %q", "no field of a push %s %q; there are %s", "no field of a push %s %q; did you mean %s?",
	"a number %s", "a boolean %s", "a text %s",
	"Bad Request", "Unauthorized", "Forbidden", "Not Found", "Method Not Allowed", "Conflict", "Gone", "Request Entity Too Large", "Unprocessable Entity",
	"Internal Server Error", "Service Unavailable", "Gateway Timeout", // the titles, which are HTTP's
	"no such rule; did you mean %s?", "no %s %q", "no %s %q; there are %s", "no %s %q; did you mean %s?", "did you mean %q?", "did you mean %s?", "%q %s", "${%s} %s",
	"unexpected token EOF", "unexpected token %s", "unknown name %s", "literal not terminated", "unrecognized character: %s", "bad number syntax: %s", "a ${…}", "%s or %s",
	"%w of merchant %s", "context canceled", "context deadline exceeded", "%w: the sandbox is changing its owner",
	"%w: no beat of this replica has reached it lately", "%w: replica %s, which owns the sandbox, cannot be reached",
	"did not find expected node content", "did not find expected key", "did not find expected '-' indicator", "did not find expected ',' or ']'",
	"did not find expected ',' or '}'", "did not find expected alphabetic or numeric character", "did not find expected whitespace or line break",
	"mapping values are not allowed in this context", "block sequence entries are not allowed in this context", "could not find expected ':'",
	"found character that cannot start any token", "found a tab character that violates indentation", "found unexpected end of stream",
	"found unknown escape character", "found undefined tag handle", "control characters are not allowed", "invalid leading UTF-8 octet",
	"incomplete UTF-8 octet sequence", "unknown anchor '%s' referenced",
}

// No row is left behind by a text that was changed.
func TestOf_everyRowIsUsed(t *testing.T) {
	said := map[string]bool{}
	walkSources(t, true, func(_, text string) { said[text] = true })
	for _, text := range made {
		said[text] = true
	}
	for english := range chinese.All() {
		assert.True(t, said[english], "nothing says %q any more", english)
	}
}

// A row has as many values as its English, and no others.
func TestOf_values(t *testing.T) {
	verb := regexp.MustCompile(`%(\[[0-9]+\])?[-+# 0]*[0-9.]*[a-zA-Z%]`)
	for english, zh := range chinese.All() {
		from, to := verb.FindAllString(english, -1), verb.FindAllString(zh, -1)
		require.Len(t, to, len(from), "%q: %q", english, zh)
		for _, v := range to {
			require.Contains(t, "sv", v[len(v)-1:], "%q: %q", english, zh)
		}
		require.Regexp(t, `\p{Han}|^[ -~（）：，]*(\$\{…\})?$`, zh, english)
	}
}
