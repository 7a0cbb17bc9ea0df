package control

import "github.com/etcp-mock/etcp-mock/client"

// Fixture is what a sandbox starts with; every part is optional. Merchants, Parkings and the rest have the shape
// of the control API's own bodies.
type Fixture struct {
	Clock     *FixtureClock  `json:"clock,omitempty"` // without it: running, real time
	Seed      *uint64        `json:"seed,omitempty"`
	Rules     map[string]any `json:"rules,omitempty"`
	Merchants []Merchant     `json:"merchants,omitempty"`
	Parkings  []Parking      `json:"parkings,omitempty"`
	Vehicles  []Vehicle      `json:"vehicles,omitempty"`
	Users     []FixtureUser  `json:"users,omitempty"`
	Orders    []FixtureOrder `json:"orders,omitempty"`
	Faults    []Fault        `json:"faults,omitempty"`
}

// FixtureClock is where a clock starts, and how it goes.
type FixtureClock struct {
	Now  client.Time `json:"now,omitzero"`
	Mode string      `json:"mode,omitempty"` // ClockRunning or ClockFrozen
	Rate float64     `json:"rate,omitempty"` // seconds of the sandbox in a real second
}

// FixtureUser is a phone with vehicles bound.
type FixtureUser struct {
	Phone  string           `json:"phone"`
	Plates []FixtureBinding `json:"plates,omitempty"`
}

// FixtureBinding is a vehicle that is bound when the sandbox starts.
type FixtureBinding struct {
	PlateNumber string      `json:"plateNumber"`
	PlateColor  string      `json:"plateColor,omitempty"`
	MerchantNo  string      `json:"merchantNo,omitempty"` // the merchant it was bound through
	Since       client.Time `json:"since,omitzero"`
	Certified   bool        `json:"certified,omitempty"` // for that merchant
}

// FixtureOrder is a past stay, or, without an exit, a car that is parked when the sandbox starts.
type FixtureOrder struct {
	PlateNumber   string      `json:"plateNumber"`
	PlateColor    string      `json:"plateColor,omitempty"`
	ParkingID     string      `json:"parkingId"`
	EntranceTime  client.Time `json:"entranceTime"`
	ExitTime      client.Time `json:"exitTime,omitzero"`
	Payment       string      `json:"payment,omitempty"` // PayCash, PayWithhold or PayNone
	UserType      string      `json:"userType,omitempty"`
	FixParkingID  string      `json:"fixParkingId,omitempty"`
	RemainingDays string      `json:"remainingDays,omitempty"`
	ParkingFee    *client.Fen `json:"parkingFee,omitempty"` // without it the tariff decides
}
