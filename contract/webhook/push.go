package webhook

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Encoding is the rule push.encoding: how a push's fields stand in its body.
type Encoding string

// The values of the rule push.encoding.
const (
	EncodingJSON      Encoding = "json"            // the JSON object (default)
	EncodingForm      Encoding = "form"            // each field a form parameter
	EncodingFormParam Encoding = "form-data-param" // one form parameter data that holds the JSON
)

// noContentType leaves the header out.
const noContentType = "-"

const (
	jsonType = "application/json;charset=UTF-8"
	formType = "application/x-www-form-urlencoded;charset=UTF-8"
)

// message is a push on its way, or what stands in its place.
type message struct {
	kind        client.Kind
	fields      []sign.Field // without signment, in the order that is sent
	signed      []sign.Field // what the signature covers, where it is something else than fields
	signment    any          // nil: the right one; a text: that text; missing: none; sign.Number: as it is
	method      string
	contentType string
	raw         *string // the body, in place of all that
	rawText     string  // what of raw is signed: JSON that is not written as the platform does; "" where there is none
	inData      bool    // rawText goes into the form parameter data
	pieces      bool    // the body comes in two pieces
}

type missing struct{}

// set gives fields one value changed, or added at the end.
func set(fields []sign.Field, name string, value any) []sign.Field {
	out := slices.Clone(fields)
	if i := slices.IndexFunc(out, func(f sign.Field) bool { return f.Name == name }); i >= 0 {
		out[i].Value = value
		return out
	}
	return append(out, sign.Field{Name: name, Value: value})
}

// without gives fields without some.
func without(fields []sign.Field, names ...string) []sign.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f sign.Field) bool { return slices.Contains(names, f.Name) })
}

// with is a message with some values changed: names and values in turn.
func (m message) with(pairs ...any) message {
	for pair := range slices.Chunk(pairs, 2) {
		m.fields = set(m.fields, pair[0].(string), pair[1])
	}
	return m
}

func (m message) without(names ...string) message {
	m.fields = without(m.fields, names...)
	return m
}

// tampered is a message whose fields were changed after it was signed.
func (m message) tampered(pairs ...any) message {
	signed := m.fields
	m = m.with(pairs...)
	m.signed = signed
	return m
}

func (m message) signedAs(signment any) message {
	m.signment = signment
	return m
}

// text is a field's value as it is read aloud.
func (m message) text(name string) string {
	for _, f := range m.fields {
		if f.Name == name {
			return sign.PushText([]sign.Field{f}, sign.Values)
		}
	}
	return ""
}

// in names a message as a report shows it, in a language.
func (m message) in(language string) string {
	if m.kind == "" {
		return lang.Text{EN: "a request that is no push", ZH: "不是推送的请求"}.In(language)
	}
	text := lang.Text{EN: "a push of kind %s, plate %s", ZH: "%s 推送，车牌 %s"}.With(m.kind, m.text("plateNumber")).In(language)
	if id := m.text("synId"); id != "" {
		text += lang.Text{EN: ", synId ", ZH: "，synId "}.In(language) + id
	}
	return text
}

// sender is the platform's side: whose pushes, and how they are written and signed.
type sender struct {
	merchantNo, key string
	encoding        Encoding
	signData        sign.PushData
}

func (s sender) signment(fields []sign.Field) string {
	return sign.Push(s.merchantNo, sign.PushText(fields, s.signData), s.key)
}

// encode gives a message's method, content type and body.
func (s sender) encode(m message) (method, contentType, body string) {
	method, contentType = http.MethodPost, jsonType
	if s.encoding == EncodingForm || s.encoding == EncodingFormParam {
		contentType = formType
	}
	if m.method != "" {
		method = m.method
	}
	if m.contentType != "" {
		contentType = m.contentType
	}
	if m.raw != nil {
		return method, contentType, *m.raw
	}
	fields := m.fields
	switch signment := m.signment.(type) {
	case nil:
		covered := m.signed
		if covered == nil {
			covered = m.fields
		}
		fields = append(slices.Clip(fields), sign.Field{Name: "signment", Value: s.signment(covered)})
	case missing:
	default:
		fields = append(slices.Clip(fields), sign.Field{Name: "signment", Value: signment})
	}
	return method, contentType, s.body(fields)
}

