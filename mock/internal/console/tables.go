package console

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// tablesName is the module that has the endpoints (§9), pushes (§10) and codes (§11), so that no list of them is kept twice.
const tablesName = "tables.js"

type endpointRow struct {
	Name    string `json:"name"`
	Method  string `json:"method"`
	Section string `json:"section"`
	Title   string `json:"title"`
}

type pushRow struct {
	Kind    string `json:"kind"`
	Section string `json:"section"`
	Title   string `json:"title"`
}

type codeRow struct {
	Code    int    `json:"code"`
	Name    string `json:"name"` // in English words
	Message string `json:"message"`
}

// tables is tables.js.
func tables() []byte {
	var out struct {
		Path      string        `json:"path"`
		Endpoints []endpointRow `json:"endpoints"`
		Pushes    []pushRow     `json:"pushes"`
		Codes     []codeRow     `json:"codes"`
		Checks    int           `json:"checks"`
	}
	out.Path, out.Checks = schemas.PathPrefix, len(schemas.Checks())
	for _, e := range schemas.Endpoints() {
		out.Endpoints = append(out.Endpoints, endpointRow{e.Name, e.Method, e.Section, e.Title})
	}
	for _, p := range schemas.Pushes() {
		out.Pushes = append(out.Pushes, pushRow{p.Kind, p.Section, p.Title})
	}
	for _, c := range schemas.Codes() {
		out.Codes = append(out.Codes, codeRow{c.Code, inWords(c.Name), c.Message})
	}
	text, err := json.Marshal(out)
	if err != nil { // the tables are constants
		panic(err)
	}
	return []byte("// Made of the tables of package schemas when the server starts.\nexport const tables = " + string(text) + ";\n")
}

// inWords is a name such as TimestampExpired as "timestamp expired"; initials such as SMS stay as they are.
func inWords(name string) string {
	spaced := wordStart.ReplaceAllString(name, "$1$3 $2$4")
	words := strings.Fields(spaced)
	for i, word := range words {
		if len(word) > 1 && word[1] >= 'a' && word[1] <= 'z' {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}

var wordStart = regexp.MustCompile(`([a-z])([A-Z])|([A-Z])([A-Z][a-z])`)

// preloads is where index.html names the modules that the browser shall fetch at once, not one after the other.
const preloads = "<!--preloads-->\n"

// withPreloads is the page with a link to each module.
func withPreloads(page []byte, names []string) []byte {
	var links bytes.Buffer
	for _, name := range names {
		if strings.HasSuffix(name, ".js") && name != "app.js" {
			links.WriteString(`<link rel="modulepreload" href="` + name + `">` + "\n")
		}
	}
	return bytes.Replace(page, []byte(preloads), links.Bytes(), 1)
}
