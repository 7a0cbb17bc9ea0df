package language

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// chapters are how many chapters the platform's document has, and those of §3 are parameters of the envelope.
const chapters, envelopeParts = 11, 4

// section is one of the platform's document.
var section = &syntax.Form{
	Want: "a section of the document, such as §9.8", Kind: syntax.TextKind, Pattern: lazyregexp.New("^§"), Fixed: true, Name: "section", Check: checkSection,
	Schema: func() map[string]any { return map[string]any{"type": "string", "enum": sections()} },
}

// sections are those of the platform's document.
var sections = sync.OnceValue(func() (names []string) {
	for chapter := range chapters {
		names = append(names, fmt.Sprintf("§%d", chapter+1))
	}
	for part := range envelopeParts {
		names = append(names, fmt.Sprintf("§3.%d", part+1))
	}
	var calls []string
	for _, e := range schemas.Endpoints() {
		calls = append(calls, e.Section)
	}
	for _, p := range schemas.Pushes() {
		calls = append(calls, p.Section)
	}
	for _, call := range calls { // each has its definition, the example of a request, and that of an answer
		names = append(names, call, call+".1", call+".2", call+".3")
	}
	return names
})

func checkSection(c *syntax.Checker, n *syntax.Node, path string) {
	if slices.Contains(sections(), n.Scalar) {
		return
	}
	chapter, _, below := strings.Cut(n.Scalar, ".")
	first, last := "", ""
	for _, name := range sections() {
		if of, part, ok := strings.Cut(name, "."); ok && of == chapter && !strings.Contains(part, ".") {
			if first == "" {
				first = name
			}
			last = name
		}
	}
	hint := fmt.Sprintf("it has §1 to §%d", chapters)
	if below && first != "" {
		hint = fmt.Sprintf("%s has %s to %s", chapter, first, last)
	}
	c.Problem(n.Position, path, fmt.Sprintf("the document has no section %q", n.Scalar), hint)
}
