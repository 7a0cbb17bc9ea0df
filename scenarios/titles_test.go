package scenarios_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// In a report in Chinese a step of a file that is in both languages is called by what it sends and expects, not by its English name; in a file in
// English alone its name stays behind what it does.
func TestStep_titleInChinese(t *testing.T) {
	const steps = `
steps:
  - {call: bindcar, name: again, data: {token: t, plateNumber: 渝ATX061}, expect: {code: 20802}}
  - {call: bindcar, name: at last, data: {token: t, plateNumber: 渝ATX061}}
  - {call: carnum, name: in lower case, data: {token: t}, as: M2, request: {sign: a, timeStamp: -11m}, expect: {code: 4, reason: sign-mismatch}}
  - {call: carnum, name: by DELETE, data: {token: t}, request: {method: DELETE}, expect: {httpStatus: 405}}
  - {call: carnum, name: of a row, data: {token: t}, expect: {code: "${1 + 3}"}}
  - {call: carnum, name: 已经是中文, data: {token: t}}
  - {call: carnum, data: {token: t}, expect: {code: 20101}}
  - {push: entry, name: nothing came, count: 0}
  - {push: exit, name: it came}
  - {advance: 45m, name: later}
`
	want := map[string][]string{
		"summaryZh: 绑定。": {
			"调用 bindcar，应返回 20802（该车辆已被他人绑定）", "调用 bindcar，应成功", "调用 carnum（商户 M2，改写 sign、timeStamp），应返回 4（签名校验非法）", "调用 carnum（改写 method），应返回 HTTP 405",
			"调用 carnum", "已经是中文", "调用 carnum", "推送 entry，不应出现", "推送 exit，应出现", "推进时钟 45m",
		},
		"summary: Binds.": {
			"调用 bindcar（again）", "调用 bindcar（at last）", "调用 carnum（in lower case）", "调用 carnum（by DELETE）", "调用 carnum（of a row）", "已经是中文", "调用 carnum", "推送 entry（nothing came）",
			"推送 exit（it came）", "推进时钟 45m（later）",
		},
	}
	for about, titles := range want {
		s, err := scenarios.Parse("t.yaml", []byte("name: t\n"+about+"\nsandbox: {merchants: [{no: M1, key: k}, {no: M2, key: l}]}"+steps))
		require.NoError(t, err)
		for i, step := range s.Steps {
			require.Equal(t, titles[i], step.TitleIn("zh", step.Name, step.Subject))
		}
	}
}

// No step of the contract suite shows a reader of Chinese an English sentence.
func TestSuite_titlesInChinese(t *testing.T) {
	english := regexp.MustCompile(`[a-z]+ [a-z]+ `)
	for _, s := range suite.Library().Own() {
		s.Walk(func(step *language.Step) {
			require.NotRegexp(t, english, step.TitleIn("zh", step.Name, step.Subject), "%s:%d", s.File, step.Position.Line)
		})
	}
}
