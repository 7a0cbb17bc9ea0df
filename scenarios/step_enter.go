package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "enter", NameZh: "入场",
		Doc: "A car drives in; the answer is its order.",
		Form: syntax.Object("a car that enters",
			syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
			syntax.Optional("parkingId", language.CarPark, "The car park; default the first."), syntax.Optional("at", template.Instant, "When; default now."),
			syntax.Optional("userType", template.Text, "\"76\" long-term or \"77\" temporary; default what the registry says."),
			syntax.Optional("fixParkingId", template.Text, "A long-term tenant's space."), syntax.Optional("remainingDays", template.Text, "Days a long-term tenant has left.")),
		Answer:   orderAnswer,
		Subject:  language.Member("plateNumber"),
		Children: language.NoSteps,
		Check:    checkOrder,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).enter, expectsNothing)
}

// orderAnswer is an order, as the control API gives it.
var orderAnswer = language.Known(
	"status", "detail", "orderId", "plateNumber", "plateColor", "parkingId", "parkingName", "userType", "fixParkingId", "remainingDays",
	"entranceTime", "exitTime", "state", "parkingFee", "paidElectronic", "paidCash", "remainingFee", "payments",
)

// orderStates are the states of an order (the control API's Order).
var orderStates = []string{"parked", "left", "owing"}

// checkOrder finds a state that no order ever has.
func checkOrder(c *syntax.Checker, n *syntax.Node, path string) {
	state := n.Get("expect").Get("state")
	if state == nil || len(state.Members) > 0 || strings.Contains(state.Scalar, "${") || state.Kind == syntax.TextKind && slices.Contains(orderStates, state.Scalar) {
		return
	}
	c.Problem(state.Position, syntax.Join(path, "expect.state"), fmt.Sprintf("no order is in the state %q", state.Scalar), syntax.DidYouMeanOr(state.Scalar, orderStates))
}

func (r *runner) enter(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	if step.Body.Find("parkingId") != nil {
		return r.post(ctx, f, step, out, http.MethodPost, "/cars/enter")
	}
	value, err := step.Body.Eval(f.vars)
	if err != nil {
		return err
	}
	car := value.(map[string]any) // by its form
	first, err := r.sandbox.Parkings(ctx, control.Page{Limit: 1})
	switch {
	case err != nil:
		return err
	case len(first.Items) == 0:
		return wrong(step.Position, errors.New("the sandbox has no car parks; give it some under parkings"))
	}
	car["parkingId"] = first.Items[0].ID
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, http.MethodPost, "/cars/enter", car) })
}
