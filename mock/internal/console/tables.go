package console

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// tablesName is the module that has the endpoints (§9), pushes (§10) and codes (§11), so that no list of them is kept twice.
const tablesName = "tables.js"

type endpointRow struct {
	Name    string   `json:"name"`
	Method  string   `json:"method"`
	Section string   `json:"section"`
	Title   string   `json:"title"`
	Params  []string `json:"params"` // those that a first request of it needs
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
		out.Endpoints = append(out.Endpoints, endpointRow{e.Name, e.Method, e.Section, e.Title, needed(e)})
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

// needed are the parameters without which an endpoint refuses: those that are required, and the first group of which one must be there.
func needed(e schemas.Endpoint) []string {
	names := []string{}
	if e.Token {
		names = append(names, "token")
	}
	for _, p := range e.Params {
		if p.Required && !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	if len(e.Either) > 0 {
		names = append(names, e.Either[0]...)
	}
	return names
}

// inWords is a name such as TimestampExpired as "timestamp expired"; initials such as SMS stay as they are.
func inWords(name string) string {
	spaced := name
	for range 2 { // the A of InAMonth both begins a word and ends one
		spaced = wordStart().ReplaceAllString(spaced, "$1$3 $2$4")
	}
	words := strings.Fields(spaced)
	for i, word := range words {
		if len(word) == 1 || word[1] >= 'a' && word[1] <= 'z' {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}

var wordStart = lazyregexp.New(`([a-z])([A-Z])|([A-Z])([A-Z][a-z])`)

// links is where index.html names its style sheet and its script, which the first paint does not wait for.
const links = "<!--links-->\n"

// withLinks is the page with its files, each in the folder of its version.
func withLinks(page []byte, version string) []byte {
	in := `<link rel="stylesheet" href="` + version + "/" + stylesName + `">` + "\n" +
		`<link rel="modulepreload" fetchpriority="low" href="` + version + "/" + scriptName + `">` + "\n" +
		`<script type="module" fetchpriority="low" src="` + version + "/" + scriptName + `"></script>` + "\n"
	page = bytes.Replace(page, []byte(links), []byte(in), 1)
	return bytes.ReplaceAll(page, []byte(`"icon.svg"`), []byte(`"`+version+`/icon.svg"`))
}
