package chinese_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/gosource"
	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

// sources are the packages whose errors end up in a problem of a file or of the control API.
var sources = []string{
	"internal/duration", "mock/internal/clock", "mock/internal/control", "mock/internal/engine", "mock/internal/fault", "mock/internal/fixture",
	"mock/internal/guard", "mock/internal/ledger", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/platform/rules",
	"mock/internal/platform/seal", "mock/internal/platform/tariff", "mock/internal/problem", "mock/internal/push", "mock/internal/recording", "mock/internal/registry", "mock/internal/runs",
	"mock/internal/sandbox", "mock/internal/strict", "mock/internal/subset", "scenarios", "scenarios/internal/expression", "scenarios/internal/fake",
	"scenarios/internal/envelope", "scenarios/internal/language", "scenarios/internal/match", "scenarios/internal/pushes", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/internal/transport", "scenarios/traffic",
}

// sentence is a text with something to translate: two words at least, or one that stands alone in an error.
var sentence = regexp.MustCompile(`[a-z]{2,}[,;:]? [a-z%"$(]|[a-z)"] [a-z]{2,}|%[a-z].*[a-z]{2,}|[a-z]{2,}.*%[a-z]`)

// silent are the calls whose texts nobody reads as a refusal: logs, headers, the documentation of fields, what a failed program says.
var silent = regexp.MustCompile(`^(panic|MustCompile|Set|Header|HasPrefix|HasSuffix|Contains|ContainsAny|TrimPrefix|TrimSuffix|Cut|CutPrefix|CutSuffix|Error|Warn|Info|Debug|T|NewReplacer|Handle|Fields|Shared|Appendf|Sum256|Get|Count|Split|SplitSeq|Text|Add2)$`)

// unread are fields of a literal that are documentation or have both languages already.
var unread = regexp.MustCompile(`^(Doc|DocZh|En|Zh|EN|ZH|en|zh|doc|docZh|Meaning|MeaningZh)$`)

// templates visits the texts of a file as formats: a concatenation is one, with %s for what is no literal.
func templates(file *ast.File, visit func(text string, at ast.Node)) {
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
				if key, ok := x.Key.(*ast.Ident); ok && unread.MatchString(key.Name) {
					return false
				}
			case *ast.CallExpr:
				name := called(x)
				if silent.MatchString(name) {
					for _, arg := range x.Args {
						if inner, ok := arg.(*ast.CallExpr); ok && !isText(arg) {
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
				if text, ok := joined(x); ok {
					visit(text, x)
					for _, part := range operands(x) {
						if _, literal := part.(*ast.BasicLit); !literal {
							walk(part)
						}
					}
					return false
				}
			case *ast.BasicLit:
				if text, ok := gosource.Text(x); ok {
					visit(text, x)
				}
			}
			return true
		})
	}
	walk(file)
}

func isText(e ast.Expr) bool { _, ok := gosource.Text(e); return ok }

// called is the name of what is called; that of a pattern is MustCompile.
func called(x *ast.CallExpr) string {
	of, name := gosource.Called(x)
	if of == "lazyregexp" {
		return "MustCompile"
	}
	return name
}

func operands(e ast.Expr) []ast.Expr {
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
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
		if s, ok := gosource.Text(part); ok {
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
		for _, file := range gosource.Folder(t, "../../"+folder) {
			templates(file.Syntax, func(text string, n ast.Node) {
				if all || sentence.MatchString(text) && !strings.HasPrefix(text, "http://") {
					visit(strings.TrimPrefix(file.At(n), "../../"), text)
				}
			})
		}
	}
}

// inFiles are the packages of the commands that say what is wrong in a file, at its position; the rest of what they say has its Chinese in
// cmd/internal/translation.
var inFiles = []string{"cmd/internal/cli"}

