package fuzz

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// unsure says that no code is known to be the right one.
const unsure = -1

// predict is the code that an answer must have, as far as that is known beforehand.
func (p *player) predict(e *schemas.Endpoint, f *fuzzStep) int {
	if o := overrideOf(f.override); o != nil {
		return o.code
	}
	if f.expired {
		return schemas.CodeTimestampExpired
	}
	if f.raw != "" {
		return schemas.CodeBadParameter
	}
	fields := p.fields(f)
	if code := formCode(e, fields); code != 0 {
		return code
	}
	if p.model == nil {
		return unsure
	}
	return p.model.predict(e, fields)
}

// scalar is a parameter's text. Absent: missing, null or empty; a boolean, an object or an array is no scalar.
func scalar(v any) (text string, absent, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true, true
	case string:
		return v, v == "", true
	case json.Number:
		return v.String(), false, true
	}
	return "", false, false
}

// formCode is what the checks of parameters answer (docs/protocol.md): 20102 before 6 and 20201, the first malformed one in the
// document's order. 0: they pass.
func formCode(e *schemas.Endpoint, fields map[string]any) int {
	absent := func(name string) bool { _, no, _ := scalar(fields[name]); return no }
	if e.Alone != "" && !absent(e.Alone) {
		return schemas.CodeBadParameter // no story has a scrollId that was given
	}
	for _, p := range e.Params {
		if p.Required && absent(p.Name) {
			return schemas.CodeMissingParameter
		}
	}
	if len(e.Either) > 0 {
		meant := e.Either[len(e.Either)-1]
		for _, group := range e.Either {
			if slices.ContainsFunc(group, func(name string) bool { return !absent(name) }) {
				meant = group
				break
			}
		}
		if slices.ContainsFunc(meant, absent) {
			return schemas.CodeMissingParameter
		}
	}
	for _, p := range e.Params {
		if absent(p.Name) {
			continue
		}
		text, _, ok := scalar(fields[p.Name])
		if ok && wellFormed(p.Form, text) {
			continue
		}
		if p.Form == schemas.FormPhone {
			return schemas.CodeBadPhone
		}
		return schemas.CodeBadParameter
	}
	return 0
}

var (
	phoneForm   = lazyregexp.New(`^1[3-9][0-9]{9}$`)
	plateForm   = lazyregexp.New(`^(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使](?:[A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警港澳挂领试超]|[A-Z][0-9]{4}应急)|使[0-9]{6})$`)
	colourForm  = lazyregexp.New(`^[1-4]$`)
	amountForm  = lazyregexp.New(`^[0-9]+(\.[0-9]{1,2})?$`)
	vinForm     = lazyregexp.New(`^[A-HJ-NPR-Z0-9]{17}$`)
	decimalForm = lazyregexp.New(`^-?[0-9]+(\.[0-9]+)?$`)
	wholeForm   = lazyregexp.New(`^[0-9]+$`)
)

// wellFormed says whether a text has a form of §9. It is written apart from the mock's, on purpose.
func wellFormed(form schemas.Form, text string) bool {
	within := func(grammar *regexp.Regexp, least, most float64) bool {
		n, err := strconv.ParseFloat(text, 64)
		return grammar.MatchString(text) && err == nil && n >= least && n <= most
	}
	switch form {
	case schemas.FormKeptText:
		return utf8.RuneCountInString(text) <= 64
	case schemas.FormPhone:
		return phoneForm().MatchString(text)
	case schemas.FormPlate:
		return plateForm().MatchString(normalPlate(text))
	case schemas.FormPlateColor:
		return colourForm().MatchString(text)
	case schemas.FormPayment:
		return amountForm().MatchString(text) && strings.Trim(text, "0.") != ""
	case schemas.FormTime:
		_, err := client.ParseTime(text)
		return err == nil
	case schemas.FormVIN:
		return vinForm().MatchString(text)
	case schemas.FormLatitude:
		return within(decimalForm(), -90, 90)
	case schemas.FormLongitude:
		return within(decimalForm(), -180, 180)
	case schemas.FormRadius:
		return within(wholeForm(), 500, 5000)
	case schemas.FormPayType:
		return text == "1"
	default:
		return true
	}
}

