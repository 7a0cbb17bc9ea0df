// Package model is what the fuzzer knows of a sandbox that it has set up: what its rules and car parks are, what each request must be answered, and which pushes
// are due. It is written apart from the mock, which it judges, and knows nothing of how requests are made up or sent.
//
// A [Setup] is what a sandbox is made of. A [Model] of it predicts the code of each request, and observes each answer: it learns from
// what is right, and says what is wrong. The cars, the clock and the codes that were sent are reported to it as they are moved and seen.
package model

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Unsure says that no code is known to be the right one.
const Unsure = -1

// Model is what is known of a sandbox, from its start: enough to know nearly all answers beforehand, and its pushes.
type Model struct {
	setup   Setup
	now     time.Duration // since the start
	sms     map[string]time.Duration
	codes   map[string]*sentCode // the newest code of a phone, once it is known
	tokens  map[string]*givenToken
	newest  map[tokenHolder]*givenToken
	bound   map[string]*boundVehicle            // by vehicle: plate and colour
	counted map[string]map[string]time.Duration // when a phone last bound a vehicle
	parked  map[string]*parkingOrder            // by vehicle
	orders  []*parkingOrder
	quotes  map[string]givenQuote // by proof
	paid    map[string]*madePayment
	scrolls map[string]*searchResult
	taken   map[string]int // spaces of car parks that cars of the story take
	pushes  []*Push
}

// sentCode is a code that was sent to a phone.
type sentCode struct {
	text     string
	used     bool
	replaced bool // by a newer one, which nobody has looked up
	same     int  // how often it came before
}

type tokenHolder struct {
	as         int
	app, phone string
}

type givenToken struct {
	holder tokenHolder
	at     time.Duration
	void   bool
}

type boundVehicle struct {
	phone     string
	merchants []int
	certified int // the merchant that it is certified for; nobody's is none
}

// none is no merchant.
const none = -1

type parkingOrder struct {
	id, vehicle string
	park        park
	number      int
	longTerm    bool
	left        bool
	entered     time.Duration
	leftAt      time.Duration
	settled     bool
	settledAt   time.Duration
	sum, cash   client.Fen // paid electronically, and in cash
	fixed       client.Fen // the fee, once it has left
	owner       string
	payers      []string
}

func (o *parkingOrder) plate() string { plate, _, _ := strings.Cut(o.vehicle, "|"); return plate }

type givenQuote struct {
	order *parkingOrder
	fee   client.Fen
	at    time.Duration
}

type madePayment struct {
	order            *parkingOrder
	amount           client.Fen
	receipt, payTime string
}

// New is what is known of a sandbox that was just made of a setup.
func New(u Setup) *Model {
	return &Model{
		setup: u, codes: map[string]*sentCode{}, sms: map[string]time.Duration{}, tokens: map[string]*givenToken{}, newest: map[tokenHolder]*givenToken{}, bound: map[string]*boundVehicle{},
		counted: map[string]map[string]time.Duration{}, parked: map[string]*parkingOrder{}, quotes: map[string]givenQuote{}, paid: map[string]*madePayment{}, scrolls: map[string]*searchResult{}, taken: map[string]int{},
	}
}

// Advance moves the clock.
func (m *Model) Advance(by time.Duration) { m.now += by }

// At is a time of the sandbox's as the platform prints it.
func (m *Model) At(since time.Duration) string { return TimeAt(m.setup.Clock.Add(since)) }

// Text is the text of a parameter; "": it is absent, or no scalar.
func Text(fields map[string]any, name string) string {
	text, _, _ := scalar(fields[name])
	return text
}

// VehicleOf is the vehicle that parameters name, as the model has it: plate and colour.
func VehicleOf(fields map[string]any) string {
	colour := Text(fields, "plateColor")
	if colour == "" {
		colour = "1"
	}
	return normalPlate(Text(fields, "plateNumber")) + "|" + colour
}

// Predict is the code of a request of a merchant (as: 0 or 1) whose envelope and parameters are right, or Unsure.
func (m *Model) Predict(e *schemas.Endpoint, as int, fields map[string]any) int {
	phone := Text(fields, "mobilePhone")
	if e.Token {
		t := m.tokens[Text(fields, "token")]
		if t == nil || t.void || t.holder.as != as || m.now-t.at >= m.setup.token {
			return schemas.CodeInvalidToken
		}
		phone = t.holder.phone
	}
	switch e.Name {
	case "uservalidatecode":
		if at, sent := m.sms[phone]; sent && m.now-at < m.setup.sms {
			return schemas.CodeSMSFailed
		}
	case "userlogin":
		return m.predictLogin(phone, Text(fields, "code"))
	case "usersigin":
		if car := Text(fields, "carNumber"); car != "" && m.setup.binds {
			return m.predictBinding(phone, normalPlate(car)+"|1")
		}
	case "bindcar":
		return m.predictBinding(phone, VehicleOf(fields))
	case "unbindcar":
		if len(m.ownColours(phone, fields)) == 0 {
			return schemas.CodeOperationFailed
		}
	case "carretrieve":
		return m.predictRetrieval(phone, fields)
	case "orderpaid":
		return m.predictPayment(fields)
	case "surroundingparking":
		return m.predictSearch(as, fields)
	case "parkingstatus":
		if m.park(Text(fields, "parkingId")) == nil {
			return schemas.CodeFailed
		}
	}
	return 0
}

// predictLogin says whether a code is the newest of its phone, not used and not expired. One that nobody has looked up is not guessed.
func (m *Model) predictLogin(phone, text string) int {
	c := m.codes[phone]
	if c == nil || c.text != text || c.replaced || c.used || m.now-m.sms[phone] >= m.setup.code {
		return schemas.CodeWrongSMSCode
	}
	return 0
}

