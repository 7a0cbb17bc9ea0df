package control

import (
	"maps"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

// reasonItem is a word of X-Mock-Reason; {names} in its explanation stand for values.
type reasonItem struct {
	Reason        string `json:"reason"`
	Code          int    `json:"code"`
	Explanation   string `json:"explanation"`
	ExplanationZh string `json:"explanationZh"`
}

func (a *Control) listReasons(in *call) (reply, error) {
	return words(in, func() (all []reasonItem) {
		codes := reasons.All()
		for _, reason := range slices.Sorted(maps.Keys(codes)) {
			r := reasons.Refuse(reason).At("{param}")
			all = append(all, reasonItem{reason, codes[reason], r.Explain("en"), r.Explain("zh")})
		}
		return all
	}, func(i reasonItem) string { return i.Reason })
}

// lintItem is a lint of the journal.
type lintItem struct {
	Rule    string `json:"rule"`
	Section string `json:"section"`
	Doc     string `json:"doc"`
	DocZh   string `json:"docZh"`
}

func (a *Control) listLints(in *call) (reply, error) {
	return words(in, func() (all []lintItem) {
		for _, l := range params.LintRules() {
			all = append(all, lintItem{l.Rule, l.Section, l.En, l.Zh})
		}
		slices.SortStableFunc(all, func(a, b lintItem) int { return strings.Compare(a.Rule, b.Rule) })
		return all
	}, func(i lintItem) string { return i.Rule })
}

func words[T any](in *call, all func() []T, name func(T) string) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(all(), page, name, byText))
}
