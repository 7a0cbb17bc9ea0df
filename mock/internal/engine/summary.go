package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Summary is what an input did, in a line of each language, without keys.
func (r *Record) Summary() lang.Text {
	text := r.Input.summary()
	text.ZH = strings.ReplaceAll(text.ZH, "） ", "）") // behind a full-width mark no space is wanted
	if r.Result == "" {
		return text
	}
	result := lang.T(r.Result, chinese.Of(r.Result))
	if r.Request != 0 {
		result = lang.Same(r.Result) // a code and a reason, whose words and names of parameters are the same in both languages
	}
	return lang.T("%s: %s", "%s：%s").With(text, result)
}

// Word is the kind of an input in a listing: of a command, the command's.
func (r *Record) Word() string {
	if c, ok := r.Input.(*Command); ok {
		return platform.KindOf(c.Command)
	}
	return r.Input.Kind()
}

func (r *Request) summary() lang.Text {
	return lang.Same(strings.TrimSpace(r.Method + " " + journal.Short(r.Endpoint) + " " + journal.Short(r.MerchantNo)))
}

func (c *Create) summary() lang.Text {
	return lang.T("sandbox %s created", "创建沙箱 %s").With(c.ID)
}

func (c *SetClock) summary() lang.Text {
	var en, zh []string
	if c.Change.Now != nil {
		now := notation.FormatTime(*c.Change.Now)
		en, zh = append(en, "to "+now), append(zh, "设为 "+now)
	}
	if c.Change.Mode != nil {
		mode := *c.Change.Mode
		en, zh = append(en, mode), append(zh, cmp.Or(clockModes[mode], mode))
	}
	if c.Change.Rate != nil {
		rate := fmt.Sprintf("%g", *c.Change.Rate)
		en, zh = append(en, "rate "+rate), append(zh, rate+" 倍速")
	}
	if en == nil {
		return lang.T("clock left as it was", "时钟未改变")
	}
	return lang.T("clock set "+strings.Join(en, ", "), "时钟"+strings.Join(zh, "，"))
}

// clockModes are the modes of a clock, in Chinese.
var clockModes = map[string]string{"frozen": "冻结", "running": "运行"}

func (m *MoveClock) summary() lang.Text {
	return lang.T("clock moved to %s", "时钟走到 %s").With(notation.FormatTime(m.To))
}

func (*Wake) summary() lang.Text { return lang.T("due pushes sent", "发送到期的推送") }

func (*Resume) summary() lang.Text {
	return lang.T("taken over: attempts in flight are due again", "接管沙箱：进行中的推送将重新发送")
}

func (*ClearJournal) summary() lang.Text { return lang.T("journal cleared", "清空请求日志") }

func (r *Reset) summary() lang.Text {
	if r.Spec != nil {
		return lang.T("reset to another fixture", "重置为另一份初始数据")
	}
	return lang.T("reset to its fixture", "重置为初始数据")
}

func (a *AddFault) summary() lang.Text {
	what := a.Fault.Name
	if what == "" {
		on, _ := json.Marshal(a.Fault.On) //nolint:errchkjson // texts and numbers, and JSON that was checked
		do, _ := json.Marshal(a.Fault.Do) //nolint:errchkjson // as above
		what = journal.Short(string(on)) + " " + journal.Short(string(do))
	}
	return lang.T("fault added: %s", "添加故障：%s").With(what)
}

func (r *Redeliver) summary() lang.Text {
	return lang.T("push %s redelivered", "重新投递推送 %s").With(r.ID)
}

func (d *DeleteFault) summary() lang.Text {
	if d.ID == "" {
		return lang.T("all faults deleted", "删除全部故障")
	}
	return lang.T("fault %s deleted", "删除故障 %s").With(d.ID)
}

func (o *Outcome) summary() lang.Text {
	if o.Result.Delivered {
		return lang.T("push %s delivered", "推送 %s 已送达").With(o.ID)
	}
	why := o.Result.Error
	return lang.T("push %s attempt failed: %s", "推送 %s 本次投递失败：%s").With(o.ID, lang.T(journal.Short(why), journal.Short(push.AnswerErrorZh(why, o.Result.Response))))
}

func (r *Restore) summary() lang.Text {
	if r.Undo != 0 {
		return lang.T("put back to what it was after input %d", "撤销至输入 %d 之后的状态").With(r.Undo)
	}
	return lang.T("a state restored", "恢复一份状态")
}

func (c *Command) summary() lang.Text { return c.Summary() }
