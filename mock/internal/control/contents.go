package control

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func (a *Control) getClock(in *call) (reply, error) { return ok(in.sandbox.Clock().Members()) }

func (a *Control) putClock(in *call) (reply, error) {
	change, err := in.clockChange()
	if err != nil {
		return reply{}, err
	}
	c, err := in.sandbox.SetClock(in.moving, change)
	if err != nil {
		return reply{}, err
	}
	return ok(c.Members())
}

func (a *Control) advanceClock(in *call) (reply, error) {
	var body struct {
		By *strict.Duration `json:"by"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if body.By == nil {
		return reply{}, invalidAt("/by", `is required: a duration such as "45m" or "8d"`)
	}
	c, err := in.sandbox.Advance(in.moving, time.Duration(*body.By))
	if errors.Is(err, clock.ErrRange) {
		return reply{}, invalidAt("/by", err.Error())
	}
	if err != nil {
		return reply{}, err
	}
	return ok(c.Members())
}

func merchantItem(m platform.Merchant) fixture.Merchant {
	item := fixture.Merchant{No: m.No, Key: m.Key, Name: m.Name}
	if m.Push != nil {
		hook := fixture.Hook(*m.Push)
		item.Push = &hook
	}
	return item
}

func (a *Control) listMerchants(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	items := []fixture.Merchant{}
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		for _, m := range w.Merchants() {
			items = append(items, merchantItem(m))
		}
	})
	return listed(paged(items, page, func(m fixture.Merchant) string { return m.No }, byText))
}

func (a *Control) putMerchant(in *call) (reply, error) {
	var body fixture.Merchant
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if err := in.named(&body.No, "no", "/no"); err != nil {
		return reply{}, err
	}
	m, err := fixture.CheckMerchant(body)
	if err != nil {
		return reply{}, err
	}
	if fx := in.sandbox.Do(platform.PutMerchant{Merchant: m}); fx.Err != nil {
		return reply{}, fx.Err
	}
	return ok(merchantItem(m))
}

// named puts the name in the path into a body, which may repeat but not contradict it.
func (in *call) named(field *string, param, pointer string) error {
	name := in.gin.Param(param)
	if *field != "" && *field != name {
		return invalidAt(pointer, "differs from the path's "+name)
	}
	*field = name
	return nil
}

func (a *Control) deleteMerchant(in *call) (reply, error) {
	return noContent(in.sandbox.Do(platform.DeleteMerchant{No: in.gin.Param("no")}).Err)
}

func (a *Control) listParkings(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	items := []parkingItem{}
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		for _, p := range w.Parkings() {
			_, parked, _ := w.ParkingAt(p.ID)
			items = append(items, parkingOf(p, parked))
		}
	})
	return listed(paged(items, page, func(p parkingItem) string { return p.ID }, byNumber))
}

// byNumber is the order of ids that are whole numbers without leading zeros.
func byNumber(itemID, id string) bool {
	return len(itemID) > len(id) || (len(itemID) == len(id) && itemID > id)
}

type parkingItem struct {
	ID                string     `json:"id"`
	Name              string     `json:"name"`
	City              string     `json:"city"`
	Lat               string     `json:"lat"`
	Lon               string     `json:"lon"`
	ParkingType       string     `json:"parkingType"`
	ElectronicPayment bool       `json:"electronicPayment"`
	TotalSpace        int        `json:"totalSpace"`
	Occupied          int        `json:"occupied"`
	Parked            int        `json:"parked"`
	Tariff            tariffItem `json:"tariff"`
}

type tariffItem struct {
	FreeMinutes int    `json:"freeMinutes"`
	UnitMinutes int    `json:"unitMinutes"`
	UnitPrice   string `json:"unitPrice"`
	DailyCap    string `json:"dailyCap,omitempty"`
}

func parkingOf(p platform.Parking, parked int) parkingItem {
	item := parkingItem{
		ID: p.ID, Name: p.Name, City: p.City, Lat: p.Lat, Lon: p.Lon, ParkingType: p.ParkingType,
		ElectronicPayment: p.ElectronicPayment, TotalSpace: p.TotalSpace, Occupied: p.Occupied, Parked: parked,
		Tariff: tariffItem{FreeMinutes: p.Tariff.FreeMinutes, UnitMinutes: p.Tariff.UnitMinutes, UnitPrice: p.Tariff.UnitPrice.Plain()},
	}
	if p.Tariff.DailyCap != nil {
		item.Tariff.DailyCap = p.Tariff.DailyCap.Plain()
	}
	return item
}

func (a *Control) parking(in *call) (item parkingItem, found bool) {
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		p, parked, known := w.ParkingAt(in.gin.Param("parking"))
		item, found = parkingOf(p, parked), known
	})
	return item, found
}

func (a *Control) noParking(in *call) (text string) {
	in.sandbox.View(func(w engine.StateView, _ time.Time) { text = w.NoParking(in.gin.Param("parking")) })
	return text
}

func (a *Control) getParking(in *call) (reply, error) {
	item, found := a.parking(in)
	if !found {
		return reply{}, problem.Missing(problem.UnknownParking, a.noParking(in))
	}
	return ok(item)
}

func (a *Control) putParking(in *call) (reply, error) {
	var body struct {
		fixture.Parking

		Parked int `json:"parked"` // so that what GET answers can be put back
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if err := in.named(&body.ID, "parking", "/id"); err != nil {
		return reply{}, err
	}
	p, err := fixture.CheckParking(body.Parking)
	if err != nil {
		return reply{}, err
	}
	if fx := in.sandbox.Do(platform.PutParking{Parking: p}); fx.Err != nil {
		return reply{}, fx.Err
	}
	item, _ := a.parking(in)
	return ok(item)
}

func (a *Control) deleteParking(in *call) (reply, error) {
	return noContent(in.sandbox.Do(platform.DeleteParking{ID: in.gin.Param("parking")}).Err)
}

func vehicleItem(v notation.Vehicle, r platform.Registered) fixture.Vehicle {
	return fixture.Vehicle{
		PlateNumber: v.Plate, PlateColor: v.Color, VIN: r.VIN, Engine: r.Engine,
		UserType: r.UserType, FixParkingID: r.FixParkingID, RemainingDays: r.RemainingDays,
	}
}

func (a *Control) listVehicles(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	var vehicles []notation.Vehicle
	in.sandbox.View(func(w engine.StateView, _ time.Time) { vehicles = w.Vehicles() })
	slices.SortFunc(vehicles, platform.CompareVehicles)
	return listed(pageOf(in, page, vehicles, func(v notation.Vehicle) string { return v.Plate + "/" + v.Color }, byText,
		func(w engine.StateView, _ time.Time, v notation.Vehicle) (fixture.Vehicle, bool) {
			row, there := w.Registered(v)
			return vehicleItem(v, row), there
		}))
}

func (a *Control) putVehicle(in *call) (reply, error) {
	var body fixture.Vehicle
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	plate, _, _ := notation.NormalPlate(in.gin.Param("plate"))
	if !notation.ValidPlate(plate) {
		return reply{}, invalidPath("plate", noPlate(in.gin.Param("plate")))
	}
	if written, _, _ := notation.NormalPlate(body.PlateNumber); written != "" && written != plate {
		return reply{}, invalidAt("/plateNumber", "differs from the path's "+plate)
	}
	body.PlateNumber = plate
	color, err := in.plateColor()
	if err != nil {
		return reply{}, err
	}
	switch {
	case body.PlateColor == "":
		body.PlateColor = color
	case color != "" && color != body.PlateColor:
		return reply{}, invalidAt("/plateColor", "differs from the query's "+color)
	}
	v, row, err := fixture.CheckVehicle(body)
	if err != nil {
		return reply{}, err
	}
	if fx := in.sandbox.Do(platform.PutVehicle{Vehicle: v, Registered: row}); fx.Err != nil {
		return reply{}, fx.Err
	}
	return ok(vehicleItem(v, row))
}

// plateColor is the colour in the query, or "" where there is none.
func (in *call) plateColor() (string, error) {
	color := in.gin.Query("plateColor")
	if color != "" && !notation.ValidPlateColor(color) {
		return "", problem.InQuery("plateColor", "want 1 blue, 2 black, 3 yellow or 4 white")
	}
	return color, nil
}

func (a *Control) deleteVehicle(in *call) (reply, error) {
	color, err := in.plateColor()
	if err != nil {
		return reply{}, err
	}
	if color == "" {
		color = notation.DefaultPlateColor
	}
	plate, _, _ := notation.NormalPlate(in.gin.Param("plate"))
	if !notation.ValidPlate(plate) { // no input of the log could say it
		return reply{}, problem.Missing(problem.UnknownVehicle, "no vehicle "+strconv.Quote(plate)+" in the registry: it is no plate")
	}
	v := notation.Vehicle{Plate: plate, Color: color}
	return noContent(in.sandbox.Do(platform.DeleteVehicle{Vehicle: v}).Err)
}

type bindingItem struct {
	PlateNumber  string   `json:"plateNumber"`
	PlateColor   string   `json:"plateColor"`
	Since        string   `json:"since"`
	Merchants    []string `json:"merchants"`
	CertifiedFor *string  `json:"certifiedFor"`
}

func (a *Control) getUser(in *call) (reply, error) {
	phone := in.gin.Param("phone")
	if !notation.ValidPhone(phone) {
		return reply{}, invalidPath("phone", noPhone(phone))
	}
	var user platform.User
	in.sandbox.View(func(w engine.StateView, now time.Time) { user = w.User(phone, now) })
	return ok(userOf(user))
}

func (a *Control) listUsers(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	var phones []string
	in.sandbox.View(func(w engine.StateView, _ time.Time) { phones = w.Phones() })
	slices.Sort(phones)
	return listed(pageOf(in, page, phones, func(phone string) string { return phone }, byText,
		func(w engine.StateView, now time.Time, phone string) (userItem, bool) {
			return userOf(w.User(phone, now)), true
		}))
}

type userItem struct {
	Phone          string        `json:"phone"`
	Bindings       []bindingItem `json:"bindings"`
	BoundThisMonth int           `json:"boundThisMonth"`
}

func userOf(user platform.User) userItem {
	bindings := []bindingItem{}
	for _, b := range user.Bindings {
		item := bindingItem{PlateNumber: b.Vehicle.Plate, PlateColor: b.Vehicle.Color, Since: notation.FormatTime(b.Since), Merchants: b.Merchants}
		if b.CertifiedFor != "" {
			item.CertifiedFor = &b.CertifiedFor
		}
		bindings = append(bindings, item)
	}
	return userItem{user.Phone, bindings, user.BoundThisMonth}
}

func (a *Control) getSMS(in *call) (reply, error) {
	phone := in.gin.Param("phone")
	if !notation.ValidPhone(phone) {
		return reply{}, invalidPath("phone", noPhone(phone))
	}
	var (
		sms  platform.SMS
		sent bool
	)
	in.sandbox.View(func(w engine.StateView, _ time.Time) { sms, sent = w.SMS(phone) })
	if !sent {
		return reply{}, problem.Missing(problem.UnknownCode, "no code was sent to "+phone)
	}
	return ok(map[string]any{
		"code": sms.Code, "sentAt": notation.FormatTime(sms.SentAt), "expiresAt": notation.FormatTime(sms.ExpiresAt), "used": sms.Used,
	})
}

type smsItem struct {
	Phone     string `json:"phone"`
	Code      string `json:"code"`
	SentAt    string `json:"sentAt"`
	ExpiresAt string `json:"expiresAt"`
	Used      bool   `json:"used"`
}

// listSMS lists the codes sent, newest first, the latest of each phone.
func (a *Control) listSMS(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	items := []smsItem{}
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		for _, m := range w.Messages() {
			items = append(items, smsItem{m.Phone, m.Code, notation.FormatTime(m.SentAt), notation.FormatTime(m.ExpiresAt), m.Used})
		}
	})
	page.Newest = false // that is how they come
	return listed(paged(items, page, func(i smsItem) string { return i.Phone }, nil))
}
