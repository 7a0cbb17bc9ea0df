package webhook

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/sign"
)

func number(text string) sign.Number { return sign.Number(text) }

// named is an entry into a car park of a name.
func named(names ...string) func(*maker) []message {
	return func(k *maker) []message {
		list := make([]message, len(names))
		for i, name := range names {
			list[i] = k.entry().with("parkName", name)
		}
		return list
	}
}

var textChecks = []check{
	takes("text-percent-plus", report.Must, "§6 §10.1", "a + and a % in a text are taken", "an entry into the car park `A+B 100%41 停车场`",
		"the signature covers the text once decoded: do not URL-decode what is decoded already",
		named("A+B 停车场", "100%41 停车场", "5% 停车场")),
	takes("text-html", report.Must, "§10.1", "<, > and & in a text are taken", "an entry into the car park `P&R <东>`",
		"hash the text that was received; one that is encoded anew may escape these (Go's json.Marshal, for one)", named("P&R <东>")),
	takes("text-slash", report.Must, "§10.1", "a / in a text is taken", "an entry into the car park `东/西门`",
		"hash the text that was received; one that is encoded anew may escape it (PHP's json_encode, for one)", named("东/西门")),
	takes("text-quotes", report.Must, "§10.1", "quotes and backslashes in a text are taken", "an entry into the car park `\"红\"\\'星'`",
		"hash the text that was received, and let a JSON library read it", named(`"红"\'星'`)),
	takes("text-equals", report.Must, "§10.1", "= and & in a text are taken", "an entry into the car park `a=1&b=2 停车场`",
		"do not split what is decoded already", named("a=1&b=2 停车场")),
	takes("text-spaces", report.Must, "§10.1", "spaces in a text are taken as they are", "an entry into the car park ` ETCP  停车场 `, spaces at both ends",
		"hash before trimming: white space is part of the text", named(" ETCP  停车场 ")),
	takes("text-four-bytes", report.Should, "§10.1", "characters beyond the basic plane are taken", "an entry into the car park `🅿 𠮷`",
		"in MySQL that is utf8mb4, not utf8", named("🅿 𠮷")),
	takes("text-long", report.Should, "§10.1", "a long name is taken", "an entry into a car park with a name of 60 characters",
		"make the column wide enough, or cut the name rather than refuse the push", named(strings.Repeat("停车", 30))),
}

// answered is a check of the answer to a right push.
func answered(id, level, title, expected, fix string, wrong func(*reply) string) check {
	return check{
		id: id, level: level, section: "§10.1", title: title, sent: "a right push", expected: expected, fix: fix,
		run: func(x *exam) {
			m := x.maker.entry()
			r := x.send(m)
			if x.note(m, r, true) || r.refusal(x.endpoint.Timeout) != "" {
				x.take(m, "a right push")
				return
			}
			if problem := wrong(r); problem != "" {
				x.fail(m, r, "%s", problem)
			}
		},
	}
}

var answerChecks = []check{
	answered("answer-message", report.Must, "an answer has a message", "message is there, and a text",
		`answer {"code":0,"message":"ok"}: both fields are required`, messageProblem),
	answered("answer-code-integer", report.Must, "code is an Int", "code is written as a whole number",
		"code is an Int: 0, not 0.0 or 0e0", func(r *reply) string {
			if code, _ := r.code(); code != "0" {
				return "code is written " + code
			}
			return ""
		}),
	answered("answer-content-type", report.Should, "an answer says that it is JSON", "Content-Type: application/json",
		"set Content-Type: application/json;charset=UTF-8", func(r *reply) string {
			if !strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/json") {
				return fmt.Sprintf("Content-Type is %q", r.Header.Get("Content-Type"))
			}
			return ""
		}),
	answered("answer-utf-8", report.Must, "an answer is UTF-8", "the body is valid UTF-8, and JSON to its end",
		"answer in UTF-8, and one JSON object alone", func(r *reply) string {
			if !utf8.Valid(r.Body) {
				return "the body is no UTF-8"
			}
			if !oneObject(r.Body) {
				return "something follows the JSON object"
			}
			return ""
		}),
}

const forged = "signature-forged"