func normalPlate(text string) string { return strings.ToUpper(strings.ReplaceAll(text, " ", "")) }

// model is what is known of a world, from its start: enough to know many answers beforehand.
type model struct {
	now       time.Duration // since the start
	sms       map[string]time.Duration
	live      map[[2]string]string                // the good token of (appId, phone)
	phones    map[string]string                   // of a good token
	owners    map[string]string                   // the phone that has bound a vehicle (plate and colour)
	counted   map[string]map[string]time.Duration // when a phone last bound a vehicle
	given     map[string]time.Duration            // when a token was
	certified map[string]bool
	pushes    []modelPush
	parked    map[string]string // the order of a plate's car
	orders    map[string]*modelOrder
	quotes    map[string]modelQuote // by proof
	paid      map[string]modelPayment
}

type modelOrder struct {
	id, plate       string
	number          int
	left, paid      bool
	entered, leftAt time.Duration
	paidAt          time.Duration
	sum, cash       client.Fen
	owner           string
	payers          []string
}

type modelQuote struct {
	order string
	fee   string
	at    time.Duration
}

type modelPayment struct{ order, amount, receipt string }

func newModel() *model {
	return &model{
		sms: map[string]time.Duration{}, live: map[[2]string]string{}, phones: map[string]string{}, owners: map[string]string{},
		counted: map[string]map[string]time.Duration{}, given: map[string]time.Duration{}, certified: map[string]bool{}, parked: map[string]string{}, orders: map[string]*modelOrder{},
		quotes: map[string]modelQuote{}, paid: map[string]modelPayment{},
	}
}

func (m *model) enter(plate, order string) {
	m.parked[plate] = order
	m.orders[order] = &modelOrder{id: order, plate: plate, entered: m.now, number: len(m.orders)}
}

func (m *model) exit(plate string) {
	if o := m.orders[m.parked[plate]]; o != nil {
		o.cash = m.due(o) // what is owed is paid in cash
		o.left, o.leftAt, o.owner = true, m.now, m.owners[plate+"|1"]
	}
	delete(m.parked, plate)
}

func textOf(fields map[string]any, name string) string {
	text, _, _ := scalar(fields[name])
	return text
}

func vehicle(fields map[string]any) string {
	colour := textOf(fields, "plateColor")
	if colour == "" {
		colour = "1"
	}
	return normalPlate(textOf(fields, "plateNumber")) + "|" + colour
}

func (m *model) bound(phone string) int {
	n := 0
	for _, owner := range m.owners {
		if owner == phone {
			n++
		}
	}
	return n
}

// predict is the code of a request whose envelope and parameters are right.
func (m *model) predict(e *schemas.Endpoint, fields map[string]any) int {
	phone := textOf(fields, "mobilePhone")
	if e.Token {
		var good bool
		token := textOf(fields, "token")
		if phone, good = m.phones[token]; !good || m.now-m.given[token] >= 24*time.Hour {
			return schemas.CodeInvalidToken
		}
	}
	switch e.Name {
	case "uservalidatecode":
		if at, sent := m.sms[phone]; sent && m.now-at < time.Minute {
			return schemas.CodeSMSFailed
		}
	case "userlogin":
		return schemas.CodeWrongSMSCode
	case "bindcar":
		v := vehicle(fields)
		switch owner, bound := m.owners[v]; {
		case bound && owner == phone:
			return 0
		case bound:
			return schemas.CodeBoundByOther
		}
		return m.limits(phone, v)
	case "unbindcar":
		plate := normalPlate(textOf(fields, "plateNumber"))
		for v, owner := range m.owners {
			if owner == phone && strings.HasPrefix(v, plate+"|") {
				return 0
			}
		}
		return schemas.CodeOperationFailed
	case "carretrieve":
		v := vehicle(fields)
		if m.owners[v] == phone {
			return 0
		}
		return m.limits(phone, v)
	case "orderpaid":
		return m.predictPayment(fields)
	case "parkingstatus":
		if carParks[textOf(fields, "parkingId")] == "" {
			return schemas.CodeFailed
		}
	}
	return 0
}

