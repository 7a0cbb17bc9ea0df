package client

import (
	"context"
	"fmt"
)

// PlateColor is a colour of §9.4. Plates of different colours may have the same number. The zero value leaves it to the
// platform, which takes blue.
type PlateColor string

// The colours of §9.4.
const (
	Blue   PlateColor = "1"
	Black  PlateColor = "2"
	Yellow PlateColor = "3"
	White  PlateColor = "4"
)

// Binding is what [Client.BindCar] takes.
type Binding struct {
	Token       string     `json:"token"`
	PlateNumber string     `json:"plateNumber"`
	PlateColor  PlateColor `json:"plateColor,omitempty"`
}

// EndpointBindCar is what [Client.BindCar] asks (§9.4), the last element of its path.
const EndpointBindCar = "bindcar"

// BindCar binds a vehicle to the user (§9.4). Bound by another phone: [ErrBoundByOther]; a fourth at once:
// [ErrTooManyBound]; a fifth different one within a month: [ErrTooManyBoundInAMonth].
func (c *Client) BindCar(ctx context.Context, in Binding) error {
	return c.send(ctx, EndpointBindCar, in)
}

// EndpointUnbindCar is what [Client.UnbindCar] asks (§9.5), the last element of its path.
const EndpointUnbindCar = "unbindcar"

// UnbindCar ends the user's binding of a plate, in all its colours (§9.5). Not bound by this user: [ErrOperationFailed].
func (c *Client) UnbindCar(ctx context.Context, token, plateNumber string) error {
	return c.send(ctx, EndpointUnbindCar, struct {
		Token       string `json:"token"`
		PlateNumber string `json:"plateNumber"`
	}{token, plateNumber})
}

// Retrieval is what [Client.CarRetrieve] takes.
type Retrieval struct {
	Token        string     `json:"token"`
	PlateNumber  string     `json:"plateNumber"`
	CarFrameNum  string     `json:"carFrameNum"` // the VIN, 17 characters in upper case
	CarEngineNum string     `json:"carEngineNum"`
	PlateColor   PlateColor `json:"plateColor,omitempty"`
}

// EndpointCarRetrieve is what [Client.CarRetrieve] asks (§9.9), the last element of its path.
const EndpointCarRetrieve = "carretrieve"

// CarRetrieve proves that the user owns a vehicle (§9.9). From then on its pushes carry the plate unmasked. A VIN or
// engine number that is not the vehicle's: [ErrOperationFailed].
func (c *Client) CarRetrieve(ctx context.Context, in Retrieval) error {
	return c.send(ctx, EndpointCarRetrieve, in)
}

// EndpointCarNum is what [Client.CarNum] asks (§9.12), the last element of its path.
const EndpointCarNum = "carnum"

var _ = get(EndpointCarNum)

// CarNum is how many vehicles the user has bound, through whichever merchant (§9.12).
func (c *Client) CarNum(ctx context.Context, token string) (int, error) {
	out, err := call[struct {
		Number *int `json:"number"`
	}](ctx, c, EndpointCarNum, tokenOnly{token})
	switch {
	case err != nil:
		return 0, err
	case out.Number == nil:
		return 0, fmt.Errorf("etcp %s: %w: no number", EndpointCarNum, ErrUnexpectedData)
	}
	return *out.Number, nil
}

// tokenOnly is the data of the calls that take nothing else.
type tokenOnly struct {
	Token string `json:"token"`
}
