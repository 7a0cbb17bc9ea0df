package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
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

// CommandKinds are the kinds of command that can be kept, in order.
func CommandKinds() []string { return slices.Sorted(maps.Keys(decoders)) }

// EncodeCommand writes a command as its kind and JSON that is the same for equal commands: money as exact decimals, times as
// RFC 3339 with nanoseconds in their zone. Its error matches [ErrCommand]: a [Call] is kept as the request that it came as.
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
		return nil, fmt.Errorf("%w: no kind %q", ErrCommand, clip(kind))
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

func (Call) kind() string           { return "call" }
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

// Summary names the endpoint and the merchant.
func (c Call) Summary() string {
	name := "?"
	if row := c.Input.Row(); row != nil {
		name = row.Name
	}
	return name + " by merchant " + oneLine(c.MerchantNo)
}

// Summary names the car and the car park.
func (c Enter) Summary() string {
	return phraseOf(c.Vehicle).En + " enters car park " + oneLine(c.ParkingID) + when(c.At.IsZero(), notation.FormatTime(c.At))
}

// Summary names the car, and how what it owes is paid.
func (c Exit) Summary() string {
	return phraseOf(c.Vehicle).En + " leaves, payment " + oneLine(firstOf(c.Payment, PayCash)) + when(c.At.IsZero(), notation.FormatTime(c.At))
}

func when(now bool, at string) string {
	if now {
		return ""
	}
	return " at " + at
}

// Summary names the merchant.
func (c PutMerchant) Summary() string { return "merchant " + oneLine(c.Merchant.No) + " set" }

// Summary names the merchant.
func (c DeleteMerchant) Summary() string { return "merchant " + oneLine(c.No) + " deleted" }

// Summary names the car park.
func (c PutParking) Summary() string {
	return "car park " + oneLine(c.Parking.ID) + " (" + oneLine(c.Parking.Name) + ") set"
}

// Summary names the car park.
func (c DeleteParking) Summary() string { return "car park " + oneLine(c.ID) + " deleted" }

// Summary names the vehicle.
func (c PutVehicle) Summary() string {
	return phraseOf(c.Vehicle).En + " written into the registry"
}

// Summary names the vehicle.
func (c DeleteVehicle) Summary() string {
	return phraseOf(c.Vehicle).En + " deleted from the registry"
}

// Summary names the rules, and what they are set to.
func (c SetRules) Summary() string {
	parts := make([]string, 0, len(c.Rules))
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		value := "default"
		if c.Rules[name] != nil {
			value = fmt.Sprint(c.Rules[name])
		}
		parts = append(parts, name+"="+value)
	}
	return oneLine("rules set: " + strings.Join(parts, ", "))
}

// Summary names the vehicle, the phone and the merchant.
func (c PutBinding) Summary() string {
	return phraseOf(c.Vehicle).En + " bound by " + oneLine(c.Phone) + " through merchant " + oneLine(c.MerchantNo)
}

// Summary names the car, the car park and the time.
func (c PutOrder) Summary() string {
	text := "stay of " + phraseOf(c.Enter.Vehicle).En + " in car park " + oneLine(c.Enter.ParkingID) + " from " + notation.FormatTime(c.Enter.At)
	if !c.ExitTime.IsZero() {
		text += " to " + notation.FormatTime(c.ExitTime)
	}
	return text
}

// Summary names the kind of push and the merchant.
func (c Trigger) Summary() string {
	return "push " + oneLine(c.Kind) + " to merchant " + oneLine(c.MerchantNo) + " triggered by hand"
}

// oneLine is the beginning of a text, without line ends and other control characters.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, clip(text))
}
