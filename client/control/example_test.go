package control_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
)

// start serves a mock for an example; elsewhere it is a server's address, and the token that it printed where it wants one.
func start() (url string, h *http.Client, stop func()) {
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		panic(err)
	}
	listening := httptest.NewServer(server.Handler())
	return listening.URL, listening.Client(), func() {
		listening.Close()
		_ = server.Close(context.Background())
	}
}

// A sandbox of one's own: a car parks for an hour and a half of the sandbox's time, and owes what its car park charges.
func Example() {
	url, h, stop := start()
	defer stop()
	ctx := context.Background()
	c := control.New(url, control.WithHTTPClient(h))

	made, err := c.CreateSandbox(ctx, control.NewSandbox{})
	if err != nil {
		panic(err)
	}
	s := c.Sandbox(made.ID)
	defer func() { _ = s.Delete(ctx) }()

	order, err := s.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"})
	if err != nil {
		panic(err)
	}
	if _, err := s.Advance(ctx, 90*time.Minute); err != nil {
		panic(err)
	}
	owing, err := s.Orders(ctx, control.OrderFilter{PlateNumber: order.PlateNumber}, control.Page{})
	if err != nil {
		panic(err)
	}
	fmt.Println(owing.Items[0].State, owing.Items[0].RemainingFee)
	// Output: parked 10.0
}

// What the server refuses says where the mistake is.
func ExampleProblemError() {
	url, h, stop := start()
	defer stop()
	ctx := context.Background()
	c := control.New(url, control.WithHTTPClient(h))

	_, err := c.Sandbox("default").Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "99"})
	fmt.Println(control.IsNotFound(err), err)
	err = c.Sandbox("default").PutParking(ctx, control.Parking{ID: "7", Name: "P7", City: "重庆市", Lat: "north", Lon: "106.5"})
	fmt.Println(err)
	// Output:
	// true no car park 99; there are 1, 2, 3, 4, 3126
	// /lat: want degrees as a decimal text from -90 to 90
}

// The journal says what a merchant's program sent, and why it was refused.
func ExampleSandbox_Requests() {
	url, h, stop := start()
	defer stop()
	ctx := context.Background()
	c := control.New(url, control.WithHTTPClient(h))

	// What a merchant's program with a wrong key does.
	program := client.New(url, "demo", "not the key", client.WithHTTPClient(h))
	_, _ = program.CarNum(ctx, "a token")

	s := c.Sandbox("default")
	refused, err := s.Requests(ctx, control.RequestFilter{Endpoint: client.EndpointCarNum}, control.Page{Newest: true, Limit: 1})
	if err != nil {
		panic(err)
	}
	request, err := s.Request(ctx, refused.Items[0].ID)
	fmt.Println(request.Code, request.Reason, err)
	fmt.Println(request.Fix)
	// Output:
	// 4 sign-mismatch <nil>
	// Compare that text with yours byte by byte, and check the key
}
