package webhook

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
)

// The two controls. Nothing is judged of an endpoint that does not take a right push, and no refusal of one that takes anything.
const (
	controlPositive = "control-right-push"
	controlNegative = "control-garbage"
)

const (
	isTaken   = "HTTP 2xx within the timeout, and a JSON object whose code is the number 0"
	isRefused = "anything but HTTP 2xx with code 0; best is code 4 签名校验非法"
	isError   = "an answer that is an error (HTTP 4xx, or a code that is not 0); and a right push is taken afterwards"
)

// checks is the table, in the order it is run: the controls, then what else rests on them.
var checks = slices.Concat(controls, kindChecks, carChecks, plateChecks, timeChecks, exitChecks, valueChecks, textChecks,
	answerChecks, signatureChecks, repeatChecks, robustnessChecks, burstChecks)

// Check is a row of the table as it is shown.
type Check struct {
	ID, Level, Section, Title, Sent, Expected, Fix string
	Needs                                          []string // checks without which it is not judged
}

// Checks lists what [Webhook.Examine] checks, in its order.
func Checks() []Check {
	list := make([]Check, len(checks))
	for i, c := range checks {
		list[i] = Check{c.id, c.level, c.section, c.title, c.sent, c.expected, c.fix, slices.Clone(c.needs)}
	}
	return list
}

// takes is a check that sends right pushes.
func takes(id, level, section, title, sent, fix string, pushes func(*maker) []message) check {
	return check{
		id: id, level: level, section: section, title: title, sent: sent, expected: isTaken, fix: fix,
		run: func(x *exam) {
			for _, m := range pushes(x.maker) {
				if !x.take(m, sent) && x.report.Outage != nil {
					return
				}
			}
		},
	}
}

// refuses is a check that sends one push that is signed wrong.
func refuses(id, level, section, title, sent, fix string, push func(*exam) message) check {
	return check{
		id: id, level: level, section: section, title: title, sent: sent, expected: isRefused, fix: fix,
		needs: []string{controlNegative}, run: func(x *exam) { x.refuse(push(x), sent) },
	}
}

// of says that a check sends a kind of push besides entry, and rests on its being taken.
func (c check) of(kind client.Kind) check {
	c.kinds = append(slices.Clone(c.kinds), kind)
	return c.after(string(kind))
}

func (c check) after(ids ...string) check {
	c.needs = append(slices.Clone(c.needs), ids...)
	return c
}

func one(push func(*maker) message) func(*maker) []message {
	return func(k *maker) []message { return []message{push(k)} }
}

var controls = []check{
	{
		id: controlPositive, level: report.Must, section: "§10.1", title: "a right push is taken, else nothing else is judged",
		sent: "the entry of a long-term car, signed right, no field empty", expected: isTaken,
		fix: "signment = UPPER(HEX(MD5(merchant_no + data + merchant_key))), data being what was received without signment, in the order it was received",
		run: controlRun,
	},
	{
		id: controlNegative, level: report.Must, section: "§10", title: "what is no push is not answered with code 0",
		sent: "the text `this is no push` as the body", expected: "anything but HTTP 2xx with code 0",
		fix: "code 0 says that a push is dealt with: read, verify, store, and only then answer 0",
		run: func(x *exam) {
			text := "this is no push"
			x.refuse(message{raw: &text}, "the text "+text)
		},
	},
}

// controlRun is the positive control. What is no answer of an HTTP API is an outage; a refusal is looked into.
func controlRun(x *exam) {
	m := x.maker.entry()
	r := x.send(m)
	if x.ctx.Err() != nil {
		return
	}
	if o := r.Outage(x.address(m)); o != nil && o.Kind != "timeout" {
		x.report.Outage = o
		return
	}
	if x.note(m, r, true) {
		return
	}
	if why := r.refusal(x.endpoint.Timeout); why != "" {
		x.fail(m, r, "a right push was not taken: %s", why).Fix = x.diagnose(r)
	}
}