func (x *exam) forged() string {
	return strings.ToUpper(fmt.Sprintf("%016x%016x", x.maker.rng.Uint64(), x.maker.rng.Uint64()))
}

// changed is a check that sends a kind of push once for each of its fields, with that field changed after signing.
func changed(id, section, title string, kind client.Kind, push func(*maker) message) check {
	c := check{
		id: id, level: report.Must, section: section, title: title,
		sent:     "a push for each field, that field changed after it was signed",
		expected: isRefused, fix: "the signature has to cover every field that was received, not a list of some",
		needs: []string{controlNegative, forged},
		run: func(x *exam) {
			for _, f := range push(x.maker).fields {
				m := push(x.maker)
				x.refuse(m.tampered(f.Name, other(f)), "a push with "+f.Name+" changed after signing")
			}
		},
	}
	if kind != client.KindEntry {
		return c.of(kind)
	}
	return c
}

// other is another value that a field may have.
func other(f sign.Field) any {
	switch v := f.Value.(type) {
	case int:
		return v + 1
	case int64:
		return v + 1
	}
	switch text := f.Value.(string); f.Name {
	case "userType":
		return client.Temporary
	case "plateNumber":
		return "渝B99999"
	case "synId":
		return text[:len(text)-4] + flip(text[len(text)-4:])
	case "entranceTime", "exitTime", "pushTime", "time":
		return text[:len(text)-2] + flip(text[len(text)-2:])
	case "remainingDays":
		return "99"
	default:
		return text + "9"
	}
}

// flip changes the last digit.
func flip(text string) string {
	if strings.HasSuffix(text, "1") {
		return text[:len(text)-1] + "2"
	}
	return text[:len(text)-1] + "1"
}

const verifyFix = "compute signment over what was received, and compare it byte for byte (in constant time) with what was sent"

