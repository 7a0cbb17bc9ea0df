package control_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Every call of the control API through the typed client, in the order in which a test would make them.
func TestClient_everyCall(t *testing.T) {
	ctx := t.Context()
	c, url, noted := newNotedClient(t)
	webhook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":0}`) }))
	t.Cleanup(webhook.Close)

	require.NoError(t, c.Health(ctx))
	require.NoError(t, c.Ready(ctx))
	require.NoError(t, c.BeginSession(ctx, "none is wanted"))
	session, err := c.Session(ctx)
	require.NoError(t, err)
	require.Equal(t, control.Session{OK: true}, session)
	require.NoError(t, c.EndSession(ctx))
	version, err := c.Version(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, version.GoVersion)
	replicas, err := c.Replicas(ctx, control.Page{})
	require.NoError(t, err)
	require.Empty(t, replicas.Items)
	reasons, err := c.Reasons(ctx, control.Page{})
	require.NoError(t, err)
	require.Contains(t, reasons.Items, control.Reason{Reason: "sms-never-sent", Code: 20203, Explanation: "{phone} was never sent a code. Call uservalidatecode first (§9.1).", ExplanationZh: "{phone} 从未获取过验证码。请先调用 uservalidatecode（§9.1）。"})
	lints, err := c.Lints(ctx, control.Page{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, "data-not-url-encoded", lints.Items[0].Rule)
	require.Equal(t, "data-not-url-encoded", lints.Next)

	made, err := c.CreateSandbox(ctx, control.NewSandbox{ID: "mine", Fixture: fixture(webhook.URL)})
	require.NoError(t, err)
	require.Equal(t, "mine", made.ID)
	_, err = c.CreateSandbox(ctx, control.NewSandbox{ID: "mine"})
	require.True(t, control.IsConflict(err), "%v", err)
	all, err := c.Sandboxes(ctx, control.Page{})
	require.NoError(t, err)
	require.Len(t, all.Items, 2)
	require.Equal(t, 1, all.Items[1].Orders)

	s := c.Sandbox("mine")
	clock, err := s.AdvanceBy(ctx, "1h30m")
	require.NoError(t, err)
	require.Equal(t, control.Clock{Now: at("2017-08-20 13:30:00"), Mode: control.ClockFrozen, Rate: 1}, clock)
	_, err = s.SetClock(ctx, control.ClockChange{Now: at("2017-08-20 12:00:00")})
	require.True(t, control.IsConflict(err), "%v", err)
	_, err = s.SetClock(ctx, control.ClockChange{Mode: "slow", Rate: -1})
	var problem *control.ProblemError
	require.ErrorAs(t, err, &problem)
	require.Equal(t, []string{"/mode", "/rate"}, []string{problem.Errors[0].Pointer, problem.Errors[1].Pointer})

	rules, err := s.SetRules(ctx, map[string]any{"push.schedule": []string{"1m"}})
	require.NoError(t, err)
	require.Equal(t, []any{"1m"}, rules["push.schedule"].Value)
	require.Equal(t, "30s", rules["sms.interval"].Value)

	merchants, err := s.Merchants(ctx, control.Page{})
	require.NoError(t, err)
	require.Equal(t, fixture(webhook.URL).Merchants, merchants.Items)
	require.NoError(t, s.PutMerchant(ctx, control.Merchant{No: "M/2", Key: "k2"}))
	require.NoError(t, s.DeleteMerchant(ctx, "M/2"))
	require.True(t, control.IsNotFound(s.DeleteMerchant(ctx, "M/2")))
	examined, err := s.Examine(ctx, "M1")
	require.NoError(t, err)
	require.Equal(t, webhook.URL, examined.Target)
	require.Nil(t, examined.Outage)
	require.True(t, slices.ContainsFunc(examined.Cases, func(e control.ExaminationCase) bool { return e.Status == "failed" && e.Fix != "" }), "it verifies nothing")

	parking, err := s.Parking(ctx, "1")
	require.NoError(t, err)
	require.Equal(t, fixture("").Parkings[0], parking)
	parking.ID, parking.Name = "2", "P2"
	require.NoError(t, s.PutParking(ctx, parking))
	parkings, err := s.Parkings(ctx, control.Page{Limit: 1, After: "1"})
	require.NoError(t, err)
	require.Equal(t, []control.Parking{parking}, parkings.Items)
	require.NoError(t, s.DeleteParking(ctx, "2"))

	require.NoError(t, s.PutVehicle(ctx, control.Vehicle{PlateNumber: "渝C12345", PlateColor: "3", Engine: "E3"}))
	users, err := s.Users(ctx, control.Page{})
	require.NoError(t, err)
	require.NotEmpty(t, users.Items)
	vehicles, err := s.Vehicles(ctx, control.Page{})
	require.NoError(t, err)
	require.Equal(t, append(fixture("").Vehicles, control.Vehicle{PlateNumber: "渝C12345", PlateColor: "3", Engine: "E3"}), vehicles.Items)
	card, err := s.Vehicle(ctx, "渝B12345", "2")
	require.NoError(t, err)
	require.Equal(t, control.VehicleCard{PlateNumber: "渝B12345", PlateColor: "2", Registered: &fixture("").Vehicles[0]}, card)
	card, err = s.Vehicle(ctx, "渝ATX061", "")
	require.NoError(t, err)
	require.Equal(t, &control.VehicleOwner{Phone: "13800000001", Since: at("2017-08-01 00:00:00"), Merchants: []string{"M1"}, CertifiedFor: "M1"}, card.Owner)
	require.True(t, control.IsNotFound(s.DeleteVehicle(ctx, "渝C12345", "")))
	require.NoError(t, s.DeleteVehicle(ctx, "渝C12345", "3"))

	user, err := s.User(ctx, "13800000001")
	require.NoError(t, err)
	require.Equal(t, "M1", user.Bindings[0].CertifiedFor)
	_, err = s.SMS(ctx, "13800000001")
	require.True(t, control.IsNotFound(err))
	platform := client.New(url, "M1", "k1")
	require.NoError(t, platform.UserValidateCode(ctx, "13800000001"))
	sms, err := s.SMS(ctx, "13800000001")
	require.NoError(t, err)
	require.Equal(t, 5*time.Minute, sms.ExpiresAt.Sub(sms.SentAt.Time))

	order, err := s.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1", At: at("2017-08-20 12:30:00")})
	require.NoError(t, err)
	require.True(t, order.ExitTime.IsZero())
	_, err = s.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"})
	require.True(t, control.IsConflict(err))
	order, err = s.Exit(ctx, control.Exit{PlateNumber: "渝ATX061", Payment: control.PayWithhold})
	require.NoError(t, err)
	require.Equal(t, []client.Fen{500, 500, 0}, []client.Fen{order.ParkingFee, order.PaidElectronic, order.RemainingFee})
	owing, err := s.Orders(ctx, control.OrderFilter{PlateNumber: "渝ATX061", State: control.Owing}, control.Page{})
	require.NoError(t, err)
	require.Equal(t, client.Fen(750), owing.Items[0].RemainingFee)
	requireStay(t, s, order)

	require.NoError(t, s.DrainPushes(ctx, 5*time.Second))
	pushes, err := s.Pushes(ctx, control.PushFilter{Kind: client.KindExit, PlateNumber: "渝ATX061", Status: control.PushDelivered}, control.Page{})
	require.NoError(t, err)
	require.Len(t, pushes.Items, 1)
	require.Equal(t, http.StatusOK, pushes.Items[0].Attempts[0].HTTPStatus)
	triggered, err := s.TriggerPush(ctx, control.Trigger{MerchantNo: "M1", Kind: client.KindUnbind, Fields: map[string]any{"plateNumber": "渝D12345"}})
	require.NoError(t, err)
	require.Equal(t, webhook.URL+"/unbind", triggered.URL)
	require.NoError(t, s.Redeliver(ctx, triggered.ID))
	require.NoError(t, s.DrainPushes(ctx, 5*time.Second))
	push, err := s.Push(ctx, triggered.ID)
	require.NoError(t, err)
	require.Len(t, push.Attempts, 2)
	verified, err := s.VerifyPushes(ctx, control.PushWant{Kind: client.KindUnbind, Body: map[string]any{"plateNumber": "渝D12345"}})
	require.NoError(t, err)
	require.True(t, verified.OK)

	requests, err := s.Requests(ctx, control.RequestFilter{Endpoint: "uservalidatecode", Code: new(0)}, control.Page{})
	require.NoError(t, err)
	require.JSONEq(t, `{"mobilePhone":"13800000001"}`, string(requests.Items[0].Data))
	request, err := s.Request(ctx, requests.Items[0].ID)
	require.NoError(t, err)
	require.Equal(t, requests.Items[0], request)

	everyOtherCall(t, c, s)
	everyCallOfHistory(t, c, s, url)
	state, err := s.State(ctx)
	require.NoError(t, err)
	require.NoError(t, s.ClearRequests(ctx))
	require.NoError(t, s.Reset(ctx))
	detail, err := s.Get(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, detail.Orders)
	require.NoError(t, s.Restore(ctx, state))
	detail, err = s.Get(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, detail.Orders)
	require.ErrorAs(t, s.Restore(ctx, []byte(`{"version":3}`)), &problem)
	require.Equal(t, "/version", problem.Errors[0].Pointer)

	require.NoError(t, s.Delete(ctx))
	_, err = s.Get(ctx)
	require.True(t, control.IsNotFound(err))
	require.True(t, control.IsConflict(c.Sandbox(control.Default).Delete(ctx)))

	for _, r := range schemas.ControlRoutes() {
		if r.Answer != "text/html" { // for people
			require.True(t, noted.asked(r), "the client has no call for %s %s", r.Method, r.Path)
		}
	}
}

// everyCallOfHistory makes the calls about what was, on a sandbox of their own.
func everyCallOfHistory(t *testing.T, c *control.Client, from *control.Sandbox, url string) {
	t.Helper()
	ctx := t.Context()
	made, err := from.Fork(ctx, control.NewFork{ID: "forked"})
	require.NoError(t, err)
	require.Equal(t, "forked", made.ID)
	s := c.Sandbox(made.ID)
	_, err = client.New(url, made.Merchants[0].MerchantNo, made.Merchants[0].MerchantKey).
		UserSignin(ctx, client.Signin{MobilePhone: "13800000007", AppID: "ETCP"})
	require.NoError(t, err)
	requests, err := s.Requests(ctx, control.RequestFilter{Endpoint: client.EndpointUserSignin}, control.Page{Newest: true})
	require.NoError(t, err)
	at := requests.Items[0].ID
	found, err := s.VerifySequence(ctx, control.Sequence{Steps: []control.SequenceStep{{Endpoint: client.EndpointUserSignin}, {Car: "exit"}}})
	require.NoError(t, err)
	require.False(t, found.OK)
	require.Equal(t, 1, *found.Missing)
	_, err = s.Advance(ctx, time.Hour)
	require.NoError(t, err)
	state, err := s.StateAt(ctx, at)
	require.NoError(t, err)
	require.NotEmpty(t, state)
	sent, err := s.AllSMS(ctx, control.Page{})
	require.NoError(t, err)
	require.Equal(t, "13800000001", sent.Items[0].Phone)
	changed, err := s.Diff(ctx, at, "", control.Page{})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(changed.Items, func(d control.Difference) bool { return d.Kind == "clock" }), "%v", changed.Items)
	log, err := s.Log(ctx, control.Page{})
	require.NoError(t, err)
	require.NotEmpty(t, log.Items)
	require.Equal(t, at, log.Items[slices.IndexFunc(log.Items, func(i control.Input) bool { return i.RequestID != "" })].RequestID)
	_, err = s.Undo(ctx, at)
	require.NoError(t, err)
	require.NoError(t, s.Delete(ctx))
}

