package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// Problem is an error of a command that is said in the language of whoever called it. As an error it is in English.
type Problem struct { //nolint:errname // it is read as what it is: a problem of a command
	format string
	args   []any
	cause  error
}

// Errorf is an error whose format has a row in package translation; %w wraps as for [fmt.Errorf].
func Errorf(format string, args ...any) error { return newProblem(format, args) }

func newProblem(format string, args []any) *Problem {
	p := &Problem{format: format, args: args}
	if strings.Contains(format, "%w") {
		for _, arg := range args {
			if err, ok := arg.(error); ok {
				p.cause = err
			}
		}
	}
	return p
}

func (p *Problem) Error() string { return p.In(lang.English) }

// Unwrap is what %w stood for.
func (p *Problem) Unwrap() error { return p.cause }

// In is the problem in a language.
func (p *Problem) In(language string) string {
	format := strings.ReplaceAll(translation.In(language, p.format), "%w", "%v")
	args := lang.Arguments(language, p.args)
	for i, arg := range args {
		if err, ok := arg.(error); ok {
			args[i] = TextOf(language, err)
		}
	}
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "?; ", "? ") // a hint that asks ends in its own mark
	if language == lang.Chinese {
		text = named().ReplaceAllString(strings.ReplaceAll(text, "？；", "？"), "$1：")
	}
	return text
}

// named is the flag or the variable of the environment that a problem begins with, as English separates it from what is wrong.
var named = lazyregexp.New(`^(--[a-z-]+|[A-Z][A-Z_]+): `)

// UsageError is a wrong command line.
type UsageError struct{ *Problem }

// Usagef is a [UsageError], in both languages as with [Errorf].
func Usagef(format string, args ...any) error { return &UsageError{newProblem(format, args)} }

// TextOf is an error in a language, as far as it has one.
func TextOf(language string, err error) string {
	if both, ok := errors.AsType[interface {
		error
		In(language string) string
	}](err); ok && err.Error() == both.Error() { // nothing was wrapped around it
		return both.In(language)
	}
	if language == lang.Chinese {
		return chinese.Of(err.Error())
	}
	return err.Error()
}

// Note prints a line on stderr, in the language of whoever called the command.
func Note(cmd *cobra.Command, format string, args ...any) {
	say(cmd.ErrOrStderr(), here(cmd, NameVariables(cmd, translation.Format(Language(cmd), format, args...))))
}
