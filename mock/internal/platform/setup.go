package platform

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// PutMerchant makes a merchant or replaces it.
type PutMerchant struct {
	Merchant Merchant `json:"merchant"`
}

func (c PutMerchant) apply(w *State, _ time.Time) Result {
	m := c.Merchant.clone()
	w.merchants[m.No] = &m
	w.copying.merchants.touch(m.No)
	return Result{Value: c.Merchant}
}

// DeleteMerchant takes a merchant away. Its tokens stay void, its relations idle.
type DeleteMerchant struct {
	No string `json:"no"`
}

func (c DeleteMerchant) apply(w *State, _ time.Time) Result {
	if _, ok := w.merchants[c.No]; !ok {
		return failedBecause("unknown-merchant", NotFound, "no", "no merchant "+c.No)
	}
	delete(w.merchants, c.No)
	w.copying.merchants.touch(c.No)
	return Result{}
}

// PutParking makes a car park or replaces it; the cars in it stay.
type PutParking struct {
	Parking Parking `json:"parking"`

	site *Site // what is shared of it; nil: it is this sandbox's own
}

func (c PutParking) apply(w *State, _ time.Time) Result {
	site := c.site
	if site == nil {
		site = NewSite(c.Parking.clone())
	}
	w.putParking(site)
	return Result{Value: c.Parking}
}

// PutSite puts a car park as [PutParking] does, into a state that is being built, and tells whether one with its id was there.
func (w *State) PutSite(site *Site) (again bool) { return w.putParking(site) }

// Expect makes room for so many car parks before the first of them is put: a map that grows by and by costs a million a fifth more time.
func (w *State) Expect(parkings int) {
	if len(w.parkings) == 0 {
		w.parkings = make(map[string]*parking, parkings)
	}
}

// DeleteParking takes a car park away, unless cars are parked in it.
type DeleteParking struct {
	ID string `json:"id"`
}

func (c DeleteParking) apply(w *State, _ time.Time) Result {
	p, ok := w.parkings[c.ID]
	if !ok {
		return failedBecause("unknown-parking", NotFound, "id", w.NoParking(c.ID))
	}
	if p.parked > 0 {
		if p.parked == 1 {
			return failed(Conflict, "id", "one car is parked in "+p.Name)
		}
		return failed(Conflict, "id", itoa(p.parked)+" cars are parked in "+p.Name)
	}
	w.deleteParking(p)
	return Result{}
}

// PutVehicle writes a row of the registry.
type PutVehicle struct {
	Vehicle    notation.Vehicle `json:"vehicle"`
	Registered Registered       `json:"registered"`
}

func (c PutVehicle) apply(w *State, _ time.Time) Result {
	w.registry[c.Vehicle] = c.Registered
	w.copying.registry.touch(c.Vehicle)
	return Result{Value: c.Registered}
}

// DeleteVehicle takes a row out of the registry.
type DeleteVehicle struct {
	Vehicle notation.Vehicle `json:"vehicle"`
}

func (c DeleteVehicle) apply(w *State, _ time.Time) Result {
	if _, ok := w.registry[c.Vehicle]; !ok {
		return failedBecause("unknown-vehicle", NotFound, "plateNumber", reasons.Vehicle(c.Vehicle).En+" is not in the registry")
	}
	delete(w.registry, c.Vehicle)
	w.copying.registry.touch(c.Vehicle)
	return Result{}
}

// SetRules sets rules by name; nil puts one back to its default. All or none.
type SetRules struct {
	Rules map[string]any `json:"rules"`
}

func (c SetRules) apply(w *State, _ time.Time) Result {
	set := maps.Clone(w.rulesSet)
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) { // of several that are wrong, the same one is named each time
		value := c.Rules[name]
		if value == nil {
			if !rules.Known(name) {
				return failed(Invalid, name, rules.ErrUnknown.Error())
			}
			delete(set, name)
			continue
		}
		kept, err := rules.Check(name, value)
		if err != nil {
			return failed(Invalid, name, err.Error())
		}
		set[name] = kept
	}
	next, err := rules.New(set)
	if err != nil {
		return failed(Invalid, "", err.Error())
	}
	w.rulesSet, w.rules = set, next
	w.tokens.ForgetOldest(next.TokensKeep)
	return Result{}
}

// PutBinding is a vehicle that a phone has bound when the sandbox starts.
type PutBinding struct {
	Phone      string           `json:"phone"`
	Vehicle    notation.Vehicle `json:"vehicle"`
	MerchantNo string           `json:"merchantNo"`
	Since      time.Time        `json:"since"`
	Certified  bool             `json:"certified,omitempty"`
}

func (c PutBinding) apply(w *State, _ time.Time) Result {
	if b := w.bindings[c.Vehicle]; b != nil {
		if b.Phone != c.Phone {
			return failed(Conflict, "plateNumber", reasons.Vehicle(c.Vehicle).En+" is bound by "+b.Phone+" already")
		}
		w.relate(c.Vehicle, c.MerchantNo)
	} else {
		w.addBinding(c.Vehicle, c.Phone, c.MerchantNo, c.Since)
	}
	if c.Certified {
		w.certify(c.Vehicle, c.MerchantNo)
	}
	return Result{}
}

