package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
)

// The modes of a clock.
const (
	ClockRunning = "running"
	ClockFrozen  = "frozen"
)

// Clock is a sandbox's clock.
type Clock struct {
	Now  client.Time `json:"now"`
	Mode string      `json:"mode"`
	Rate float64     `json:"rate"` // seconds of the sandbox in a real second
}

// ClockChange is what [Sandbox.SetClock] takes; what is zero stays as it is.
type ClockChange struct {
	Now  client.Time `json:"now,omitzero"` // forward is an advance; back only where nothing has happened yet
	Mode string      `json:"mode,omitempty"`
	Rate float64     `json:"rate,omitempty"`
}

// Clock reads the clock.
func (s *Sandbox) Clock(ctx context.Context) (Clock, error) {
	return do[Clock](ctx, s.c, http.MethodGet, s.path+"/clock", nil, nil)
}

// SetClock sets, freezes or runs the clock.
func (s *Sandbox) SetClock(ctx context.Context, in ClockChange) (Clock, error) {
	return do[Clock](ctx, s.c, http.MethodPut, s.path+"/clock", nil, in)
}

// Advance moves the clock forward, to the second. It comes back when everything that fell due on the way has happened:
// deliveries of pushes above all, whose outcomes are awaited.
func (s *Sandbox) Advance(ctx context.Context, by time.Duration) (Clock, error) {
	return s.AdvanceBy(ctx, by.String())
}

// AdvanceBy is [Sandbox.Advance] with the duration as text: "45m", "26h30m", "8d".
func (s *Sandbox) AdvanceBy(ctx context.Context, by string) (Clock, error) {
	return do[Clock](ctx, s.c, http.MethodPost, s.path+"/clock/advance", nil, map[string]string{"by": by})
}

// Merchant is a merchant of a sandbox.
type Merchant struct {
	No   string    `json:"no"`
	Key  string    `json:"key"`
	Name string    `json:"name,omitempty"`
	Push *PushHook `json:"push,omitempty"` // without it there are no pushes
}

// PushHook is where a merchant's pushes go.
type PushHook struct {
	URL   string                 `json:"url,omitempty"`
	URLs  map[client.Kind]string `json:"urls,omitempty"`  // of single kinds, in place of URL
	Kinds []client.Kind          `json:"kinds,omitempty"` // empty: all
}

// Merchants lists the merchants with their keys.
func (s *Sandbox) Merchants(ctx context.Context, page Page) (List[Merchant], error) {
	return do[List[Merchant]](ctx, s.c, http.MethodGet, s.path+"/merchants", page.query(), nil)
}

// PutMerchant makes the merchant m.No, or changes it. A number that another sandbox has: [IsConflict].
func (s *Sandbox) PutMerchant(ctx context.Context, m Merchant) error {
	body := struct {
		Key  string    `json:"key"`
		Name string    `json:"name,omitempty"`
		Push *PushHook `json:"push,omitempty"`
	}{m.Key, m.Name, m.Push}
	return s.c.exec(ctx, http.MethodPut, s.path+"/merchants/"+segment(m.No), nil, body)
}

// DeleteMerchant takes a merchant out.
func (s *Sandbox) DeleteMerchant(ctx context.Context, no string) error {
	return s.c.exec(ctx, http.MethodDelete, s.path+"/merchants/"+segment(no), nil, nil)
}

// Examination is what [Sandbox.Examine] found out about a merchant's endpoint.
type Examination struct {
	Target   string            `json:"target"`
	Requests int               `json:"requests"` // that were sent
	Cases    []ExaminationCase `json:"cases"`
	Outage   *Outage           `json:"outage"` // nil, or the endpoint could not be reached or broke off
}

// ExaminationCase is one thing that was looked at.
type ExaminationCase struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Level   string `json:"level"` // MUST or SHOULD
	Section string `json:"section"`
	Status  string `json:"status"` // passed, failed, warned or skipped
	Reason  string `json:"reason"` // why it was skipped
	Fix     string `json:"fix"`    // how to fix it
}

// Outage is why an endpoint could not be judged.
type Outage struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
	Fix    string `json:"fix"`
}

// Examine judges a merchant's endpoint for pushes, as the command contract webhook does. No push URL: [IsConflict].
func (s *Sandbox) Examine(ctx context.Context, merchantNo string) (Examination, error) {
	return do[Examination](ctx, s.c, http.MethodPost, s.path+"/merchants/"+segment(merchantNo)+"/examine", nil, nil)
}

// Parking is a car park. Of the pointers, nil leaves it to the server.
type Parking struct {
	ID                string  `json:"id,omitempty"`
	Name              string  `json:"name"`
	City              string  `json:"city"`
	Lat               string  `json:"lat"` // BD-09
	Lon               string  `json:"lon"`
	ParkingType       string  `json:"parkingType,omitempty"`       // "8" ground (default), "7" underground, "146" both
	ElectronicPayment *bool   `json:"electronicPayment,omitempty"` // default true
	TotalSpace        *int    `json:"totalSpace,omitempty"`        // default 100
	Occupied          int     `json:"occupied,omitempty"`          // spaces taken by others than the orders
	Tariff            *Tariff `json:"tariff,omitempty"`
}

// Tariff is what a car park charges. Of the pointers, nil leaves it to the server.
type Tariff struct {
	FreeMinutes *int        `json:"freeMinutes,omitempty"`
	UnitMinutes *int        `json:"unitMinutes,omitempty"`
	UnitPrice   *client.Fen `json:"unitPrice,omitempty"` // of a started unit
	DailyCap    *client.Fen `json:"dailyCap,omitempty"`  // of each 24 hours from entry; nil is none
}

