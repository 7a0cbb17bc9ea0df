package client

import "context"

// HistoryOrder is a finished stay (§9.6).
type HistoryOrder struct {
	OrderID      string `json:"orderId"`
	CarNumber    string `json:"carNumber"` // not masked
	ParkingID    ID     `json:"parkingId"`
	ParkingName  string `json:"parkingName"`
	EntranceTime Time   `json:"entranceTime"`
	ExitTime     Time   `json:"exitTime"`
	ParkingFee   Fen    `json:"parkingFee"` // the whole fee
	Actual       Fen    `json:"actual"`     // what of it was paid in cash at the exit
}

// EndpointOrderHistory is what [Client.OrderHistory] asks (§9.6), the last element of its path.
const EndpointOrderHistory = "orderhistory"

var _ = get(EndpointOrderHistory)

// OrderHistory lists the user's stays that ended within the last seven days, the newest entrance first (§9.6).
func (c *Client) OrderHistory(ctx context.Context, token string) ([]HistoryOrder, error) {
	return call[[]HistoryOrder](ctx, c, EndpointOrderHistory, tokenOnly{token})
}

// UnpayQuery is what [Client.OrderUnpay] takes.
type UnpayQuery struct {
	Token       string `json:"token"`
	PlateNumber string `json:"plateNumber"`
	AppID       string `json:"appId,omitempty"`
}

// UnpaidOrder is a stay with its fee so far (§9.7).
type UnpaidOrder struct {
	OrderID          string `json:"orderId"`
	CarNumber        string `json:"carNumber"` // masked: 渝****87
	ParkingID        ID     `json:"parkingId"`
	ParkingName      string `json:"parkingName"`
	EntranceTime     Time   `json:"entranceTime"`
	ExitTime         Time   `json:"exitTime"` // the platform's now, while the car is parked
	ParkingFee       Fen    `json:"parkingFee"`
	RemainingFee     Fen    `json:"remainingFee"`     // what is to be paid, to the fen
	VerificationInfo string `json:"verificationInfo"` // goes into the payment as it is
}

// EndpointOrderUnpay is what [Client.OrderUnpay] asks (§9.7), the last element of its path.
const EndpointOrderUnpay = "orderunpay"

var _ = get(EndpointOrderUnpay)

// OrderUnpay asks what a parked car owes (§9.7). No car, no orders: the list is empty, and that is no error.
func (c *Client) OrderUnpay(ctx context.Context, in UnpayQuery) ([]UnpaidOrder, error) {
	return call[[]UnpaidOrder](ctx, c, EndpointOrderUnpay, in)
}

// Payment is what [Client.OrderPaid] takes.
type Payment struct {
	Token            string `json:"token"`
	OrderID          string `json:"orderId"`
	ExternalOrderID  string `json:"externalOrderId"` // the merchant's own, unique for good
	Payment          Fen    `json:"payment"`         // the RemainingFee that was quoted
	PayTime          Time   `json:"payTime"`
	VerificationInfo string `json:"verificationInfo"`
	AppID            string `json:"appId,omitempty"`
}

// Receipt is the platform's record of a payment (§9.8).
type Receipt struct {
	OrderID         string `json:"orderId"`
	ExternalOrderID string `json:"externalOrderId"`
	PayOrderID      string `json:"payOrderId"`
	Payment         Fen    `json:"payment"`
	PayTime         Time   `json:"payTime"`
}

// EndpointOrderPaid is what [Client.OrderPaid] asks (§9.8), the last element of its path.
const EndpointOrderPaid = "orderpaid"

// OrderPaid tells the platform that the user has paid (§9.8). Sending the same payment again is safe and gives the first
// receipt. Another amount than is owed: [ErrWrongAmount]; an unknown order, or nothing left to pay:
// [ErrOrderUpdateFailed]; an ExternalOrderID that paid for something else: [ErrOrderCreateFailed].
func (c *Client) OrderPaid(ctx context.Context, in Payment) (Receipt, error) {
	return call[Receipt](ctx, c, EndpointOrderPaid, in)
}
