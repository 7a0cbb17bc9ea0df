package scenarios

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// The leaves of the table.
var (
	// text may hold ${…}.
	text = &form{want: "a text", kind: textKind, name: "text", check: func(c *checker, n *node, path string) {
		c.textTemplate(&template{}, n, path)
	}}
	// plain holds no ${…}.
	plain    = leaf("a text", textKind)
	textOrNo = &form{want: "a text or a number", options: []*form{text, leaf("a number", numberKind)}}
	flag     = leaf("true or false", boolKind)
	anyValue = &form{want: "a value", any: true, name: "value", check: func(c *checker, n *node, path string) {
		compileTemplate(c, n, path)
	}}
	count      = wholeNumber(0, 1_000_000)
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	slug       = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]*$`)
	// duration is Go's, with days in front.
	duration = &form{
		want: "a duration such as 45m, 1h30m or 8d", kind: textKind, name: "duration", check: checkDuration,
		pattern: regexp.MustCompile(`^([0-9]+d)?(([0-9]+(\.[0-9]+)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))*$`),
	}
	fixedDuration  = &form{want: duration.want, kind: textKind, check: checkDuration, pattern: duration.pattern, fixed: true}
	expressionForm = &form{want: "an expression", kind: textKind, name: "expression", check: func(c *checker, n *node, path string) {
		c.expression(n, path)
	}}
	answerExpression = &form{want: "an expression", kind: textKind, name: "expression", check: func(c *checker, n *node, path string) {
		c.expressionOf(n, path, true)
	}}
	instant = &form{
		want: "a time such as 2017-08-20 12:00:00", kind: textKind, name: "time", check: text.check,
		pattern: regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}`),
	}
	money = &form{want: "an amount of yuan as a text, such as \"5.50\"", kind: textKind, check: text.check, pattern: regexp.MustCompile(`^[0-9]+(\.[0-9]{1,2})?$`)}
	kinds = func() (names []string) {
		for _, p := range schemas.Pushes() {
			names = append(names, p.Kind)
		}
		return names
	}()
	endpointNames = func() (names []string) {
		for _, e := range schemas.Endpoints() {
			names = append(names, e.Name)
		}
		return names
	}()
	endpoint = &form{want: "endpoint", kind: textKind, oneOf: endpointNames}
	pushKind = &form{want: "kind of push", kind: textKind, oneOf: kinds}
	vars     = &form{want: "a mapping of variables", kind: objectKind, each: anyValue, keys: identifier, keyWant: "name of a variable: letters, digits and _", check: checkNames}
	values   = &form{want: "a mapping", kind: objectKind, each: anyValue}
)

func wholeNumber(least, most int) *form {
	return &form{want: "a whole number", options: []*form{{want: "a whole number", kind: numberKind, number: &bounds{least, most}}, computed}}
}

// computed is a text in place of a value of another type: one ${…}.
var computed = &form{want: "a ${…}", kind: textKind, pattern: regexp.MustCompile(`^\$\{.*\}$`), check: func(c *checker, n *node, path string) {
	c.textTemplate(&template{}, n, path)
}}

func listOf(item *form, want string) *form { return &form{want: want, kind: listKind, item: item} }

func object(want string, fields ...field) *form {
	return &form{want: want, kind: objectKind, fields: fields}
}

func checkDuration(c *checker, n *node, path string) {
	text.check(c, n, path)
	if isTemplate(n) {
		return
	}
	if _, err := control.ParseDuration(n.scalar); err != nil {
		c.at(n.place, path, "want a duration such as 45m, 1h30m or 8d, got "+brief(n.scalar), "")
	}
}

// reserved are names that every expression has already.
var reserved = append([]string{"merchant", "sandbox", "url", "index", "push", "true", "false", "nil", "let", "in", "not", "and", "or", "if", "else", "matches", "contains"}, functionNames...)

func checkNames(c *checker, n *node, path string) {
	for _, m := range n.members {
		if slices.Contains(reserved, m.name) {
			c.at(m.place, join(path, m.name), "the name is taken: expressions have it already", "")
		}
	}
}