var kindChecks = []check{
	{
		id: "exit", level: report.Must, section: "§10.2", title: "an exit after its entry is taken",
		sent: "an entry, then the exit of the same synId", expected: isTaken, kinds: []client.Kind{client.KindExit},
		fix: "synId names the stay: the exit carries the entry's; a unique key is (kind, synId), not synId alone",
		run: func(x *exam) {
			m := x.maker.entry()
			if x.take(m, "the entry") {
				x.take(x.maker.exit(m), "the exit")
			}
		},
	},
	{
		id: "unbind", level: report.Must, section: "§10.3", title: "an unbinding is taken",
		sent: "a push of plateNumber and time", expected: isTaken, kinds: []client.Kind{client.KindUnbind},
		fix: "it has no synId, and the same fields as certification-invalid: give each a URL of its own (--kind unbind=URL), or say --kind unbind=none",
		run: func(x *exam) { x.take(x.maker.notice(client.KindUnbind), "an unbinding") },
	},
	{
		id: "certification-invalid", level: report.Must, section: "§10.4", title: "a lost certification is taken",
		sent: "a push of plateNumber and time", expected: isTaken, kinds: []client.Kind{client.KindCertificationInvalid},
		fix: "it has no synId, and the same fields as unbind: give each a URL of its own (--kind certification-invalid=URL), or say --kind certification-invalid=none",
		run: func(x *exam) {
			x.take(x.maker.notice(client.KindCertificationInvalid), "a lost certification")
		},
	},
}

const emptyFix = "a car that pays by the stay has neither a long-term space nor days left: both fields are the empty text; do not parse, index or require them"

var carChecks = []check{
	takes("empty-fix-parking-id", report.Must, "§10.1", "fixParkingId may be empty", "an entry with fixParkingId \"\"", emptyFix,
		one(func(k *maker) message { return k.entry().with("fixParkingId", "") })),
	takes("empty-remaining-days", report.Must, "§10.1", "remainingDays may be empty", "an entry with remainingDays \"\"", emptyFix,
		one(func(k *maker) message { return k.entry().with("remainingDays", "") })),
	takes("temporary-entry", report.Must, "§10.1", "the entry of a temporary car is taken",
		"an entry with userType 77, fixParkingId and remainingDays empty", "userType is 76 (long-term) or 77 (temporary): "+emptyFix,
		one(func(k *maker) message { return k.entry().temporary() })).after("empty-fix-parking-id", "empty-remaining-days"),
	takes("temporary-exit", report.Must, "§10.2", "the exit of a temporary car is taken",
		"an exit with userType 77, fixParkingId and remainingDays empty", emptyFix, func(k *maker) []message {
			m := k.entry().temporary()
			return []message{m, k.exit(m).temporary()}
		}).of(client.KindExit).after("temporary-entry"),
	takes("without-user-type", report.Must, "§10.1", "userType is optional (非必须)", "an entry without the field userType",
		"take a missing userType for a temporary car", one(func(k *maker) message { return k.entry().without("userType") })),
	takes("without-push-time", report.Must, "§10.1", "pushTime is optional (非必须)", "an entry without the field pushTime",
		"do not require pushTime; the time of the event is entranceTime or exitTime",
		one(func(k *maker) message { return k.entry().without("pushTime") })),
}

const plateFix = "do not match plates against a narrower pattern than the platform's: they are a province's character or 使, a letter, and 5 or 6 more"

// provinces are the first characters a plate may have (§9.4).
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"

func plates(texts ...string) func(*maker) []message {
	return func(k *maker) []message {
		list := make([]message, len(texts))
		for i, p := range texts {
			list[i] = k.entry().with("plateNumber", p)
		}
		return list
	}
}

