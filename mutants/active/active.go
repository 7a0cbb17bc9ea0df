// Package active says which planted bug a process runs with. Only a build with the overlay of ./mutants imports it.
package active

import (
	"os"
	"strconv"
)

// Variable is the environment variable that holds the bug's number.
const Variable = "ETCP_MOCK_MUTANT"

// Bug is the number of the bug that is on; 0 is none. It may be changed while nothing runs: only bugs in the values of variables are
// on from the start.
var Bug, _ = strconv.Atoi(os.Getenv(Variable))

// If is broken where the bug is on, and right otherwise.
func If[T any](bug int, broken, right T) T {
	if Bug == bug {
		return broken
	}
	return right
}
