package scenarios

import (
	"regexp"
	"slices"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// action is what a step can do.
type action struct {
	name    string
	form    *form
	doc     string
	extras  []field  // beside it
	answer  []string // what its answer holds, for expect and expressions; nil: anything
	control bool     // it wants a mock
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

// matcherForm is a value or a matcher, to any depth.
var matcherForm = &form{want: "a value or a matcher", any: true, name: "matcher", check: func(c *checker, n *node, path string) {
	compileMatcher(c, n, path)
}}

var requestForm = object("what is bent of the request",
	field{"sign", text, "Sent as sign in place of the right one.", false},
	field{"timeStamp", text, "time_stamp as yyyyMMddHHmmss, or how far from now: -11m, +11m. It is signed.", false},
	field{"merchantNo", text, "Sent as merchant_no.", false},
	field{"key", text, "Signs in place of the merchant's key.", false},
	field{"method", &form{want: "method", kind: textKind, oneOf: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}}, "The HTTP method, in place of the endpoint's.", false},
	field{"version", text, "In the path, in place of 1.0.0.", false},
	field{"rawData", text, "Sent as data, as it is; it is signed.", false},
	field{"omit", listOf(&form{want: "parameter", kind: textKind, oneOf: []string{"merchant_no", "time_stamp", "data", "sign"}}, "a list of parameters"), "Parameters that are not sent.", false})

var stepsForm = &form{want: "a list of steps", kind: listKind, item: stepForm, name: "steps"}

var stepForm = &form{want: "a step", kind: objectKind, name: "step"}

// The actions of steps. What a call answers has names of its own beside the envelope's, see the package's documentation.
var actions []action

func init() { // steps hold steps
	merchantOf := field{"as", text, "The merchant that calls, by number or name; default the first.", false}
	countForm := &form{want: "a whole number or {min, max}", options: []*form{
		{want: "a whole number", kind: numberKind, number: &bounds{0, 1_000_000}},
		computed,
		object("bounds", field{"min", count, "At least so many.", false}, field{"max", count, "At most so many.", false}),
	}}
	actions = []action{
		{"call", endpoint, "A signed request to an endpoint. Code 0 and the endpoint's JSON Schema are expected without saying so.", []field{
			{"data", values, "The business parameters, sent as JSON in this order.", false},
			merchantOf,
			{"request", requestForm, "Bends the envelope on purpose.", false},
		}, []string{"code", "message", "data", "httpStatus", "reason", "requestId", "error", "body"}, false},
		{
			"enter", object("a car that enters",
				field{"plateNumber", text, "Its plate.", true}, field{"plateColor", text, "Its colour; default \"1\", blue.", false},
				field{"parkingId", text, "The car park.", true}, field{"at", instant, "When; default now.", false},
				field{"userType", text, "\"76\" long-term or \"77\" temporary; default what the registry says.", false},
				field{"fixParkingId", text, "A long-term tenant's space.", false}, field{"remainingDays", text, "Days a long-term tenant has left.", false}),
			"A car drives in; the answer is its order.", nil, orderFields, true,
		},
		{
			"exit", object("a car that leaves",
				field{"plateNumber", text, "Its plate.", true}, field{"plateColor", text, "Its colour; default \"1\", blue.", false},
				field{"at", instant, "When; default now.", false},
				field{"payment", &form{want: "payment", kind: textKind, oneOf: []string{"cash", "withhold", "none"}}, "How what is owed is settled: in cash (default), debited, or left owing.", false}),
			"A car drives out; the answer is its order.", nil, orderFields, true,
		},
		{"advance", duration, "Moves the clock forward; everything that falls due on the way happens in order.", nil, clockAnswer, true},
		{"clock", clockForm, "Sets the clock: a time, at which it stands, or {now, mode, rate}.", nil, clockAnswer, true},
		{"push", pushKind, "Waits (default 2s, or within) for a push of this kind that matches expect.", []field{
			{"where", &form{want: "a mapping", kind: objectKind, each: matcherForm}, "Only pushes whose fields match this are looked at.", false},
			{"count", countForm, "How many must match: a number, or {min, max}; default at least one. 0: that none came.", false},
			{"as", text, "Only pushes to this merchant, by number or name.", false},
			{"status", &form{want: "state of a push", kind: textKind, oneOf: []string{"pending", "delivered", "failed"}}, "Only pushes in this state.", false},
		}, pushFields, false},
		{
			"trigger", object("a push made by hand",
				field{"kind", pushKind, "Its kind.", true}, field{"merchantNo", text, "To whom, by number or name; default the first merchant.", false},
				field{"fields", values, "Its fields; what is left out is made up.", false}),
			"Fires a push by hand.", nil, pushItem, true,
		},
		{"redeliver", text, "Delivers a push once more, byte for byte, by its id (push.id).", nil, []string{"status", "detail"}, true},
		{"fault", &form{want: "a fault, or clear", options: []*form{{want: "fault", kind: textKind, oneOf: []string{"clear"}}, faultForm}}, "Makes something go wrong; `clear` takes every fault away.", nil, []string{"status", "detail", "id"}, true},
		{"rules", rulesForm, "Changes rules of the platform.", nil, nil, true},
		{"snapshot", &form{want: "a name", kind: textKind, pattern: slug, fixed: true}, "Keeps the whole world under a name.", nil, []string{"status", "detail"}, true},
		{"restore", &form{want: "a name", kind: textKind, pattern: slug, fixed: true}, "Puts the world back as it was at the snapshot.", nil, []string{"status", "detail"}, true},
		{"sms", object("whose code", field{"mobilePhone", text, "The phone.", true}), "Reads the newest SMS code of a phone. Against the real platform it is asked for, or given as --var code=.", nil, []string{"status", "detail", "code", "sentAt", "expiresAt", "used"}, false},
		{
			"http", object("a request",
				field{"method", &form{want: "method", kind: textKind, oneOf: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}}, "Default GET, or POST with a body.", false},
				field{"url", text, "Where; a path alone is the target's.", true},
				field{"headers", &form{want: "a mapping of headers", kind: objectKind, each: text}, "Headers.", false},
				field{"json", anyValue, "A body as JSON.", false},
				field{"form", &form{want: "a mapping of form fields", kind: objectKind, each: textOrNo}, "A body as a form.", false},
				field{"body", text, "A body as it is.", false}),
			"Any other request, to a merchant's own API, say. A status of 2xx is expected unless expect.status says otherwise.", nil,
			[]string{"status", "headers", "body", "text", "error"},
			false,
		},
		{"sleep", duration, "Lets time pass: on a mock its clock moves, at once at full speed; elsewhere it is waited.", nil, nil, false},
		{"traffic", trafficForm, "A city lives its day on the sandbox's clock: cars come and go by the hour, their owners log in, bind, ask, pay and forget to pay. The answer says what became of it.", nil, trafficFields, true},
		{"set", vars, "Sets variables.", nil, nil, false},
		{"use", &form{want: "a name of a scenario", kind: textKind, pattern: slug, fixed: true}, "Runs another scenario's steps here, in this world; what they save comes along.", []field{
			{"with", vars, "Values for its variables.", false},
		}, nil, false},
		{"parallel", &form{want: "a list of steps", kind: listKind, item: stepForm, least: 1}, "Steps that are run at once; what they save comes along when all are done.", nil, nil, false},
		{
			"repeat", object("what is repeated",
				field{"times", wholeNumber(0, maxRepeat), "How often. ${index} counts from 0.", true},
				field{"steps", &form{want: "a list of steps", kind: listKind, item: stepForm, least: 1}, "The steps.", true}),
			"Steps that are run several times.", nil, nil, false,
		},
	}
	var forms []*form
	for _, a := range actions {
		fields := append([]field{{a.name, a.form, a.doc, true}}, a.extras...)
		forms = append(forms, object("a step", append(fields, modifiers(a)...)...))
	}
	stepForm.anyOf = func() []*form { return forms }
}

