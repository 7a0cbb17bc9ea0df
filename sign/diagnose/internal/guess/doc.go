// Package guess is what the table of mistakes is written in: a [Guess] of the text that was signed, the [Hypothesis] that yields it, and the [Case] at
// hand, which says whether it fits and shows it without keys.
package guess
