// Package rules are the choices that the document leaves open, and the limits of a sandbox: one table with each rule's name, default,
// section and meaning, and what was set, as the code reads it. It is pure.
package rules

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// Rules are the choices the document leaves open, as the code reads them. A
// Rules value is never changed once it is in use; a change makes a new one.
type Rules struct {
	TimestampWindow time.Duration
	SignWhitespace  string
	Strict          bool

	SMSInterval, SMSTTL time.Duration
	TokenTTL            time.Duration
	SigninBindsCar      bool
	BindMax             int
	BindMaxPerMonth     int
	BindMonth           string
	HistoryWindow       time.Duration
	HistoryBy           string
	UnpayMask           bool
	QuoteTTL            time.Duration
	RetrieveRegistry    string
	RetrieveTakesOver   bool
	SearchPage          int
	StatusPlenty        Ratio
	WordPlenty          string
	WordTight           string
	WordFull            string
	TariffFree          string
	TariffGrace         time.Duration

	PushSignData      string
	PushEncoding      string
	PushReceivableFee string
	PushTimeout       time.Duration
	PushSchedule      []time.Duration
	PushOrdering      string
	PushRate          int // pushes a second and merchant; 0: as many as fall due

	MemoryMax                 int // bytes of a sandbox; 0: no limit
	LogKeep, LogBytes         int
	JournalKeep, JournalBytes int
	PushesKeep, PushesBytes   int
	OrdersKeep, TokensKeep    int

	messages map[int]string // overridden message.<code> only
}

// Message is the text of a code on the wire: the rule message.<code> where it
// is set, else the document's (§11). success is what the endpoint says with code 0.
func (r *Rules) Message(code int, success string) string {
	if text, ok := r.messages[code]; ok {
		return text
	}
	if code == schemas.CodeOK {
		return success
	}
	return schemas.Message(code)
}

// Ratio is a share between 0 and 1 in ten-thousandths, so that comparing stays exact.
type Ratio int

// Table is every rule there is, in a stable order. It is the caller's.
func Table() []Rule {
	all := slices.Clone(table)
	for i := range all {
		all[i].Default, all[i].OneOf = cloneValue(all[i].Default), slices.Clone(all[i].OneOf)
	}
	return all
}

// cloneValue copies a rule's value: the only one that holds others is a list of durations.
func cloneValue(value any) any {
	if list, ok := value.([]any); ok {
		return slices.Clone(list)
	}
	return value
}

// Clone copies what was set.
func Clone(set map[string]any) map[string]any {
	out := make(map[string]any, len(set))
	for name, value := range set {
		out[name] = cloneValue(value)
	}
	return out
}

// Known tells whether there is a rule of that name.
func Known(name string) bool {
	return slices.ContainsFunc(table, func(r Rule) bool { return r.Name == name })
}

// Names are the names of all rules, in the order of the table.
func Names() []string {
	names := make([]string, len(table))
	for i, r := range table {
		names[i] = r.Name
	}
	return names
}

// Largest is the largest number that a rule takes; 0 where there is no rule of that name.
func Largest(name string) int {
	for i := range table {
		if table[i].Name == name {
			return table[i].largest()
		}
	}
	return 0
}

// ErrUnknown is the cause where a name is none of the table's.
var ErrUnknown = errors.New("no such rule")

// Default are the rules nobody has touched. All who ask share them.
var Default = sync.OnceValue(func() *Rules {
	r, err := New(nil)
	if err != nil {
		panic(err) // the table's own defaults are wrong, which a test would show
	}
	return r
})

// New compiles the defaults and what was set over them.
func New(set map[string]any) (*Rules, error) {
	r := &Rules{messages: map[int]string{}}
	for i := range table {
		rule := &table[i]
		value, given := set[rule.Name]
		if !given {
			if rule.field == nil {
				continue
			}
			value = rule.Default
		}
		if err := rule.apply(r, value); err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule.Name, err)
		}
	}
	return r, nil
}

// Check says whether a value, as JSON or YAML decoded it, may be given to
// the named rule, and returns it in the form it is kept and shown in.
func Check(name string, value any) (any, error) {
	i := slices.IndexFunc(table, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return nil, ErrUnknown
	}
	value = canonical(&table[i], value)
	if err := table[i].apply(&Rules{messages: map[int]string{}}, value); err != nil {
		return nil, err
	}
	return value, nil
}
