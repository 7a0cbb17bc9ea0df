package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
)

// start serves a mock for an example; a merchant's program has the platform's address, https://mapi.etcp.cn (§8), in its place.
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

// A user is signed in, and binds a car; the platform's refusals are compared with [errors.Is].
func Example() {
	url, h, stop := start()
	defer stop()
	ctx := context.Background()

	c := client.New(url, "demo", "demo-key", client.WithHTTPClient(h))
	token, err := c.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "ETCP"})
	if err != nil {
		panic(err)
	}
	if err := c.BindCar(ctx, client.Binding{Token: token, PlateNumber: "渝ATX061"}); err != nil {
		panic(err)
	}
	bound, err := c.CarNum(ctx, token)
	fmt.Println(bound, err)

	_, err = c.UserLogin(ctx, client.Login{MobilePhone: "13800000001", Code: "000000", AppID: "ETCP"})
	fmt.Println(errors.Is(err, client.ErrWrongSMSCode), err)
	// Output:
	// 1 <nil>
	// true etcp userlogin: code 20203: 手机验证码错误 (sms-never-sent)
}

// Every call can say more than it was asked for: how the answer was numbered, and why it was no.
func ExampleWithAnswer() {
	url, h, stop := start()
	defer stop()

	c := client.New(url, "demo", "not the key", client.WithHTTPClient(h))
	var answer client.Answer
	_, err := c.ParkingStatus(client.WithAnswer(context.Background(), &answer), "1")
	fmt.Println(errors.Is(err, client.ErrBadSignature), answer.HTTPStatus, answer.Code, answer.RequestID, answer.Reason)
	// Output: true 200 4 r1 sign-mismatch
}

// All pages of a list are one loop.
func ExampleClient_Parkings() {
	url, h, stop := start()
	defer stop()

	c := client.New(url, "demo", "demo-key", client.WithHTTPClient(h))
	for p, err := range c.Parkings(context.Background(), client.ParkingQuery{City: "重庆市"}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(p.ID, p.ParkingName, p.MinFreeTime)
		break
	}
	// Output: 1 ETCP 智慧停车场 15
}

// A test of how the platform refuses sends what no honest client would.
func ExampleClient_Send() {
	url, h, stop := start()
	defer stop()

	c := client.New(url, "demo", "demo-key", client.WithHTTPClient(h))
	answer, err := c.Send(context.Background(), client.Request{Endpoint: client.EndpointCarNum, TimeStamp: "20170721132452"})
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.Code, answer.Message)
	// Output: 3 时间戳超时
}

// A handler of pushes checks each signature before a callback sees what was pushed (§10). Here a mock's car drives in.
func ExamplePushHandler() {
	url, h, stop := start()
	defer stop()
	ctx := context.Background()

	pushes := client.NewPushHandler("demo", "demo-key", "")
	pushes.OnEntry = func(_ context.Context, p client.EntryPush) error {
		fmt.Println(p.PlateNumber, "entered", p.ParkName)
		return nil // safely dealt with: it is not sent again
	}
	receiver := httptest.NewServer(pushes)
	defer receiver.Close()

	city := control.New(url, control.WithHTTPClient(h)).Sandbox("default")
	err := city.PutMerchant(ctx, control.Merchant{No: "demo", Key: "demo-key", Push: &control.PushHook{URL: receiver.URL}})
	if err != nil {
		panic(err)
	}
	c := client.New(url, "demo", "demo-key", client.WithHTTPClient(h))
	token, err := c.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "ETCP"})
	if err != nil {
		panic(err)
	}
	if err := c.BindCar(ctx, client.Binding{Token: token, PlateNumber: "渝ATX061"}); err != nil {
		panic(err) // pushes go to merchants through which the car was bound
	}
	if _, err := city.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"}); err != nil {
		panic(err)
	}
	fmt.Println(city.DrainPushes(ctx, 10*time.Second))
	// Output:
	// 渝****61 entered ETCP 智慧停车场
	// <nil>
}