const maxRepeat = 100_000

var saveForm = &form{
	want: "a mapping of variables to expressions over the answer", kind: objectKind, each: answerExpression,
	keys: identifier, keyWant: "name of a variable: letters, digits and _", check: checkNames,
}

// modifiers are what any step takes.
func modifiers(a action) []field {
	expected := matcherForm
	if a.answer != nil {
		fields := make([]field, len(a.answer))
		for i, name := range a.answer {
			fields[i] = field{name: name, form: matcherForm}
		}
		expected = &form{want: "a mapping", kind: objectKind, fields: fields}
	}
	assertion := listOf(answerExpression, "an expression, or a list of them")
	return []field{
		{"name", plain, "What the step shows, for people.", false},
		{"if", expressionForm, "The step is skipped unless this is true.", false},
		{"expect", expected, "What the answer must hold: a subset, by value and JSON type, with matchers.", false},
		{"assert", &form{want: "an expression, or a list of them", options: []*form{answerExpression, assertion}}, "Expressions over the answer and the variables that must be true.", false},
		{"save", saveForm, "Variables taken from the answer by expressions: data.token.", false},
		{"until", answerExpression, "Repeats the step until this is true of its answer.", false},
		{"every", fixedDuration, "How long between two attempts; default 100ms.", false},
		{"within", fixedDuration, "How long is tried, in real time; default 5s with until.", false},
	}
}

var relativeStamp = regexp.MustCompile(`^[+-].*[a-zµ]$`)
