package mocktest

import "net/http"

// Order is one stay of a car, as the platform keeps it. Amounts are yuan as decimal text, times as the clock shows them.
type Order struct {
	OrderID, PlateNumber, PlateColor, ParkingID, ParkingName, UserType string
	EntranceTime                                                       string
	ExitTime                                                           string // "" while it is parked
	State                                                              string // parked, left, or owing
	ParkingFee, PaidElectronic, PaidCash, RemainingFee                 string
}

// CarOption says more about a car that enters or leaves.
type CarOption func(car map[string]any)

// Into is the car park that a car enters; without it that is the sandbox's first.
func Into(parkingID string) CarOption {
	return func(car map[string]any) { car["parkingId"] = parkingID }
}

// Color is the colour of the plate: "1" blue, "2" black, "3" yellow, "4" white. Without it, blue.
func Color(plateColor string) CarOption {
	return func(car map[string]any) { car["plateColor"] = plateColor }
}

// At is when it happened, between the sandbox's start and now.
func At(time string) CarOption { return func(car map[string]any) { car["at"] = time } }

// LongTerm makes a car one of those that park for long and pay nothing.
func LongTerm(fixParkingID, remainingDays string) CarOption {
	return func(car map[string]any) {
		car["userType"], car["fixParkingId"], car["remainingDays"] = "76", fixParkingID, remainingDays
	}
}

// Debited has what a car owes when it leaves debited electronically, where it would be paid in cash.
func Debited() CarOption { return func(car map[string]any) { car["payment"] = "withhold" } }

// Owing lets a car leave without paying.
func Owing() CarOption { return func(car map[string]any) { car["payment"] = "none" } }

// Enter drives a car in and gives the order's id.
func (m *Mock) Enter(plate string, more ...CarOption) (orderID string) {
	m.tb.Helper()
	car := map[string]any{"plateNumber": plate, "parkingId": m.parking}
	for _, say := range more {
		say(car)
	}
	var order Order
	m.Admin(http.MethodPost, "/cars/enter", car, &order)
	return order.OrderID
}

// Exit drives a car out; what it owes is paid in cash unless [Debited] or [Owing] says otherwise.
func (m *Mock) Exit(plate string, more ...CarOption) Order {
	m.tb.Helper()
	car := map[string]any{"plateNumber": plate}
	for _, say := range more {
		say(car)
	}
	var order Order
	m.Admin(http.MethodPost, "/cars/exit", car, &order)
	return order
}

// Orders are the stays of a number in any colour, or of all cars (""), oldest first.
func (m *Mock) Orders(plate string) []Order {
	m.tb.Helper()
	var list struct{ Items []Order }
	m.Admin(http.MethodGet, "/orders"+query("plateNumber", plate, "limit", "1000"), nil, &list)
	return list.Items
}

// Order is the newest stay of a number.
func (m *Mock) Order(plate string) Order {
	m.tb.Helper()
	all := m.Orders(plate)
	if len(all) == 0 {
		m.tb.Fatalf(either("mocktest: %s has never parked", "mocktest: %s 没有停过车"), plate)
	}
	return all[len(all)-1]
}