var signatureChecks = []check{
	refuses(forged, report.Must, "§10.1", "a forged signment is refused, else no signature is judged", "an entry with 32 random hex digits for signment",
		"signatures are not verified at all: "+verifyFix, func(x *exam) message { return x.maker.entry().signedAs(x.forged()) }),
	refuses("signature-wrong-key", report.Must, "§10.1", "a push signed with another key is refused", "an entry signed with another key", verifyFix,
		func(x *exam) message {
			m, s := x.maker.entry(), x.sender
			s.key += "x"
			return m.signedAs(s.signment(m.fields))
		}).after(forged),
	refuses("signature-no-key", report.Must, "§10.1", "a push signed without a key is refused", "an entry signed with an empty key", "the merchant's key is part of what is hashed",
		func(x *exam) message {
			m, s := x.maker.entry(), x.sender
			s.key = ""
			return m.signedAs(s.signment(m.fields))
		}).after(forged),
	refuses("signature-other-merchant", report.Must, "§10.1", "another merchant's push is refused", "an entry signed for another merchant number, with the right key",
		"the merchant's number is part of what is hashed: "+verifyFix,
		func(x *exam) message {
			m, s := x.maker.entry(), x.sender
			s.merchantNo += "9"
			return m.signedAs(s.signment(m.fields))
		}).after(forged),
	refuses("signature-missing", report.Must, "§10.1", "a push without signment is refused", "an entry without the field signment",
		"a missing signature is a wrong one: `if signment != \"\" && !verify(…)` lets everybody in",
		func(x *exam) message { return x.maker.entry().signedAs(missing{}) }).after(forged),
	refuses("signature-empty", report.Must, "§10.1", "an empty signment is refused", "an entry with signment \"\"",
		"an empty signature is a wrong one: `if signment != \"\" && !verify(…)` lets everybody in",
		func(x *exam) message { return x.maker.entry().signedAs("") }).after(forged, "signature-missing"),
	{
		id: "signature-null", level: report.Must, section: "§10.1", title: "a signment that is no text is refused", sent: "an entry with signment null, and one with true",
		expected: isRefused, fix: "read signment as a text, and refuse anything else", needs: []string{controlNegative, forged, "signature-missing"},
		run: func(x *exam) {
			if x.sender.encoding == EncodingForm {
				x.excuse = "a form has texts only"
				return
			}
			x.refuse(x.maker.entry().signedAs(number("null")), "a push with signment null")
			x.refuse(x.maker.entry().signedAs(number("true")), "a push with signment true")
		},
	},
	refuses("signature-lower-case", report.Must, "§6 §10.1", "a signment in lower case is refused", "an entry whose right signment is in lower case",
		"§6 asks for upper case: compare the texts as they are, without EqualFold, equalsIgnoreCase or toUpperCase",
		func(x *exam) message {
			m := x.maker.entry()
			return m.signedAs(strings.ToLower(x.sender.signment(m.fields)))
		}).after(forged),
	refuses("signature-truncated", report.Must, "§10.1", "a truncated signment is refused", "an entry with the first 31 digits of its signment",
		"compare the whole text, not a prefix of it", func(x *exam) message {
			m := x.maker.entry()
			return m.signedAs(x.sender.signment(m.fields)[:31])
		}).after(forged),
	refuses("signature-half", report.Must, "§10.1", "half a signment is refused", "an entry with the first 16 digits of its signment",
		"compare the whole text, not a prefix of it", func(x *exam) message {
			m := x.maker.entry()
			return m.signedAs(x.sender.signment(m.fields)[:16])
		}).after(forged, "signature-truncated"),
	refuses("signature-longer", report.Should, "§10.1", "a signment with something after it is refused", "an entry with its signment and a 0 more",
		"compare the whole text", func(x *exam) message {
			m := x.maker.entry()
			return m.signedAs(x.sender.signment(m.fields) + "0")
		}).after(forged),
	refuses("signature-of-another", report.Must, "§10.1", "the signment of another push is refused", "an entry with the signment of an earlier right push",
		verifyFix, func(x *exam) message {
			earlier := x.maker.entry()
			x.take(earlier, "a right push")
			return x.maker.entry().signedAs(x.sender.signment(earlier.fields))
		}).after(forged),
	changed("signature-changed-entry", "§10.1", "an entry with a changed field is refused", client.KindEntry, (*maker).entry),
	changed("signature-changed-exit", "§10.2", "an exit with a changed field is refused", client.KindExit,
		func(k *maker) message { return k.exit(k.entry()) }),
	changed("signature-changed-unbind", "§10.3", "an unbinding with a changed field is refused", client.KindUnbind,
		func(k *maker) message { return k.notice(client.KindUnbind) }),
	changed("signature-changed-certification", "§10.4", "a lost certification with a changed field is refused", client.KindCertificationInvalid,
		func(k *maker) message { return k.notice(client.KindCertificationInvalid) }),
	refuses("signature-removed-field", report.Must, "§10.1", "a push with a field taken out is refused", "an entry without userType, signed with it",
		"hash what was received, not what should have been", func(x *exam) message {
			m := x.maker.entry()
			signed := m.fields
			m = m.without("userType")
			m.signed = signed
			return m
		}).after(forged),
	{
		id: "signature-kinds", level: report.Must, section: "§10.2", title: "exits are verified as entries are", sent: "an exit with a forged signment", expected: isRefused,
		fix: "verify before you look at the kind", needs: []string{controlNegative, forged, "exit"}, kinds: []client.Kind{client.KindExit},
		run: func(x *exam) {
			x.refuse(x.maker.exit(x.maker.entry()).signedAs(x.forged()), "an exit with a forged signment")
		},
	},
	{
		id: "answer-refusal", level: report.Should, section: "§10.1", title: "a refusal has a code and a message, too",
		sent: "a push with a forged signment", expected: "a JSON object, code a number that is not 0, message a text",
		fix: `answer {"code":4,"message":"签名校验非法"}: whoever reads the platform's log sees why`, needs: []string{controlNegative, forged},
		run: func(x *exam) {
			m := x.maker.entry().signedAs(x.forged())
			r := x.send(m)
			if x.note(m, r, false) || r.refusal(x.endpoint.Timeout) == "" {
				return
			}
			if _, problem := r.code(); problem != "" {
				x.fail(m, r, "%s", problem)
				return
			}
			if problem := messageProblem(r); problem != "" {
				x.fail(m, r, "%s", problem)
			}
		},
	},
}