// everyOtherCall makes the calls about faults, runs, figures and what happens.
func everyOtherCall(t *testing.T, c *control.Client, s *control.Sandbox) {
	t.Helper()
	ctx := t.Context()
	events, err := s.Follow(ctx, "")
	require.NoError(t, err)
	clock, err := s.Clock(ctx)
	require.NoError(t, err)
	_, err = s.SetClock(ctx, control.ClockChange{Mode: clock.Mode})
	require.NoError(t, err)
	for event, err := range events {
		require.NoError(t, err)
		require.Equal(t, control.EventClock, event.Kind)
		break
	}
	_, err = s.Rules(ctx)
	require.NoError(t, err)
	recorded, err := s.Recording(ctx, "")
	require.NoError(t, err)
	require.NotEmpty(t, recorded)
	verified, err := s.VerifyRequests(ctx, control.RequestWant{Endpoint: "carnum"})
	require.NoError(t, err)
	require.False(t, verified.OK)
	explained, err := c.ExplainSign(ctx, control.SignCase{MerchantNo: "M1", Data: "{}", TimeStamp: "20170820120000", Sign: "0"})
	require.NoError(t, err)
	require.False(t, explained.OK)

	fault, err := s.AddFault(ctx, control.Fault{On: control.FaultOn{Endpoint: "carnum"}, Do: control.FaultDo{Code: new(2)}})
	require.NoError(t, err)
	faults, err := s.Faults(ctx, control.Page{})
	require.NoError(t, err)
	require.Len(t, faults.Items, 1)
	require.NoError(t, s.DeleteFault(ctx, fault.ID))
	require.NoError(t, s.ClearFaults(ctx))

	scenarios, err := c.Scenarios(ctx, control.Page{Limit: 1})
	require.NoError(t, err)
	name := scenarios.Items[0].Name
	scenario, err := c.Scenario(ctx, name)
	require.NoError(t, err)
	require.True(t, scenario.BuiltIn)
	require.NoError(t, c.ValidateScenario(ctx, scenario.Source))
	_, err = c.Scenario(ctx, "none")
	require.True(t, control.IsNotFound(err), "%v", err)
	reloaded, err := c.ReloadScenarios(ctx)
	require.NoError(t, err)
	require.Empty(t, reloaded.Problems)
	run, err := c.RunScenario(ctx, control.ScenarioRun{Name: name, Seed: new(uint64(1)), Wait: true})
	require.NoError(t, err)
	require.Equal(t, []string{name, control.Passed}, []string{run.Scenario, run.Status})
	again, err := c.Run(ctx, run.ID)
	require.NoError(t, err)
	require.Equal(t, run, again)
	runs, err := c.Runs(ctx, control.Page{})
	require.NoError(t, err)
	require.Equal(t, run.ID, runs.Items[0].ID)
	require.NoError(t, c.StopRun(ctx, run.ID))

	metrics, err := c.Metrics(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, metrics)
	described, err := c.OpenAPI(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, described)
}

