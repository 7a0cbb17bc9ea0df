package show

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Pushes prints pushes as a table; filtered: there may be others.
func Pushes(p *Printer, pushes []control.Push, filtered bool) error {
	none := "no pushes; a merchant gets some when it has a push URL and a plate is bound through it (try: etcp-mock listen)"
	if filtered {
		none = "no push is like that"
	}
	return cli.PrintList(p.Printer, pushes, none, []cli.Column[control.Push]{
		{Title: "ID", Cell: func(x control.Push) string { return p.Bold(cli.Clean(x.ID)) }},
		{Title: "KIND", Cell: func(x control.Push) string { return cli.Clean(string(x.Kind)) }},
		{Title: "STATUS", Cell: func(x control.Push) string { return p.State(x.Status) }},
		{Title: "PLATE", Cell: func(x control.Push) string { return cli.Clean(x.PlateNumber) }},
		{Title: "MERCHANT", Cell: func(x control.Push) string { return cli.Clean(x.MerchantNo) }},
		{Title: "CREATED", Cell: func(x control.Push) string { return x.CreatedAt.String() }},
		{Title: "TRIES", Right: true, Cell: func(x control.Push) string { return strconv.Itoa(len(x.Attempts)) }},
		{Title: "LAST", Cell: func(x control.Push) string { return p.lastAttempt(x) }},
	})
}

// lastAttempt is how the newest attempt went, or what the push waits for.
func (p *Printer) lastAttempt(x control.Push) string {
	if x.WaitsFor != "" {
		return p.waits(x)
	}
	if len(x.Attempts) == 0 {
		return p.faulted(x)
	}
	last := x.Attempts[len(x.Attempts)-1]
	text := p.attempt(last)
	if said := answerMessage(last); last.Error != "" && said != "" {
		text = p.Either(text+" ("+p.Short(cli.Clean(said), longestMessage)+")", text+"（"+p.Short(cli.Clean(said), longestMessage)+"）")
	}
	if !x.NextAttemptAt.IsZero() {
		text = p.Phrase("%s; next %s", text, x.NextAttemptAt)
	}
	return text
}

// longestMessage is how much of a webhook's own message a table shows, in characters.
const longestMessage = 100

// answerMessage is what the webhook itself said, "" where its answer has no message.
func answerMessage(a control.Attempt) string {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal([]byte(a.Response), &answer) != nil {
		return ""
	}
	return answer.Message
}

// faulted says that a fault keeps a push back which was not attempted yet.
func (p *Printer) faulted(x control.Push) string {
	switch faults := cli.Clean(strings.Join(x.Faults, ", ")); {
	case faults == "" || x.Status != control.PushPending || len(x.Attempts) > 0:
		return ""
	case reordered(x):
		return p.Phrase("held by fault %s until the merchant's next push", faults)
	default:
		return p.Phrase("fault %s", faults)
	}
}

// reordered is a push that a fault holds until another has overtaken it.
func reordered(x control.Push) bool {
	return !x.NextAttemptAt.IsZero() && x.NextAttemptAt.Sub(x.CreatedAt.Time) >= reorderedFor
}

// reorderedFor is how long a push is held that waits for another to overtake it, where none comes; no fault delays a push so long.
const reorderedFor = 24 * time.Hour

// waits is what a push of a vehicle waits for.
func (p *Printer) waits(x control.Push) string {
	return p.Phrase("waits for %s (%s)", cli.Clean(x.WaitsFor), "push.ordering")
}

// attempt is how an attempt went.
func (p *Printer) attempt(a control.Attempt) string {
	if a.Error != "" {
		return cli.Clean(p.Either(a.Error, a.ErrorZh))
	}
	return "HTTP " + strconv.Itoa(a.HTTPStatus)
}

// Push prints a push whole: its body, what was signed, every attempt.
func Push(p *Printer, x control.Push) error {
	if p.JSON {
		return p.Object(x)
	}
	fault, waits, next := "", p.faulted(x), x.NextAttemptAt.String()
	if waits != "" && !reordered(x) { // it is on its way
		fault, waits = cli.Clean(strings.Join(x.Faults, ", ")), ""
	}
	if x.WaitsFor != "" {
		waits, next = p.waits(x), ""
	}
	p.Card(
		cli.Field{"push", p.Bold(cli.Clean(x.ID)) + "  " + cli.Clean(string(x.Kind)) + "  " + p.State(x.Status)},
		cli.Field{"plate", cli.Clean(x.PlateNumber)}, cli.Field{"merchant", cli.Clean(x.MerchantNo)}, cli.Field{"order", cli.Clean(x.OrderID)}, cli.Field{"url", cli.Clean(x.URL)},
		cli.Field{"created", x.CreatedAt.String()}, cli.Field{"next attempt", next}, cli.Field{"held", waits}, cli.Field{"fault", fault}, cli.Field{"content type", cli.Clean(x.ContentType)},
		cli.Field{"signed", cli.Clean(x.Signed)}, cli.Field{"body", cli.Indented([]byte(x.Body))},
	)
	for i, a := range x.Attempts {
		p.Line("")
		p.Card(
			cli.Field{p.Phrase("attempt %d", i+1), a.At.String() + fmt.Sprintf("  (%d ms)", a.DurationMs)},
			cli.Field{"outcome", p.attempt(a)}, cli.Field{"kind", p.Kinds(a.Diagnosis)}, cli.Field{"fix", p.fixes(a.Diagnosis)}, cli.Field{"response", p.Short(cli.Clean(a.Response), 500)},
		)
	}
	return nil
}

// Held prints which pushes wait for others of their vehicle.
func (p *Printer) Held(pending []control.Push) {
	for _, x := range pending {
		if x.WaitsFor != "" {
			p.Line("%s %s", p.Bold(cli.Clean(x.ID)), p.Yellow(p.waits(x)))
		}
	}
}

// FrozenClock says of pushes that are to be sent again later that the clock stands, and how to move it.
func (p *Printer) FrozenClock(clock control.Clock, pending []control.Push) {
	waiting, next := 0, control.Push{}
	for _, x := range pending {
		if x.WaitsFor != "" || !x.NextAttemptAt.After(clock.Now.Time) {
			continue
		}
		if waiting++; waiting == 1 || x.NextAttemptAt.Before(next.NextAttemptAt.Time) {
			next = x
		}
	}
	if clock.Mode != control.ClockFrozen || waiting == 0 {
		return
	}
	next.ID = cli.Clean(next.ID)
	p.Line("%s", p.Yellow(p.Either(
		fmt.Sprintf("the clock is frozen at %s: %s for a later attempt, %s at %s (etcp-mock clock advance %s)", clock.Now, waits(waiting), next.ID, next.NextAttemptAt, next.NextAttemptAt.Sub(clock.Now.Time)),
		fmt.Sprintf("时钟冻结在 %s：%d 条推送等待下次重试，其中 %s 在 %s（etcp-mock clock advance %s）", clock.Now, waiting, next.ID, next.NextAttemptAt, next.NextAttemptAt.Sub(clock.Now.Time)))))
}

func waits(n int) string {
	if n == 1 {
		return "1 push waits"
	}
	return strconv.Itoa(n) + " pushes wait"
}
