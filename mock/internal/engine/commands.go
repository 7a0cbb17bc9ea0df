package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

// commands makes a command of each kind that can be in a log. A call is none: it comes as a [Request].
var commands = map[string]platform.Command{
	"enter":           platform.Enter{},
	"exit":            platform.Exit{},
	"rules":           platform.SetRules{},
	"merchant":        platform.PutMerchant{},
	"merchant-delete": platform.DeleteMerchant{},
	"parking":         platform.PutParking{},
	"parking-delete":  platform.DeleteParking{},
	"vehicle":         platform.PutVehicle{},
	"vehicle-delete":  platform.DeleteVehicle{},
	"binding":         platform.PutBinding{},
	"order":           platform.PutOrder{},
	"trigger":         platform.Trigger{},
}

// commandKind is the word of a command, or "" where it has none.
func commandKind(c platform.Command) string {
	for kind, zero := range commands {
		if reflect.TypeOf(zero) == reflect.TypeOf(c) {
			return kind
		}
	}
	return ""
}

type commandJSON struct {
	Command string          `json:"command"`
	Value   json.RawMessage `json:"value"`
}

// MarshalJSON writes the command's kind and its fields.
func (c *Command) MarshalJSON() ([]byte, error) {
	kind := commandKind(c.Command)
	if kind == "" {
		return nil, fmt.Errorf("engine: the command %T has no kind", c.Command)
	}
	value := any(c.Command)
	if t, ok := value.(platform.Trigger); ok {
		value = triggerJSON{t.MerchantNo, t.Kind, numbered(t.Fields)}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("engine: command %s: %w", kind, err)
	}
	return json.Marshal(commandJSON{kind, text})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Command) UnmarshalJSON(raw []byte) error {
	var in commandJSON
	if err := json.Unmarshal(raw, &in); err != nil {
		return fmt.Errorf("engine: a command: %w", err)
	}
	zero, known := commands[in.Command]
	if !known {
		return fmt.Errorf("engine: no command %q", in.Command)
	}
	if in.Command == "trigger" {
		var t triggerJSON
		if err := json.Unmarshal(in.Value, &t); err != nil {
			return fmt.Errorf("engine: command trigger: %w", err)
		}
		c.Command = platform.Trigger{MerchantNo: t.MerchantNo, Kind: t.Kind, Fields: t.plain()}
		return nil
	}
	value := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(in.Value, value.Interface()); err != nil {
		return fmt.Errorf("engine: command %s: %w", in.Command, err)
	}
	c.Command, _ = inShanghai(value.Elem()).Interface().(platform.Command)
	return nil
}

// inShanghai has the times of a command as they were, in the time zone of everything that is printed.
func inShanghai(v reflect.Value) reflect.Value {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		if t, _ := v.Interface().(time.Time); !t.IsZero() {
			v.Set(reflect.ValueOf(t.In(platform.Shanghai)))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			inShanghai(v.Field(i))
		}
	}
	return v
}

// triggerJSON keeps apart what is a number and what is a text in a push's fields.
type triggerJSON struct {
	MerchantNo string
	Kind       string
	Fields     map[string]any
}

func numbered(fields map[string]any) map[string]any {
	out := maps.Clone(fields)
	for name, value := range out {
		switch n := value.(type) {
		case sign.Number:
			out[name] = map[string]string{"number": string(n)}
		case int64:
			out[name] = map[string]string{"number": strconv.FormatInt(n, 10)}
		}
	}
	return out
}

func (t *triggerJSON) plain() map[string]any {
	for name, value := range t.Fields {
		if n, ok := value.(map[string]any); ok {
			text, _ := n["number"].(string)
			t.Fields[name] = sign.Number(text)
		}
	}
	return t.Fields
}
