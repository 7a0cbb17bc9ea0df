package recording

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/sign"
)

// nobody takes every push: the merchants of a recording are not there when it is replayed.
const nobody = "http://accept.invalid/"

// merchants are those of the fixture, and those made since, as they are now: all are there from the start.
func (r *recorder) merchants() {
	fixture := r.log.fixture
	for _, m := range fixture.Merchants {
		known := platform.Merchant{No: m.No, Name: m.Name}
		if m.Push != nil {
			hook := platform.Hook(*m.Push)
			known.Push = &hook
		}
		r.known = append(r.known, known)
	}
	for _, m := range r.log.merchants {
		at := slices.IndexFunc(r.known, func(k platform.Merchant) bool { return k.No == m.No })
		if at < 0 {
			if r.known = append(r.known, m); len(fixture.Merchants) > 0 {
				r.note(lang.T("Merchant %s was made later; here it is there from the start.", "商户 %s 是后来新建的；这里从一开始就有。").With(m.No))
			}
			continue
		}
		r.known[at].Push = m.Push
	}
	// The number of the only merchant need not be the same again, unless something names it.
	r.unnamed = len(r.known) == 1 && !slices.ContainsFunc(fixture.Faults, func(f fault.Fault) bool { return f.On.MerchantNo != "" })
}

// as is whom a step names, "" for the first merchant.
func (r *recorder) as(no string) string {
	if len(r.known) == 0 || no == r.known[0].No {
		return ""
	}
	return no
}

func hookOf(h *platform.Hook) object {
	out := object{}
	if h == nil {
		return out
	}
	if h.URL != "" {
		out.set("url", nobody)
	}
	urls := object{}
	for _, kind := range sortedKeys(h.URLs) {
		urls.set(kind, nobody)
	}
	if len(urls) > 0 {
		out.set("urls", urls)
	}
	if len(h.Kinds) > 0 {
		out.set("kinds", h.Kinds)
	}
	return out
}

// fixture is the sandbox at the start. Its clock stands: what passes is in the steps.
func (r *recorder) fixture() object {
	from := r.log.fixture
	shown := object{{"now", r.log.start.Format("2006-01-02T15:04:05.999Z07:00")}, {"mode", clock.Frozen}}
	out := object{{"clock", any(shown)}, {"seed", r.log.seed}}
	if second := r.log.start.Truncate(time.Second); second.Equal(r.log.start) {
		out[0].value = notation.FormatTime(second)
	}
	if len(from.Rules) > 0 {
		out.set("rules", from.Rules)
	}
	merchants := make([]any, len(r.known))
	for i, m := range r.known {
		item := object{}
		if !r.unnamed {
			item.set("no", m.No)
		}
		item.setText("name", m.Name)
		item.set("push", hookOf(m.Push))
		merchants[i] = item
	}
	out.set("merchants", merchants)
	for _, part := range []struct {
		name  string
		value any
		size  int
	}{
		{"parkings", from.Parkings, len(from.Parkings)},
		{"vehicles", from.Vehicles, len(from.Vehicles)},
		{"users", r.users(from.Users), len(from.Users)},
		{"orders", from.Orders, len(from.Orders)},
		{"faults", from.Faults, len(from.Faults)},
	} {
		if part.size > 0 {
			out.set(part.name, amounts(part.value))
		}
	}
	return out
}

// amounts writes money as the text that a fixture has it in.
func amounts(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return value // and the whole fails, with the reason
	}
	parsed, _ := parse(string(text))
	return withAmounts(parsed)
}

func withAmounts(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = withAmounts(v[i])
		}
	case object:
		for i := range v {
			if amount, ok := v[i].value.(json.Number); ok && slices.Contains([]string{"unitPrice", "dailyCap", "parkingFee"}, v[i].name) {
				v[i].value = amount.String()
				continue
			}
			v[i].value = withAmounts(v[i].value)
		}
	}
	return value
}

// users leave out the number of the only merchant.
func (r *recorder) users(all []fixture.User) []fixture.User {
	if !r.unnamed {
		return all
	}
	out := slices.Clone(all)
	for i := range out {
		out[i].Plates = slices.Clone(out[i].Plates)
		for j := range out[i].Plates {
			out[i].Plates[j].MerchantNo = ""
		}
	}
	return out
}

func (r *recorder) fault(f fault.Fault) any {
	if r.as(f.On.MerchantNo) != "" || f.On.MerchantNo == "" {
		return f
	}
	text, err := json.Marshal(f)
	if err != nil {
		return f // and the whole fails, with the reason
	}
	out, _ := parse(string(text))
	on, _ := out.(object).get("on").(object)
	for i := range on {
		if on[i].name == "merchantNo" {
			on[i].value = template("${merchant}")
		}
	}
	return out
}