// Parkings lists the car parks.
func (s *Sandbox) Parkings(ctx context.Context, page Page) (List[Parking], error) {
	return do[List[Parking]](ctx, s.c, http.MethodGet, s.path+"/parkings", page.query(), nil)
}

// Parking is one car park.
func (s *Sandbox) Parking(ctx context.Context, id string) (Parking, error) {
	return do[Parking](ctx, s.c, http.MethodGet, s.path+"/parkings/"+segment(id), nil, nil)
}

// PutParking makes the car park p.ID, or changes it.
func (s *Sandbox) PutParking(ctx context.Context, p Parking) error {
	id := p.ID
	p.ID = ""
	return s.c.exec(ctx, http.MethodPut, s.path+"/parkings/"+segment(id), nil, p)
}

// DeleteParking takes a car park out.
func (s *Sandbox) DeleteParking(ctx context.Context, id string) error {
	return s.c.exec(ctx, http.MethodDelete, s.path+"/parkings/"+segment(id), nil, nil)
}

// Vehicle is an entry of the registry, which carretrieve compares with (§9.9) and which knows the long-term cars.
type Vehicle struct {
	PlateNumber   string `json:"plateNumber,omitempty"`
	PlateColor    string `json:"plateColor,omitempty"` // "1" to "4"; default "1", blue
	VIN           string `json:"vin,omitempty"`
	Engine        string `json:"engine,omitempty"`
	UserType      string `json:"userType,omitempty"` // client.LongTerm or client.Temporary
	FixParkingID  string `json:"fixParkingId,omitempty"`
	RemainingDays string `json:"remainingDays,omitempty"`
}

// Vehicles lists the registry.
func (s *Sandbox) Vehicles(ctx context.Context, page Page) (List[Vehicle], error) {
	return do[List[Vehicle]](ctx, s.c, http.MethodGet, s.path+"/vehicles", page.query(), nil)
}

// VehicleCard is all that is known of a vehicle but its orders.
type VehicleCard struct {
	PlateNumber string        `json:"plateNumber"`
	PlateColor  string        `json:"plateColor"`
	Registered  *Vehicle      `json:"registered"` // its row of the registry, nil for none
	Owner       *VehicleOwner `json:"owner"`      // who has bound it, nil for nobody
}

// VehicleOwner is the phone that has bound a vehicle.
type VehicleOwner struct {
	Phone        string      `json:"phone"`
	Since        client.Time `json:"since"`
	Merchants    []string    `json:"merchants"`    // related to it, by their numbers
	CertifiedFor string      `json:"certifiedFor"` // a merchant's number, or ""
}

// Vehicle is what is known of a vehicle; an empty colour is blue.
func (s *Sandbox) Vehicle(ctx context.Context, plateNumber, plateColor string) (VehicleCard, error) {
	path, query := s.vehicle(plateNumber, plateColor)
	return do[VehicleCard](ctx, s.c, http.MethodGet, path, query, nil)
}

// PutVehicle registers the vehicle of v.PlateNumber and v.PlateColor, or changes it.
func (s *Sandbox) PutVehicle(ctx context.Context, v Vehicle) error {
	path, query := s.vehicle(v.PlateNumber, v.PlateColor)
	v.PlateNumber, v.PlateColor = "", ""
	return s.c.exec(ctx, http.MethodPut, path, query, v)
}

// DeleteVehicle takes a vehicle out of the registry; an empty colour is blue.
func (s *Sandbox) DeleteVehicle(ctx context.Context, plateNumber, plateColor string) error {
	path, query := s.vehicle(plateNumber, plateColor)
	return s.c.exec(ctx, http.MethodDelete, path, query, nil)
}

func (s *Sandbox) vehicle(plateNumber, plateColor string) (string, url.Values) {
	return s.path + "/vehicles/" + segment(plateNumber), Page{}.query("plateColor", plateColor)
}

// User is a phone and what it has bound.
type User struct {
	Phone          string    `json:"phone"`
	Bindings       []Binding `json:"bindings"`
	BoundThisMonth int       `json:"boundThisMonth"` // different vehicles that count for the limit of §9.4
}

// Binding is a vehicle bound by a phone.
type Binding struct {
	PlateNumber  string      `json:"plateNumber"`
	PlateColor   string      `json:"plateColor"`
	Since        client.Time `json:"since"`
	Merchants    []string    `json:"merchants"`    // related to it, by their numbers
	CertifiedFor string      `json:"certifiedFor"` // a merchant's number, or ""
}

// User is a phone; one that is not known has no bindings.
func (s *Sandbox) User(ctx context.Context, phone string) (User, error) {
	return do[User](ctx, s.c, http.MethodGet, s.path+"/users/"+segment(phone), nil, nil)
}

// Users lists the users and what each has bound.
func (s *Sandbox) Users(ctx context.Context, page Page) (List[User], error) {
	return do[List[User]](ctx, s.c, http.MethodGet, s.path+"/users", page.query(), nil)
}

// SMS is a code that was sent to a phone.
type SMS struct {
	Phone     string      `json:"phone"` // "" where it was asked for by the phone
	Code      string      `json:"code"`
	SentAt    client.Time `json:"sentAt"`
	ExpiresAt client.Time `json:"expiresAt"`
	Used      bool        `json:"used"`
}

// SMS is the newest code sent to a phone. None yet: [IsNotFound].
func (s *Sandbox) SMS(ctx context.Context, phone string) (SMS, error) {
	return do[SMS](ctx, s.c, http.MethodGet, s.path+"/sms/"+segment(phone), nil, nil)
}

// AllSMS lists the newest code of each phone, the newest first.
func (s *Sandbox) AllSMS(ctx context.Context, page Page) (List[SMS], error) {
	return do[List[SMS]](ctx, s.c, http.MethodGet, s.path+"/sms", page.query(), nil)
}