// Code notes the code that a phone was sent, and says what is wrong with it; "": nothing.
func (m *Model) Code(phone, text string) string {
	if strings.Trim(text, "0123456789") != "" || len(text) != 6 {
		return fmt.Sprintf("sends the code %q, want six digits", text)
	}
	c := m.codes[phone]
	switch {
	case c == nil:
		m.codes[phone] = &sentCode{text: text}
	case !c.replaced: // the same as before
	case c.text != text:
		m.codes[phone] = &sentCode{text: text}
	case c.same > 0: // by chance that comes once in a million million
		return "sends the same code again and again"
	default:
		m.codes[phone] = &sentCode{text: text, same: c.same + 1}
	}
	return ""
}

// observed is an answer that is held to the model.
type observed struct {
	m      *Model
	e      *schemas.Endpoint
	as     int
	fields map[string]any
	answer *client.Answer
}

func (o *observed) text(name string) string { return Text(o.fields, name) }

// data decodes the data of the answer; the schema has seen it.
func (o *observed) data(into any) { _ = json.Unmarshal(o.answer.Data, into) }

func (o *observed) wrong(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// Observe learns from an answer that is right so far, and says what is wrong with its data by what is known; "": nothing.
func (m *Model) Observe(e *schemas.Endpoint, as int, fields map[string]any, answer *client.Answer) (wrong string) {
	if answer.Code != 0 {
		return ""
	}
	o := &observed{m, e, as, fields, answer}
	phone := ""
	if t := m.tokens[o.text("token")]; t != nil {
		phone = t.holder.phone
	}
	switch e.Name {
	case "uservalidatecode":
		m.sms[o.text("mobilePhone")] = m.now
		if c := m.codes[o.text("mobilePhone")]; c != nil {
			c.replaced = true
		}
	case "usersigin", "userlogin":
		return o.login()
	case "bindcar":
		m.bind(phone, VehicleOf(fields), as)
	case "carretrieve":
		m.retrieve(phone, VehicleOf(fields), as)
	case "unbindcar":
		m.unbind(phone, fields, as)
	case "orderhistory":
		return o.history(phone)
	case "parkingstatus":
		return o.status()
	case "surroundingparking":
		return o.search()
	case "carnum":
		var data struct {
			Number int `json:"number"`
		}
		if o.data(&data); data.Number != m.boundBy(phone) {
			return o.wrong("says %d vehicles, and %d are bound", data.Number, m.boundBy(phone))
		}
	case "orderunpay":
		return o.quotes()
	case "orderpaid":
		return o.payment(phone)
	}
	return ""
}

// login notes a token: it voids the one before of the same merchant, application and phone, whichever endpoint gave it.
func (o *observed) login() string {
	m := o.m
	var data struct {
		Token string `json:"token"`
	}
	o.data(&data)
	if m.tokens[data.Token] != nil {
		return o.wrong("gave a token that was given before")
	}
	holder := tokenHolder{o.as, o.text("appId"), o.text("mobilePhone")}
	if old := m.newest[holder]; old != nil {
		old.void = true
	}
	t := &givenToken{holder: holder, at: m.now}
	m.newest[holder], m.tokens[data.Token] = t, t
	if o.e.Name == "userlogin" {
		if c := m.codes[holder.phone]; c != nil {
			c.used = true
		}
		return ""
	}
	if car := o.text("carNumber"); car != "" && m.setup.binds {
		m.bind(holder.phone, normalPlate(car)+"|1", o.as)
	}
	return ""
}

// park is a car park by its id.
func (m *Model) park(id string) *park {
	all := m.setup.parks()
	if i := slices.IndexFunc(all, func(p park) bool { return p.id == id }); i >= 0 {
		return &all[i]
	}
	return nil
}

// boundBy is how many vehicles a phone has bound, over all merchants.
func (m *Model) boundBy(phone string) (n int) {
	for b := range maps.Values(m.bound) {
		if b.phone == phone {
			n++
		}
	}
	return n
}

// State is what a call finds, in a few bits: how many vehicles its phone has bound, whose its vehicle is, and what became of its stays.
func (m *Model) State(fields map[string]any) (bits uint32) {
	phone := Text(fields, "mobilePhone")
	if t := m.tokens[Text(fields, "token")]; t != nil {
		phone = t.holder.phone
	}
	if phone != "" {
		bits = uint32(min(m.boundBy(phone), 5))<<3 | uint32(min(len(m.counted[phone]), 7)) //nolint:gosec // few
	}
	plate := Text(fields, "plateNumber")
	if plate == "" && Text(fields, "orderId") == "" {
		return bits
	}
	v := VehicleOf(fields)
	if b := m.bound[v]; b != nil {
		bits |= 1<<6 | uint32(len(b.merchants))<<7 //nolint:gosec // 1 or 2
		if b.phone == phone {
			bits |= 1 << 9
		}
		if b.certified != none {
			bits |= 1 << (10 + b.certified)
		}
	}
	for _, o := range m.orders {
		if o.vehicle != v && o.id != Text(fields, "orderId") {
			continue
		}
		switch {
		case o.left && m.due(o) > 0:
			bits |= 1 << 12
		case o.left:
			bits |= 1 << 13
		case o.settled && m.due(o) == 0:
			bits |= 1 << 14
		case o.settled:
			bits |= 1 << 15
		default:
			bits |= 1 << 16
		}
	}
	return bits
}
