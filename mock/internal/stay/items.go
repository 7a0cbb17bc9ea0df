package stay

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// The kinds of [Item].
const (
	SMS      = "sms"      // a code was sent
	Login    = "login"    // a user signed in
	Bind     = "bind"     // the vehicle was bound
	Retrieve = "retrieve" // it was certified
	Unbind   = "unbind"   // it was unbound
	Enter    = "enter"    // the car drove in
	Exit     = "exit"     // and out
	Quote    = "quote"    // the fee was asked for
	Paid     = "paid"     // it was paid, or debited
	Refused  = "refused"  // a request was refused
	Request  = "request"  // any other request that was answered
	Push     = "push"     // a push was made
	Attempt  = "attempt"  // an attempt to deliver it
	Next     = "next"     // the attempt that is to come
)

// The lanes of a time line.
const (
	LaneUser     = "user"
	LanePlatform = "platform"
	LaneCar      = "car"
	LaneWebhook  = "webhook"
)

// kind is what is known of a kind: its lane, and what goes first of two that happened in the same instant.
type kind struct {
	lane string
	rank int
}

var kinds = map[string]kind{
	SMS: {LaneUser, 0}, Login: {LaneUser, 1}, Bind: {LaneUser, 2}, Retrieve: {LaneUser, 2}, Enter: {LaneCar, 3},
	Quote: {LanePlatform, 5}, Request: {LanePlatform, 5}, Paid: {LanePlatform, 6}, Exit: {LaneCar, 7}, Unbind: {LaneUser, 9},
	Refused: {LanePlatform, 0}, Push: {LaneWebhook, 0}, Attempt: {LaneWebhook, 0}, Next: {LaneWebhook, 11}, // as what they belong to
}

// endpoints are the kinds of the requests that change something about a stay; every other is a [Request].
var endpoints = map[string]string{
	"uservalidatecode": SMS, "userlogin": Login, "usersigin": Login, "bindcar": Bind, "unbindcar": Unbind, "carretrieve": Retrieve,
	"orderunpay": Quote, "orderpaid": Paid,
}

func kindOf(e *journal.Entry) string {
	if k, known := endpoints[e.Endpoint]; known {
		return k
	}
	return Request
}

func signsIn(e *journal.Entry) bool { k := kindOf(e); return k == SMS || k == Login }

// Item is one thing that happened, or that is to come, in the course of a stay.
type Item struct {
	ID        string // within the stay
	At        time.Time
	Kind      string
	Gap       time.Duration // since the item before it
	RequestID string
	PushID    string
	Attempt   int    // counts the attempts of a push from 1
	Behind    string // the push that it waits for
	Failed    bool
	Amount    *notation.Fen
	Text      string
	TextZh    string
	Why       string // of what was refused
	WhyZh     string

	rank  int
	place uint64 // in the log; 0 where it is not known
}

// Lane is where it is drawn.
func (i *Item) Lane() string { return kinds[i.Kind].lane }

func (i *Item) say(en, zh string) Item {
	i.Text, i.TextZh = en, zh
	return *i
}

// Items are what happened, in order, and the attempts that are to come. Why a request was refused may be costly to explain; no
// lock is needed.
func (s *Stay) Items() []Item {
	requests := make([]Item, 0, len(s.requests))
	made := map[string]bool{} // payments that a request was found for
	for _, e := range s.requests {
		i := s.request(e, made)
		i.place = s.course.request(e)
		requests = append(requests, i)
	}
	others := s.others(made)
	slices.SortStableFunc(others, before)
	all := make([]Item, 0, len(requests)+len(others))
	for len(requests) > 0 && len(others) > 0 { // requests keep the order of the journal
		next := &requests
		if before(others[0], requests[0]) < 0 {
			next = &others
		}
		all = append(all, (*next)[0])
		*next = (*next)[1:]
	}
	all = append(append(all, requests...), others...)
	for i := range all {
		if i > 0 {
			all[i].Gap = max(second(all[i].At).Sub(second(all[i-1].At)), 0)
		}
	}
	return all
}

