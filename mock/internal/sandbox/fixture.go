package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Fixture is what a world starts from, in scenario files and in the control
// API; every part is optional.
type Fixture struct {
	Clock     *FixtureClock     `json:"clock,omitempty"`
	Seed      *uint64           `json:"seed,omitempty"`
	Rules     map[string]any    `json:"rules,omitempty"`
	Merchants []FixtureMerchant `json:"merchants,omitempty"`
	Parkings  []FixtureParking  `json:"parkings,omitempty"`
	Vehicles  []FixtureVehicle  `json:"vehicles,omitempty"`
	Users     []FixtureUser     `json:"users,omitempty"`
	Orders    []FixtureOrder    `json:"orders,omitempty"`
	Faults    []fault.Fault     `json:"faults,omitempty"`
}

// FixtureClock is an instant, at which the clock stands frozen, or an object.
type FixtureClock struct {
	Now  *Instant `json:"now,omitempty"`
	Mode string   `json:"mode,omitempty"`
	Rate *float64 `json:"rate,omitempty"`
}

// UnmarshalStrictJSON reads either form.
func (c *FixtureClock) UnmarshalStrictJSON(raw json.RawMessage) error {
	if len(raw) > 0 && raw[0] == '"' {
		var now Instant
		if err := json.Unmarshal(raw, &now); err != nil {
			return err
		}
		*c = FixtureClock{Now: &now}
		return nil
	}
	type plain FixtureClock
	var object plain
	if problems := strict.Decode(raw, &object, strict.Limits{}); len(problems) > 0 {
		return strict.ProblemsError(problems)
	}
	*c = FixtureClock(object)
	return nil
}

// Instant is a time in the control API: yyyy-MM-dd HH:mm:ss in Asia/Shanghai,
// RFC 3339 accepted on input.
type Instant struct{ time.Time }

var errInstant = errors.New(`want a time such as "2017-08-20 12:00:00" (Asia/Shanghai) or RFC 3339`)

// UnmarshalText reads either form.
func (i *Instant) UnmarshalText(b []byte) error {
	t, err := platform.ParseTime(string(b))
	if err != nil {
		if t, err = time.Parse(time.RFC3339, string(b)); err != nil {
			return errInstant
		}
	}
	if t.Before(Earliest) || t.After(Latest) {
		return ErrClockRange
	}
	i.Time = t.In(platform.Shanghai)
	return nil
}

// UnmarshalJSON reads a string in either form, before time.Time's own way does.
func (i *Instant) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return errInstant
	}
	return i.UnmarshalText([]byte(text))
}

// MarshalJSON prints yyyy-MM-dd HH:mm:ss.
func (i Instant) MarshalJSON() ([]byte, error) {
	return []byte(`"` + platform.FormatTime(i.Time) + `"`), nil
}

// MarshalText prints yyyy-MM-dd HH:mm:ss.
func (i Instant) MarshalText() ([]byte, error) { return []byte(platform.FormatTime(i.Time)), nil }

// FixtureMerchant is a merchant.
type FixtureMerchant struct {
	No   string       `json:"no"`
	Key  string       `json:"key"`
	Name string       `json:"name,omitempty"`
	Push *FixtureHook `json:"push,omitempty"`
}

// FixtureHook says where pushes go.
type FixtureHook struct {
	URL   string            `json:"url,omitempty"`
	URLs  map[string]string `json:"urls,omitempty"`
	Kinds []string          `json:"kinds,omitempty"`
}

// FixtureParking is a car park.
type FixtureParking struct {
	ID                string         `json:"id"`
	Name              string         `json:"name"`
	City              string         `json:"city"`
	Lat               string         `json:"lat"`
	Lon               string         `json:"lon"`
	ParkingType       string         `json:"parkingType,omitempty"`
	ElectronicPayment *bool          `json:"electronicPayment,omitempty"`
	TotalSpace        *int           `json:"totalSpace,omitempty"`
	Occupied          int            `json:"occupied,omitempty"`
	Tariff            *FixtureTariff `json:"tariff,omitempty"`
}

// FixtureTariff is a tariff; without one a car park takes 5 yuan an hour after
// 15 minutes, and at most 50 in 24 hours. One without a dailyCap has none (§9.10).
type FixtureTariff struct {
	FreeMinutes *int          `json:"freeMinutes,omitempty"`
	UnitMinutes *int          `json:"unitMinutes,omitempty"`
	UnitPrice   *platform.Fen `json:"unitPrice,omitempty"`
	DailyCap    *platform.Fen `json:"dailyCap,omitempty"`
}

// FixtureVehicle is a row of the registry.
type FixtureVehicle struct {
	PlateNumber   string `json:"plateNumber"`
	PlateColor    string `json:"plateColor,omitempty"`
	VIN           string `json:"vin,omitempty"`
	Engine        string `json:"engine,omitempty"`
	UserType      string `json:"userType,omitempty"`
	FixParkingID  string `json:"fixParkingId,omitempty"`
	RemainingDays string `json:"remainingDays,omitempty"`
}

