// Package diagnose finds out why a signature of the ETCP Open Platform is wrong, and says what else is wrong with what came.
//
// [Request.Examine] explains the signature of a request (§6), [Push.Examine] that of a push (§10), be it one that a sender made or one that
// a receiver computed. Both search through one table of hypotheses ([Hypotheses]): each is a mistake that was seen in merchants'
// code, with a stable word, the way to try it, and the fix in English and in Chinese. A hypothesis is reported only where it is proven: the
// signature at hand is exactly what this mistake leads to. Mistakes combine; an explanation with fewer of them wins, and
// explanations that are equally good are alternatives.
//
// Hypotheses are of two sorts. Either what was signed differs from what arrived, although it arrived whole; or what arrived was damaged on
// its way, and a repair of it makes the signature right. For the second sort the raw query and body are needed.
//
// What is no signature's fault is package inspect's.
//
// To read the code, begin with package mistakes below internal: a row of its table is a mistake, the rows of one sort are a file, and each row yields guesses of
// what was signed (package guess). The search (search.go) hashes them in an order that puts few mistakes before many, shape.go reads the signature itself, hashes.go
// tries other hashes, and text.go explains what was found. How a text looks that another library has written, or what a damaged one was meant to be, is in the
// other packages below internal, which know nothing of signatures.
//
// The package is pure: no clock, no randomness, no I/O. A search costs at most some milliseconds however long the input is. No key is in
// any text of a finding.
package diagnose
