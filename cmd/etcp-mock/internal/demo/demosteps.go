package demo

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

func demoSteps() []demoStep {
	return []demoStep{
		{"§9.1", "The user asks for an SMS code", "用户获取短信验证码", (*demo).askForCode},
		{"§9.2", "The user logs in with it", "用户用验证码登录", (*demo).logIn},
		{"§9.4", "The user binds a plate, through this merchant", "用户通过本商户绑定车牌", (*demo).bind},
		{"§10.1", "The car enters: the merchant is pushed, the plate masked", "车辆入场：商户收到推送，车牌脱敏", (*demo).enter},
		{"§9.9", "The user proves to own the car; pushes from now on have its whole plate", "用户证明车辆归属，此后推送显示完整车牌", (*demo).certify},
		{"", "90 minutes pass", "时间前进 90 分钟", (*demo).pass},
		{"§9.7", "What is owed?", "查询停车费", (*demo).query},
		{"§9.8", "A wrong amount is refused, and the mock says why", "支付金额不符被拒，模拟平台说明原因", (*demo).payWrong},
		{"§9.8", "The right amount is accepted", "支付正确金额", (*demo).payRight},
		{"§10.2", "The car leaves: the merchant is pushed, the plate unmasked", "车辆出场：商户收到推送，车牌完整", (*demo).leave},
		{"§9.6", "The history shows the stay", "历史停车记录中有这次停车", (*demo).history},
		{"§10.3", "The user unbinds the plate: the merchant is pushed", "用户解绑车牌：商户收到推送", (*demo).unbind},
	}
}

func (d *demo) askForCode() error {
	_, err := d.ask(client.EndpointUserValidateCode, struct {
		MobilePhone string `json:"mobilePhone"`
	}{demoPhone}, client.CodeOK)
	return err
}

func (d *demo) logIn() error {
	sms, err := d.sandbox.SMS(d.ctx, demoPhone)
	if err != nil {
		return err
	}
	d.note(d.Dim("·"), "%s", d.say("the phone shows ", "手机收到验证码 ")+d.Bold(sms.Code)+
		d.Dim(d.say("   (a test reads it with: etcp-mock sms "+demoPhone+")", "   （测试可用 etcp-mock sms "+demoPhone+" 读取）")))
	got, err := d.ask(client.EndpointUserLogin, client.Login{MobilePhone: demoPhone, Code: sms.Code, AppID: demoAppID}, client.CodeOK)
	if err != nil {
		return err
	}
	var data struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(got.Data, &data); err != nil {
		return err
	}
	d.token = data.Token
	return nil
}

func (d *demo) bind() error {
	_, err := d.ask(client.EndpointBindCar, client.Binding{Token: d.token, PlateNumber: demoPlate}, client.CodeOK)
	return err
}

func (d *demo) enter() (err error) {
	d.note(d.Dim("·"), "etcp-mock enter %s --parking 1", demoPlate)
	if d.order, err = d.sandbox.Enter(d.ctx, control.Entry{PlateNumber: demoPlate, ParkingID: "1"}); err != nil {
		return err
	}
	push, err := d.pushed(client.KindEntry)
	if err != nil {
		return err
	}
	return want("the plate", demoMasked, push.plate)
}

func (d *demo) certify() error {
	_, err := d.ask(client.EndpointCarRetrieve, client.Retrieval{
		Token: d.token, PlateNumber: demoPlate, CarFrameNum: demoVIN, CarEngineNum: demoEngine,
	}, client.CodeOK)
	return err
}

func (d *demo) pass() error {
	d.note(d.Dim("·"), "etcp-mock clock advance 90m")
	clock, err := d.sandbox.AdvanceBy(d.ctx, "90m")
	if err != nil {
		return err
	}
	d.note(d.Dim("·"), "%s", d.say("the sandbox's clock says ", "沙箱时钟：")+d.Bold(clock.Now.String()))
	return want("the clock", "2017-08-20 13:30:00", clock.Now.String())
}

