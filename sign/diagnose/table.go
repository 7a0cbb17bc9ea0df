package diagnose

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
)

// Hypothesis is a row of the table as others see it.
type Hypothesis struct {
	Kind          string
	Request, Push bool // whose signatures it is about
	What, WhatZh  string
	Fix, FixZh    string
}

// Hypotheses are all mistakes that can be proven of a signature, each kind once.
func Hypotheses() []Hypothesis {
	var all []Hypothesis
	for _, h := range slices.Concat(mistakes.Table, mistakes.Looks) {
		if h.In == 0 {
			h.In = guess.OfBoth
		}
		if at := slices.IndexFunc(all, func(a Hypothesis) bool { return a.Kind == h.Kind }); at >= 0 {
			all[at].Request, all[at].Push = all[at].Request || h.In&guess.OfRequests != 0, all[at].Push || h.In&guess.OfPushes != 0
			continue
		}
		all = append(all, Hypothesis{h.Kind, h.In&guess.OfRequests != 0, h.In&guess.OfPushes != 0, h.What.En, h.What.Zh, h.Fix.En, h.Fix.Zh})
	}
	return all
}