func (m *model) limits(phone, v string) int {
	if m.bound(phone) >= 3 {
		return schemas.CodeTooManyBound
	}
	counted, mine := 0, false
	for other, at := range m.counted[phone] {
		if start.Add(at).After(monthBefore(start.Add(m.now))) {
			counted++
			mine = mine || other == v
		}
	}
	if counted >= 4 && !mine {
		return schemas.CodeTooManyBoundInAMonth
	}
	return 0
}

// observe learns from an answer that is right so far, and holds its data to what is known.
func (m *model) observe(e *schemas.Endpoint, fields map[string]any, answer *client.Answer, want int) *breach {
	if answer.Code != 0 || want != 0 && want != unsure {
		return nil
	}
	wrong := func(format string, args ...any) *breach {
		return &breach{kind: "state " + e.Name, message: e.Name + ": " + fmt.Sprintf(format, args...), wantCode: unsure}
	}
	phone := m.phones[textOf(fields, "token")]
	switch e.Name {
	case "uservalidatecode":
		m.sms[textOf(fields, "mobilePhone")] = m.now
	case "usersigin":
		var data struct {
			Token string `json:"token"`
		}
		_ = json.Unmarshal(answer.Data, &data) // the schema has seen it
		if _, known := m.phones[data.Token]; known {
			return wrong("gave a token that was given before")
		}
		who := [2]string{textOf(fields, "appId"), textOf(fields, "mobilePhone")}
		delete(m.phones, m.live[who])
		m.live[who], m.phones[data.Token], m.given[data.Token] = data.Token, who[1], m.now
	case "bindcar", "carretrieve":
		m.bind(phone, vehicle(fields), e.Name == "carretrieve")
	case "unbindcar":
		plate := normalPlate(textOf(fields, "plateNumber"))
		for _, colour := range []string{"|1", "|2", "|3", "|4"} {
			if m.owners[plate+colour] == phone {
				m.unbound(plate + colour)
			}
		}
	case "orderhistory":
		return m.observeHistory(phone, answer, wrong)
	case "parkingstatus":
		return m.observeStatus(fields, answer, wrong)
	case "surroundingparking":
		return observeSearch(fields, answer, wrong)
	case "carnum":
		var data struct {
			Number int `json:"number"`
		}
		_ = json.Unmarshal(answer.Data, &data) // the schema has seen it
		if have := m.bound(phone); data.Number != have {
			return wrong("says %d vehicles, and %d are bound", data.Number, have)
		}
	case "orderunpay":
		return m.observeQuotes(fields, answer, wrong)
	case "orderpaid":
		return m.observePayment(fields, answer, wrong)
	}
	return nil
}

func (m *model) observeQuotes(fields map[string]any, answer *client.Answer, wrong func(string, ...any) *breach) *breach {
	var rows []quoteRow
	_ = json.Unmarshal(answer.Data, &rows) // the schema has seen it
	plate := normalPlate(textOf(fields, "plateNumber"))
	parked, there := m.parked[plate]
	switch {
	case there && (len(rows) == 0 || rows[0].OrderID != parked):
		return wrong("does not list the car that is parked")
	case !there && len(rows) > 0:
		return wrong("lists %d orders of a car that is not parked and owes nothing", len(rows))
	}
	for _, row := range rows {
		if b := m.observeQuote(&row, wrong); b != nil {
			return b
		}
		m.quotes[row.Proof] = modelQuote{row.OrderID, row.Fee.String(), m.now}
	}
	return nil
}
