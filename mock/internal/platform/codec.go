package platform

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/sign"
)

// ErrCommand is the cause where a command cannot be encoded or decoded.
var ErrCommand = errors.New("not a command")

// maxCommand bounds an encoded command, in bytes.
const maxCommand = 1 << 20

// decoders read each kind of command that can be kept. A call is none: its request is kept, as it came.
var decoders = map[string]func(json.RawMessage) (Command, error){
	Enter{}.kind():          decode[Enter],
	Exit{}.kind():           decode[Exit],
	PutMerchant{}.kind():    decode[PutMerchant],
	DeleteMerchant{}.kind(): decode[DeleteMerchant],
	PutParking{}.kind():     decode[PutParking],
	DeleteParking{}.kind():  decode[DeleteParking],
	PutVehicle{}.kind():     decode[PutVehicle],
	DeleteVehicle{}.kind():  decode[DeleteVehicle],
	SetRules{}.kind():       decode[SetRules],
	PutBinding{}.kind():     decode[PutBinding],
	PutOrder{}.kind():       decode[PutOrder],
	Trigger{}.kind():        decodeTrigger,
}

// KindOf is the stable word for a type of command: "enter", "merchant-delete".
func KindOf(c Command) string { return c.kind() }

// EncodeCommand writes a command as its kind and JSON that is the same for equal commands: money as exact decimals, times as
// RFC 3339 with nanoseconds in their zone. Its error matches [ErrCommand].
func EncodeCommand(c Command) (kind string, raw json.RawMessage, err error) {
	kind = c.kind()
	if _, known := decoders[kind]; !known {
		return kind, nil, fmt.Errorf("%w that can be kept: %s", ErrCommand, kind)
	}
	if raw, err = json.Marshal(c); err != nil {
		return kind, nil, fmt.Errorf("%w: %s: %w", ErrCommand, kind, err)
	}
	return kind, raw, nil
}

// DecodeCommand reads what [EncodeCommand] wrote; applied to equal states, the two commands give the same bytes. What was
// edited is refused: unknown fields, and values that no merchant, car park, vehicle, binding or stay can have. Its error
// matches [ErrCommand] and says where.
func DecodeCommand(kind string, raw json.RawMessage) (Command, error) {
	read, known := decoders[kind]
	if !known {
		return nil, fmt.Errorf("%w: no kind %q", ErrCommand, excerpt.Given(kind))
	}
	if len(raw) > maxCommand {
		return nil, fmt.Errorf("%w: %s is over %d bytes", ErrCommand, kind, maxCommand)
	}
	return read(raw)
}

func decode[C Command](raw json.RawMessage) (Command, error) {
	var c C
	found := strict.Decode(raw, &c, strict.Limits{MaxDepth: 8})
	if held, ok := any(&c).(interface{ Validate() []strict.Problem }); ok && len(found) == 0 {
		found = held.Validate()
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("%w: %s: %w", ErrCommand, c.kind(), strict.ProblemsError(found))
	}
	return c, nil
}

// Validate says everything that is wrong with the merchant.
func (c *PutMerchant) Validate() []strict.Problem { return below("/merchant", c.Merchant.Validate()) }

// Validate says everything that is wrong with the car park.
func (c *PutParking) Validate() []strict.Problem { return below("/parking", c.Parking.Validate()) }

// Validate says everything that is wrong with the row.
func (c *PutVehicle) Validate() []strict.Problem {
	return below("/registered", c.Registered.Validate())
}

func below(prefix string, inner []strict.Problem) []strict.Problem {
	var p problems
	p.in(prefix, inner)
	return p
}

// triggerJSON is a [Trigger] as it is kept.
type triggerJSON struct {
	MerchantNo string                 `json:"merchantNo"`
	Kind       string                 `json:"kind"`
	Fields     map[string]triggerText `json:"fields,omitempty"`
}

// triggerText is a field's value: a text, or a number to the letter.
type triggerText struct{ value any }

// MarshalJSON keeps a number as it is written.
func (t triggerText) MarshalJSON() ([]byte, error) {
	switch v := t.value.(type) {
	case string:
		return json.Marshal(v)
	case int64:
		return strconv.AppendInt(nil, v, 10), nil
	case int:
		return strconv.AppendInt(nil, int64(v), 10), nil
	case sign.Number:
		return []byte(v), nil
	}
	return nil, fmt.Errorf("%w: a field of a push is a %T", ErrCommand, t.value)
}

// UnmarshalStrictJSON reads a text, or any other value that is no list and no object.
func (t *triggerText) UnmarshalStrictJSON(raw json.RawMessage) error {
	switch raw[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		t.value = text
	case '{', '[':
		return errors.New("want a text or a number")
	default:
		t.value = sign.Number(raw)
	}
	return nil
}

// MarshalJSON keeps numbers among the fields as they are written.
func (c Trigger) MarshalJSON() ([]byte, error) {
	out := triggerJSON{MerchantNo: c.MerchantNo, Kind: c.Kind}
	if c.Fields != nil {
		out.Fields = make(map[string]triggerText, len(c.Fields))
	}
	for name, value := range c.Fields {
		out.Fields[name] = triggerText{value}
	}
	return json.Marshal(out)
}