// before compares two items by their second, then by their place in the log; where that is not known, by what goes first: a car comes and
// goes at a whole second (§10.2), so that a finer instant says nothing of which was earlier.
func before(a, b Item) int {
	if c := second(a.At).Compare(second(b.At)); c != 0 {
		return c
	}
	if c := cmp.Compare(a.place, b.place); c != 0 && a.place != 0 && b.place != 0 {
		return c
	}
	return a.rank - b.rank
}

// request is a request as an item.
func (s *Stay) request(e *journal.Entry, made map[string]bool) Item {
	of := kindOf(e)
	i := Item{ID: e.ID, At: e.At, Kind: of, RequestID: e.ID, rank: kinds[of].rank}
	if e.Code != 0 {
		i.Kind, i.Failed, i.Why, i.WhyZh = Refused, true, e.Explain("en"), e.Explain("zh")
		word := strconv.Itoa(e.Code)
		if reason := e.Reason(); reason != "" {
			word += " " + reason
		}
		return i.say(e.Endpoint+" refused: "+word, e.Endpoint+" 被拒绝："+word)
	}
	plate := s.order.Vehicle.Plate
	switch of {
	case SMS:
		return i.say("SMS code to "+e.Phone, "验证码发至 "+e.Phone)
	case Login:
		return i.say(e.Phone+" signed in through "+e.MerchantNo, e.Phone+" 经 "+e.MerchantNo+" 登录")
	case Bind:
		return i.say(plate+" bound by "+e.Phone, e.Phone+" 绑定 "+plate)
	case Unbind:
		return i.say(plate+" unbound by "+e.Phone, e.Phone+" 解绑 "+plate)
	case Retrieve:
		return i.say(plate+" certified for "+e.MerchantNo, plate+" 已为 "+e.MerchantNo+" 认证")
	case Quote:
		return s.quote(i, e)
	case Paid:
		return s.payment(i, e, made)
	default:
		return i.say(e.Endpoint+" answered", e.Endpoint+" 已应答")
	}
}

func (s *Stay) quote(i Item, e *journal.Entry) Item {
	amount, known := quoted(e)[s.order.ID]
	if !known {
		return i.say("orderunpay: nothing to pay, or an answer that was not kept whole", "orderunpay：无应付费用，或应答未完整保留")
	}
	i.Amount = &amount
	until := notation.FormatTime(e.At.Add(s.quoteTTL))
	return i.say("¥"+amount.Plain()+" to pay; the quote holds until "+until, "应付 ¥"+amount.Plain()+"，报价有效期至 "+until)
}

// payment is an orderpaid that was accepted: the payment, or the same one answered again.
func (s *Stay) payment(i Item, e *journal.Entry, made map[string]bool) Item {
	var data struct {
		ExternalOrderID any `json:"externalOrderId"`
	}
	_ = json.Unmarshal([]byte(e.Data), &data) // where it was not kept whole, no payment is found for it
	id, _ := data.ExternalOrderID.(string)
	at := slices.IndexFunc(s.order.Payments, func(p platform.Payment) bool { return p.ExternalOrderID != "" && p.ExternalOrderID == id })
	if at < 0 || made[id] {
		i.Kind = Request
		return i.say("orderpaid answered once more", "orderpaid 再次应答")
	}
	made[id] = true
	return paid(i, &s.order.Payments[at])
}

func paid(i Item, p *platform.Payment) Item {
	amount := p.Amount
	i.Amount = &amount
	if p.ExternalOrderID == "" {
		return i.say("¥"+amount.Plain()+" debited", "自动扣款 ¥"+amount.Plain())
	}
	return i.say("¥"+amount.Plain()+" paid through "+p.MerchantNo+", "+p.PayOrderID, "经 "+p.MerchantNo+" 支付 ¥"+amount.Plain()+"，"+p.PayOrderID)
}

