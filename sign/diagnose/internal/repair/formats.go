package repair

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
)

var (
	printedPair  = lazyregexp.New(`(?m)^\s*\[(\w+)\] => (.*)$`)
	arrowPair    = lazyregexp.New(`'(\w+)' => (?:'((?:[^'\\]|\\.)*)'|([\w.]+))`)
	dumpedPair   = lazyregexp.New(`\["(\w+)"\]=>\s*(?:string\(\d+\) "([^"]*)"|(?:int|float|bool)\(([^)]*)\))`)
	serialized   = lazyregexp.New(`s:\d+:"(\w+)";(?:s:\d+:"([^"]*)"|[ibd]:([^;]*));`)
	yamlLine     = lazyregexp.New(`^([A-Za-z_]\w*):(?: (.*))?$`)
	unquotedText = strings.NewReplacer(`\'`, `'`, `\\`, `\`)
)

// matched is an object of what a pattern finds: a name, a text, and what is no text.
func matched(found [][]string) *jsondoc.Node {
	if len(found) == 0 {
		return nil
	}
	n := &jsondoc.Node{Kind: '{'}
	for _, m := range found {
		member := &jsondoc.Node{Kind: '"', Text: m[2]}
		if len(m) > 3 && m[3] != "" {
			member = &jsondoc.Node{Kind: 'l', Text: strings.ToLower(m[3])}
		}
		n.Names, n.Members = append(n.Names, m[1]), append(n.Members, member)
	}
	return n
}

// arrows reads 'name' => 'value' pairs.
func arrows(text string) *jsondoc.Node {
	n := matched(arrowPair().FindAllStringSubmatch(text, -1))
	if n != nil {
		for _, m := range n.Members {
			m.Text = unquotedText.Replace(m.Text)
		}
	}
	return n
}

// phpArray reads what PHP prints of an array.
func phpArray(data string) *jsondoc.Node {
	text := strings.TrimSpace(data)
	switch {
	case strings.HasPrefix(text, "Array\n(") || strings.HasPrefix(text, "Array\r\n("):
		return matched(printedPair().FindAllStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"), -1))
	case strings.HasPrefix(text, "array (") || strings.HasPrefix(text, "array(\n") || strings.HasPrefix(text, "['") && strings.Contains(text, "' => "):
		return arrows(text)
	case strings.HasPrefix(text, "array(") && strings.Contains(text, "]=>"):
		return matched(dumpedPair().FindAllStringSubmatch(text, -1))
	case strings.HasPrefix(text, "a:") && strings.HasSuffix(text, "}"):
		return matched(serialized().FindAllStringSubmatch(text, -1))
	}
	return nil
}

func phpTexts(n *jsondoc.Node) []string {
	var printed, exported, serial strings.Builder
	for i, m := range n.Members {
		name, text := n.Names[i], m.Text
		printed.WriteString("    [" + name + "] => " + text + "\n")
		value := text
		kind := `i:` + text
		if strings.Contains(text, ".") {
			kind = `d:` + text
		}
		if m.Kind == '"' {
			value = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
			kind = "s:" + strconv.Itoa(len(text)) + `:"` + text + `"`
		}
		exported.WriteString("  '" + name + "' => " + value + ",\n")
		serial.WriteString("s:" + strconv.Itoa(len(name)) + `:"` + name + `";` + kind + ";")
	}
	return []string{
		"Array\n(\n" + printed.String() + ")\n", "array (\n" + exported.String() + ")", "a:" + strconv.Itoa(len(n.Members)) + ":{" + serial.String() + "}",
	}
}

// yamlObject reads a flat mapping of YAML.
func yamlObject(data string) *jsondoc.Node {
	text := strings.TrimPrefix(strings.ReplaceAll(strings.TrimSpace(data), "\r\n", "\n"), "---\n")
	n := &jsondoc.Node{Kind: '{'}
	for line := range strings.SplitSeq(text, "\n") {
		m := yamlLine().FindStringSubmatch(line)
		if m == nil {
			return nil
		}
		value := m[2]
		if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "0x") { // JSON with a name before it, an address
			return nil
		}
		if len(value) > 1 && (value[0] == '\'' || value[0] == '"') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		n.Names, n.Members = append(n.Names, m[1]), append(n.Members, &jsondoc.Node{Kind: '"', Text: value})
	}
	return n
}

func yamlTexts(n *jsondoc.Node) []string {
	var plain, quoted strings.Builder
	for i, m := range n.Members {
		text := m.Text
		plain.WriteString(n.Names[i] + ": " + text + "\n")
		if m.Kind == '"' && (text == "" || jsondoc.IsNumber(text)) {
			text = "'" + text + "'"
		}
		quoted.WriteString(n.Names[i] + ": " + text + "\n")
	}
	return []string{quoted.String(), plain.String(), strings.ReplaceAll(quoted.String(), "'", `"`), strings.TrimSuffix(quoted.String(), "\n"), "---\n" + quoted.String()}
}

// xmlObject reads a flat document of XML: an element for each field inside of one.
func xmlObject(data string) *jsondoc.Node {
	if !strings.HasPrefix(strings.TrimSpace(data), "<") {
		return nil
	}
	dec := xml.NewDecoder(strings.NewReader(data))
	n := &jsondoc.Node{Kind: '{'}
	depth := 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && depth == 0 && len(n.Members) > 0 {
			return n
		}
		if err != nil {
			return nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			const flat = 2
			if depth++; depth > flat {
				return nil
			}
			if depth == flat {
				n.Names, n.Members = append(n.Names, t.Name.Local), append(n.Members, &jsondoc.Node{Kind: '"'})
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth > 1 {
				n.Members[len(n.Members)-1].Text += string(t)
			}
		}
	}
}

func xmlTexts(n *jsondoc.Node) (all []string) {
	var inner strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for i, m := range n.Members {
		inner.WriteString("<" + n.Names[i] + ">" + escape.Replace(m.Text) + "</" + n.Names[i] + ">")
	}
	for _, root := range []string{"xml", "data", "root", "request", "map"} {
		all = append(all, "<"+root+">"+inner.String()+"</"+root+">")
	}
	return append(all, `<?xml version="1.0" encoding="UTF-8"?>`+all[2], inner.String())
}
