package platform

import (
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

func vehicleOf(in *params.Input) notation.Vehicle {
	return notation.Vehicle{Plate: in.Get("plateNumber"), Color: firstOf(in.Get("plateColor"), notation.DefaultPlateColor)}
}

// bindCar is bindcar (§9.4): bound by another phone is 20802, a fourth at once
// 20803, a fifth different one within a month 20804. What this phone has bound
// already succeeds, and the calling merchant is now related to the vehicle.
func (w *State) bindCar(now time.Time, who caller, in *params.Input) outcome {
	return refuse(w.bind(now, who, vehicleOf(in)))
}

func (w *State) bind(now time.Time, who caller, v notation.Vehicle) *reasons.Refusal {
	if refusal := w.mayBind(now, who, v); refusal != nil {
		return refusal
	}
	if b := w.bindings[v]; b != nil {
		w.relate(v, who.merchant)
	} else {
		w.addBinding(v, who.phone, who.merchant, now)
	}
	return nil
}

// mayBind is why a phone may not bind a vehicle.
func (w *State) mayBind(now time.Time, who caller, v notation.Vehicle) *reasons.Refusal {
	b := w.bindings[v]
	switch {
	case b == nil:
		return w.bindLimits(now, who.phone, v)
	case b.Phone != who.phone:
		return reasons.Refuse("plate-bound-by-other").Say("vehicle", reasons.Vehicle(v).En, reasons.Vehicle(v).Zh).With("owner", b.Phone).With("since", notation.FormatTime(b.Since))
	}
	return nil
}

// bindLimits are the two limits of §9.4. Vehicles count over all merchants; one
// that was bound already this month does not count again.
func (w *State) bindLimits(now time.Time, phone string, v notation.Vehicle) *reasons.Refusal {
	u := w.users[phone]
	if u == nil {
		return nil
	}
	if most := w.rules.BindMax; len(u.Bound) >= most {
		return w.refuseBindLimit(phone, u, most)
	}
	counted, since := w.boundThisMonth(now, u)
	if most := w.rules.BindMaxPerMonth; len(counted) >= most && !slices.Contains(counted, v) {
		return refuseTooManyBoundInAMonth(phone, u, counted, since, most)
	}
	return nil
}

// boundThisMonth are the different vehicles bound within the month: after now
// minus one month, or from the first of the calendar month (bind.month).
func (w *State) boundThisMonth(now time.Time, u *user) (counted []notation.Vehicle, since time.Time) {
	since = notation.MonthBefore(now)
	within := func(at time.Time) bool { return at.After(since) }
	if w.rules.BindMonth == "calendar" {
		year, month, _ := now.In(notation.Shanghai).Date()
		since = time.Date(year, month, 1, 0, 0, 0, 0, notation.Shanghai)
		within = func(at time.Time) bool { return !at.Before(since) }
	}
	for _, e := range u.History {
		if within(e.At) && !slices.Contains(counted, e.Vehicle) {
			counted = append(counted, e.Vehicle)
		}
	}
	return counted, since
}

func (w *State) addBinding(v notation.Vehicle, phone, merchant string, at time.Time) {
	w.bindings[v] = &binding{Phone: phone, Since: notation.Second(at), Merchants: []string{merchant}}
	w.copying.bindings.touch(v)
	w.copying.users.touch(phone)
	u := w.users[phone]
	fresh := u == nil
	if fresh {
		u = &user{}
	}
	w.users[phone] = &user{Bound: append(u.Bound, v), History: append(u.reached(at), bindEvent{v, at.In(notation.Shanghai)})}
	if fresh {
		w.forgetIdlers(at)
	}
}

func (w *State) removeBinding(v notation.Vehicle) {
	phone := w.bindings[v].Phone
	u := w.users[phone]
	w.users[phone] = &user{Bound: without(u.Bound, v), History: u.History}
	w.copying.users.touch(phone)
	delete(w.bindings, v)
	w.copying.bindings.touch(v)
}

// unbindCar is unbindcar (§9.5). It takes no colour: every colour of that number
// bound by this phone is unbound, and its certification ends. Every merchant
// related to the vehicle, and the caller, is pushed §10.3.
func (w *State) unbindCar(now time.Time, who caller, in *params.Input) outcome {
	plate := in.Get("plateNumber")
	var bound []notation.Vehicle
	for color := '1'; color <= '4'; color++ {
		v := notation.Vehicle{Plate: plate, Color: string(color)}
		if b := w.bindings[v]; b != nil && b.Phone == who.phone {
			bound = append(bound, v)
		}
	}
	if len(bound) == 0 {
		have := w.whoHas(plate)
		return refuse(reasons.Refuse("plate-not-bound").With("plate", plate).With("phone", who.phone).Say("fix", have.En, have.Zh))
	}
	var done outcome
	for _, v := range bound {
		related := w.bindings[v].Merchants
		if !slices.Contains(related, who.merchant) {
			related = append(slices.Clone(related), who.merchant)
		}
		done.pushes = append(done.pushes, w.noticePushes("unbind", v, related, now)...)
	}
	for _, v := range bound {
		w.removeBinding(v)
	}
	return done
}

// carRetrieve is carretrieve (§9.9): what the registry knows must agree, and the
// vehicle is certified for the calling merchant; another merchant it was
// certified for is pushed §10.4. One that another phone has bound moves to this
// phone (找回), and that phone's merchants are pushed §10.3, after §10.4.
func (w *State) carRetrieve(now time.Time, who caller, in *params.Input) outcome {
	v := vehicleOf(in)
	if refusal := w.checkRegistry(v, in.Get("carFrameNum"), in.Get("carEngineNum")); refusal != nil {
		return refuse(refusal)
	}
	b := w.bindings[v]
	mine := b != nil && b.Phone == who.phone
	if b != nil && !mine && !w.rules.RetrieveTakesOver {
		return refuse(w.mayBind(now, who, v)) // says who has it
	}
	if !mine {
		if refusal := w.bindLimits(now, who.phone, v); refusal != nil {
			return refuse(refusal)
		}
	}
	var done outcome
	if b != nil && b.CertifiedFor != "" && b.CertifiedFor != who.merchant {
		done.pushes = w.noticePushes("certification-invalid", v, []string{b.CertifiedFor}, now)
	}
	if !mine {
		if b != nil {
			done.pushes = append(done.pushes, w.noticePushes("unbind", v, b.Merchants, now)...)
			w.removeBinding(v) // from here on nothing is decided any more
		}
		w.addBinding(v, who.phone, who.merchant, now)
	}
	w.certify(v, who.merchant)
	return done
}

func (w *State) checkRegistry(v notation.Vehicle, vin, engine string) *reasons.Refusal {
	known, ok := w.registry[v]
	switch {
	case !ok && w.rules.RetrieveRegistry == "closed":
		return reasons.Refuse("vehicle-unregistered").Say("vehicle", reasons.Vehicle(v).En, reasons.Vehicle(v).Zh)
	case known.VIN != "" && known.VIN != vin:
		return reasons.Refuse("vehicle-mismatch").With("what", "carFrameNum").Say("vehicle", reasons.Vehicle(v).En, reasons.Vehicle(v).Zh).With("given", vin)
	case known.Engine != "" && known.Engine != engine:
		return reasons.Refuse("vehicle-mismatch").With("what", "carEngineNum").Say("vehicle", reasons.Vehicle(v).En, reasons.Vehicle(v).Zh).With("given", excerpt.Given(engine))
	}
	return nil
}

// NumberData is the data of carnum.
type NumberData struct {
	Number int `json:"number"`
}

// carNumber is carnum (§9.12), over all merchants.
func (w *State) carNumber(_ time.Time, who caller, _ *params.Input) outcome {
	count := 0
	if u := w.users[who.phone]; u != nil {
		count = len(u.Bound)
	}
	return outcome{data: NumberData{count}}
}