// walkPositions visits what those packages say of a position: the second argument of At, AtKey and their shorthands.
func walkPositions(t *testing.T, visit func(where, text string)) {
	t.Helper()
	walkCalls(t, inFiles, func(call *ast.CallExpr) (said ast.Expr) {
		if len(call.Args) == 2 && slices.Contains([]string{"At", "AtKey", "at", "atKey"}, called(call)) {
			return call.Args[1]
		}
		return nil
	}, visit)
}

// walkCalls visits the texts that calls in some folders are given: of each call the argument that said chooses, nil for none.
func walkCalls(t *testing.T, folders []string, said func(*ast.CallExpr) ast.Expr, visit func(where, text string)) {
	t.Helper()
	for _, folder := range folders {
		found := 0
		for _, file := range gosource.Folder(t, "../../"+folder) {
			ast.Inspect(file.Syntax, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				arg := said(call)
				if arg == nil {
					return true
				}
				text, ok := gosource.Text(arg)
				if sum, isSum := arg.(*ast.BinaryExpr); isSum {
					text, ok = joined(sum)
				}
				if ok {
					found++
					visit(strings.TrimPrefix(file.At(n), "../../"), text)
				}
				return true
			})
		}
		require.Positive(t, found, folder)
	}
}

// saidByCommands are packages whose errors the commands print with their own; what else they say has both languages beside each other.
var saidByCommands = []string{
	"contract", "contract/report", "contract/webhook", "internal/atomicfile", "internal/duration", "internal/pushcheck", "internal/pushurl", "mock", "mock/inprocess", "mock/internal/server",
	"mock/internal/ledger", "mock/internal/ledger/file", "mock/postgres", "client/control", "cmd/contract", "cmd/internal/cli", "cmd/etcp-mock/internal/serving",
}

// walkErrors visits the formats of the errors of those packages.
func walkErrors(t *testing.T, visit func(where, text string)) {
	t.Helper()
	walkCalls(t, saidByCommands, func(call *ast.CallExpr) (said ast.Expr) {
		of, name := gosource.Called(call)
		if len(call.Args) > 0 && (of == "fmt" && name == "Errorf" || of == "errors" && name == "New" || name == "usagef") {
			return call.Args[0]
		}
		if name == "wrongOption" && len(call.Args) > 1 {
			return call.Args[1]
		}
		return nil
	}, visit)
}

// onlyFlags are errors that begin with a flag's name, and a cause.
var onlyFlags = regexp.MustCompile(`^--[a-z-]+: %w$|^%[sw]:? %[swd](: %[sw])?$`)

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
	"a body of no content type",           // a mark, which is said otherwise
	"parking %s", "vehicle %s", "user %s", // keys of what is there twice
	"a rule", "the log", "it is empty", ": another shape", "input %d is the %dth", "input %d: %w", "sandbox %q: %w",
	"the snapshot cannot be read: %w", "the snapshot is of input %d, not %d", "the snapshot is no sandbox: %w", // of a store that is opened
	"data in a database is for programs that import github.com/etcp-mock/etcp-mock/mock/postgres: add mock.WithReplica(postgres.Replica{})", // the commands do
	"Recorded: %d steps", "Recorded: 1 step", " of %s", " with %s", "strict.Decode into %T: want a pointer", "sms %s", "field of a push %s", "no %s %s", // its name is in quotes "no %s %s", // the name in quotes
}

// bothThere are the files where each text has its Chinese beside it.
var bothThere = regexp.MustCompile(`push/failures\.go|platform/why\.go|tariff/prose\.go|registry/explain\.go|syntax/schema\.go|language/chinese\.go`)

// Whatever a file or a call is refused for has its Chinese.
func TestOf_everyTextHasARow(t *testing.T) {
	all := chinese.All()
	walkSources(t, false, func(where, text string) {
		if exempt.MatchString(text) || bothThere.MatchString(where) || slices.Contains(others, text) {
			return
		}
		_, known := all[text]
		assert.True(t, known, "%s: %q has no Chinese", where, text)
	})
	walkPositions(t, func(where, text string) {
		_, known := all[text]
		known = known || text == "" // only where it is, is asked
		assert.True(t, known, "%s: %q has no Chinese", where, text)
	})
	walkErrors(t, func(where, text string) {
		if slices.Contains(others, text) {
			return
		}
		_, known := all[text]
		assert.True(t, known || onlyFlags.MatchString(text), "%s: %q has no Chinese", where, text)
	})
}

