package webhook

import (
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// variation is a push that is right as well, and differs in one thing.
type variation struct {
	what   lang.Text // what it means that it is accepted
	change func(k *maker, m message) message
}

// ofState are variations of the first push, tried where one as it is no longer accepted.
var ofState = []variation{
	{lang.Text{EN: "with the times of now one is accepted: what is older than a push before is refused, and pushes come late and out of order", ZH: "换成此刻的时间则被接受：它拒绝早于先前推送的内容，而推送可能迟到或乱序"}, func(k *maker, m message) message {
		return m.at(k.now)
	}},
	{lang.Text{EN: "with another plate one is accepted: a second push of the same car is refused", ZH: "换一个车牌则被接受：它拒绝同一车辆的第二条推送"}, func(k *maker, m message) message {
		return m.with("plateNumber", k.newPlate())
	}},
}

// ofField are variations of the first push, tried where it is refused itself. One that asks userType "76" for what else must be there accepts it as a
// number, too: so that comes after the fields of long-term cars.
var ofField = []variation{
	{lang.Text{EN: "the same with the times of now is accepted: what happened a day ago is refused, and pushes come late", ZH: "换成此刻的时间则被接受：它拒绝一天前的事件，而推送可能迟到"}, func(k *maker, m message) message { return m.at(k.now) }},
	{lang.Text{EN: "the same with parkId as a text is accepted: it is a number", ZH: "parkId 换成文本则被接受：它应当是数字"}, func(_ *maker, m message) message { return m.with("parkId", m.text("parkId")) }},
	{lang.Text{EN: "the same with the fixParkingId 1 is accepted: it is a text, and no number", ZH: "fixParkingId 换成 1 则被接受：它是文本，不是数字"}, func(_ *maker, m message) message { return m.with("fixParkingId", "1") }},
	{lang.Text{EN: "the same with remainingDays as a number is accepted: it is a text", ZH: "remainingDays 换成数字则被接受：它应当是文本"}, func(_ *maker, m message) message {
		return m.with("remainingDays", sign.Number(m.text("remainingDays")))
	}},
	{lang.Text{EN: "the same with userType as a number is accepted: it is a text", ZH: "userType 换成数字则被接受：它应当是文本"}, func(_ *maker, m message) message { return m.with("userType", sign.Number(client.LongTerm)) }},
	{lang.Text{EN: "the same of a temporary car is accepted", ZH: "换成临停车则被接受"}, func(_ *maker, m message) message { return m.temporary() }},
	{lang.Text{EN: "the same with a name of Latin letters is accepted", ZH: "车场名换成英文字母则被接受"}, func(_ *maker, m message) message { return m.with("parkName", "ETCP") }},
	{lang.Text{EN: "the same with a masked plate is accepted", ZH: "车牌打码后则被接受"}, func(_ *maker, m message) message { return m.with("plateNumber", masked(m.text("plateNumber"))) }},
}

// stateOf says that an entry as it was accepted at first is refused now, in the way of an answer to another push: then what came before counts, and not
// what that push holds. none where it is accepted.
func (x *examination) stateOf(r *reply) lang.Text {
	if x.current == controlPositive || x.status[controlPositive] != report.Passed {
		return lang.Text{}
	}
	again := x.send(x.maker.entry())
	if x.ctx.Err() != nil || again.Err != nil || again.refusal(x.endpoint.Timeout).IsZero() || again.verdict() != r.verdict() {
		return lang.Text{}
	}
	state := lang.Text{
		EN: "an entry like the first, which was accepted, is refused now, too: what came before counts (a limit, a ban, a lock, an order), not what this push holds",
		ZH: "与第一条（已被接受）相同的入场推送现在也被拒绝：起作用的是先前的请求（限流、封禁、锁或顺序），而不是本推送的内容",
	}
	if found := x.firstAccepted(x.maker.entry(), ofState); !found.IsZero() {
		return lang.Text{EN: "%s; %s", ZH: "%s；%s"}.With(state, found)
	}
	return state
}

// fieldOf says which field of the first push it is that is refused. none where nothing was found, or no answer came.
func (x *examination) fieldOf(m message, r *reply) lang.Text {
	if r.Err != nil || r.refusal(x.endpoint.Timeout).IsZero() {
		return lang.Text{}
	}
	return x.firstAccepted(m, ofField)
}

// firstAccepted is what the first of the variations means that is accepted.
func (x *examination) firstAccepted(m message, all []variation) lang.Text {
	for _, v := range all {
		if x.ctx.Err() != nil {
			break
		}
		if x.acceptsAs(x.sender, v.change(x.maker, m).with("synId", x.maker.id())) {
			return v.what
		}
	}
	return lang.Text{}
}

// at is an entry at another time.
func (m message) at(when time.Time) message {
	text := client.At(when).String()
	return m.with("entranceTime", text, "pushTime", text)
}
