package input

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// PlateColors are the names people use for the colours of §9.4.
var PlateColors = map[string]string{
	"blue": "1", "black": "2", "yellow": "3", "white": "4", "蓝": "1", "黑": "2", "黄": "3", "白": "4",
}

// UserTypes are the names people use for the kinds of car of §10.1.
var UserTypes = map[string]string{"long-term": client.LongTerm, "temporary": client.Temporary}

// Named takes a name for its number; what is no name stays, for the server to judge.
func Named(names map[string]string, text string) string {
	if number, ok := names[text]; ok {
		return number
	}
	return text
}

// Time reads a time of the sandbox's clock.
func Time(flag, value string) (client.Time, error) {
	if value == "" {
		return client.Time{}, nil
	}
	at, err := client.ParseTime(value)
	if err != nil {
		return at, cli.Usagef(`--%s %q is no time: want "2017-08-20 12:00:00", in Asia/Shanghai`, flag, value)
	}
	return at, nil
}

// OneOf refuses a value of a flag that is none of those it may have.
func OneOf(flag, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return cli.Usagef("--%s is %s, not %q", flag, lang.AnyOf(values), value)
}
