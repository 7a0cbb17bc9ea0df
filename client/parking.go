package client

import (
	"context"
	"iter"
)

// ParkingQuery is what [Client.SurroundingParking] takes: a place and a radius, or a city, or the ScrollID of the page before.
type ParkingQuery struct {
	Lat      string `json:"lat,omitempty"`      // BD-09, a plain decimal: "39.872748"
	Lon      string `json:"lon,omitempty"`      // BD-09: "116.429718"
	Radius   string `json:"radius,omitempty"`   // metres, "500" to "5000"
	City     string `json:"city,omitempty"`     // "北京市"
	PayType  string `json:"payType,omitempty"`  // "1": only with electronic payment
	ScrollID string `json:"scrollId,omitempty"` // the next page of an earlier query
}

// Parking is a car park in a list (§9.10). The platform sends all of it as text, the numbers too.
type Parking struct {
	ID             ID     `json:"id"`
	ParkingName    string `json:"parkingName"`
	Type           string `json:"type"`           // "ss": ETCP's own
	MinFreeTime    Count  `json:"minFreeTime"`    // minutes that cost nothing
	AvgCostPrecise string `json:"avgCostPrecise"` // yuan an hour, an estimate: any decimal
	ParkingType    string `json:"parkingType"`    // "8" ground, "7" underground, "146" both
	Distance       string `json:"distance"`       // "352m"; "" in a list by city
	Lon            string `json:"lon"`
	Lat            string `json:"lat"`
}

// ParkingPage is one page of car parks. A page with an empty List is past the end.
type ParkingPage struct {
	List     []Parking `json:"list"`
	ScrollID string    `json:"scrollId"`
}

// EndpointSurroundingParking is what [Client.SurroundingParking] asks (§9.10), the last element of its path.
const EndpointSurroundingParking = "surroundingparking"

// SurroundingParking lists car parks, one page (§9.10).
func (c *Client) SurroundingParking(ctx context.Context, in ParkingQuery) (ParkingPage, error) {
	return call[ParkingPage](ctx, c, EndpointSurroundingParking, in)
}

// Parkings goes through all pages of a query. After an error it ends.
func (c *Client) Parkings(ctx context.Context, in ParkingQuery) iter.Seq2[Parking, error] {
	return func(yield func(Parking, error) bool) {
		for {
			page, err := c.SurroundingParking(ctx, in)
			if err != nil {
				yield(Parking{}, err)
				return
			}
			for _, p := range page.List {
				if !yield(p, nil) {
					return
				}
			}
			if len(page.List) == 0 || page.ScrollID == "" {
				return
			}
			in.ScrollID = page.ScrollID
		}
	}
}

// ParkingStatus is how full a car park is (§9.11).
type ParkingStatus struct {
	TotalSpace Count  `json:"totalSpace"`
	Time       Time   `json:"time"`   // of the status
	Status     string `json:"status"` // 充足, 紧张 or 已满
}

// EndpointParkingStatus is what [Client.ParkingStatus] asks (§9.11), the last element of its path.
const EndpointParkingStatus = "parkingstatus"

// ParkingStatus asks how full a car park is (§9.11). An unknown one: [ErrFailed].
func (c *Client) ParkingStatus(ctx context.Context, parkingID ID) (ParkingStatus, error) {
	return call[ParkingStatus](ctx, c, EndpointParkingStatus, struct {
		ParkingID ID `json:"parkingId"`
	}{parkingID})
}