func (s sender) body(fields []sign.Field) string {
	switch s.encoding {
	case EncodingForm:
		pairs := make([]string, len(fields))
		for i, f := range fields {
			pairs[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(sign.PushText([]sign.Field{f}, sign.Values))
		}
		return strings.Join(pairs, "&")
	case EncodingFormParam:
		return "data=" + url.QueryEscape(sign.PushText(fields, sign.JSON))
	default:
		return sign.PushText(fields, sign.JSON)
	}
}

// maker makes up pushes, from a seed.
type maker struct {
	rng   *rand.Rand
	ids   *rand.Rand // of synIds: others in each examination, for a merchant may remember those it was sent
	plate string
	day   time.Time // midnight of a day that is no edge of a month
	now   time.Time
}

func newMaker(seed uint64, plate string, now time.Time) *maker {
	day := now.In(client.Zone).AddDate(0, 0, -1)
	for day.Day() < 2 || day.Day() > 27 {
		day = day.AddDate(0, 0, -1)
	}
	year, month, date := day.Date()
	return &maker{
		rng:   rand.New(rand.NewPCG(seed, 10)),                     //nolint:gosec // made-up data from a seed
		ids:   rand.New(rand.NewPCG(seed, uint64(now.UnixNano()))), //nolint:gosec // and from when it is made up
		plate: plate, now: now, day: time.Date(year, month, date, 0, 0, 0, 0, client.Zone),
	}
}

func (k *maker) id() string {
	a, b := k.ids.Uint64(), k.ids.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffffffffffff)
}

// newPlate is a plate of seven characters that no other push of the examination has, most likely.
func (k *maker) newPlate() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	return fmt.Sprintf("渝%c%05d", letters[k.rng.IntN(len(letters))], k.rng.IntN(100_000))
}

// at is a time of the maker's day.
func (k *maker) at(hour, minute, second int) string {
	return client.At(k.day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)).String()
}

// entry is a long-term car that enters: the one push in which no field is empty.
func (k *maker) entry() message {
	return message{kind: client.KindEntry, fields: []sign.Field{
		{Name: "synId", Value: k.id()},
		{Name: "plateNumber", Value: k.plate},
		{Name: "parkName", Value: "ETCP智慧停车场"},
		{Name: "parkId", Value: 1},
		{Name: "entranceTime", Value: k.at(10, 15, 30)},
		{Name: "userType", Value: client.LongTerm},
		{Name: "pushTime", Value: k.at(10, 15, 33)},
		{Name: "fixParkingId", Value: "U7"},
		{Name: "remainingDays", Value: "11"},
	}}
}

// exit is the car of an entry that leaves, an hour and a half later: a long-term car pays nothing.
func (k *maker) exit(of message) message {
	fee := 10
	if of.text("userType") == client.LongTerm {
		fee = 0
	}
	return message{kind: client.KindExit, fields: []sign.Field{
		{Name: "synId", Value: of.text("synId")},
		{Name: "plateNumber", Value: of.text("plateNumber")},
		{Name: "parkName", Value: "ETCP智慧停车场"},
		{Name: "parkId", Value: 1},
		{Name: "entranceTime", Value: of.text("entranceTime")},
		{Name: "userType", Value: of.text("userType")},
		{Name: "pushTime", Value: k.at(11, 45, 33)},
		{Name: "exitTime", Value: k.at(11, 45, 30)},
		{Name: "stayedTime", Value: 5400},
		{Name: "receivableFee", Value: fee},
		{Name: "fixParkingId", Value: of.text("fixParkingId")},
		{Name: "remainingDays", Value: of.text("remainingDays")},
	}}
}

// stay sets the two ends of an exit, and what follows from them.
func (k *maker) stay(from, to string) message {
	start, _ := client.ParseTime(from)
	end, _ := client.ParseTime(to)
	return k.exit(k.entry().temporary()).with("entranceTime", from, "exitTime", to, "pushTime", to, "stayedTime", int64(end.Sub(start.Time).Seconds()))
}

func (k *maker) notice(kind client.Kind) message {
	return message{kind: kind, fields: []sign.Field{
		{Name: "plateNumber", Value: k.plate},
		{Name: "time", Value: k.at(12, 30, 15)},
	}}
}

// temporary makes a push one of a car that pays by the stay: its long-term fields are empty.
func (m message) temporary() message {
	return m.with("userType", client.Temporary, "fixParkingId", "", "remainingDays", "")
}

// masked is a plate as §9.7 shows it.
func masked(plate string) string {
	runes := []rune(plate)
	return string(runes[:1]) + "****" + string(runes[len(runes)-2:])
}
