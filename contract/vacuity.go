package contract

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var (
	oneCode = lang.T("%d of %d answers are code %d: is the run judging anything but that? (the key, the merchant's number, the clock)",
		"%d 个（共 %d 个）应答的 code 都是 %d：这次运行还检查了别的吗？（密钥、商户号、时钟）")
	assertNothing = lang.T("asserting nothing beyond code 0 and the schema: %s", "除 code 0 和模式之外没有任何断言：%s")
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
	var idle []string
	for _, j := range b.jobs {
		if s := j.c.Scenario; !s.Asserts() && !slices.Contains(idle, s.Name) {
			idle = append(idle, s.Name)
		}
	}
	if len(idle) > 0 {
		text := strings.Join(idle[:min(5, len(idle))], ", ")
		if len(idle) > 5 {
			text += b.in(lang.T(" and %d more", "，另有 %d 个").With(len(idle) - 5))
		}
		warnings = append(warnings, b.in(assertNothing.With(text)))
	}
	return warnings
}