func decodeTrigger(raw json.RawMessage) (Command, error) {
	var in triggerJSON
	if found := strict.Decode(raw, &in, strict.Limits{MaxDepth: 8}); len(found) > 0 {
		return nil, fmt.Errorf("%w: %s: %w", ErrCommand, Trigger{}.kind(), strict.ProblemsError(found))
	}
	c := Trigger{MerchantNo: in.MerchantNo, Kind: in.Kind}
	if in.Fields != nil {
		c.Fields = make(map[string]any, len(in.Fields))
	}
	for name, text := range in.Fields {
		c.Fields[name] = text.value
	}
	return c, nil
}

func (Enter) kind() string          { return "enter" }
func (Exit) kind() string           { return "exit" }
func (PutMerchant) kind() string    { return "merchant" }
func (DeleteMerchant) kind() string { return "merchant-delete" }
func (PutParking) kind() string     { return "parking" }
func (DeleteParking) kind() string  { return "parking-delete" }
func (PutVehicle) kind() string     { return "vehicle" }
func (DeleteVehicle) kind() string  { return "vehicle-delete" }
func (SetRules) kind() string       { return "rules" }
func (PutBinding) kind() string     { return "binding" }
func (PutOrder) kind() string       { return "order" }
func (Trigger) kind() string        { return "trigger" }

// vehicleText names a vehicle.
func vehicleText(v notation.Vehicle) lang.Text {
	name := reasons.Vehicle(v)
	return lang.T(name.En, name.Zh)
}

// Summary names the car and the car park.
func (c Enter) Summary() lang.Text {
	return lang.T("%s enters car park %s%s", "%s 驶入停车场 %s%s").With(vehicleText(c.Vehicle), oneLine(c.ParkingID), when(c.At))
}

// Summary names the car, and how what it owes is paid.
func (c Exit) Summary() lang.Text {
	payment := oneLine(cmp.Or(c.Payment, PayCash))
	return lang.T("%s leaves, payment %s%s", "%s 驶出，%s%s").With(vehicleText(c.Vehicle), lang.T(payment, cmp.Or(payments[payment], payment)), when(c.At))
}

// payments are the ways to pay, in Chinese.
var payments = map[string]string{PayCash: "现金支付", PayWithhold: "代扣", PayNone: "未支付"}

// when is the instant that a car came or left at, where that was not now.
func when(at time.Time) lang.Text {
	if at.IsZero() {
		return lang.Text{}
	}
	return lang.T(" at %s", "，时间 %s").With(notation.FormatTime(at))
}

// Summary names the merchant.
func (c PutMerchant) Summary() lang.Text {
	return lang.T("merchant %s set", "设置商户 %s").With(oneLine(c.Merchant.No))
}

// Summary names the merchant.
func (c DeleteMerchant) Summary() lang.Text {
	return lang.T("merchant %s deleted", "删除商户 %s").With(oneLine(c.No))
}

// Summary names the car park.
func (c PutParking) Summary() lang.Text {
	return lang.T("car park %s (%s) set", "设置停车场 %s（%s）").With(oneLine(c.Parking.ID), oneLine(c.Parking.Name))
}

// Summary names the car park.
func (c DeleteParking) Summary() lang.Text {
	return lang.T("car park %s deleted", "删除停车场 %s").With(oneLine(c.ID))
}

// Summary names the vehicle.
func (c PutVehicle) Summary() lang.Text {
	return lang.T("%s written into the registry", "%s 写入车辆登记").With(vehicleText(c.Vehicle))
}

// Summary names the vehicle.
func (c DeleteVehicle) Summary() lang.Text {
	return lang.T("%s deleted from the registry", "%s 从车辆登记中删除").With(vehicleText(c.Vehicle))
}

// Summary names the rules, and what they are set to.
func (c SetRules) Summary() lang.Text {
	var en, zh []string
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		value := lang.T("default", "默认值")
		if c.Rules[name] != nil {
			value = lang.Same(fmt.Sprint(c.Rules[name]))
		}
		en, zh = append(en, name+"="+value.EN), append(zh, name+"="+value.ZH)
	}
	return lang.T(oneLine("rules set: "+strings.Join(en, ", ")), oneLine("设置规则："+strings.Join(zh, "，")))
}

// Summary names the vehicle, the phone and the merchant.
func (c PutBinding) Summary() lang.Text {
	return lang.T("%s bound by %s through merchant %s", "%s 由 %s 经商户 %s 绑定").With(vehicleText(c.Vehicle), oneLine(c.Phone), oneLine(c.MerchantNo))
}

// Summary names the car, the car park and the time.
func (c PutOrder) Summary() lang.Text {
	var until lang.Text
	if !c.ExitTime.IsZero() {
		until = lang.T(" to %s", " 至 %s").With(notation.FormatTime(c.ExitTime))
	}
	return lang.T("stay of %s in car park %s from %s%s", "%s 在停车场 %s 停车，自 %s%s").
		With(vehicleText(c.Enter.Vehicle), oneLine(c.Enter.ParkingID), notation.FormatTime(c.Enter.At), until)
}

// Summary names the kind of push and the merchant.
func (c Trigger) Summary() lang.Text {
	return lang.T("push %s to merchant %s triggered by hand", "手动触发推送 %s，商户 %s").With(oneLine(c.Kind), oneLine(c.MerchantNo))
}

// oneLine is the beginning of a text, without line ends and other control characters.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, excerpt.Given(text))
}
