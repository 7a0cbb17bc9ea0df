// Package inspect says what is wrong with what came, where no key is needed to see it: what a data is that is no JSON object ([Data]), which
// parameters were probably meant ([Missing]), which path ([Path]), why a time stamp is off ([Stamp]), what is odd about a value ([Plate],
// [Amount], [Sealed], [Identifier]), and why an answer to a push does not count ([Answer]). Every finding has a stable kind, evidence and a fix
// in English and Chinese.
//
// The package is pure: no clock, no randomness, no I/O.
package inspect

import "github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"

// Visible is a text from outside with its control and invisible characters, and bytes that are no UTF-8, as escapes.
func Visible(text string) string { return words.Visible(text) }

// Finding is one thing that is wrong, with its evidence and fix.
type Finding = words.Finding
