package scenarios

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "enter",
		Doc:  "A car drives in; the answer is its order.",
		Form: syntax.Object("a car that enters",
			syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
			syntax.Required("parkingId", template.Text, "The car park."), syntax.Optional("at", template.Instant, "When; default now."),
			syntax.Optional("userType", template.Text, "\"76\" long-term or \"77\" temporary; default what the registry says."),
			syntax.Optional("fixParkingId", template.Text, "A long-term tenant's space."), syntax.Optional("remainingDays", template.Text, "Days a long-term tenant has left.")),
		Answer:   orderAnswer,
		Subject:  language.Member("plateNumber"),
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).enter, expectsNothing)
}

// orderAnswer is an order, as the control API gives it.
var orderAnswer = language.Known(
	"status", "detail", "orderId", "plateNumber", "plateColor", "parkingId", "parkingName", "userType", "fixParkingId", "remainingDays",
	"entranceTime", "exitTime", "state", "parkingFee", "paidElectronic", "paidCash", "remainingFee", "payments",
)

func (r *runner) enter(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPost, "/cars/enter")
}
