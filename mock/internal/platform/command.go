package platform

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A Command is one thing that happens to a sandbox's state beside calls of the platform ([State.Call]): an act of the simulator, a
// change of what the operator set up.
type Command interface {
	// Summary is what the command does, in a line of each language, without keys.
	Summary() lang.Text

	kind() string
	apply(w *State, now time.Time) Result
}

// Result is what applying a command gave. Where Err is set, or Answer refuses,
// nothing has changed and there are no pushes.
type Result struct {
	Answer Answer // of a call
	Value  any    // of a command
	Pushes []Push
	Err    *CommandError
}

// Apply lets a command happen at an instant. Every rule decides first (it draws
// what is random, seals, and makes the pushes) and changes the state last, so
// that one that panics has changed nothing; what it had drawn is put back here.
func (w *State) Apply(now time.Time, c Command) Result {
	done := false
	defer w.undraw(&done, *w.rng)
	switch c.(type) {
	case PutMerchant, PutParking, SetRules: // what every sandbox is made of
	default:
		w.inhabit()
	}
	r := c.apply(w, now.In(notation.Shanghai))
	done = true
	return r
}

// Call is [State.Apply] for a request that passed the envelope's checks, 2 to 9. It keeps nothing of the input.
func (w *State) Call(now time.Time, merchantNo string, in *params.Input) Result {
	done := false
	defer w.undraw(&done, *w.rng)
	w.inhabit()
	r := w.call(now.In(notation.Shanghai), merchantNo, in)
	done = true
	return r
}

// undraw puts back what a rule had drawn that did not come to its end.
func (w *State) undraw(done *bool, rng rand.PCG) {
	if !*done {
		*w.rng = rng
	}
}

// mayFail is called wherever a rule draws, seals or makes a push.
func (w *State) mayFail() {
	if w.fail != nil {
		w.fail()
	}
}

// Kind is the sort of a problem; the edge gives it its HTTP status.
type Kind int

// The kinds of problem.
const (
	Invalid  Kind = iota + 1 // a value that cannot be
	NotFound                 // what it names is not there
	Conflict                 // it cannot be now
)

// CommandError is why the simulator or the operator was refused.
type CommandError struct {
	Kind   Kind
	Field  string // the field of the command it is about, camelCase
	Detail string
	Reason string // a stable word by which programs distinguish refusals of one kind; "" where none has to
}

func (p *CommandError) Error() string { return p.Detail }

func failed(kind Kind, field, detail string) Result {
	return failedBecause("", kind, field, detail)
}

func failedBecause(reason string, kind Kind, field, detail string) Result {
	return Result{Err: &CommandError{kind, field, detail, reason}}
}

func itoa(n int) string { return strconv.Itoa(n) }

// Answer is what goes on the wire, and why.
type Answer struct {
	Code    int
	Message string
	Data    any // nil: absent
	Refusal *reasons.Refusal
	Lints   []params.Lint
}

// caller is who calls: check 10 has found the phone behind the token.
type caller struct {
	merchant, phone string
}

type endpointRule func(w *State, now time.Time, who caller, in *params.Input) outcome

// outcome is an endpoint's own part of an answer.
type outcome struct {
	data    any
	refusal *reasons.Refusal
	pushes  []Push
}

func refuse(r *reasons.Refusal) outcome { return outcome{refusal: r} }

var endpointRules = map[string]endpointRule{
	"uservalidatecode":   (*State).sendCode,
	"userlogin":          (*State).login,
	"usersigin":          (*State).signIn,
	"bindcar":            (*State).bindCar,
	"unbindcar":          (*State).unbindCar,
	"orderhistory":       (*State).orderHistory,
	"orderunpay":         (*State).orderUnpay,
	"orderpaid":          (*State).orderPaid,
	"carretrieve":        (*State).carRetrieve,
	"surroundingparking": (*State).surroundingParking,
	"parkingstatus":      (*State).parkingStatus,
	"carnum":             (*State).carNumber,
}

const paidMessage = "支付通知成功" // §9.8.3

func (w *State) call(now time.Time, merchantNo string, in *params.Input) Result {
	row := in.Row()
	who := caller{merchant: merchantNo}
	var done outcome
	if row.Token {
		who.phone, done.refusal = w.holder(merchantNo, in.Get("token"), now)
	}
	if done.refusal == nil {
		done = endpointRules[row.Name](w, now, who, in)
	}
	if r := done.refusal; r != nil {
		return Result{Answer: Answer{Code: r.Code, Message: w.rules.Message(r.Code, ""), Refusal: r}}
	}
	success := "ok"
	if row.Name == "orderpaid" {
		success = paidMessage
	}
	return Result{
		Answer: Answer{Message: w.rules.Message(schemas.CodeOK, success), Data: done.data},
		Pushes: done.pushes,
	}
}
