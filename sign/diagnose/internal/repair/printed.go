package repair

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// WithNumbers is an object whose texts that look like numbers are numbers: a printed map does not say which they were.
func WithNumbers(n *jsondoc.Node) *jsondoc.Node {
	all := &jsondoc.Node{Kind: '{', Names: n.Names}
	for _, m := range n.Members {
		if m.Kind == '"' && jsondoc.IsNumber(m.Text) {
			m = &jsondoc.Node{Kind: 'l', Text: m.Text}
		}
		all.Members = append(all.Members, m)
	}
	return all
}

// object is a JSON object, nil where a text is none.
func object(text string) *jsondoc.Node {
	if n := jsondoc.Parse(text); n != nil && n.Kind == '{' {
		return n
	}
	return nil
}

var (
	pythonWords = strings.NewReplacer(": None", ": null", ": True", ": true", ": False", ": false", "u'", `"`, "'", `"`)
	rubyWords   = strings.NewReplacer("=>nil", ":null", " => nil", ":null", " => ", ":", "=>", ":")
	rubySymbols = lazyregexp.New(`([{,]\s*):(\w+)(\s*=>)`)
	plainNames  = lazyregexp.New(`([{,]\s*)([A-Za-z_]\w*)(\s*:)`)
	javaPrinted = lazyregexp.New(`^[\w.$]*[A-Z][\w$]* ?[(\[{](.*)[)\]}]$`)
)

// PythonDict reads the text of a Python dict; nil where it is none.
func PythonDict(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "{'") && !strings.HasPrefix(data, "{u'") || !strings.Contains(data, "': ") {
		return nil
	}
	return object(pythonWords.Replace(data))
}

// RubyHash reads the text of a Ruby hash; nil where it is none.
func RubyHash(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "{") || !strings.Contains(data, "=>") {
		return nil
	}
	return object(rubyWords.Replace(rubySymbols().ReplaceAllString(data, `$1"$2"$3`)))
}

// BareNames reads an object whose names have no quotes, as in JavaScript; nil where it is none.
func BareNames(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "{") || wire.IsObject(data) || !plainNames().MatchString(data) {
		return nil
	}
	return object(plainNames().ReplaceAllString(strings.ReplaceAll(data, "'", `"`), `$1"$2"$3`))
}

// Pairs reads name=value pairs.
func Pairs(text, comma, equals string) *jsondoc.Node {
	n := &jsondoc.Node{Kind: '{'}
	for pair := range strings.SplitSeq(text, comma) {
		name, value, found := strings.Cut(pair, equals)
		if !found || name == "" || strings.ContainsAny(name, `{"`) {
			return nil
		}
		member := &jsondoc.Node{Kind: '"', Text: value}
		if value == "null" {
			member.Kind = 'l'
		}
		n.Names, n.Members = append(n.Names, name), append(n.Members, member)
	}
	return n
}

// JavaMap reads the text of a Java Map, {a=b, c=d}; nil where it is none.
func JavaMap(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "{") || !strings.HasSuffix(data, "}") || strings.Contains(data, `"`) {
		return nil
	}
	return Pairs(data[1:len(data)-1], ", ", "=")
}

// JavaObject reads the text that Lombok or an IDE writes of a Java object, Type(a=b, c=d); nil where it is none.
func JavaObject(data string) *jsondoc.Node {
	m := javaPrinted().FindStringSubmatch(data)
	if m == nil {
		return nil
	}
	return Pairs(strings.ReplaceAll(m[1], "'", ""), ", ", "=")
}

// GoMap reads the text of a Go map, map[a:b c:d]; nil where it is none.
func GoMap(data string) *jsondoc.Node {
	if !strings.HasPrefix(data, "map[") || !strings.HasSuffix(data, "]") {
		return nil
	}
	return Pairs(data[len("map["):len(data)-1], " ", ":")
}

// Plain is JSON without comments and without commas before closing brackets, outside of its strings.
func Plain(data string) string {
	var b strings.Builder
	for i := 0; i < len(data); {
		switch rest := data[i:]; {
		case data[i] == '"':
			end := 1
			for end < len(rest) && rest[end] != '"' {
				if rest[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(rest))
			b.WriteString(rest[:end])
			i += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return ""
			}
			i += end + len("/**/")
		case strings.HasPrefix(rest, "//") || data[i] == '#':
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				i += end + 1
			} else {
				i = len(data)
			}
		case data[i] == ',' && strings.IndexAny(strings.TrimLeft(rest[1:], " \t\r\n"), "}]") == 0:
			i++
		default:
			b.WriteByte(data[i])
			i++
		}
	}
	return b.String()
}
