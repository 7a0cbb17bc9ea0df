package fuzz

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// errand is a few steps that make sense one after the other. A line is a call, with the parameters that are not as usual, an act of the simulator (enter, exit, sms,
// redeliver), or a wait. Of values between bars one is drawn; a line that begins with ? is left out half of the time; @other is by the other merchant, @any by either.
//
// P and Q are two phones, X, Y, Z, W and V vehicles. token is the newest of P (token:Q of Q) by who calls, order, proof and fee those of the newest quote, scroll
// and code the newest; ~longer and the like change them (see derivations); #5 is a number, _ a space. Times are durations, or a rule's: token-1s.
type errand struct {
	simulator, writes bool // what it takes
	lines             []string
}

const (
	allParks   = "1|1|1|20|21|100|3"
	aroundHalf = "?wait 1s|59s|1m|10m|29m|30m|30m1s|45m|1h|1h1s|90m"
	aStay      = "wait 1s|free|free+1s|free+1m|45m|45m1s|1h|1h1s|1h0m30s|90m|2h|2h1s|23h|24h|24h1s|24h10m|25h|30h|48h|49h30m|76h|800h"
	aColour    = "1|1|1|2|3|4"
)

var errands = []errand{
	// logins (§9.1 to §9.3)
	{true, true, []string{"uservalidatecode", "sms", "?wait code-1s|code|sms|sms-1s|1s", "?uservalidatecode", "userlogin code=code|code|code~shorter|code~longer|code~spaced|code~changed|000000", "userlogin", "carnum"}},
	{true, true, []string{"uservalidatecode", "sms", "wait sms", "uservalidatecode", "userlogin", "sms", "userlogin", "wait sms|code-1s|code", "userlogin", "uservalidatecode", "sms", "userlogin"}},
	{true, true, []string{"uservalidatecode", "sms", "uservalidatecode mobilePhone=Q", "userlogin mobilePhone=Q", "sms mobilePhone=Q", "userlogin mobilePhone=P code=code:Q", "userlogin mobilePhone=Q code=code:Q"}},
	{true, true, []string{"uservalidatecode", "wait sms-1s|sms|sms/2", "uservalidatecode", "wait sms/2|sms-1s|sms|1s", "uservalidatecode", "sms"}},
	{true, true, []string{"uservalidatecode", "sms", "userlogin", "uservalidatecode", "wait sms", "uservalidatecode"}},
	{true, true, []string{"uservalidatecode", "sms", "wait code", "userlogin", "wait 1s", "userlogin"}},
	{true, true, []string{"uservalidatecode", "sms", "wait code-1s", "userlogin", "userlogin"}},
	{false, true, []string{"usersigin appId=ETCP", "usersigin appId=ETCP|etcp|x|text0", "carnum token=token", "carnum token=older", "carnum@other token=token:P"}},
	{true, true, []string{"usersigin appId=ETCP|x", "wait token-1s", "carnum", "?orderhistory", "wait 1s", "carnum"}},
	{true, true, []string{"uservalidatecode", "sms", "userlogin appId=ETCP", "?usersigin appId=ETCP|x", "carnum token=older", "wait token-1s", "carnum", "wait 1s|30m", "carnum token=token|older"}},
	{true, true, []string{"uservalidatecode", "sms", "usersigin appId=ETCP", "userlogin appId=ETCP|x", "carnum token=older", "carnum"}},
	{false, true, []string{"login", "carnum token=token~longer|token~shorter|token~spaced|token~behind|token~upper|token~dashed|token~changed", "carnum"}},
	{false, true, []string{"login", "login mobilePhone=Q", "carnum token=token:P", "carnum token=token:Q", "usersigin mobilePhone=Q", "carnum token=token:P"}},
	{true, true, []string{"usersigin carNumber=X|Y|R", "carnum", "bindcar plateNumber=X", "usersigin carNumber=X", "usersigin mobilePhone=Q carNumber=X|Y|Z", "carnum token=token:Q", "unbindcar token=token:Q plateNumber=Y"}},
	{true, true, []string{"usersigin carNumber=X", "usersigin carNumber=Y", "usersigin carNumber=Z", "usersigin carNumber=W", "carnum"}},
	{true, true, []string{"login", "bindcar plateColor=" + aColour, "usersigin mobilePhone=Q", "usersigin mobilePhone=Q carNumber=X", "carnum token=token:Q"}},
	{false, true, []string{"usersigin carNumber=渝ATX06|渝ATXO61|渝A学X061|X", "carnum"}},

	// vehicles (§9.4, §9.5, §9.12)
	{false, true, []string{"login", "bindcar plateColor=" + aColour, "bindcar plateColor=" + aColour, "carnum", "?unbindcar", "carnum", "unbindcar", "bindcar plateNumber=Y", "carnum"}},
	{false, true, []string{"login", "login@other", "bindcar", "bindcar@other", "carnum@other", "unbindcar@any", "carnum", "unbindcar"}},
	{true, true, []string{"login", "login@other", "bindcar", "bindcar@other", "enter", "wait 1h", "exit", "unbindcar@any"}},
	{false, true, []string{"login", "login mobilePhone=Q", "bindcar", "bindcar token=token:Q", "unbindcar token=token:Q", "unbindcar", "bindcar token=token:Q", "carnum", "carnum token=token:Q"}},
	{false, true, []string{"login", "login@other mobilePhone=Q", "bindcar plateColor=1", "bindcar plateColor=2|4", "bindcar@other token=token:Q plateColor=3", "unbindcar", "carnum", "carnum@other token=token:Q", "?unbindcar@other token=token:Q"}},
	{false, true, []string{"login", "bindcar", "bindcar plateNumber=Y", "bindcar plateNumber=Z", "bindcar plateNumber=W", "bindcar plateNumber=X", "carnum"}},
	{false, true, []string{"login", "login@other", "bindcar", "bindcar@other plateNumber=Y", "bindcar plateNumber=Z", "bindcar@any plateNumber=W", "bindcar plateNumber=V"}},
	{false, true, []string{"login", "bindcar plateColor=1", "bindcar plateColor=2", "bindcar plateColor=3", "bindcar plateColor=4", "carnum", "unbindcar", "carnum", "bindcar plateNumber=Y", "bindcar plateColor=1"}},
	{false, true, []string{"login", "bindcar", "unbindcar", "bindcar", "unbindcar", "bindcar plateNumber=Y", "unbindcar plateNumber=Y", "bindcar plateNumber=Z", "unbindcar plateNumber=Z", "bindcar plateNumber=W", "unbindcar plateNumber=W", "bindcar plateNumber=V", "bindcar plateNumber=X", "carnum"}},
	{true, true, []string{"login", "bindcar", "unbindcar", "wait 1h", "bindcar plateNumber=Y", "unbindcar plateNumber=Y", "bindcar plateNumber=Z", "unbindcar plateNumber=Z", "bindcar plateNumber=W", "unbindcar plateNumber=W", "wait 671h59m59s|672h|695h|719h|720h|721h|742h59m59s|743h|743h0m1s|744h", "usersigin", "bindcar plateNumber=V", "carnum"}},
	{true, true, []string{"login", "bindcar", "bindcar plateNumber=Y", "unbindcar", "unbindcar plateNumber=Y", "wait 1s|29m59s|30m|30m1s|1h|7h59m59s|8h|8h1s|24h", "usersigin", "bindcar plateNumber=Z", "unbindcar plateNumber=Z", "bindcar plateNumber=W", "unbindcar plateNumber=W", "bindcar plateNumber=V", "wait 742h|743h|744h|720h|721h", "usersigin", "bindcar plateNumber=X", "bindcar plateNumber=R"}},
	{true, true, []string{"login", "bindcar", "wait 480h|600h", "usersigin", "bindcar", "unbindcar", "wait 150h|264h|265h", "usersigin", "bindcar plateNumber=Y", "unbindcar plateNumber=Y", "bindcar plateNumber=Z", "unbindcar plateNumber=Z", "bindcar plateNumber=W", "unbindcar plateNumber=W", "bindcar plateNumber=V"}},
	{false, true, []string{"login", "login mobilePhone=Q", "bindcar", "bindcar plateNumber=Y", "bindcar plateNumber=Z", "bindcar token=token:Q plateNumber=W", "bindcar plateNumber=W", "carretrieve plateNumber=W"}},
	{false, true, []string{"login", "bindcar plateNumber=X~spaced|X~behind|X~lower|X~longer|X~shorter", "bindcar", "carnum"}},

	// retrieval (§9.9)
	{false, true, []string{"login", "login mobilePhone=Q", "?bindcar token=token:Q", "carretrieve", "carnum", "carnum token=token:Q", "?carretrieve token=token:Q"}},
	{false, true, []string{"login", "carretrieve plateNumber=R plateColor=1|3 carFrameNum=V1|V2|V1~changed carEngineNum=E1|E2|E1~longer|E1~shorter", "carretrieve plateNumber=R plateColor=3 carFrameNum=V2 carEngineNum=E2", "carretrieve plateNumber=R plateColor=2"}},
	{false, true, []string{"login", "carretrieve plateNumber=R carFrameNum=V1 carEngineNum=E1|E2", "carretrieve plateNumber=R carFrameNum=V1~last carEngineNum=E1", "carretrieve plateNumber=L carFrameNum=V3|V1 carEngineNum=E3", "carretrieve plateNumber=L2", "carnum"}},
	{true, true, []string{"login", "login@other mobilePhone=Q", "carretrieve", "enter", "carretrieve@other token=token:Q", "wait 30m", "exit", "enter plateNumber=X", "?unbindcar@other token=token:Q", "wait 1m", "exit"}},
	{true, true, []string{"login", "login@other", "carretrieve", "enter", "wait 20m", "carretrieve@other", "exit", "enter", "wait 40m", "carretrieve", "exit", "unbindcar@any"}},
	{true, true, []string{"login", "bindcar", "enter", "carretrieve", "wait 30m", "exit", "unbindcar", "bindcar", "enter", "wait 30m", "exit"}},
	{true, true, []string{"login", "login@other", "login mobilePhone=Q", "bindcar", "bindcar@other", "carretrieve@any", "carretrieve token=token:Q", "enter", "wait 30m", "exit", "carnum"}},
	{false, true, []string{"login", "login mobilePhone=Q", "bindcar", "bindcar plateNumber=Y", "bindcar plateNumber=Z", "bindcar token=token:Q plateNumber=W", "carretrieve plateNumber=W|V", "carretrieve plateNumber=R carFrameNum=V1~changed", "carretrieve plateNumber=X"}},
	{true, true, []string{"login", "bindcar", "unbindcar", "carretrieve plateNumber=Y", "unbindcar plateNumber=Y", "carretrieve plateNumber=Z", "unbindcar plateNumber=Z", "bindcar plateNumber=W", "unbindcar plateNumber=W", "carretrieve plateNumber=V", "bindcar plateNumber=V"}},

	// stays, fees and payments (§9.6 to §9.8)
	{true, true, []string{"login", "?bindcar plateColor=" + aColour, "enter parkingId=" + allParks, aStay, "orderunpay", "?wait 1s|1m|quote-1s|quote", "orderpaid payment=fee|fee|fee|1|fee~longer", "again", "?wait grace|grace+1s|grace-1s", "orderunpay", "exit payment=cash|none|withhold", "orderunpay", "orderhistory"}},
	{true, true, []string{"login", "?bindcar", "enter parkingId=" + allParks, aStay, "exit payment=cash|none|none|withhold", "orderunpay", "orderpaid", "orderunpay", "orderhistory", "wait history-1s|history|history+1s", "usersigin", "orderhistory"}},
	{true, true, []string{"login", "bindcar", "enter parkingId=" + allParks, aStay, "exit payment=none", "wait 1m|1h|26h", "usersigin", "enter parkingId=" + allParks, aStay, "usersigin", "orderunpay", "orderpaid", "?exit payment=none|cash", "orderunpay", "orderhistory"}},
	{true, true, []string{"login", "enter parkingId=1", aStay, "usersigin", "orderunpay", "wait quote-1s|quote|quote+1s|1h|grace", "orderpaid", "orderunpay", "wait grace|grace+1s|1h", "orderunpay", "?orderpaid", "exit", "orderhistory"}},
	{true, true, []string{"login", "enter parkingId=1", "wait free+1s|1h|45m", "orderunpay", "wait 1s|1m|quote-1s", "orderpaid", "wait grace-1s|grace|grace+1s|2h", "exit payment=cash|none|withhold", "orderunpay", "orderhistory"}},
	{true, true, []string{"login", "login@other mobilePhone=Q", "?bindcar", "enter", "wait 90m", "orderunpay", "orderpaid@other token=token:Q externalOrderId=text0", "again@any token=token|token:Q", "orderhistory", "exit payment=cash", "orderhistory", "orderhistory@other token=token:Q"}},
	{true, true, []string{"login", "enter", "enter plateNumber=Y", "wait 90m", "orderunpay", "orderpaid externalOrderId=text0 payment=1", "orderpaid externalOrderId=text0", "orderunpay plateNumber=Y", "orderpaid externalOrderId=text0|text1 payment=fee", "again externalOrderId=text0", "again payment=1", "again payTime=2017-08-20_13:00:01"}},
	{true, true, []string{"login", "enter parkingId=1", "wait 90m", "orderunpay", "orderpaid externalOrderId=text0", "wait grace+1s|2h|25h", "usersigin", "orderunpay", "orderpaid externalOrderId=text1|text0", "again externalOrderId=text0", "again externalOrderId=text1", "?exit payment=withhold", "orderhistory"}},
	{true, true, []string{"login", "enter", "wait 90m", "orderunpay", "orderpaid orderId=order~lower|order~longer|order~shorter|order~spaced|x", "orderpaid verificationInfo=proof~longer|proof~changed|proof~spaced|proof~shorter|proof~twice", "orderpaid"}},
	{true, true, []string{"login", "enter", "wait 90m", "orderunpay", "orderpaid", "?again", "exit", "wait 1s|2m|10m|1h", "again", "again payment=1", "orderhistory"}},
	{true, true, []string{"login", "enter", "wait 90m", "exit payment=none", "orderunpay", "orderpaid", "wait 2m|10m|1h", "again", "?orderunpay", "orderpaid"}},
	{true, true, []string{"login", "enter", "enter plateNumber=Y", "wait 90m", "orderunpay plateNumber=Y", "orderunpay plateNumber=X", "orderpaid orderId=order:older", "orderpaid verificationInfo=proof:older", "orderpaid orderId=order:older verificationInfo=proof:older"}},
	{true, true, []string{"login", "enter", "wait 90m", "orderunpay", "orderpaid payTime=2017-02-29_00:00:00|2017-08-20T12:30:00|20170820123000|2017-08-20|2017/08/20_12:30:00|2017-04-31_12:00:00|2017-08-20_23:59:60|2017-8-20_12:30:00|2017-08-20_9:30:00|2017-08-20_12:30:00.5|2017-08-20_12:30:00", "orderpaid payment=#10|10.00|10.0|10.001|+10|1e1|010|10.|_10|10,0", "orderunpay"}},
	{true, true, []string{"login", "bindcar plateColor=1", "enter plateColor=1", "wait 1s|0s|1m", "enter plateColor=2|3|4 parkingId=" + allParks, aStay, "exit plateColor=1 payment=none", aroundHalf, "usersigin", "orderunpay", "exit plateColor=2|3|4 payment=none|cash", "orderunpay", "orderpaid", "orderunpay"}},
	{true, true, []string{"login", "login mobilePhone=Q", "bindcar", "enter", "wait 90m", "unbindcar", "?bindcar token=token:Q", "exit payment=cash|withhold", "unbindcar token=token:Q", "?bindcar", "orderhistory", "orderhistory token=token:Q"}},
	{true, true, []string{"login", "bindcar", "enter parkingId=1", "wait 1h", "enter plateNumber=Y", "?bindcar plateNumber=Y", "wait 1h", "exit plateNumber=X", "wait 1m", "exit plateNumber=Y payment=withhold|cash", "orderhistory", "wait history-2m|history|history-1h|history-1h1s", "usersigin", "orderhistory"}},
	{true, true, []string{"login", "bindcar plateNumber=L|L2", "enter plateNumber=L|L2", aStay, "usersigin", "orderunpay plateNumber=L|L2", "orderpaid payment=1", "exit plateNumber=L", "exit plateNumber=L2", "orderhistory"}},
	{true, true, []string{"login", "bindcar", "enter", "wait 1s|5m", "exit", "enter", "wait 1h", "exit payment=withhold", "enter parkingId=20", "wait 2h", "orderunpay", "orderpaid", "wait 1h", "exit payment=cash", "orderhistory"}},
	{true, true, []string{"enter", "enter plateNumber=Y", "login", "orderunpay plateNumber=Y|X~lower|X~spaced", "bindcar", "bindcar plateNumber=Y", "exit", "exit plateNumber=Y", "orderhistory"}},
	{true, true, []string{"login", "bindcar", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "enter", "exit", "orderhistory"}},
	{true, true, []string{"login", "bindcar", "enter parkingId=1", "wait 90m", "orderunpay", "orderpaid", "wait 3h", "exit payment=cash", "orderhistory", "usersigin mobilePhone=Q", "orderhistory token=token:Q"}},

	// car parks (§9.10, §9.11)
	{false, false, []string{"surroundingparking lat=29.563 lon=106.551|#106.551 radius=500|720|770|1000|2850|3500|3900|#4500|5000", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll"}},
	{false, false, []string{"surroundingparking lat=29.57|29.59|29.6 lon=106.551|106.552 radius=500|1500|5000 payType=1", "surroundingparking scrollId=scroll radius=500|x payType=2", "surroundingparking scrollId=scroll city=北京市", "surroundingparking scrollId=scroll"}},
	{false, false, []string{"surroundingparking city=重庆市", "surroundingparking scrollId=scroll", "surroundingparking@other scrollId=scroll:other", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll"}},
	{false, false, []string{"surroundingparking city=重庆市 payType=1|#1", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll", "surroundingparking scrollId=scroll~longer|scroll~shorter|scroll~changed"}},
	{false, false, []string{"surroundingparking lat=0|0.01|-0.02 lon=180|-180|179.98|-179.98 radius=5000", "surroundingparking lat=80|80.01 lon=20|20.5|20.04 radius=3000|5000|5000", "surroundingparking city=上海市|哈尔滨|北京市|天津市"}},
	{false, false, []string{"surroundingparking lat=29.563 lon=106.551 radius=5000 city=北京市 payType=''|1", "surroundingparking lat=29.563 lon='' radius=5000", "surroundingparking lat='' lon='' radius='' city=重庆市", "surroundingparking lat=29.563 lon=106.551 radius='' city=重庆市", "surroundingparking lat='' lon=106.551 city=重庆市"}},
	{true, true, []string{"parkingstatus parkingId=20", "enter parkingId=20", "parkingstatus parkingId=20|#20", "enter plateNumber=Y parkingId=20", "parkingstatus parkingId=20", "enter plateNumber=Z parkingId=20", "exit plateNumber=Y", "parkingstatus parkingId=20"}},
	{true, true, []string{"enter parkingId=21", "parkingstatus parkingId=21", "enter plateNumber=Y parkingId=21", "parkingstatus parkingId=21", "wait 1m", "exit plateNumber=X", "parkingstatus parkingId=21"}},
	{true, true, []string{"parkingstatus parkingId=100", "parkingstatus parkingId=3", "enter parkingId=3", "parkingstatus parkingId=3", "parkingstatus parkingId=40", "parkingstatus parkingId=60", "enter plateNumber=Y parkingId=60", "parkingstatus parkingId=60", "parkingstatus parkingId=01|1_|_1|1.0|+1|999"}},

	// pushes (§10)
	{true, true, []string{"login", "bindcar", "enter", "wait 10s|9s|5s|7s", "exit", "wait 10s|30s|40s|1m|1s", "unbindcar", "wait 30s|2m|9s|10s|29s", "?wait 5m|15m|30m", "wait 1s|1h"}},
	{true, true, []string{"login", "bindcar", "enter", "bindcar plateNumber=Y", "enter plateNumber=Y", "wait 10s", "exit plateNumber=Y", "exit", "wait 30s", "wait 2m", "wait 5m", "wait 15m"}},
	{true, true, []string{"login", "carretrieve", "enter", "wait 1h", "redeliver 0|1|2", "exit", "redeliver 0|1|2|3", "wait 1m"}},
	{true, true, []string{"login", "bindcar", "enter", "wait 1h", "redeliver 0|1", "wait 1h", "redeliver 0|1|2", "wait 1h"}},
	{true, true, []string{"login", "bindcar plateColor=1", "bindcar plateColor=2", "enter plateColor=1", "enter plateColor=2", "wait 10s", "exit plateColor=2", "wait 5s", "exit plateColor=1", "unbindcar", "wait 1h"}},
	{true, true, []string{"login", "bindcar", "enter", "unbindcar", "wait 1h", "exit", "bindcar", "enter", "wait 1h"}},
}

// usually is what parameters are in an errand, unless a line says otherwise.
var usually = map[string]string{
	"mobilePhone": "P", "appId": "ETCP", "code": "code", "token": "token", "plateNumber": "X", "carFrameNum": "V1", "carEngineNum": "E1", "parkingId": "1",
	"orderId": "order", "externalOrderId": "text0|text1|text2|text3", "payment": "fee", "payTime": "2017-08-20_13:00:00", "verificationInfo": "proof",
}

// line is the step of the next line of the errand; not is, and there is none.
func (g *generator) line(id int) (s fuzzStep, ok bool) {
	text, optional := strings.CutPrefix(g.next[0], "?")
	g.next = g.next[1:]
	if optional && g.rng.IntN(2) == 0 {
		return s, false
	}
	words := strings.Fields(text)
	verb, by, _ := strings.Cut(words[0], "@")
	as := g.as
	if g.simulator && (by == "other" || by == "any" && g.rng.IntN(2) == 0) {
		as = 1 - as
	}
	s = fuzzStep{id: id, action: "call", subject: verb, as: as}
	settings := map[string]string{}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		settings[name] = pick(g.rng, strings.Split(value, "|"))
	}
	switch verb {
	case "wait":
		return g.wait(id, pick(g.rng, strings.Split(words[1], "|")))
	case "redeliver":
		return fuzzStep{id: id, action: verb, subject: pick(g.rng, strings.Split(words[1], "|"))}, true
	case "sms", "enter", "exit":
		return g.act(id, verb, settings), true
	case "again":
		return g.again(s, settings), g.paid != nil
	case "login":
		phone := g.worded("mobilePhone", settings["mobilePhone"], as)
		if g.rng.IntN(3) > 0 && g.newest(g.tokens, "token", func(t given) bool { return t.as == as && t.phone == phone }) != nil {
			return s, false
		}
		s.subject = "usersigin"
	}
	e, _ := schemas.Lookup(s.subject)
	for _, p := range e.Params {
		setting, set := settings[p.Name]
		if p.Required || set {
			s.fields = append(s.fields, fuzzField{p.Name, g.worded(p.Name, setting, as)})
		}
	}
	if g.rng.IntN(8) == 0 {
		if w := pick(g.rng, ways); w.code == 0 && (w.on == "" || w.on == e.Method) && !w.isLarge() {
			s.way = w.name
		}
	} else if g.rng.IntN(8) == 0 {
		s.style = pick(g.rng, []string{"spaced", "twice", "escaped"})
	}
	return s, true
}

// wait is a step that moves the clock.
func (g *generator) wait(id int, text string) (fuzzStep, bool) {
	named := g.setup.Durations()
	name := strings.TrimRightFunc(text, func(r rune) bool { return r < 'a' || r > 'z' })
	if at := strings.IndexAny(text, "+-/"); at > 0 {
		name = text[:at]
	}
	by, ok := named[name]
	rest := strings.TrimPrefix(text, name)
	switch {
	case !ok:
		by, _ = time.ParseDuration(text)
	case rest == "/2":
		by /= 2
	case rest != "":
		more, _ := time.ParseDuration(rest)
		by += more
	}
	return fuzzStep{id: id, action: "advance", subject: by.String()}, by > 0
}

// act is a step of the simulator.
func (g *generator) act(id int, verb string, settings map[string]string) fuzzStep {
	s := fuzzStep{id: id, action: verb}
	names := map[string][]string{"sms": {"mobilePhone"}, "enter": {"plateNumber", "plateColor", "parkingId"}, "exit": {"plateNumber", "plateColor", "payment"}}[verb]
	for _, name := range names {
		setting, set := settings[name]
		if set || name == "mobilePhone" || name == "plateNumber" || name == "parkingId" {
			s.fields = append(s.fields, fuzzField{name, g.worded(name, setting, g.as)})
		}
	}
	return s
}

// again is the last payment once more, or something like it.
func (g *generator) again(s fuzzStep, settings map[string]string) fuzzStep {
	s.subject, s.fields = "orderpaid", slices.Clone(g.paid)
	for i, f := range s.fields {
		if setting, set := settings[f.name]; set {
			s.fields[i].value = g.worded(f.name, setting, s.as)
		}
	}
	return s
}

// worded is the value that a word of an errand stands for.
func (g *generator) worded(name, word string, as int) any {
	if word == "" {
		word = pick(g.rng, strings.Split(usually[name], "|"))
	}
	word, how, changed := strings.Cut(word, "~")
	value := g.meant(word, as)
	if s, ok := value.(symbol); ok && changed {
		return derived{s, how}
	}
	if text, ok := value.(string); ok && changed && text != "" {
		if how == "last" {
			return text[:len(text)-1] + "9"
		}
		return derivations[how].of(text)
	}
	return value
}

// meant is worded without what is changed of it.
func (g *generator) meant(word string, as int) any {
	switch word {
	case "''":
		return ""
	case "R", "L", "L2":
		return map[string]string{"R": model.Registry[0].Plate, "L": model.Registry[2].Plate, "L2": model.Registry[3].Plate}[word]
	case "V1", "V2", "V3":
		return model.Registry[word[1]-'1'].VIN
	case "E1", "E2", "E3":
		return model.Registry[word[1]-'1'].Engine
	}
	if v, ok := g.words[word]; ok {
		return v
	}
	what, of, _ := strings.Cut(word, ":")
	var v any
	switch what {
	case "token", "older":
		phone := g.words[map[string]string{"": "P"}[of]+of]
		skip := what == "older"
		v = g.newest(g.tokens, "token", func(t given) bool {
			if t.as != as && of == "" || t.phone != phone {
				return false
			}
			if skip {
				skip = false
				return false
			}
			return true
		})
	case "code":
		phone := g.words[map[string]string{"": "P"}[of]+of]
		v = g.newest(g.codes, "code", func(t given) bool { return t.phone == phone })
	case "order", "proof", "fee":
		skip := of == "older"
		v = g.newest(g.quotes, what, func(given) bool {
			if skip {
				skip = false
				return false
			}
			return true
		})
	case "scroll":
		v = g.newest(g.scrolls, what, func(t given) bool { return t.as == as != (of == "other") })
	default:
		if number, ok := strings.CutPrefix(word, "#"); ok {
			return json.Number(number)
		}
		if _, err := strconv.Atoi(strings.TrimPrefix(word, "text")); err == nil && strings.HasPrefix(word, "text") {
			return symbol(word)
		}
		return strings.ReplaceAll(word, "_", " ")
	}
	if v == nil {
		return "x"
	}
	return v
}