// Parts of fixtures, the same as in the control API.
var (
	tariff = object("a tariff",
		field{"freeMinutes", count, "Minutes that cost nothing (minFreeTime); default 15.", false},
		field{"unitMinutes", count, "Length of the unit that is charged once begun; default 60.", false},
		field{"unitPrice", money, "Yuan of a begun unit; default \"5\".", false},
		field{"dailyCap", money, "The most that 24 hours from entry cost; default none.", false})
	pushHook = object("where pushes go",
		field{"url", text, "Where the merchant takes pushes. http://accept.invalid takes every push and is nobody's.", false},
		field{"urls", &form{want: "a mapping of kinds to URLs", kind: objectKind, each: text, keys: regexp.MustCompile(`^(entry|exit|unbind|certification-invalid)$`), keyWant: "kind of push"}, "URLs of single kinds, in place of url: unbind and certification-invalid look the same.", false},
		field{"kinds", listOf(pushKind, "a list of kinds of push"), "The kinds that are pushed; default all.", false})
	merchantForm = object("a merchant",
		field{"no", text, "Its number (merchant_no). Left out: a fresh one, so that several runs fit on one server.", false},
		field{"key", text, "Its key. Left out: a fresh one.", false},
		field{"name", text, "Its name; `as:` takes it in place of the number.", false},
		field{"push", pushHook, "Where pushes go. A merchant with neither no nor push takes every push.", false})
	parkingForm = object("a car park",
		field{"id", text, "Its id, a whole number as text.", true},
		field{"name", text, "Its name.", true},
		field{"city", text, "Its city, such as 重庆市.", false},
		field{"lat", text, "Latitude (BD-09) as decimal text.", false},
		field{"lon", text, "Longitude (BD-09) as decimal text.", false},
		field{"parkingType", text, "\"8\" ground (default), \"7\" underground, \"146\" both.", false},
		field{"electronicPayment", flag, "Whether it takes electronic payment; default true.", false},
		field{"totalSpace", count, "Its spaces; default 100.", false},
		field{"occupied", count, "Spaces taken by others than the orders; default 0.", false},
		field{"tariff", tariff, "What it charges.", false})
	vehicleForm = object("a vehicle of the registry",
		field{"plateNumber", text, "Its plate.", true},
		field{"plateColor", text, "\"1\" blue (default), \"2\" black, \"3\" yellow, \"4\" white.", false},
		field{"vin", text, "Its frame number, 17 characters, which carretrieve compares.", false},
		field{"engine", text, "Its engine number, which carretrieve compares.", false},
		field{"userType", text, "\"76\" long-term, \"77\" temporary (default).", false},
		field{"fixParkingId", text, "A long-term tenant's space.", false},
		field{"remainingDays", text, "Days a long-term tenant has left.", false})
	bindingForm = object("a binding",
		field{"plateNumber", text, "The plate.", true},
		field{"plateColor", text, "Its colour; default \"1\", blue.", false},
		field{"merchantNo", text, "The merchant it was bound through.", false},
		field{"since", instant, "Since when; default the world's start.", false},
		field{"certified", flag, "Whether the vehicle is certified for that merchant.", false})
	userForm = object("a user",
		field{"phone", text, "The phone.", true},
		field{"plates", listOf(bindingForm, "a list of bindings"), "The vehicles bound when the world starts.", false})
	orderForm = object("a stay",
		field{"plateNumber", text, "The plate.", true},
		field{"plateColor", text, "Its colour; default \"1\", blue.", false},
		field{"parkingId", text, "The car park.", true},
		field{"entranceTime", instant, "When it came.", true},
		field{"exitTime", instant, "When it left; without it the car is parked when the world starts.", false},
		field{"payment", &form{want: "payment", kind: textKind, oneOf: []string{"cash", "withhold", "none"}}, "How the rest was settled at the exit: in cash (default), debited, or left owing.", false},
		field{"userType", text, "\"76\" long-term, \"77\" temporary.", false},
		field{"fixParkingId", text, "A long-term tenant's space.", false},
		field{"remainingDays", text, "Days a long-term tenant has left.", false},
		field{"parkingFee", money, "The fee, in place of the tariff's.", false})
	clockFields = []field{
		{"now", instant, "The time it shows, in Asia/Shanghai.", false},
		{"mode", &form{want: "mode of a clock", kind: textKind, oneOf: []string{"running", "frozen"}}, "Whether it runs.", false},
		{"rate", &form{want: "a number above 0", kind: numberKind, positive: true}, "Seconds of the sandbox in a real second.", false},
	}
	clockForm = &form{want: "a time, or a mapping of now, mode and rate", options: []*form{instant, object("a clock", clockFields...)}}
	faultForm = object("a fault",
		field{"name", text, "A name for the reader.", false},
		field{"on", object("what a fault hits",
			field{"endpoint", endpoint, "Requests to this endpoint.", false},
			field{"merchantNo", text, "Only this merchant's.", false},
			field{"push", pushKind, "Pushes of this kind, in place of requests.", false},
			field{"where", values, "Only where data (or the push's body) has these values.", false}), "What is hit.", true},
		field{"after", count, "How many are let through first.", false},
		field{"times", count, "How many are hit; default all.", false},
		field{"probability", leaf("a number from 0 to 1", numberKind), "How likely one is hit, from the seed; default always.", false},
		field{"do", object("what a fault does",
			field{"code", count, "Answer this code of §11.", false},
			field{"message", text, "With this message.", false},
			field{"httpStatus", wholeNumber(200, 599), "Answer this HTTP status.", false},
			field{"delay", &form{want: "a duration, or {min, max}, or {median, sigma}", options: []*form{duration, object("a delay",
				field{"min", duration, "The least.", false}, field{"max", duration, "The most.", false},
				field{"median", duration, "Of a lognormal delay.", false}, field{"sigma", leaf("a number", numberKind), "Of a lognormal delay.", false})}}, "Wait first, in real time.", false},
			field{"cut", &form{want: "moment of a cut", kind: textKind, oneOf: []string{"before", "after"}}, "Reset the connection before or after the state has changed.", false},
			field{"body", text, "Answer this body.", false},
			field{"truncate", flag, "Break the answer off half-way.", false},
			field{"duplicate", count, "Deliver the push so many times in all.", false},
			field{"reorder", flag, "Hold the push behind the merchant's next one.", false},
			field{"corruptSign", flag, "Sign the push wrongly.", false},
			field{"drop", flag, "Fail the attempt, so that it is retried.", false}), "What happens to it.", true})
	rulesForm   = &form{want: "a mapping of rules", kind: objectKind, each: &form{want: "a rule's value", any: true, check: anyValue.check}}
	fixtureForm = &form{want: "a fixture", kind: objectKind, name: "fixture", fields: []field{
		{"clock", clockForm, "Where the clock starts: a time, at which it stands, or {now, mode, rate}. Without it: running, real time.", false},
		{"seed", wholeNumber(0, 1<<53), "Seed of everything random.", false},
		{"rules", rulesForm, "Rules of the platform that differ from their defaults.", false},
		{"merchants", listOf(merchantForm, "a list of merchants"), "The merchants. Without them: one fresh merchant that takes every push.", false},
		{"parkings", listOf(parkingForm, "a list of car parks"), "The car parks.", false},
		{"vehicles", listOf(vehicleForm, "a list of vehicles"), "The registry, for carretrieve and long-term cars.", false},
		{"users", listOf(userForm, "a list of users"), "Phones with what they have bound.", false},
		{"orders", listOf(orderForm, "a list of stays"), "Past stays, and cars parked when the world starts.", false},
		{"faults", listOf(faultForm, "a list of faults"), "What goes wrong from the start.", false},
	}}
)

