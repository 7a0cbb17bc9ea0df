package console

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// join makes one file of modules, so that a browser asks for one instead of eighty: each becomes a function that runs once,
// behind those that it imports from. What is written in the folder is what runs; nothing is built before. Modules import and
// export in the forms below only, which the others would not need.
func join(modules map[string][]byte, entry string) ([]byte, error) {
	j := joiner{modules: modules, state: map[string]int{}}
	if err := j.add(entry); err != nil {
		return nil, err
	}
	return j.out.Bytes(), nil
}

var (
	importLine  = lazyregexp.New(`^import \{ ([\w, ]+) \} from '\./([\w-]+\.js)';$`)
	exportLine  = lazyregexp.New(`^export ((?:const|class|(?:async )?function) (\w+)\b)`)
	otherImport = lazyregexp.New(`^(?:import\b.*from '\./|import '|export\b)`)
)

type joiner struct {
	modules map[string][]byte
	state   map[string]int
	out     bytes.Buffer
}

const (
	begun = iota + 1
	done
)

// add writes a module behind those that it imports from.
func (j *joiner) add(name string) error {
	switch j.state[name] {
	case begun:
		return fmt.Errorf("console: %s imports itself", name)
	case done:
		return nil
	}
	text, known := j.modules[name]
	if !known {
		return fmt.Errorf("console: there is no module %s", name)
	}
	j.state[name] = begun
	var body strings.Builder
	var exports []string
	for n, line := range strings.SplitAfter(string(text), "\n") {
		bare := strings.TrimSuffix(line, "\n")
		if m := importLine().FindStringSubmatch(bare); m != nil {
			if err := j.add(m[2]); err != nil {
				return err
			}
			fmt.Fprintf(&body, "const { %s } = %s;\n", strings.ReplaceAll(m[1], " as ", ": "), valueOf(m[2]))
			continue
		}
		if m := exportLine().FindStringSubmatch(bare); m != nil {
			exports = append(exports, m[2])
			line = strings.TrimPrefix(line, "export ")
		} else if otherImport().MatchString(bare) {
			return fmt.Errorf("console: %s:%d is in no form that can be joined: %s", name, n+1, bare)
		}
		body.WriteString(line)
	}
	j.state[name] = done
	fmt.Fprintf(&j.out, "// %s\nconst %s = (() => {\n%s\nreturn { %s };\n})();\n", name, valueOf(name), body.String(), strings.Join(exports, ", "))
	return nil
}

// valueOf names what a module exports.
func valueOf(name string) string {
	return "$" + strings.ReplaceAll(strings.TrimSuffix(name, ".js"), "-", "_")
}
