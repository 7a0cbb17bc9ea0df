// Package suite holds the contract cases: scenario files that hold each endpoint and each push to the platform's document.
package suite

import (
	"embed"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Files are the cases as they are written.
//
//go:embed *.yaml
var Files embed.FS

// Library is the cases, parsed. They may use the built-in scenarios.
var Library = sync.OnceValue(func() *scenarios.Library {
	l, err := scenarios.LoadFS(scenarios.Builtin(), Files)
	if err != nil {
		panic("scenarios/suite: " + err.Error()) // a test parses them all
	}
	return l
})
