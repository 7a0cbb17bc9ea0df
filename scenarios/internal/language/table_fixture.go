package language

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Parts of fixtures, the same as in the control API.
var (
	tariff = syntax.Object("a tariff",
		syntax.Optional("freeMinutes", template.Count, "Minutes that cost nothing (minFreeTime); default 15."),
		syntax.Optional("unitMinutes", template.Count, "Length of the unit that is charged once begun; default 60."),
		syntax.Optional("unitPrice", template.Money, "Yuan of a begun unit; default \"5\"."),
		syntax.Optional("dailyCap", template.Money, "The most that 24 hours from entry cost; default none."))
	pushHook = syntax.Object("where pushes go",
		syntax.Optional("url", template.Text, "Where the merchant takes pushes. http://accept.invalid takes every push and is nobody's."),
		syntax.Optional("urls", &syntax.Form{Want: "a mapping of kinds to URLs", Kind: syntax.ObjectKind, Each: template.Text, Keys: lazyregexp.New("^(" + strings.Join(PushKind.OneOf, "|") + ")$"), KeyWant: "kind of push"}, "URLs of single kinds, in place of url: unbind and certification-invalid look the same."),
		syntax.Optional("kinds", syntax.List(PushKind, "a list of kinds of push"), "The kinds that are pushed; default all."))
	merchantForm = syntax.Object("a merchant",
		syntax.Optional("no", template.Text, "Its number (merchant_no). Left out: a fresh one, so that several runs fit on one server."),
		syntax.Optional("key", template.Text, "Its key. Left out: a fresh one."),
		syntax.Optional("name", template.Text, "Its name; `as:` takes it in place of the number."),
		syntax.Optional("push", pushHook, "Where pushes go. A merchant with neither no nor push takes every push."))
	parkingForm = syntax.Object("a car park",
		syntax.Required("id", template.Text, "Its id, a whole number as text."),
		syntax.Required("name", template.Text, "Its name."),
		syntax.Optional("city", template.Text, "Its city, such as 重庆市."),
		syntax.Optional("lat", template.Text, "Latitude (BD-09) as decimal text."),
		syntax.Optional("lon", template.Text, "Longitude (BD-09) as decimal text."),
		syntax.Optional("parkingType", template.Text, "\"8\" ground (default), \"7\" underground, \"146\" both."),
		syntax.Optional("electronicPayment", syntax.Flag, "Whether it takes electronic payment; default true."),
		syntax.Optional("totalSpace", template.Count, "Its spaces; default 100."),
		syntax.Optional("occupied", template.Count, "Spaces taken by others than the orders; default 0."),
		syntax.Optional("tariff", tariff, "What it charges."))
	vehicleForm = syntax.Object("a vehicle of the registry",
		syntax.Required("plateNumber", template.Text, "Its plate."),
		syntax.Optional("plateColor", template.Text, "\"1\" blue (default), \"2\" black, \"3\" yellow, \"4\" white."),
		syntax.Optional("vin", template.Text, "Its frame number, 17 characters, which carretrieve compares."),
		syntax.Optional("engine", template.Text, "Its engine number, which carretrieve compares."),
		syntax.Optional("userType", template.Text, "\"76\" long-term, \"77\" temporary (default)."),
		syntax.Optional("fixParkingId", template.Text, "A long-term tenant's space."),
		syntax.Optional("remainingDays", template.Text, "Days a long-term tenant has left."))
	bindingForm = syntax.Object("a binding",
		syntax.Required("plateNumber", template.Text, "The plate."),
		syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
		syntax.Optional("merchantNo", template.Text, "The merchant it was bound through."),
		syntax.Optional("since", template.Instant, "Since when; default the sandbox's start."),
		syntax.Optional("certified", syntax.Flag, "Whether the vehicle is certified for that merchant."))
	userForm = syntax.Object("a user",
		syntax.Required("phone", template.Text, "The phone."),
		syntax.Optional("plates", syntax.List(bindingForm, "a list of bindings"), "The vehicles bound when the sandbox starts."))
	orderForm = syntax.Object("a stay",
		syntax.Required("plateNumber", template.Text, "The plate."),
		syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
		syntax.Required("parkingId", CarPark, "The car park."),
		syntax.Required("entranceTime", template.Instant, "When it came."),
		syntax.Optional("exitTime", template.Instant, "When it left; without it the car is parked when the sandbox starts."),
		syntax.Optional("payment", &syntax.Form{Want: "payment", Kind: syntax.TextKind, OneOf: []string{"cash", "withhold", "none"}}, "How the rest was settled at the exit: in cash (default), debited, or left owing."),
		syntax.Optional("userType", template.Text, "\"76\" long-term, \"77\" temporary."),
		syntax.Optional("fixParkingId", template.Text, "A long-term tenant's space."),
		syntax.Optional("remainingDays", template.Text, "Days a long-term tenant has left."),
		syntax.Optional("parkingFee", template.Money, "The fee, in place of the tariff's."))
	clockFields = []syntax.Field{
		syntax.Optional("now", template.Instant, "The time it shows, in Asia/Shanghai."),
		syntax.Optional("mode", &syntax.Form{Want: "mode of a clock", Kind: syntax.TextKind, OneOf: []string{"running", "frozen"}}, "Whether it runs."),
		syntax.Optional("rate", &syntax.Form{Want: "a number above 0", Kind: syntax.NumberKind, Positive: true}, "Seconds of the sandbox in a real second."),
	}
	ClockForm = &syntax.Form{Want: "a time, or a mapping of now, mode and rate", Options: []*syntax.Form{template.Instant, syntax.Object("a clock", clockFields...)}}
	FaultForm = syntax.Object("a fault",
		syntax.Optional("name", template.Text, "A name for the reader."),
		syntax.Required("on", syntax.Object("what a fault hits",
			syntax.Optional("endpoint", Endpoint, "Requests to this endpoint."),
			syntax.Optional("merchantNo", template.Text, "Only this merchant's."),
			syntax.Optional("push", PushKind, "Pushes of this kind, in place of requests."),
			syntax.Optional("where", Values, "Only where data (or the push's body) has these values.")), "What is hit."),
		syntax.Optional("after", template.Count, "How many are let through first."),
		syntax.Optional("times", template.Count, "How many are hit; default all."),
		syntax.Optional("probability", syntax.Leaf("a number from 0 to 1", syntax.NumberKind), "How likely one is hit, from the seed; default always."),
		syntax.Required("do", syntax.Object("what a fault does", effectFields()...), "What happens to it."))
	RulesForm   = &syntax.Form{Want: "a mapping of rules", Kind: syntax.ObjectKind, Each: &syntax.Form{Want: "a rule's value", Anything: true, Check: template.Any.Check}}
	fixtureForm = &syntax.Form{Want: "a fixture", Kind: syntax.ObjectKind, Name: "fixture", Check: judgeFixture, Fields: []syntax.Field{
		syntax.Optional("clock", ClockForm, "Where the clock starts: a time, at which it stands, or {now, mode, rate}. Without it: running, real time."),
		syntax.Optional("seed", template.WholeNumber(0, 1<<53), "Seed of everything random."),
		syntax.Optional("rules", RulesForm, "Rules of the platform that differ from their defaults."),
		syntax.Optional("merchants", syntax.List(merchantForm, "a list of merchants"), "The merchants. Without them: one fresh merchant that takes every push."),
		syntax.Optional("parkings", syntax.List(parkingForm, "a list of car parks"), "The car parks."),
		syntax.Optional("vehicles", syntax.List(vehicleForm, "a list of vehicles"), "The registry, for carretrieve and long-term cars."),
		syntax.Optional("users", syntax.List(userForm, "a list of users"), "Phones with what they have bound."),
		syntax.Optional("orders", syntax.List(orderForm, "a list of stays"), "Past stays, and cars parked when the sandbox starts."),
		syntax.Optional("faults", syntax.List(FaultForm, "a list of faults"), "What goes wrong from the start."),
	}}
)

