package scenarios

import (
	"regexp"
	"slices"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// action is what a step can do.
type action struct {
	name    string
	form    *syntax.Form
	doc     string
	extras  []syntax.Field // beside it
	answer  []string       // what its answer holds, for expect and expressions; nil: anything
	control bool           // it wants a mock
}

var orderFields = []string{
	"status", "detail", "orderId", "plateNumber", "plateColor", "parkingId", "parkingName", "userType", "fixParkingId", "remainingDays",
	"entranceTime", "exitTime", "state", "parkingFee", "paidElectronic", "paidCash", "remainingFee", "payments",
}

var clockAnswer = []string{"status", "detail", "now", "mode", "rate"}

var pushFields = func() []string {
	fields := []string{"signment"}
	for _, p := range schemas.Pushes() {
		for _, name := range p.Fields {
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
	}
	return fields
}()

var pushItem = []string{
	"status", "detail", "id", "kind", "merchantNo", "plateNumber", "orderId", "url", "contentType", "body", "signed",
	"attempts", "nextAttemptAt", "createdAt",
}

var requestForm = syntax.Object("what is bent of the request",
	syntax.Optional("sign", template.Text, "Sent as sign in place of the right one."),
	syntax.Optional("timeStamp", template.Text, "time_stamp as yyyyMMddHHmmss, or how far from now: -11m, +11m. It is signed."),
	syntax.Optional("merchantNo", template.Text, "Sent as merchant_no."),
	syntax.Optional("key", template.Text, "Signs in place of the merchant's key."),
	syntax.Optional("method", &syntax.Form{Want: "method", Kind: syntax.TextKind, OneOf: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}}, "The HTTP method, in place of the endpoint's."),
	syntax.Optional("version", template.Text, "In the path, in place of 1.0.0."),
	syntax.Optional("rawData", template.Text, "Sent as data, as it is; it is signed."),
	syntax.Optional("omit", syntax.List(&syntax.Form{Want: "parameter", Kind: syntax.TextKind, OneOf: []string{"merchant_no", "time_stamp", "data", "sign"}}, "a list of parameters"), "Parameters that are not sent."))

var stepsForm = &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: stepForm, Name: "steps"}

var stepForm = &syntax.Form{Want: "a step", Kind: syntax.ObjectKind, Name: "step"}

// The actions of steps. What a call answers has names of its own beside the envelope's, see the package's documentation.
var actions []action