const twiceFix = "a lost answer, or a redelivery, brings the same push again, byte for byte: know it by (kind, synId), and answer code 0 once more without doing its work again"

func twice(id, section, title string, push func(*maker) message) check {
	return check{
		id: id, level: report.Must, section: section, title: title, sent: "the same push twice, byte for byte", expected: isTaken + ", both times", fix: twiceFix,
		run: func(x *exam) {
			m := push(x.maker)
			if x.take(m, "the push") {
				x.take(m, "the same push a second time")
			}
		},
	}
}

var repeatChecks = []check{
	twice("twice-entry", "§10.1", "the same entry is taken twice", (*maker).entry),
	twice("twice-exit", "§10.2", "the same exit is taken twice", func(k *maker) message { return k.exit(k.entry()) }).of(client.KindExit).after("twice-entry", "exit-without-entry"),
	twice("twice-unbind", "§10.3", "the same unbinding is taken twice", func(k *maker) message { return k.notice(client.KindUnbind).with("time", k.at(13, 1, 1)) }).of(client.KindUnbind),
	twice("twice-certification", "§10.4", "the same lost certification is taken twice", func(k *maker) message {
		return k.notice(client.KindCertificationInvalid).with("time", k.at(13, 1, 1))
	}).of(client.KindCertificationInvalid),
	{
		id: "twice-entry-after-exit", level: report.Must, section: "§10.1", title: "an entry that comes again after its exit is taken", sent: "an entry, its exit, the entry again",
		expected: isTaken, fix: twiceFix, kinds: []client.Kind{client.KindExit}, needs: []string{"exit", "twice-entry"},
		run: func(x *exam) {
			m := x.maker.entry()
			if x.take(m, "the entry") && x.take(x.maker.exit(m), "the exit") {
				x.take(m, "the entry a second time")
			}
		},
	},
	{
		id: "refused-then-right", level: report.Must, section: "§10.1", title: "a push that was refused is taken when it comes right",
		sent: "an entry with a forged signment, then the same entry signed right", expected: "the first refused, the second taken",
		fix: "do not remember a push that was refused: an attacker could keep the right one out", needs: []string{controlNegative, forged},
		run: func(x *exam) {
			m := x.maker.entry()
			x.refuse(m.signedAs(x.forged()), "the push with a forged signment")
			x.take(m, "the same push, signed right")
		},
	},
	{
		id: "twice-at-once", level: report.Should, section: "§10.1", title: "the same push five times at once is taken",
		sent: "the same entry five times at once", expected: isTaken + ", each time", fix: "a unique key, and its violation taken for \"known already\"; " + twiceFix,
		needs: []string{"twice-entry"},
		run: func(x *exam) {
			m := x.maker.entry()
			x.atOnce(5, func(int) message { return m }, "one of five of the same push at once")
		},
	},
}

// atOnce sends n right pushes at once; it fails the check once, with how many were not taken.
func (x *exam) atOnce(n int, push func(int) message, what string) {
	messages := make([]message, n)
	for i := range messages {
		messages[i] = push(i)
	}
	replies := make([]*reply, n)
	var all sync.WaitGroup
	for i := range messages {
		all.Go(func() { replies[i] = x.send(messages[i]) })
	}
	all.Wait()
	bad, first := 0, -1
	for i, r := range replies {
		if x.note(messages[i], r, true) {
			return
		}
		if r.refusal(x.endpoint.Timeout) != "" {
			if bad++; first < 0 {
				first = i
			}
		}
	}
	if bad > 0 {
		r := replies[first]
		x.fail(messages[first], r, "%s: %d of %d were not taken; the first: %s", what, bad, n, r.refusal(x.endpoint.Timeout))
	}
}

// survives is a check that sends what is no push. mayCut allows the endpoint to close the connection on it.
func survives(id, level, title, sent, fix string, mayCut bool, garbage func(*exam) message) check {
	return check{
		id: id, level: level, section: "§10", title: title, sent: sent, expected: isError, fix: fix, needs: []string{controlNegative},
		run: func(x *exam) { x.survive(garbage(x), sent, mayCut) },
	}
}

func body(text string) message { return message{raw: &text} }