// A drain that runs out of time says how many are left.
func TestClient_drainPending(t *testing.T) {
	ctx := t.Context()
	c, _ := newClient(t)
	release := make(chan struct{})
	webhook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(webhook.Close)
	s := c.Sandbox(control.Default)
	require.NoError(t, s.PutMerchant(ctx, control.Merchant{No: "demo", Key: "demo-key", Push: &control.PushHook{URL: webhook.URL}}))
	_, err := s.TriggerPush(ctx, control.Trigger{MerchantNo: "demo", Kind: client.KindEntry})
	require.NoError(t, err)
	var problem *control.ProblemError
	require.ErrorAs(t, s.DrainPushes(ctx, time.Millisecond), &problem)
	require.Equal(t, []int{http.StatusGatewayTimeout, 1}, []int{problem.Status, problem.Pending})
	close(release)
	require.NoError(t, s.DrainPushes(ctx, 5*time.Second))
}

// All goes through every page, and stops where the reader stops.
func TestAll(t *testing.T) {
	ctx := t.Context()
	c, _ := newClient(t)
	s := c.Sandbox(control.Default)
	for range 7 {
		require.NoError(t, s.PutMerchant(ctx, control.Merchant{No: "demo", Key: "demo-key", Push: &control.PushHook{URL: "http://127.0.0.1:1/"}}))
		_, err := s.TriggerPush(ctx, control.Trigger{MerchantNo: "demo", Kind: client.KindEntry})
		require.NoError(t, err)
	}
	var ids []string
	small := func(p control.Page) (control.List[control.Push], error) {
		p.Limit = 2
		return s.Pushes(ctx, control.PushFilter{}, p)
	}
	for p, err := range control.All(small) {
		require.NoError(t, err)
		ids = append(ids, p.ID)
	}
	require.Equal(t, []string{"p1", "p2", "p3", "p4", "p5", "p6", "p7"}, ids)
	for range control.All(small) {
		break
	}
}
