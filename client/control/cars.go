package control

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/client"
)

// Entry is what [Sandbox.Enter] takes.
type Entry struct {
	PlateNumber   string      `json:"plateNumber"`
	PlateColor    string      `json:"plateColor,omitempty"` // default "1", blue
	ParkingID     string      `json:"parkingId"`
	At            client.Time `json:"at,omitzero"`        // default now; not before the sandbox's start
	UserType      string      `json:"userType,omitempty"` // default: what the registry says, else temporary
	FixParkingID  string      `json:"fixParkingId,omitempty"`
	RemainingDays string      `json:"remainingDays,omitempty"`
}

// How what is still owed at an exit is settled.
const (
	PayCash     = "cash"     // the default
	PayWithhold = "withhold" // debited electronically
	PayNone     = "none"     // left owing
)

// Exit is what [Sandbox.Exit] takes.
type Exit struct {
	PlateNumber string      `json:"plateNumber"`
	PlateColor  string      `json:"plateColor,omitempty"`
	At          client.Time `json:"at,omitzero"` // default now
	Payment     string      `json:"payment,omitempty"`
}

// The states of an [Order].
const (
	Parked = "parked"
	Left   = "left"
	Owing  = "owing" // left with something unpaid
)

// Order is a stay.
type Order struct {
	OrderID        string         `json:"orderId"`
	PlateNumber    string         `json:"plateNumber"`
	PlateColor     string         `json:"plateColor"`
	ParkingID      string         `json:"parkingId"`
	ParkingName    string         `json:"parkingName"`
	UserType       string         `json:"userType"`
	FixParkingID   string         `json:"fixParkingId,omitempty"`
	RemainingDays  string         `json:"remainingDays,omitempty"`
	EntranceTime   client.Time    `json:"entranceTime"`
	ExitTime       client.Time    `json:"exitTime"` // zero while it is parked
	State          string         `json:"state"`
	ParkingFee     client.Fen     `json:"parkingFee"` // the whole fee, up to now
	PaidElectronic client.Fen     `json:"paidElectronic"`
	PaidCash       client.Fen     `json:"paidCash"`
	RemainingFee   client.Fen     `json:"remainingFee"`
	Payments       []OrderPayment `json:"payments"`
}

// OrderPayment is a payment through orderpaid (§9.8).
type OrderPayment struct {
	PayOrderID      string      `json:"payOrderId"`
	ExternalOrderID string      `json:"externalOrderId"`
	MerchantNo      string      `json:"merchantNo"`
	Payment         client.Fen  `json:"payment"`
	PayTime         client.Time `json:"payTime"`
}

// Enter has a car drive in. Parked already, or the car park full: [IsConflict]; no such car park: [IsNotFound].
func (s *Sandbox) Enter(ctx context.Context, in Entry) (Order, error) {
	return do[Order](ctx, s.c, http.MethodPost, s.path+"/cars/enter", nil, in)
}

// Exit has a car drive out. Not parked: [IsConflict].
func (s *Sandbox) Exit(ctx context.Context, in Exit) (Order, error) {
	return do[Order](ctx, s.c, http.MethodPost, s.path+"/cars/exit", nil, in)
}

// OrderFilter narrows [Sandbox.Orders]; what is empty does not.
type OrderFilter struct {
	PlateNumber string
	State       string
}

// Orders lists stays.
func (s *Sandbox) Orders(ctx context.Context, f OrderFilter, page Page) (List[Order], error) {
	query := page.query("plateNumber", f.PlateNumber, "state", f.State)
	return do[List[Order]](ctx, s.c, http.MethodGet, s.path+"/orders", query, nil)
}
