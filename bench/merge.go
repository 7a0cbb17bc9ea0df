package main

import "strings"

// titles are those of the report's sections, in their order.
var titles = []string{
	"Beside bare Gin", "Beside other mock servers", "A flood of wrong signatures", "By endpoint, and by size of the sandbox", "Pushes", "With `--data DIR`", "Start with a directory",
	"The longest wait", "Replicas on one PostgreSQL", "An open page", "Inside", "The process", "Memory",
}

// merged is a report in which the sections that were measured take the place of an older report's; the others stay, with the day they
// were measured on.
func merged(older, report string) string {
	head, sections := split(report)
	_, old := split(older)
	var kept []string
	var b strings.Builder
	b.WriteString(head)
	for _, title := range titles {
		section, ok := sections[title]
		if !ok {
			if section, ok = old[title]; ok {
				kept = append(kept, title)
			}
		}
		if ok {
			b.WriteString("\n## " + title + "\n\n" + section + "\n")
		}
	}
	if len(kept) > 0 {
		b.WriteString("\nNot measured this time but before: " + strings.Join(kept, "; ") + ".\n")
	}
	return b.String()
}

// split gives what stands before a report's first section, and the sections by their titles.
func split(report string) (head string, sections map[string]string) {
	parts := strings.Split(report, "\n## ")
	sections = make(map[string]string, len(parts))
	for _, part := range parts[1:] {
		title, text, _ := strings.Cut(part, "\n")
		text, _, _ = strings.Cut(text, "\nNot measured this time")
		sections[title] = strings.TrimSpace(text)
	}
	return strings.TrimSpace(parts[0]) + "\n", sections
}
