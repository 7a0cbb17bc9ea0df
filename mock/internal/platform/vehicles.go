package platform

import (
	"slices"
	"time"
)

func vehicleOf(in *Input) Vehicle {
	return Vehicle{in.Get("plateNumber"), firstOf(in.Get("plateColor"), DefaultPlateColor)}
}

// bindCar is bindcar (§9.4): bound by another phone is 20802, a fourth at once
// 20803, a fifth different one within a month 20804. What this phone has bound
// already succeeds, and the calling merchant is now related to the vehicle.
func (w *State) bindCar(now time.Time, who caller, in *Input) outcome {
	return refuse(w.bind(now, who, vehicleOf(in)))
}

func (w *State) bind(now time.Time, who caller, v Vehicle) *Refusal {
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
func (w *State) mayBind(now time.Time, who caller, v Vehicle) *Refusal {
	b := w.bindings[v]
	switch {
	case b == nil:
		return w.bindLimits(now, who.phone, v)
	case b.Phone != who.phone:
		return Refuse("plate-bound-by-other").Say("vehicle", v.phrase().en, v.phrase().zh).With("owner", b.Phone).With("since", FormatTime(b.Since))
	}
	return nil
}

// bindLimits are the two limits of §9.4. Vehicles count over all merchants; one
// that was bound already this month does not count again.
func (w *State) bindLimits(now time.Time, phone string, v Vehicle) *Refusal {
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
func (w *State) boundThisMonth(now time.Time, u *user) (counted []Vehicle, since time.Time) {
	since = monthBefore(now)
	within := func(at time.Time) bool { return at.After(since) }
	if w.rules.BindMonth == "calendar" {
		year, month, _ := now.In(Shanghai).Date()
		since = time.Date(year, month, 1, 0, 0, 0, 0, Shanghai)
		within = func(at time.Time) bool { return !at.Before(since) }
	}
	for _, e := range u.History {
		if within(e.At) && !slices.Contains(counted, e.Vehicle) {
			counted = append(counted, e.Vehicle)
		}
	}
	return counted, since
}

func (w *State) addBinding(v Vehicle, phone, merchant string, at time.Time) {
	w.bindings[v] = &binding{Phone: phone, Since: second(at), Merchants: []string{merchant}}
	u := w.users[phone]
	fresh := u == nil
	if fresh {
		u = &user{}
	}
	w.users[phone] = &user{Bound: append(u.Bound, v), History: append(u.reached(at), bindEvent{v, at.In(Shanghai)})}
	if fresh {
		w.forgetIdlers(at)
	}
}

func (w *State) removeBinding(v Vehicle) {
	phone := w.bindings[v].Phone
	u := w.users[phone]
	w.users[phone] = &user{Bound: without(u.Bound, v), History: u.History}
	delete(w.bindings, v)
}

// unbindCar is unbindcar (§9.5). It takes no colour: every colour of that number
// bound by this phone is unbound, and its certification ends. Every merchant
// related to the vehicle, and the caller, is pushed §10.3.
func (w *State) unbindCar(now time.Time, who caller, in *Input) outcome {
	plate := in.Get("plateNumber")
	var bound []Vehicle
	for color := '1'; color <= '4'; color++ {
		v := Vehicle{plate, string(color)}
		if b := w.bindings[v]; b != nil && b.Phone == who.phone {
			bound = append(bound, v)
		}
	}
	if len(bound) == 0 {
		have := w.whoHas(plate)
		return refuse(Refuse("plate-not-bound").With("plate", plate).With("phone", who.phone).Say("fix", have.en, have.zh))
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
func (w *State) carRetrieve(now time.Time, who caller, in *Input) outcome {
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

func (w *State) checkRegistry(v Vehicle, vin, engine string) *Refusal {
	known, ok := w.registry[v]
	switch {
	case !ok && w.rules.RetrieveRegistry == "closed":
		return Refuse("vehicle-unregistered").Say("vehicle", v.phrase().en, v.phrase().zh)
	case known.VIN != "" && known.VIN != vin:
		return Refuse("vehicle-mismatch").With("what", "carFrameNum").Say("vehicle", v.phrase().en, v.phrase().zh).With("given", vin)
	case known.Engine != "" && known.Engine != engine:
		return Refuse("vehicle-mismatch").With("what", "carEngineNum").Say("vehicle", v.phrase().en, v.phrase().zh).With("given", clip(engine))
	}
	return nil
}

// NumberData is the data of carnum.
type NumberData struct {
	Number int `json:"number"`
}

// carNumber is carnum (§9.12), over all merchants.
func (w *State) carNumber(_ time.Time, who caller, _ *Input) outcome {
	count := 0
	if u := w.users[who.phone]; u != nil {
		count = len(u.Bound)
	}
	return outcome{data: NumberData{count}}
}