// scenarioForm is the whole file.
var scenarioForm = &form{want: "a scenario, a mapping", kind: objectKind, fields: []field{
	{"name", &form{want: "a name of letters, digits, dots, dashes and underscores", kind: textKind, pattern: slug, fixed: true}, "The scenario's name, by which it is run and used; the file's name by custom.", true},
	{"summary", plain, "What it shows, in a sentence.", false},
	{"tags", listOf(&form{want: "a tag of letters, digits, dots, dashes and underscores", kind: textKind, pattern: slug, fixed: true}, "a list of tags"), "Words to choose scenarios by.", false},
	{"covers", listOf(plain, "a list of sections"), "Sections of the platform's document it touches: §9.8.", false},
	{"vars", vars, "Variables and their values; --var changes them. One may use those above it.", false},
	{"sandbox", fixtureForm, "The world it starts in. Against the real platform it is left out.", false},
	{"setup", &form{want: "a name of a scenario", kind: textKind, pattern: slug, fixed: true}, "Another scenario that is run first, in the same world; its variables and what it saves come along.", false},
	{"matrix", &form{want: "a list of rows of variables", kind: listKind, item: vars, least: 1}, "Rows of variables; each row is a case of its own.", false},
	{"steps", &form{want: "a list of steps", kind: listKind, item: stepForm, least: 1}, "The story, step by step. The first step that fails ends it.", true},
	{"finally", stepsForm, "Steps that are run at the end whatever happened.", false},
}}

// Schema is the JSON Schema of scenario files, for editors: schemas/scenario.schema.json.
func Schema() []byte {
	text, err := json.MarshalIndent(schemaOf(scenarioForm), "", "  ")
	if err != nil {
		panic(err) // plain maps always encode
	}
	return append(text, '\n')
}