// refused are the HTTP statuses of the control API.
var refused = map[platform.Kind]int{platform.Invalid: http.StatusUnprocessableEntity, platform.NotFound: http.StatusNotFound, platform.Conflict: http.StatusConflict}

func (r *recorder) commanded(c commanded) {
	switch command := c.command.(type) {
	case platform.Enter:
		car := r.car(command.Vehicle)
		car.set("parkingId", command.ParkingID)
		if !command.At.IsZero() {
			car.set("at", notation.FormatTime(command.At))
		}
		car.setText("userType", command.UserType)
		car.setText("fixParkingId", command.FixParkingID)
		car.setText("remainingDays", command.RemainingDays)
		r.drove("enter", car, c.result)
	case platform.Exit:
		car := r.car(command.Vehicle)
		if !command.At.IsZero() {
			car.set("at", notation.FormatTime(command.At))
		}
		car.setText("payment", command.Payment)
		r.drove("exit", car, c.result)
	case platform.SetRules:
		r.add(object{{"rules", command.Rules}})
	case platform.Trigger:
		push := object{{"kind", command.Kind}}
		push.setText("merchantNo", r.as(command.MerchantNo))
		if len(command.Fields) > 0 {
			push.set("fields", fieldsOf(command.Fields))
		}
		r.add(object{{"trigger", push}})
	default:
		r.arranged(c.command)
	}
}

// arranged is what the operator changed of the sandbox.
func (r *recorder) arranged(command platform.Command) {
	switch command := command.(type) {
	case platform.PutParking:
		r.admin(http.MethodPut, "/parkings/"+url.PathEscape(command.Parking.ID), parkingOf(command.Parking))
	case platform.DeleteParking:
		r.admin(http.MethodDelete, "/parkings/"+url.PathEscape(command.ID), nil)
	case platform.PutVehicle:
		row := object{}
		row.setText("vin", command.Registered.VIN)
		row.setText("engine", command.Registered.Engine)
		row.setText("userType", command.Registered.UserType)
		row.setText("fixParkingId", command.Registered.FixParkingID)
		row.setText("remainingDays", command.Registered.RemainingDays)
		r.admin(http.MethodPut, vehiclePath(command.Vehicle), row)
	case platform.DeleteVehicle:
		r.admin(http.MethodDelete, vehiclePath(command.Vehicle), nil)
	case platform.PutMerchant, platform.DeleteMerchant:
		// Merchants are there from the start, as they are in the end.
	}
}

func vehiclePath(v notation.Vehicle) string {
	return "/vehicles/" + url.PathEscape(v.Plate) + "?plateColor=" + v.Color
}

func (r *recorder) car(v notation.Vehicle) object {
	car := object{{"plateNumber", v.Plate}}
	if v.Color != notation.DefaultPlateColor {
		car.set("plateColor", v.Color)
	}
	return car
}

func (r *recorder) drove(how string, car object, result platform.Result) {
	s := r.add(object{{how, car}})
	if result.Err != nil {
		s.expect.set("status", refused[result.Err.Kind])
		return
	}
	if o, ok := result.Value.(platform.Order); ok {
		r.flow.came(s, o.ID, "orderId", "order")
		s.expect.set("state", o.State)
		s.expect.set("parkingFee", o.Fee.Plain())
	}
}

func fieldsOf(fields map[string]any) object {
	out := object{}
	for _, name := range sortedKeys(fields) {
		value := fields[name]
		if v, ok := value.(sign.Number); ok {
			value = number(string(v))
		}
		out.set(name, value)
	}
	return out
}

func parkingOf(p platform.Parking) object {
	tariff := object{{"freeMinutes", p.Tariff.FreeMinutes}, {"unitMinutes", p.Tariff.UnitMinutes}, {"unitPrice", p.Tariff.UnitPrice.Plain()}}
	if p.Tariff.DailyCap != nil {
		tariff.set("dailyCap", p.Tariff.DailyCap.Plain())
	}
	return object{
		{"name", p.Name},
		{"city", p.City},
		{"lat", p.Lat},
		{"lon", p.Lon},
		{"parkingType", p.ParkingType},
		{"electronicPayment", p.ElectronicPayment},
		{"totalSpace", p.TotalSpace},
		{"occupied", p.Occupied},
		{"tariff", tariff},
	}
}
