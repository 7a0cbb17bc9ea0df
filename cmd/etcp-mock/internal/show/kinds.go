package show

import (
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// inputKinds are the kinds of a sandbox's inputs (docs/control-api.md, GET …/log). In English the API's own word stands.
var inputKinds = map[string]string{
	"binding": "绑定", "clock": "时钟", "create": "新建沙箱", "enter": "入场", "exit": "离场", "fault-add": "添加故障", "fault-delete": "删除故障",
	"journal-clear": "清空请求日志", "merchant": "商户", "merchant-delete": "删除商户", "move": "推进时钟", "order": "停车订单", "outcome": "投递结果",
	"parking": "停车场", "parking-delete": "删除停车场", "redeliver": "重新投递", "request": "请求", "reset": "重置", "restore": "恢复状态",
	"resume": "恢复运行", "rules": "规则", "trigger": "触发推送", "undo": "撤销", "vehicle": "车辆登记", "vehicle-delete": "删除车辆登记", "wake": "时间到期",
}

// InputKind is a kind of input, of one that this command does not know the word itself.
func (p *Printer) InputKind(kind string) string {
	if zh, known := inputKinds[kind]; known {
		return lang.T(kind, zh).In(p.Language())
	}
	return cli.Clean(kind)
}

// cityEvents are the kinds of events of a city's day (etcp-mock traffic --help). In English the word that --mix takes stands.
var cityEvents = map[string]string{
	"signIn": "登录", "bind": "绑定", "unbind": "解绑", "enter": "入场", "ask": "查询", "payOnline": "线上支付", "leave": "付费离场", "payCash": "现金支付离场",
	"debit": "扣款离场", "forget": "未付费离场", "wrong": "错误请求",
}