// effectForms are what effects of faults are given.
var effectForms = map[schemas.Takes]*syntax.Form{
	schemas.TakesFlag: syntax.Flag, schemas.TakesText: template.Text, schemas.TakesDuration: template.Duration,
	schemas.TakesMoment:  {Want: "moment of a cut", Kind: syntax.TextKind, OneOf: []string{"before", "after"}},
	schemas.TakesHeaders: {Want: "a mapping of headers", Kind: syntax.ObjectKind, Each: template.Text},
	schemas.TakesDelay: {Want: "a duration, or {min, max}, or {median, sigma}", Options: []*syntax.Form{template.Duration, syntax.Object("a delay",
		syntax.Optional("min", template.Duration, "The least."), syntax.Optional("max", template.Duration, "The most."),
		syntax.Optional("median", template.Duration, "Of a lognormal delay."), syntax.Optional("sigma", syntax.Leaf("a number", syntax.NumberKind), "Of a lognormal delay."))}},
}

func effectFields() []syntax.Field {
	fields := make([]syntax.Field, 0, 16)
	for _, e := range schemas.Effects() {
		form := effectForms[e.Takes]
		if e.Takes == schemas.TakesNumber {
			form = template.WholeNumber(e.Least, e.Most)
		}
		fields = append(fields, syntax.Optional(e.Name, form, e.Short))
	}
	return fields
}

// judgeFixture has a fixture held to what the server takes.
func judgeFixture(c *syntax.Checker, n *syntax.Node, path string) { c.Judged("sandbox", n, path) }