var plateChecks = []check{
	takes("plate-masked", report.Must, "§9.7 §10.1", "a masked plate is taken", "an entry with a plate such as 渝****61",
		"entry and exit are masked unless the car is certified for the merchant (§9.9): find the stay by synId, not by plate",
		one(func(k *maker) message { return k.entry().with("plateNumber", masked(k.plate)) })),
	takes("plate-masked-exit", report.Must, "§9.7 §10.2", "a masked plate is taken at the exit", "an exit with a plate such as 渝****61",
		"entry and exit are masked unless the car is certified for the merchant (§9.9): find the stay by synId, not by plate",
		func(k *maker) []message {
			m := k.entry().with("plateNumber", masked(k.plate))
			return []message{m, k.exit(m)}
		}).of(client.KindExit).after("plate-masked"),
	takes("plate-new-energy", report.Must, "§9.4", "new-energy plates of eight characters are taken", "entries of 渝AD12345, 粤BF00001 and 京AA1234K",
		"a new-energy plate has 8 characters; make the column and the pattern wide enough", plates("渝AD12345", "粤BF00001", "京AA1234K")),
	takes("plate-provinces", report.Must, "§9.4", "plates of every province are taken", "an entry of a plate of each province, and of 使",
		plateFix, func(k *maker) []message {
			var list []message
			for _, p := range provinces {
				list = append(list, k.entry().with("plateNumber", string(p)+"A"+k.newPlate()[4:]))
			}
			return list
		}),
	takes("plate-suffixes", report.Must, "§9.4", "plates that end in a character are taken", "an entry of a plate that ends in each of 学警港澳挂领试超",
		"the last character may be one of 学警港澳挂领试超", func(k *maker) []message {
			var list []message
			for _, p := range "学警港澳挂领试超" {
				list = append(list, k.entry().with("plateNumber", "粤A1234"+string(p)))
			}
			return list
		}),
	takes("plate-letters", report.Should, "§9.4", "plates of letters alone are taken", "entries of 京AFAAAA and 沪ABCDEF", plateFix,
		plates("京AFAAAA", "沪ABCDEF")),
}

const timeFix = "times are yyyy-MM-dd HH:mm:ss in Asia/Shanghai, on a 24-hour clock (HH, not hh)"

// entering is an entry at a time.
func entering(texts ...string) func(*maker) []message {
	return func(k *maker) []message {
		list := make([]message, len(texts))
		for i, at := range texts {
			list[i] = k.entry().with("entranceTime", at, "pushTime", at)
		}
		return list
	}
}

var timeChecks = []check{
	takes("time-hour-00", report.Must, "§10.1", "the hour 00 is taken", "an entry at 00:00:00 and one at 00:30:15", timeFix, func(k *maker) []message {
		return entering(k.at(0, 0, 0), k.at(0, 30, 15))(k)
	}),
	takes("time-hour-12", report.Must, "§10.1", "noon and the hours after it are taken", "an entry at 12:00:00 and one at 13:00:01", timeFix, func(k *maker) []message {
		return entering(k.at(12, 0, 0), k.at(13, 0, 1))(k)
	}),
	takes("time-last-second", report.Must, "§10.1", "the day's last second is taken", "an entry at 23:59:59", timeFix, func(k *maker) []message {
		return entering(k.at(23, 59, 59))(k)
	}).after("time-hour-12"),
	takes("time-month-ends", report.Must, "§10.1", "the last days of months are taken", "entries on the 31st, the 30th and 28 February",
		timeFix, entering("2025-01-31 10:44:19", "2025-04-30 10:44:19", "2025-02-28 10:44:19", "2025-12-31 10:59:59")),
	takes("time-leap-day", report.Must, "§10.1", "29 February is taken", "an entry at 2024-02-29 10:15:00", timeFix,
		entering("2024-02-29 10:15:00")),
}

