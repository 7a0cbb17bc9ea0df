package language

import "github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"

// reading is how a file is read.
type reading struct {
	given []string     // variables that get their values from outside
	judge syntax.Judge // of what the server would be sent; nil: nobody
}

// Give names variables that get their values from outside: what is read into this library, or one over it, may read them
// without defining them.
func (l *Library) Give(names ...string) *Library {
	l.given = append(l.given, names...)
	return l
}

// JudgedBy has what a sandbox and its steps say held to what the server takes, in this library and those over it.
func (l *Library) JudgedBy(judge syntax.Judge) *Library {
	l.judge = judge
	return l
}

// reading is how files of the library are read.
func (l *Library) reading() reading {
	how := reading{given: l.givenNames()}
	for ; l != nil && how.judge == nil; l = l.under {
		how.judge = l.judge
	}
	return how
}

func (l *Library) givenNames() []string {
	var names []string
	for ; l != nil; l = l.under {
		names = append(names, l.given...)
	}
	return names
}
