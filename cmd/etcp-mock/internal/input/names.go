package input

import (
	"maps"
	"slices"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// plateColors are the names people use for the colours of §9.4.
var plateColors = map[string]string{
	"blue": "1", "black": "2", "yellow": "3", "white": "4", "蓝": "1", "黑": "2", "黄": "3", "白": "4",
}

// userTypes are the names people use for the kinds of car of §10.1.
var userTypes = map[string]string{"long-term": client.LongTerm, "temporary": client.Temporary, "长租": client.LongTerm, "临停": client.Temporary}

// PlateColor takes the name of a colour, or its number, for the number; "" stays.
func PlateColor(text string) (string, error) {
	return named("plate-color", plateColors, text, "blue", "black", "yellow", "white")
}

// UserType takes the name of a kind of car, or its number, for the number; "" stays.
func UserType(text string) (string, error) {
	return named("user-type", userTypes, text, "temporary", "long-term")
}

// named takes a name for its number, and refuses what is neither, with the names that it advises.
func named(flag string, names map[string]string, text string, advised ...string) (string, error) {
	if number, ok := names[text]; ok {
		return number, nil
	}
	if text == "" || slices.Contains(slices.Collect(maps.Values(names)), text) {
		return text, nil
	}
	return "", OneOf(flag, text, advised...)
}

// Time reads a time of the sandbox's clock, in Asia/Shanghai or in RFC 3339, to the second.
func Time(flag, value string) (client.Time, error) {
	if value == "" {
		return client.Time{}, nil
	}
	at, _, err := zone.Parse(value)
	if err != nil {
		return client.Time{}, cli.Usagef(`--%s %q is no time: want one such as "2017-08-20 12:00:00", in Asia/Shanghai, or RFC 3339`, flag, value)
	}
	return client.At(at), nil
}

// OneOf refuses a value of a flag that is none of those it may have.
func OneOf(flag, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return cli.Usagef("--%s is %s, not %q", flag, lang.AnyOf(values), value)
}