// jsonBody is a JSON text in the encoding of the examination.
func (x *exam) jsonBody(text string) message {
	if x.sender.encoding == EncodingForm || x.sender.encoding == EncodingFormParam {
		return body("data=" + strings.ReplaceAll(text, "%", "%25"))
	}
	return body(text)
}

const fallFix = "catch the error, answer it, and go on; let nothing from outside reach a panic or an unhandled exception"

var robustnessChecks = []check{
	survives("broken-json", report.Must, "JSON that ends too early is refused", "the first half of a push", fallFix, false, func(x *exam) message {
		_, _, text := x.sender.encode(x.maker.entry())
		return body(text[:len(text)/2])
	}),
	survives("empty-body", report.Must, "an empty body is refused", "a POST without a body", fallFix, false, func(*exam) message { return body("") }),
	survives("huge-body", report.Must, "a huge body is refused", "a POST of 8 MiB", "read no more than 64 KiB (http.MaxBytesReader, client_max_body_size, …): a push stays under 1 KiB", true,
		func(*exam) message { return body(`{"synId":"` + strings.Repeat("x", 8<<20) + `"}`) }),
	survives("method-get", report.Should, "GET is refused", "a GET", "pushes come by POST: HTTP 405 for others", false, func(*exam) message {
		m := body("")
		m.method, m.contentType = http.MethodGet, "-"
		return m
	}),
	survives("json-no-object", report.Must, "JSON that is no object is refused", "the JSON text [1,2]", fallFix, false,
		func(x *exam) message { return x.jsonBody("[1,2]") }).after(forged),
	survives("json-null", report.Must, "JSON null is refused", "the JSON text null", fallFix, false,
		func(x *exam) message { return x.jsonBody("null") }).after(forged),
	survives("json-empty-object", report.Must, "an object without fields is refused", "the JSON text {}", fallFix, false,
		func(x *exam) message { return x.jsonBody("{}") }).after(forged, "signature-missing"),
	survives("json-wrong-types", report.Must, "fields of the wrong type are refused", "a push whose plateNumber is an object and whose parkId is a list", fallFix, false,
		func(x *exam) message {
			return x.jsonBody(`{"synId":{},"plateNumber":{"a":1},"parkId":[1],"entranceTime":5,"signment":"` + x.forged() + `"}`)
		}).after(forged),
	survives("json-deep", report.Must, "JSON nested ten thousand deep is refused", "10 000 opening brackets and as many closing ones", "limit the depth, or use a parser that does", true,
		func(x *exam) message {
			return x.jsonBody(`{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`)
		}).after(forged),
	survives("not-utf-8", report.Must, "a body that is no UTF-8 is refused", "a push whose plate is in GBK", fallFix, false,
		func(x *exam) message {
			_, _, text := x.sender.encode(x.maker.entry().signedAs(x.forged()))
			return body(strings.ReplaceAll(text, "ETCP", "\xd3\xe5\xff"))
		}).after(forged),
	survives("no-content-type", report.Should, "a body of no kind is refused or read", "the text `x` without a Content-Type", fallFix, false,
		func(*exam) message {
			m := body("x")
			m.contentType = "-"
			return m
		}),
	survives("other-content-type", report.Should, "a body of another kind is refused", "a page of HTML", fallFix, false, func(*exam) message {
		m := body("<html><body>hello</body></html>")
		m.contentType = "text/html"
		return m
	}),
}

var burstChecks = []check{
	{
		id: "burst", level: report.Must, section: "§10", title: "many pushes at once are all taken in time", sent: "50 right pushes of 50 cars at once (--burst)",
		expected: isTaken + ", all of them", fix: "take the push, store it, answer, and do the slow work afterwards; give the connection pool room",
		run: func(x *exam) {
			x.atOnce(x.endpoint.Burst, func(int) message { return x.maker.entry() }, fmt.Sprintf("%d pushes at once", x.endpoint.Burst))
		},
	},
	{
		id: "after-burst", level: report.Must, section: "§10", title: "after many pushes at once a right push is taken", sent: "one right push", expected: isTaken,
		fix: "what was left behind (a queue, locks, connections) has to end with its request",
		run: func(x *exam) { x.take(x.maker.entry(), "a right push after many at once") },
	},
}
