package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// tokenLasts is after how long an owner logs in again rather than use its token (§9.3: it lasts a day).
const tokenLasts = 23 * time.Hour

type data map[string]any

// happen makes an event happen. What is not as it should be is reported; an error breaks everything off.
func (d *run) happen(ctx context.Context, c *city, e *event) (failure string, err error) {
	if e.owner != nil && e.Kind != kindSignIn && (e.owner.token == "" || d.now.Sub(e.owner.since) >= tokenLasts) {
		if failure, err = d.signIn(ctx, e.owner, "usersigin"); failure != "" || err != nil {
			return failure, err
		}
	}
	switch e.Kind {
	case kindSignIn:
		if failure, err = d.signIn(ctx, e.owner, e.What); failure == "" && err == nil {
			c.hasSignedIn(e.owner)
		}
		return failure, err
	case kindBind:
		return d.bind(ctx, c, e)
	case kindUnbind:
		if failure, err = d.right(ctx, e, "unbindcar", data{"plateNumber": e.PlateNumber}, nil); failure == "" && err == nil {
			c.hasUnbound(e.car)
		}
		return failure, err
	case kindEnter:
		return d.enter(ctx, c, e)
	case kindAsk:
		return d.ask(ctx, e)
	case kindPayOnline:
		return d.pay(ctx, c, e)
	case kindWrong:
		return d.wrong(ctx, e)
	}
	return d.leave(ctx, c, e)
}

// call sends a request and counts it.
func (d *run) call(ctx context.Context, merchant int, r client.Request) (*client.Answer, error) {
	answer, err := d.clients[merchant].Send(ctx, r)
	if err != nil {
		return nil, err
	}
	d.report.Calls[r.Endpoint]++
	d.report.Codes[strconv.Itoa(answer.Code)]++
	if d.Answered != nil {
		d.Answered(r.Endpoint, answer.Code)
	}
	return answer, nil
}

// right sends a request that should be answered with code 0, with its owner's token, and reads what came.
func (d *run) right(ctx context.Context, e *event, endpoint string, in data, out any) (failure string, err error) {
	if e.owner != nil {
		in["token"] = e.owner.token
	}
	answer, err := d.call(ctx, e.Merchant, client.Request{Endpoint: endpoint, Data: in})
	if err != nil {
		return "", err
	}
	if answer.Code != client.CodeOK {
		return fmt.Sprintf("%s: %d %s (%s)", endpoint, answer.Code, answer.Message, answer.Reason), nil
	}
	if out == nil {
		return "", nil
	}
	if err := json.Unmarshal(answer.Data, out); err != nil {
		return fmt.Sprintf("%s: %v", endpoint, err), nil
	}
	return "", nil
}

func (d *run) signIn(ctx context.Context, o *owner, endpoint string) (failure string, err error) {
	e := &event{Event: Event{Merchant: o.merchant}}
	in := data{"mobilePhone": o.phone, "appId": "ETCP"}
	if endpoint == "userlogin" {
		if failure, err = d.right(ctx, e, "uservalidatecode", data{"mobilePhone": o.phone}, nil); failure != "" || err != nil {
			return failure, err
		}
		sms, err := d.sandbox.SMS(ctx, o.phone)
		if err != nil {
			return "", err
		}
		in["code"] = sms.Code
	}
	var got struct {
		Token string `json:"token"`
	}
	if failure, err = d.right(ctx, e, endpoint, in, &got); failure == "" && err == nil {
		o.token, o.since = got.Token, d.now
	}
	return failure, err
}

func (d *run) bind(ctx context.Context, c *city, e *event) (failure string, err error) {
	in := data{"plateNumber": e.PlateNumber}
	if e.What == "carretrieve" {
		in["carFrameNum"], in["carEngineNum"] = fake.Letters(c.f, fake.VinLetters, 17), fake.Letters(c.f, fake.Digits, 7)
	}
	if failure, err = d.right(ctx, e, e.What, in, nil); failure == "" && err == nil {
		c.hasBound(e.car)
	}
	return failure, err
}