var exitChecks = []check{
	{
		id: "exit-before-entry", level: report.Must, section: "§10.2", title: "an exit that comes before its entry is taken, and the entry after it",
		sent: "an exit, then the entry of the same synId", expected: isTaken, kinds: []client.Kind{client.KindExit}, needs: []string{"exit"},
		fix: "a failed entry is sent again later, so it may come after the exit: store what came, and let the later event win by its own time",
		run: func(x *exam) {
			m := x.maker.entry()
			x.take(x.maker.exit(m), "the exit that comes first")
			x.take(m, "the entry that comes after its exit")
		},
	},
	takes("exit-without-entry", report.Must, "§10.2", "an exit whose entry never comes is taken", "an exit of a synId never sent before",
		"the car may have entered before it was bound: an exit holds all that is to know of the stay",
		one(func(k *maker) message { return k.exit(k.entry()) })).of(client.KindExit),
	takes("exit-at-once", report.Must, "§10.2", "a stay of no length is taken", "an exit with stayedTime 0 and receivableFee 0",
		"0 is a value, not an absence", one(func(k *maker) message {
			return k.stay(k.at(10, 15, 30), k.at(10, 15, 30)).with("receivableFee", 0)
		})).of(client.KindExit).after("exit-without-entry"),
	takes("exit-long-stay", report.Must, "§10.2", "a stay of four hundred days is taken", "an exit with stayedTime 34560000 and receivableFee 20000",
		"stayedTime is a Long of seconds: a day is 86400 of them", one(func(k *maker) message {
			return k.stay("2024-01-10 08:00:00", "2025-02-13 08:00:00").with("receivableFee", 20000)
		})).of(client.KindExit).after("exit-without-entry"),
	takes("exit-fee-0", report.Must, "§10.2", "a fee of 0 is taken", "an exit with receivableFee 0", "a long-term car pays nothing: 0 is a value, not an absence",
		one(func(k *maker) message { return k.exit(k.entry()).with("receivableFee", 0) })).of(client.KindExit).after("exit-without-entry"),
	takes("exit-fee-decimal", report.Should, "§10.2", "a fee with a fraction is taken", "an exit with receivableFee 5.5",
		"the document says Integer, in yuan; half yuan occur (§9.6), so read a decimal",
		one(func(k *maker) message { return k.exit(k.entry()).with("receivableFee", number("5.5")) })).of(client.KindExit).after("exit-without-entry"),
	takes("exit-fee-text", report.Should, "§10.2", "a fee as text is taken", "an exit with receivableFee \"0.0\"",
		"seen in the wild, against the document: read a number or a text",
		one(func(k *maker) message { return k.exit(k.entry()).with("receivableFee", "0.0") })).of(client.KindExit).after("exit-without-entry"),
	takes("time-new-year", report.Must, "§10.2", "a stay over the turn of the year is taken", "an exit at 2026-01-01 08:00:05 of an entry in 2025",
		timeFix, one(func(k *maker) message { return k.stay("2025-12-31 10:50:00", "2026-01-01 08:00:05") })).of(client.KindExit).after("exit-without-entry"),
}

var valueChecks = []check{
	takes("park-id-large", report.Must, "§10.1", "a large parkId is taken", "entries with parkId 1002559 and 2147483647", "parkId is an Integer; keep 32 bits, better 64, for it",
		func(k *maker) []message {
			return []message{k.entry().with("parkId", 1002559), k.entry().with("parkId", 2147483647)}
		}),
	takes("park-id-text", report.Should, "§10.1", "a parkId as text is taken", "an entry with parkId \"1002559\"",
		"seen in the wild, against the document: read a number or a text",
		one(func(k *maker) message { return k.entry().with("parkId", "1002559") })),
	takes("syn-id-upper-case", report.Must, "§10.1", "a synId in upper case is taken", "an entry whose synId is in upper case",
		"the document's example is in lower case, orderId elsewhere in upper case: compare without regard to case, and do not validate it",
		one(func(k *maker) message { m := k.entry(); return m.with("synId", strings.ToUpper(m.text("synId"))) })),
	takes("remaining-days-0", report.Must, "§10.1", "the last day of a long-term space is taken", "an entry with remainingDays \"0\"",
		"\"0\" is a value, not an absence", one(func(k *maker) message { return k.entry().with("remainingDays", "0") })),
	takes("unknown-field", report.Should, "§10", "a field that the document does not know is taken", "an entry with one more field, memo, that the signature covers",
		"verify over what was received, not over a list of known fields, and ignore what you do not know: the platform may add to it",
		one(func(k *maker) message { return k.entry().with("memo", "x1") })),
}