func (d *demo) query() error {
	got, err := d.ask(client.EndpointOrderUnpay, client.UnpayQuery{Token: d.token, PlateNumber: demoPlate}, client.CodeOK)
	if err != nil {
		return err
	}
	var orders []client.UnpaidOrder
	if err := json.Unmarshal(got.Data, &orders); err != nil {
		return err
	}
	if len(orders) != 1 {
		return fmt.Errorf("want one order, got %d", len(orders))
	}
	d.quote = orders[0]
	d.note(d.Dim("·"), "%s", d.say("90 minutes, past the free 15: two started hours at 5 yuan", "停车 90 分钟，超过免费 15 分钟：按 2 个计费单位，每小时 5 元"))
	return errors.Join(
		want("the order", d.order.OrderID, d.quote.OrderID),
		want("the fee", 10*client.Yuan, d.quote.ParkingFee),
		want("what remains", 10*client.Yuan, d.quote.RemainingFee),
		want("the plate", demoMasked, d.quote.CarNumber),
	)
}

func (d *demo) payment(amount client.Fen) client.Payment {
	now, _ := client.ParseTime("2017-08-20 13:30:00")
	return client.Payment{
		Token: d.token, OrderID: d.quote.OrderID, ExternalOrderID: "WX20170820-0001", Payment: amount, PayTime: now,
		VerificationInfo: d.quote.VerificationInfo,
	}
}

func (d *demo) payWrong() error {
	got, err := d.ask(client.EndpointOrderPaid, d.payment(8*client.Yuan), client.CodeWrongAmount)
	if err != nil {
		return err
	}
	entry, err := d.sandbox.Request(d.ctx, got.RequestID)
	if err != nil {
		return err
	}
	d.note(d.Yellow("?"), "%s", d.Yellow(d.say("why: ", "原因：")+entry.Reason))
	for _, line := range wrap.Lines(d.Why(entry), d.width()-10) {
		d.note(" ", "%s", d.Yellow(line))
	}
	if entry.Reason == "" || entry.Explanation == "" || entry.ExplanationZh == "" {
		return errors.New("the refusal is not explained")
	}
	return want("the reason in the journal", got.Reason, entry.Reason)
}

func (d *demo) payRight() error {
	got, err := d.ask(client.EndpointOrderPaid, d.payment(10*client.Yuan), client.CodeOK)
	if err != nil {
		return err
	}
	var receipt client.Receipt
	if err := json.Unmarshal(got.Data, &receipt); err != nil {
		return err
	}
	return errors.Join(want("the order", d.order.OrderID, receipt.OrderID), want("the payment", 10*client.Yuan, receipt.Payment))
}

func (d *demo) leave() error {
	d.note(d.Dim("·"), "etcp-mock exit %s", demoPlate)
	order, err := d.sandbox.Exit(d.ctx, control.Exit{PlateNumber: demoPlate})
	if err != nil {
		return err
	}
	push, err := d.pushed(client.KindExit)
	if err != nil {
		return err
	}
	return errors.Join(
		want("the plate", demoPlate, push.plate),
		want("the order", d.order.OrderID, push.exit.SynID),
		want("stayedTime in seconds", 5400.0, push.exit.Stayed.Seconds()),
		want("receivableFee", 10*client.Yuan, push.exit.ReceivableFee),
		want("what was paid in cash", client.Fen(0), order.PaidCash),
	)
}

func (d *demo) history() error {
	got, err := d.ask(client.EndpointOrderHistory, struct {
		Token string `json:"token"`
	}{d.token}, client.CodeOK)
	if err != nil {
		return err
	}
	var orders []client.HistoryOrder
	if err := json.Unmarshal(got.Data, &orders); err != nil {
		return err
	}
	if len(orders) != 1 {
		return fmt.Errorf("want one order, got %d", len(orders))
	}
	return errors.Join(want("the order", d.order.OrderID, orders[0].OrderID), want("the plate", demoPlate, orders[0].CarNumber))
}

func (d *demo) unbind() error {
	_, err := d.ask(client.EndpointUnbindCar, struct {
		Token       string `json:"token"`
		PlateNumber string `json:"plateNumber"`
	}{d.token, demoPlate}, client.CodeOK)
	if err != nil {
		return err
	}
	push, err := d.pushed(client.KindUnbind)
	if err != nil {
		return err
	}
	return want("the plate", demoPlate, push.plate)
}
