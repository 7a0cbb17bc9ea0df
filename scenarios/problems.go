package scenarios

import "github.com/etcp-mock/etcp-mock/scenarios/problem"

// Position is a line and column of a file.
type Position = problem.Position

// Problem is what is wrong with a file, and where.
type Problem = problem.Problem //nolint:errname // a problem of a list, which is the error

// Problems is everything that is wrong with a file, or with several.
type Problems = problem.Problems //nolint:errname // it is what the file has