func init() { // steps hold steps
	merchantOf := syntax.Optional("as", template.Text, "The merchant that calls, by number or name; default the first.")
	countForm := &syntax.Form{Want: "a whole number or {min, max}", Options: []*syntax.Form{
		{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 0, Most: 1_000_000}},
		template.Computed,
		syntax.Object("bounds", syntax.Optional("min", template.Count, "At least so many."), syntax.Optional("max", template.Count, "At most so many.")),
	}}
	actions = []action{
		{"call", endpoint, "A signed request to an endpoint. Code 0 and the endpoint's JSON Schema are expected without saying so.", []syntax.Field{
			syntax.Optional("data", values, "The business parameters, sent as JSON in this order."),
			merchantOf,
			syntax.Optional("request", requestForm, "Bends the envelope on purpose."),
		}, []string{"code", "message", "data", "httpStatus", "reason", "requestId", "error", "body"}, false},
		{
			"enter", syntax.Object("a car that enters",
				syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
				syntax.Required("parkingId", template.Text, "The car park."), syntax.Optional("at", template.Instant, "When; default now."),
				syntax.Optional("userType", template.Text, "\"76\" long-term or \"77\" temporary; default what the registry says."),
				syntax.Optional("fixParkingId", template.Text, "A long-term tenant's space."), syntax.Optional("remainingDays", template.Text, "Days a long-term tenant has left.")),
			"A car drives in; the answer is its order.", nil, orderFields, true,
		},
		{
			"exit", syntax.Object("a car that leaves",
				syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
				syntax.Optional("at", template.Instant, "When; default now."),
				syntax.Optional("payment", &syntax.Form{Want: "payment", Kind: syntax.TextKind, OneOf: []string{"cash", "withhold", "none"}}, "How what is owed is settled: in cash (default), debited, or left owing.")),
			"A car drives out; the answer is its order.", nil, orderFields, true,
		},
		{"advance", template.Duration, "Moves the clock forward; everything that falls due on the way happens in order.", nil, clockAnswer, true},
		{"clock", clockForm, "Sets the clock: a time, at which it stands, or {now, mode, rate}.", nil, clockAnswer, true},
		{"push", pushKind, "Waits (default 2s, or within) for a push of this kind that matches expect.", []syntax.Field{
			syntax.Optional("where", &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind, Each: match.Form}, "Only pushes whose fields match this are looked at."),
			syntax.Optional("count", countForm, "How many must match: a number, or {min, max}; default at least one. 0: that none came."),
			syntax.Optional("as", template.Text, "Only pushes to this merchant, by number or name."),
			syntax.Optional("status", &syntax.Form{Want: "state of a push", Kind: syntax.TextKind, OneOf: []string{"pending", "delivered", "failed"}}, "Only pushes in this state."),
		}, pushFields, false},
		{
			"trigger", syntax.Object("a push made by hand",
				syntax.Required("kind", pushKind, "Its kind."), syntax.Optional("merchantNo", template.Text, "To whom, by number or name; default the first merchant."),
				syntax.Optional("fields", values, "Its fields; what is left out is made up.")),
			"Fires a push by hand.", nil, pushItem, true,
		},
		{"redeliver", template.Text, "Delivers a push once more, byte for byte, by its id (push.id).", nil, []string{"status", "detail"}, true},
		{"fault", &syntax.Form{Want: "a fault, or clear", Options: []*syntax.Form{{Want: "fault", Kind: syntax.TextKind, OneOf: []string{"clear"}}, faultForm}}, "Makes something go wrong; `clear` takes every fault away.", nil, []string{"status", "detail", "id"}, true},
		{"rules", rulesForm, "Changes rules of the platform.", nil, nil, true},
		{"snapshot", &syntax.Form{Want: "a name", Kind: syntax.TextKind, Pattern: slug, Fixed: true}, "Keeps the whole world under a name.", nil, []string{"status", "detail"}, true},
		{"restore", &syntax.Form{Want: "a name", Kind: syntax.TextKind, Pattern: slug, Fixed: true}, "Puts the world back as it was at the snapshot.", nil, []string{"status", "detail"}, true},
		{"sms", syntax.Object("whose code", syntax.Required("mobilePhone", template.Text, "The phone.")), "Reads the newest SMS code of a phone. Against the real platform it is asked for, or given as --var code=.", nil, []string{"status", "detail", "code", "sentAt", "expiresAt", "used"}, false},
		{
			"http", syntax.Object("a request",
				syntax.Optional("method", &syntax.Form{Want: "method", Kind: syntax.TextKind, OneOf: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}}, "Default GET, or POST with a body."),
				syntax.Required("url", template.Text, "Where; a path alone is the target's."),
				syntax.Optional("headers", &syntax.Form{Want: "a mapping of headers", Kind: syntax.ObjectKind, Each: template.Text}, "Headers."),
				syntax.Optional("json", template.Any, "A body as JSON."),
				syntax.Optional("form", &syntax.Form{Want: "a mapping of form fields", Kind: syntax.ObjectKind, Each: template.TextOrNo}, "A body as a form."),
				syntax.Optional("body", template.Text, "A body as it is.")),
			"Any other request, to a merchant's own API, say. A status of 2xx is expected unless expect.status says otherwise.", nil,
			[]string{"status", "headers", "body", "text", "error"},
			false,
		},
		{"sleep", template.Duration, "Lets time pass: on a mock its clock moves, at once at full speed; elsewhere it is waited.", nil, nil, false},
		{"traffic", trafficForm, "A city lives its day on the sandbox's clock: cars come and go by the hour, their owners log in, bind, ask, pay and forget to pay. The answer says what became of it.", nil, trafficFields, true},
		{"set", vars, "Sets variables.", nil, nil, false},
		{"use", &syntax.Form{Want: "a name of a scenario", Kind: syntax.TextKind, Pattern: slug, Fixed: true}, "Runs another scenario's steps here, in this world; what they save comes along.", []syntax.Field{
			syntax.Optional("with", vars, "Values for its variables."),
		}, nil, false},
		{"parallel", &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: stepForm, Least: 1}, "Steps that are run at once; what they save comes along when all are done.", nil, nil, false},
		{
			"repeat", syntax.Object("what is repeated",
				syntax.Required("times", template.WholeNumber(0, maxRepeat), "How often. ${index} counts from 0."),
				syntax.Required("steps", &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: stepForm, Least: 1}, "The steps.")),
			"Steps that are run several times.", nil, nil, false,
		},
	}
	var forms []*syntax.Form
	for _, a := range actions {
		fields := append([]syntax.Field{syntax.Required(a.name, a.form, a.doc)}, a.extras...)
		forms = append(forms, syntax.Object("a step", append(fields, modifiers(a)...)...))
	}
	stepForm.Alternatives = func() []*syntax.Form { return forms }
}

const maxRepeat = 100_000

var saveForm = &syntax.Form{
	Want: "a mapping of variables to expressions over the answer", Kind: syntax.ObjectKind, Each: template.AnswerExpression,
	Keys: identifier, Reserved: reserved, KeyWant: "name of a variable: letters, digits and _", Check: checkNames,
}

// modifiers are what any step takes.
func modifiers(a action) []syntax.Field {
	expected := match.Form
	if a.answer != nil {
		fields := make([]syntax.Field, len(a.answer))
		for i, name := range a.answer {
			fields[i] = syntax.Field{Name: name, Form: match.Form}
		}
		expected = &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind, Fields: fields}
	}
	assertion := syntax.List(template.AnswerExpression, "an expression, or a list of them")
	return []syntax.Field{
		syntax.Optional("name", syntax.Plain, "What the step shows, for people."),
		syntax.Optional("if", template.Expression, "The step is skipped unless this is true."),
		syntax.Optional("expect", expected, "What the answer must hold: a subset, by value and JSON type, with matchers."),
		syntax.Optional("assert", &syntax.Form{Want: "an expression, or a list of them", Options: []*syntax.Form{template.AnswerExpression, assertion}}, "Expressions over the answer and the variables that must be true."),
		syntax.Optional("save", saveForm, "Variables taken from the answer by expressions: data.token."),
		syntax.Optional("until", template.AnswerExpression, "Repeats the step until this is true of its answer."),
		syntax.Optional("every", template.FixedDuration, "How long between two attempts; default 100ms."),
		syntax.Optional("within", template.FixedDuration, "How long is tried, in real time; default 5s with until."),
	}
}

var relativeStamp = regexp.MustCompile(`^[+-].*[a-zµ]$`)
