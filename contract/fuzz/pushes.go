package fuzz

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
	"github.com/etcp-mock/etcp-mock/sign"
)

// pushes holds what was sent in a story to what must have been: how it is signed and written (§10), what it says, when it was tried, and that there is no other.
func (p *player) pushes(ctx context.Context) *breach {
	if p.sandbox == nil || len(p.s.steps) == 0 {
		return nil
	}
	sent, b := p.sent(ctx)
	if b != nil {
		return b
	}
	for to := range p.no {
		want := p.model.Pushes(to)
		received := slices.DeleteFunc(slices.Clone(sent), func(s control.Push) bool { return s.MerchantNo != p.no[to] })
		for i, s := range received {
			if b := p.pushSent(s, to, want, i); b != nil {
				return b
			}
		}
		if n := len(received); n < len(want) && len(sent) < mostPushes {
			return p.wrongPush(want[n].Kind, "one is due, and none was sent").shownBy(showsPushes(to, want, want[n].Kind))
		}
	}
	if p.strange { // in whose order the others are
		return nil
	}
	return p.deliveries(sent)
}

const mostPushes = 1000

// sent are the pushes of the kinds that the model knows, once none of them is on its way.
func (p *player) sent(ctx context.Context) ([]control.Push, *breach) {
	if err := p.sandbox.DrainPushes(ctx, timeout); err != nil {
		if problem := problemOf(err); problem != nil && problem.Status == http.StatusGatewayTimeout {
			return nil, p.wrongPush("entry", "the first attempts do not end")
		}
		return nil, &breach{kind: "outage", message: err.Error(), outage: wire.ControlOutage(err)}
	}
	list, err := p.sandbox.Pushes(ctx, control.PushFilter{}, control.Page{Limit: mostPushes})
	if err != nil {
		return nil, &breach{kind: "outage", message: err.Error(), outage: wire.ControlOutage(err)}
	}
	known := slices.DeleteFunc(list.Items, func(sent control.Push) bool { return !slices.Contains(model.Kinds, string(sent.Kind)) })
	p.strange = len(known) < len(list.Items)
	return known, nil
}

func (p *player) wrongPush(kind, format string, args ...any) *breach {
	return &breach{kind: "push " + kind, message: kind + " push: " + fmt.Sprintf(format, args...), section: "§10", step: p.s.steps[len(p.s.steps)-1].id, wantCode: model.Unsure}
}

// pushSent holds one push to what is due at its place.
func (p *player) pushSent(s control.Push, to int, want []*model.Push, i int) *breach {
	kind := string(s.Kind)
	how := pushcheck.Sent{Method: http.MethodPost, ContentType: s.ContentType, Body: []byte(s.Body), MerchantNo: s.MerchantNo}
	merchants := []control.SandboxMerchant{{MerchantNo: p.no[0], MerchantKey: p.key[0]}, {MerchantNo: p.no[1], MerchantKey: p.key[1]}}
	if err := how.Wrong(kind, merchants, []sign.PushData{sign.PushData(p.setup.SignData)}); err != nil {
		return p.wrongPush(kind, "%v", err).shownBy(showsPush(to, kind, "")) // which verifies that of itself
	}
	if i >= len(want) {
		return p.wrongPush(kind, "none is due, and one was sent: %s", wire.Head([]byte(s.Body))).shownBy(showsPushes(to, want, kind))
	}
	if kind != want[i].Kind {
		return p.wrongPush(kind, "want %s: %s", want[i].Kind, wire.Head([]byte(s.Body))).shownBy(showsPushes(to, want, kind) + showsPushes(to, want, want[i].Kind))
	}
	if field, wrong := want[i].Wrong(s.ContentType, s.Body, p.setup.Encoding); wrong != "" {
		return p.wrongPush(kind, "%s: %s", wrong, wire.Head([]byte(s.Body))).shownBy(showsField(to, want, want[i], field))
	}
	return nil
}

// shownBy adds the steps that show the breach, after those of the story.
func (b *breach) shownBy(steps string) *breach {
	b.shows = steps
	return b
}

// showsPush is a step that waits for a push to a merchant; one whose signature, form or fields are wrong fails it.
func showsPush(to int, kind, more string) string {
	return fmt.Sprintf("  - {push: %s, as: %s%s}\n", kind, merchantNames[to], more)
}

// showsPushes is a step that wants as many pushes of a kind to a merchant as are due.
func showsPushes(to int, want []*model.Push, kind string) string {
	return showsPush(to, kind, fmt.Sprintf(", count: %d", count(want, func(p *model.Push) bool { return p.Kind == kind })))
}

// showsField is a step that wants as many pushes of a kind to a merchant to hold a value as must.
func showsField(to int, want []*model.Push, of *model.Push, field string) string {
	value := of.Value(field)
	if value == "" || field == "synId" { // which is another one in each run
		return showsPush(to, of.Kind, "")
	}
	same := count(want, func(p *model.Push) bool { return p.Kind == of.Kind && p.Value(field) == value })
	return showsPush(to, of.Kind, fmt.Sprintf(", where: {%s: %s}, count: %d", field, value, same))
}

func count(all []*model.Push, wanted func(*model.Push) bool) (n int) {
	for _, p := range all {
		if wanted(p) {
			n++
		}
	}
	return n
}