// FixtureUser is a phone and what it has bound.
type FixtureUser struct {
	Phone  string           `json:"phone"`
	Plates []FixtureBinding `json:"plates,omitempty"`
}

// FixtureBinding is a vehicle a phone has bound; certified makes its pushes
// to that merchant real.
type FixtureBinding struct {
	PlateNumber string   `json:"plateNumber"`
	PlateColor  string   `json:"plateColor,omitempty"`
	MerchantNo  string   `json:"merchantNo,omitempty"`
	Since       *Instant `json:"since,omitempty"`
	Certified   bool     `json:"certified,omitempty"`
}

// FixtureOrder is a past stay, or a car parked when the world starts.
type FixtureOrder struct {
	PlateNumber   string        `json:"plateNumber"`
	PlateColor    string        `json:"plateColor,omitempty"`
	ParkingID     string        `json:"parkingId"`
	EntranceTime  *Instant      `json:"entranceTime"`
	ExitTime      *Instant      `json:"exitTime,omitempty"`
	Payment       string        `json:"payment,omitempty"`
	UserType      string        `json:"userType,omitempty"`
	FixParkingID  string        `json:"fixParkingId,omitempty"`
	RemainingDays string        `json:"remainingDays,omitempty"`
	ParkingFee    *platform.Fen `json:"parkingFee,omitempty"`
}

// Problem is one thing that is wrong with an input: where, and what.
type Problem struct {
	Pointer string // RFC 6901, into the fixture or body
	Detail  string
}

// InvalidError is an input that was refused whole.
type InvalidError struct{ Problems []Problem }

func (e *InvalidError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Pointer + ": " + p.Detail
	}
	return strings.Join(texts, "; ")
}

func (e *InvalidError) add(pointer, detail string) {
	e.Problems = append(e.Problems, Problem{pointer, detail})
}

func (e *InvalidError) err() error {
	if len(e.Problems) == 0 {
		return nil
	}
	return e
}

// The bounds of what an operator may set.
const (
	maxText       = 200
	maxSpaces     = 1_000_000
	maxMinutes    = 60 * 24 * 366
	maxUnitPrice  = platform.Fen(100_000 * 100)
	maxFixtureAny = 2_000_000
)

func (e *InvalidError) text(pointer, value string, required bool) {
	switch {
	case value == "" && required:
		e.add(pointer, "is required")
	case len(value) > maxText:
		e.add(pointer, fmt.Sprintf("is over %d bytes", maxText))
	case !utf8.ValidString(value):
		e.add(pointer, "is not UTF-8")
	}
}

func (e *InvalidError) oneOf(pointer, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		e.add(pointer, fmt.Sprintf("want one of %s, got %q", strings.Join(allowed, ", "), value))
	}
}

// vehicle reads a plate and colour as the platform does; problems are put
// under the pointers of the two.
func (e *InvalidError) vehicle(at, plate, color string) platform.Vehicle {
	plate, _, _ = platform.NormalPlate(plate)
	if !platform.ValidPlate(plate) {
		e.add(at+"/plateNumber", "want a plate such as 渝ATX061: a province's character, a letter, then letters and digits without I and O, 7 characters in all or 8")
	}
	if color == "" {
		color = platform.DefaultPlateColor
	}
	if !platform.ValidPlateColor(color) {
		e.add(at+"/plateColor", `want "1" blue, "2" black, "3" yellow or "4" white`)
	}
	return platform.Vehicle{Plate: plate, Color: color}
}

// merchant checks a merchant and gives the platform's.
func (e *InvalidError) merchant(at string, m FixtureMerchant) platform.Merchant {
	e.text(at+"/no", m.No, true)
	e.text(at+"/key", m.Key, true)
	e.text(at+"/name", m.Name, false)
	out := platform.Merchant{No: m.No, Key: m.Key, Name: m.Name}
	if m.Push == nil {
		return out
	}
	out.Push = &platform.Hook{URL: m.Push.URL, URLs: m.Push.URLs, Kinds: m.Push.Kinds}
	e.pushURL(at+"/push/url", m.Push.URL)
	kinds := pushKinds()
	for _, kind := range slices.Sorted(maps.Keys(m.Push.URLs)) {
		to := m.Push.URLs[kind]
		where := at + Pointer("push", "urls", kind)
		e.oneOf(where, kind, kinds...)
		e.pushURL(where, to)
	}
	for i, kind := range m.Push.Kinds {
		e.oneOf(at+"/push/kinds/"+strconv.Itoa(i), kind, kinds...)
	}
	return out
}