// made are formats that are put together of parts at run time, and what libraries say.
var made = []string{
	"no parameter of %s %q", "no parameter of %s %q; there are %s", "no parameter of %s %q; did you mean %s?", "no field of a push %s %q", "no field of a push %s %q; there are %s", "no field of a push %s %q; did you mean %s?",
	"a number %s", "a boolean %s", "a text %s",
	"missing field: %s", "field %s: %s", "field stayedTime: %q is no number of seconds", "field receivableFee: %q is no amount of yuan", "time %q: not yyyy-MM-dd HH:mm:ss",
	"amount %q: not a plain decimal", "amount %q: more than two places", "amount %q: out of range", "count %q: not a whole number", "count %q: out of range", "%s: neither a string nor a number",
	"unbind and certification-invalid look alike: give each a URL of its own", "this is a push of kind %s, and the URL is for %s",
	"sign: mismatch", "sign: missing: %s", "missing: %s", "sign: malformed push: %s", "not JSON", "not UTF-8", "not an object", "signment is no string", "%q twice", "%q is no scalar",
	"longer than 64 KiB", "the body ended early", "malformed form", "not a push: want one flat JSON object", "pushes are sent with POST",
	"neither application/json nor application/x-www-form-urlencoded", "field %s: neither a string nor a number", "http: request body too large",
	"the database %s: %s", "mock: %s: %s", "want a port from 1 to 65535, got %q", "want a host, host:port or a network such as 10.0.0.0/8, got %q",
	"Bad Request", "Unauthorized", "Forbidden", "Not Found", "Method Not Allowed", "Conflict", "Gone", "Request Entity Too Large", "Unprocessable Entity",
	"make the directory", "list the directory", "lock the directory", "open a segment", "make a segment", "read a segment", "read the format", "write the format",
	"read the snapshot", "write the snapshot", "write the sandbox", "write the process id", "write the merchant numbers", "remove what is left over", "list the sandboxes", "open the database: %w",
	"%s is not in the log that is kept: %s", "Internal Server Error", "Service Unavailable", "Gateway Timeout", // the titles, which are HTTP's
	"no such rule; did you mean %s?", "no %s %q", "no %s %q; there are %s", "no %s %q; did you mean %s?", "did you mean %q?", "did you mean %s?", "%q %s", "${%s} %s",
	"unexpected token %s", "unknown name %s", "literal not terminated", "unrecognized character: %s", "bad number syntax: %s", "a ${…}", "%s or %s",
	"%s: want %s, got %s (a string)", "%s: want %s, got %s (a number)", "%s: want %s, got %s (no string)", "index out of range: %s (array length is %s)",
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
	walkPositions(t, func(_, text string) { said[text] = true })
	walkErrors(t, func(_, text string) { said[text] = true })
	for _, text := range made {
		said[text] = true
	}
	for english := range chinese.System {
		said[english] = true
	}
	for english := range chinese.All() {
		assert.True(t, said[english], "nothing says %q any more", english)
	}
}

// A row has as many values as its English, and no others.
func TestOf_values(t *testing.T) {
	for english, zh := range chinese.All() {
		from, to := phrases.Verbs(english), phrases.Verbs(zh)
		require.Len(t, to, len(from), "%q: %q", english, zh)
		for _, v := range to {
			require.Contains(t, "sv", v[len(v)-1:], "%q: %q", english, zh)
		}
		require.Regexp(t, `\p{Han}|^[ -~（）：，]*(\$\{…\})?$`, zh, english)
	}
}