// PutOrder is a past stay, or a car parked when the sandbox starts. It pushes nothing.
type PutOrder struct {
	Enter    Enter         `json:"enter"`
	ExitTime time.Time     `json:"exitTime,omitzero"` // zero: still parked
	Payment  string        `json:"payment,omitempty"` // cash, withhold or none; "": cash
	Fee      *notation.Fen `json:"fee,omitempty"`     // nil: the tariff's
}

func (c PutOrder) apply(w *State, now time.Time) Result {
	p := w.parkings[c.Enter.ParkingID]
	entered, left := notation.Second(c.Enter.At), notation.Second(c.ExitTime)
	switch {
	case p == nil:
		return failedBecause("unknown-parking", NotFound, "parkingId", w.NoParking(c.Enter.ParkingID))
	case entered.After(now):
		return failed(Invalid, "entranceTime", notation.FormatTime(entered)+" is after the sandbox's start, "+notation.FormatTime(now))
	case !c.ExitTime.IsZero() && (left.Before(entered) || left.After(now)):
		return failed(Invalid, "exitTime", notation.FormatTime(left)+" lies outside "+notation.FormatTime(entered)+" to "+notation.FormatTime(now))
	case c.ExitTime.IsZero() && w.parked[c.Enter.Vehicle] != nil:
		return failed(Conflict, "plateNumber", reasons.Vehicle(c.Enter.Vehicle).En+" is parked already")
	case c.ExitTime.IsZero() && p.free() == 0:
		return failed(Conflict, "parkingId", p.Name+" is full")
	}
	o := w.newOrder(c.Enter, p, entered)
	if c.Fee != nil {
		fee := *c.Fee
		o.FixedFee, o.Given = &fee, true
	}
	if c.ExitTime.IsZero() {
		w.addOrder(o)
		return Result{Value: o.value(now, w.rules)}
	}
	fee := o.fee(left, w.rules)
	if c.Fee == nil && o.UserType != LongTerm {
		fee = o.Tariff.FeeBetween(entered, left, w.rules.TariffFree)
	}
	o.ExitTime, o.FixedFee = left, &fee
	gone := w.leaving(*o, left, now, c.Payment)
	w.addOrder(o)
	w.leave(o, gone, now)
	return Result{Value: o.value(now, w.rules)}
}

// Trigger makes a push by hand. Fields that are left out are made up, plausibly
// and from the seed; a field the kind does not have is refused.
type Trigger struct {
	MerchantNo string
	Kind       string
	Fields     map[string]any // string, int64 or sign.Number
}

func (c Trigger) apply(w *State, now time.Time) Result {
	m := w.merchants[c.MerchantNo]
	row, known := schemas.LookupPush(c.Kind)
	switch {
	case m == nil:
		return failedBecause("unknown-merchant", NotFound, "merchantNo", "no merchant "+c.MerchantNo)
	case !known:
		return failed(Invalid, "kind", "no kind of push "+c.Kind)
	case m.Push.For(c.Kind) == "":
		return failedBecause("no-push-url", Conflict, "merchantNo", "merchant "+c.MerchantNo+" has no push URL for "+c.Kind)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		if !slices.Contains(row.Fields, name) {
			return failed(Invalid, "fields/"+name, "a push of kind "+c.Kind+" has no field "+name)
		}
	}
	values := w.madeUp(now)
	for name, value := range c.Fields {
		if n, whole := value.(int64); whole { // in the log it is the number as it is written
			value = sign.Number(strconv.FormatInt(n, 10))
		}
		values[name] = value
	}
	plate, _ := values["plateNumber"].(string)
	order := ""
	if slices.Contains(row.Fields, "synId") {
		order, _ = values["synId"].(string)
	}
	p, _ := w.push(c.Kind, c.MerchantNo, notation.Vehicle{Plate: plate, Color: notation.DefaultPlateColor}, order, values)
	return Result{Value: p, Pushes: []Push{p}}
}

// madeUp is a believable stay of a temporary car: it left just now.
func (w *State) madeUp(now time.Time) map[string]any {
	stay := time.Duration(20+w.rng.Uint64()%600) * time.Minute
	id, name := "1", "ETCP 智慧停车场"
	for _, known := range slices.Sorted(maps.Keys(w.parkings)) {
		id, name = known, w.parkings[known].Name
		break
	}
	return map[string]any{
		"synId": strings.ToUpper(w.uuid()), "plateNumber": w.Plate(), "parkName": name, "parkId": sign.Number(id),
		"entranceTime": notation.FormatTime(now.Add(-stay)), "exitTime": notation.FormatTime(now), "pushTime": notation.FormatTime(now), "time": notation.FormatTime(now),
		"userType": Temporary, "stayedTime": int64(stay / time.Second), "receivableFee": w.receivable(notation.Fen(500 * (1 + stay/time.Hour))),
		"fixParkingId": "", "remainingDays": "",
	}
}

// Plate draws a believable small car's number.
func (w *State) Plate() string {
	provinces := []rune(notation.Provinces)
	const letters, tail = "ABCDEFGHJK", "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	var plate strings.Builder
	plate.WriteString(string(provinces[w.rng.Uint64()%31]) + string(letters[w.rng.Uint64()%uint64(len(letters))]))
	for range 5 {
		plate.WriteByte(tail[w.rng.Uint64()%uint64(len(tail))])
	}
	return plate.String()
}