// others are what no request tells of: the car, pushes, and payments whose request is not in the journal any more.
func (s *Stay) others(made map[string]bool) (all []Item) {
	o := &s.order
	enter := Item{ID: Enter, At: o.EntranceTime, Kind: Enter, rank: kinds[Enter].rank}
	all = append(all, enter.say(o.Vehicle.Plate+" drove into "+o.ParkingName, o.Vehicle.Plate+" 驶入 "+o.ParkingName))
	if !o.ExitTime.IsZero() {
		all = append(all, s.exit())
	}
	for n := range o.Payments {
		if p := &o.Payments[n]; !made[p.ExternalOrderID] || p.ExternalOrderID == "" {
			all = append(all, paid(Item{ID: p.PayOrderID, At: p.At, Kind: Paid, rank: kinds[Paid].rank}, p))
		}
	}
	ahead := map[string]*push.Item{} // the first push of each merchant that others wait for
	for n := range s.pushes {
		p := &s.pushes[n]
		all = append(all, pushed(p, ahead[p.MerchantNo])...)
		if s.ordered && ahead[p.MerchantNo] == nil && p.Status == push.Pending && !p.Injected.Hold {
			ahead[p.MerchantNo] = p
		}
	}
	createdAt := map[string]time.Time{}
	for n := range s.pushes {
		createdAt[s.pushes[n].ID] = s.pushes[n].CreatedAt
	}
	for n := range all {
		all[n].place = s.course.other(&all[n], createdAt[all[n].PushID])
	}
	return all
}

func (s *Stay) exit() Item {
	o := &s.left
	length, lengthZh := duration.Between(s.order.EntranceTime, s.order.ExitTime)
	fee := o.Fee
	i := Item{ID: Exit, At: o.ExitTime, Kind: Exit, Amount: &fee, rank: kinds[Exit].rank}
	return i.say(
		"left after "+length+": fee ¥"+o.Fee.Plain()+", electronic ¥"+o.PaidElectronic.Plain()+", cash ¥"+o.PaidCash.Plain()+", owing ¥"+o.Remaining.Plain(),
		"停放 "+lengthZh+"后驶离：停车费 ¥"+o.Fee.Plain()+"，电子支付 ¥"+o.PaidElectronic.Plain()+"，现金 ¥"+o.PaidCash.Plain()+"，尚欠 ¥"+o.Remaining.Plain())
}

// pushed is a push, each attempt to deliver it, and the one that is to come, which may wait behind another push.
func pushed(p, ahead *push.Item) []Item {
	rank := kinds[Unbind].rank + 1
	switch p.Kind {
	case schemas.PushEntry:
		rank = kinds[Enter].rank + 1
	case schemas.PushExit:
		rank = kinds[Exit].rank + 1
	}
	to := p.Kind + " → " + p.MerchantNo
	i := Item{ID: p.ID, At: p.CreatedAt, Kind: Push, PushID: p.ID, Failed: p.Status == push.Failed, rank: rank}
	all := []Item{i.say(to+": "+string(p.Status), to+"："+statusZh[p.Status])}
	for n := range p.Attempts {
		a, count := &p.Attempts[n], strconv.Itoa(n+1)
		i := Item{ID: p.ID + "-" + count, At: a.At, Kind: Attempt, PushID: p.ID, Attempt: n + 1, Failed: a.Error != "", rank: rank}
		came, cameZh := a.Error, push.AnswerErrorZh(a.Error, a.Response)
		if came == "" {
			came = "HTTP " + strconv.Itoa(a.HTTPStatus)
			cameZh = came
		}
		all = append(all, i.say(to+", attempt "+count+": "+came, to+"，第 "+count+" 次："+cameZh))
	}
	if !p.NextAttemptAt.IsZero() {
		count := strconv.Itoa(len(p.Attempts) + 1)
		i := Item{ID: p.ID + "-" + count, At: p.NextAttemptAt, Kind: Next, PushID: p.ID, Attempt: len(p.Attempts) + 1, rank: kinds[Next].rank}
		if ahead != nil {
			i.At, i.rank, i.Behind = latest(i.At, ahead.NextAttemptAt), i.rank+1, ahead.ID
			all = append(all, i.say(to+", attempt "+count+" waits behind "+ahead.ID, to+"，第 "+count+" 次排在 "+ahead.ID+" 之后"))
			return all
		}
		all = append(all, i.say(to+", attempt "+count+" is due", to+"，第 "+count+" 次待投递"))
	}
	return all
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

var statusZh = map[push.Status]string{push.Pending: "待投递", push.Delivered: "已送达", push.Failed: "失败"}
