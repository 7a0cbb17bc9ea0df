package contract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var (
	oneCode = lang.T("%d of %d answers are code %d, so that the run judged little else: check the key, the merchant's number and the clock",
		"%d 个（共 %d 个）应答的 code 都是 %d，这次运行几乎没有检查别的：请检查密钥、商户号和时钟")
	unknownFields = lang.T("fields that the document does not know, which is no failure: %s", "应答中有文档没有的字段（不算失败）：%s")
	onlyUpTo      = lang.T("%s: only the first %d of %d steps ran, up to line %d; what comes after is not checked", "%s：只执行了前 %d 步（共 %d 步），到第 %d 行为止；之后的步骤没有检查")
	assertNothing = lang.T("asserting nothing beyond code 0 and the schema: %s", "除 code 0 和 schema 之外没有任何断言：%s")
)

// vacuity says what makes a run say less than it seems to.
func (b *batch) vacuity() []string {
	var warnings []string
	total := 0
	for _, n := range b.codes {
		total += n
	}
	for code, n := range b.codes {
		if code != client.CodeOK && total >= 10 && n*10 >= total*9 {
			warnings = append(warnings, b.in(oneCode.With(n, total, code)))
		}
	}
	if len(b.unknown) > 0 {
		slices.Sort(b.unknown)
		warnings = append(warnings, b.in(unknownFields.With(b.listed(b.unknown))))
	}
	warnings = append(warnings, b.partial()...)
	var idle []string
	for _, j := range b.jobs {
		if s := j.c.Scenario; !s.Asserts() && !slices.Contains(idle, s.Name) {
			idle = append(idle, s.Name)
		}
	}
	if len(idle) > 0 {
		warnings = append(warnings, b.in(assertNothing.With(b.listed(idle))))
	}
	return warnings
}

// partial names the cases of which only the steps up to a line ran.
func (b *batch) partial() (warnings []string) {
	var said []string
	for i, j := range b.jobs {
		s := j.c.Scenario
		ran, all := len(s.UpTo(b.runner.Line)), len(s.Steps)
		if ran < all && b.done[i].Status == report.Passed && !slices.Contains(said, s.Name) {
			said = append(said, s.Name)
			warnings = append(warnings, b.in(onlyUpTo.With(s.Name, ran, all, b.runner.Line)))
		}
	}
	return warnings
}

// indexes are those of lists in a path.
var indexes = regexp.MustCompile(`\[\d+\]`)

// listed are the first few of some names.
func (b *batch) listed(names []string) string {
	const most = 5
	text := strings.Join(names[:min(most, len(names))], ", ")
	if len(names) > most {
		text += b.in(lang.T(" and %d more", "，另有 %d 个").With(len(names) - most))
	}
	return text
}