func (d *run) enter(ctx context.Context, c *city, e *event) (failure string, err error) {
	in := control.Entry{PlateNumber: e.PlateNumber, ParkingID: e.ParkingID}
	if e.car.long {
		in.UserType, in.FixParkingID, in.RemainingDays = "76", "U"+fake.Letters(c.f, fake.Digits, 2), strconv.Itoa(c.f.Number(1, 365))
	}
	_, err = d.sandbox.Enter(ctx, in)
	switch {
	case control.IsConflict(err): // it has filled up meanwhile
		c.isFull(e.parking)
		d.report.TurnedAway++
		return "", nil
	case err != nil:
		return "", err
	}
	c.hasEntered(e.car, e.parking, d.now)
	return "", nil
}

func (d *run) ask(ctx context.Context, e *event) (failure string, err error) {
	in := data{}
	switch e.What {
	case "orderunpay":
		if in["plateNumber"] = e.PlateNumber; e.PlateNumber == "" {
			in["plateNumber"] = "渝ATX061"
		}
	case "surroundingparking":
		in = data{"lat": e.parking.lat, "lon": e.parking.lon, "radius": "3000"}
	case "parkingstatus":
		in["parkingId"] = e.ParkingID
	}
	asks := *e
	if e.What == "surroundingparking" || e.What == "parkingstatus" {
		asks.owner = nil // they take no token
	}
	return d.right(ctx, &asks, e.What, in, nil)
}

func (d *run) pay(ctx context.Context, c *city, e *event) (failure string, err error) {
	var orders []struct {
		OrderID          string     `json:"orderId"`
		RemainingFee     client.Fen `json:"remainingFee"`
		VerificationInfo string     `json:"verificationInfo"`
	}
	if failure, err = d.right(ctx, e, "orderunpay", data{"plateNumber": e.PlateNumber}, &orders); failure != "" || err != nil {
		return failure, err
	}
	for _, o := range orders { // those too that were left owing
		if o.RemainingFee == 0 {
			continue
		}
		d.serial++
		failure, err = d.right(ctx, e, "orderpaid", data{
			"orderId": o.OrderID, "externalOrderId": fmt.Sprintf("T%d-%d-%d", d.Seed, d.report.From.Unix(), d.serial),
			"payment": o.RemainingFee, "payTime": client.At(d.now), "verificationInfo": o.VerificationInfo,
		}, nil)
		if failure != "" || err != nil {
			return failure, err
		}
		d.report.PaidOnline += o.RemainingFee
	}
	c.hasPaid(e.car)
	return "", nil
}

func (d *run) leave(ctx context.Context, c *city, e *event) (failure string, err error) {
	how := map[string]string{kindDebit: control.PayWithhold, kindForget: control.PayNone}[e.Kind]
	order, err := d.sandbox.Exit(ctx, control.Exit{PlateNumber: e.PlateNumber, Payment: how})
	switch {
	case control.IsConflict(err): // somebody else has driven it away
		c.hasLeft(e.car)
		return err.Error(), nil
	case err != nil:
		return "", err
	}
	c.hasLeft(e.car)
	d.report.PaidCash += order.PaidCash
	d.report.Owing += order.RemainingFee
	if e.Kind == kindDebit {
		d.report.Debited += order.PaidElectronic // it had paid nothing before
	}
	return "", nil
}

// wrong sends what is to be refused.
func (d *run) wrong(ctx context.Context, e *event) (failure string, err error) {
	r := client.Request{Endpoint: "usersigin", Data: data{"mobilePhone": "19999999999", "appId": "ETCP"}}
	want := client.CodeOK
	switch e.What {
	case "key":
		r.Key, want = "not-the-key", client.CodeBadSignature
	case "timeStamp":
		r.TimeStamp, want = "20010101120000", client.CodeTimestampExpired
	case "merchantNo":
		r.MerchantNo, want = "nobody", client.CodeUnknownMerchant
	case "missing":
		r.Data, want = data{"appId": "ETCP"}, client.CodeMissingParameter
	case "phone":
		r.Data, want = data{"mobilePhone": "10086", "appId": "ETCP"}, client.CodeBadPhone
	case "token":
		r.Endpoint, r.Data, want = "carnum", data{"token": "made-up"}, client.CodeInvalidToken
	case "plate":
		r.Endpoint, r.Data, want = "bindcar", data{"token": "made-up", "plateNumber": "渝"}, client.CodeBadParameter
	}
	answer, err := d.call(ctx, e.Merchant, r)
	if err != nil {
		return "", err
	}
	if answer.Code != want {
		return fmt.Sprintf("%s: want code %d, got %d %s", r.Endpoint, want, answer.Code, answer.Message), nil
	}
	return "", nil
}