func pushKinds() []string {
	kinds := make([]string, 0, 4)
	for _, p := range schemas.Pushes() {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}

func (e *InvalidError) pushURL(at, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || len(text) > 2000 {
		e.add(at, "want an http or https URL with a host")
	}
}

func (e *InvalidError) parking(at string, p FixtureParking) platform.Parking {
	if !platform.ValidParkingID(p.ID) {
		e.add(at+"/id", "want a whole number as text, up to 15 digits without leading zeros: the platform shows it as a JSON number")
	}
	e.text(at+"/name", p.Name, true)
	e.text(at+"/city", p.City, false)
	latOK, lonOK := platform.ValidCoordinates(p.Lat, p.Lon)
	if !latOK {
		e.add(at+"/lat", "want degrees as a decimal text from -90 to 90")
	}
	if !lonOK {
		e.add(at+"/lon", "want degrees as a decimal text from -180 to 180")
	}
	e.oneOf(at+"/parkingType", p.ParkingType, "8", "7", "146")
	out := platform.Parking{
		ID: p.ID, Name: p.Name, City: p.City, Lat: p.Lat, Lon: p.Lon, ParkingType: p.ParkingType,
		ElectronicPayment: p.ElectronicPayment == nil || *p.ElectronicPayment, TotalSpace: 100, Occupied: p.Occupied,
		Tariff: e.tariff(at+"/tariff", p.Tariff),
	}
	if out.ParkingType == "" {
		out.ParkingType = "8"
	}
	if p.TotalSpace != nil {
		out.TotalSpace = *p.TotalSpace
	}
	if out.TotalSpace < 0 || out.TotalSpace > maxSpaces {
		e.add(at+"/totalSpace", fmt.Sprintf("want 0 to %d", maxSpaces))
	}
	if out.Occupied < 0 || out.Occupied > out.TotalSpace {
		e.add(at+"/occupied", fmt.Sprintf("want 0 to totalSpace, %d", out.TotalSpace))
	}
	return out
}

func (e *InvalidError) tariff(at string, t *FixtureTariff) platform.Tariff {
	out := platform.Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500}
	if t == nil {
		dailyCap := platform.Fen(5000)
		out.DailyCap = &dailyCap
		return out
	}
	minutes := func(name string, from *int, least int, to *int) {
		if from == nil {
			return
		}
		if *to = *from; *from < least || *from > maxMinutes {
			e.add(at+"/"+name, fmt.Sprintf("want %d to %d minutes", least, maxMinutes))
		}
	}
	minutes("freeMinutes", t.FreeMinutes, 0, &out.FreeMinutes)
	minutes("unitMinutes", t.UnitMinutes, 1, &out.UnitMinutes)
	if t.UnitPrice != nil {
		if out.UnitPrice = *t.UnitPrice; out.UnitPrice < 0 || out.UnitPrice > maxUnitPrice {
			e.add(at+"/unitPrice", "want 0 to 100000 yuan")
		}
	}
	if t.DailyCap != nil {
		fen := *t.DailyCap
		if out.DailyCap = &fen; fen < 0 {
			e.add(at+"/dailyCap", "want 0 yuan or more")
		}
	}
	return out
}

func (e *InvalidError) registered(at string, v FixtureVehicle) (platform.Vehicle, platform.Registered) {
	if v.VIN != "" && !platform.ValidVIN(v.VIN) {
		e.add(at+"/vin", "want 17 upper-case letters and digits without I, O and Q")
	}
	e.text(at+"/engine", v.Engine, false)
	e.longTerm(at, v.UserType, v.FixParkingID, v.RemainingDays)
	return e.vehicle(at, v.PlateNumber, v.PlateColor), platform.Registered{
		VIN: v.VIN, Engine: v.Engine, UserType: v.UserType, FixParkingID: v.FixParkingID, RemainingDays: v.RemainingDays,
	}
}

func (e *InvalidError) longTerm(at, userType, fixParkingID, remainingDays string) {
	e.oneOf(at+"/userType", userType, platform.LongTerm, platform.Temporary)
	e.text(at+"/fixParkingId", fixParkingID, false)
	e.text(at+"/remainingDays", remainingDays, false)
}

// CheckMerchant checks one merchant; its error is [*InvalidError].
func CheckMerchant(m FixtureMerchant) (platform.Merchant, error) {
	e := &InvalidError{}
	out := e.merchant("", m)
	return out, e.err()
}

// CheckParking checks one car park; its error is [*InvalidError].
func CheckParking(p FixtureParking) (platform.Parking, error) {
	e := &InvalidError{}
	out := e.parking("", p)
	return out, e.err()
}

// CheckVehicle checks one row of the registry; its error is [*InvalidError].
func CheckVehicle(v FixtureVehicle) (platform.Vehicle, platform.Registered, error) {
	e := &InvalidError{}
	vehicle, row := e.registered("", v)
	return vehicle, row, e.err()
}

// CheckPlate reads a plate and its colour; its error is [*InvalidError].
func CheckPlate(plate, color string) (platform.Vehicle, error) {
	e := &InvalidError{}
	v := e.vehicle("", plate, color)
	return v, e.err()
}

// CheckStay reads what a car that enters is; its error is [*InvalidError].
func CheckStay(plate, color, userType, fixParkingID, remainingDays string) (platform.Vehicle, error) {
	e := &InvalidError{}
	v := e.vehicle("", plate, color)
	e.longTerm("", userType, fixParkingID, remainingDays)
	return v, e.err()
}

// Below moves the pointers of an [*InvalidError] under a prefix; other errors stay.
func Below(err error, prefix string) error {
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	moved := &InvalidError{}
	for _, p := range invalid.Problems {
		moved.add(prefix+p.Pointer, p.Detail)
	}
	return moved
}
