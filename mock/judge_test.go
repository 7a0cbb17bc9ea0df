package mock_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// judged is what is said of a scenario with these steps, and a sandbox where one is given, each thing as field: detail.
func judged(sandbox, steps string) []string {
	text := "name: a\nvars: {plate: 渝ATX061}\n"
	if sandbox != "" {
		text += "sandbox: " + sandbox + "\n"
	}
	_, err := scenarios.NewLibrary(scenarios.Builtin()).JudgedBy(mock.JudgeScenario).Parse("a.yaml", []byte(text+"steps:\n"+steps+"\n"))
	if err == nil {
		return nil
	}
	var said []string
	for _, p := range err.(scenarios.Problems) { //nolint:errorlint,forcetypeassert // its only kind
		said = append(said, p.Field+": "+p.Detail)
	}
	return said
}

// What a server would refuse of a scenario is found when its file is read, all at once; what is computed is not known yet, and right.
func TestJudgeScenario(t *testing.T) {
	const park = `parkings: [{id: "1", name: A, city: 重庆市, lat: "29.5", lon: "106.5"}]`
	for _, c := range []struct {
		name, sandbox, steps string
		want                 []string // beginnings
	}{
		{"a date that is none", "{clock: 2017-13-20 12:00:00}", "- sleep: 1ms", []string{"sandbox.clock: want a time"}},
		{"rules", "{rules: {quote.tttl: 5m, quote.ttl: 五分钟}}", "- rules: {quote.tttl: 5m, push.rate: -1}", []string{
			"sandbox.rules.quote.tttl: no such rule", "sandbox.rules.quote.ttl: want a duration", "steps[0].rules.quote.tttl: no such rule", "steps[0].rules.push.rate: want a whole number",
		}},
		{"faults", "{faults: [{on: {endpoint: carnum}, do: {drop: true}}]}", "- fault: {on: {push: entry, endpoint: carnum}, do: {drop: true}}\n- fault: {on: {endpoint: carnum}, probability: 5, do: {code: 2}}\n- fault: clear", []string{
			"sandbox.faults[0].do.drop: is for pushes", "steps[0].fault.on.push: a fault is on requests or on pushes", "steps[1].fault.probability: want a number from 0 to 1",
		}},
		{"cars", "{" + park + "}", "- enter: {plateNumber: 渝X, parkingId: \"1\", at: 2017-02-30 12:00:00, userType: \"78\"}\n- exit: {plateNumber: 渝ATX061, plateColor: \"9\"}", []string{
			"steps[0].enter.plateNumber: want a plate", "steps[0].enter.at: want a time", "steps[0].enter.userType: want \"76\" long-term or \"77\" temporary", "steps[1].exit.plateColor: want \"1\" blue",
		}},
		{"a refusal that is expected", "{" + park + "}", "- enter: {plateNumber: 渝X, parkingId: \"1\"}\n  expect: {status: 422}", nil},
		{"clock, sms and trigger", "", "- clock: {now: 2017-02-30 12:00:00, rate: 1e9}\n- sms: {mobilePhone: \"123\"}\n- trigger: {kind: entry, fields: {plat: x}}", []string{
			"steps[0].clock.now: want a time", "steps[0].clock.rate: want a number above 0", "steps[1].sms.mobilePhone: want 11 digits", "steps[2].trigger.fields.plat: a push of kind entry",
		}},
		{"the rest of the fixture", `{parkings: [{id: "1", name: A}], vehicles: [{plateNumber: 渝X}], users: [{phone: "123"}], orders: [{plateNumber: 渝ATX061, parkingId: "1", entranceTime: 2017-02-30 12:00:00}]}`, "- sleep: 1ms", []string{
			"sandbox.parkings[0].lat: want degrees", "sandbox.parkings[0].lon: want degrees", "sandbox.vehicles[0].plateNumber: want a plate", "sandbox.users[0].phone: want 11 digits", "sandbox.orders[0].entranceTime: want a time",
		}},
		{"parameters of a call", "", "- call: orderpaid\n  data: {token: x, payment: \"${plate}\", payTime: 2017-13-01 00:00:00, orderId: \"\"}\n- call: carnum\n- call: surroundingparking\n  data: {lat: \"${plate}\"}", []string{
			"steps[0].data.externalOrderId: is required", "steps[0].data.verificationInfo: is required", "steps[0].data.payTime: want yyyy-MM-dd", "steps[0].data.orderId: is required",
			"steps[1].data.token: is required", "steps[2].data.lon: is required", "steps[2].data.radius: is required",
		}},
		{"a call that is to be refused", "", "- call: carnum\n  expect: {code: 20102}\n- call: carnum\n  request: {rawData: \"{}\"}\n- call: carnum\n  expect: {code: \"${1+1}\"}", nil},
		{
			"what is computed", `{clock: "${plate}", rules: {token.ttl: "${plate}"}, parkings: [{id: "${plate}", name: A, city: B, lat: "1", lon: "1"}], merchants: [{no: "${plate}", key: k}],
  vehicles: [{plateNumber: "${plate}"}, {plateNumber: "${plate}"}], users: [{phone: "${plate}", plates: [{plateNumber: "${plate}", merchantNo: M7, since: 2037-01-01 00:00:00}]}],
  orders: [{plateNumber: "${plate}", parkingId: "7", entranceTime: 2037-01-01 00:00:00}], faults: [{on: {endpoint: carnum}, probability: 0.5, do: {code: "${1+1}"}}]}`,
			"- enter: {plateNumber: \"${plate}\", parkingId: \"${plate}\", at: \"${plate}\"}\n- clock: \"${plate}\"\n- sms: {mobilePhone: \"${plate}\"}\n- rules: {quote.ttl: \"${plate}\"}\n- call: bindcar\n  data: {token: \"${plate}\", plateNumber: \"x${plate}\"}", nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := judged(c.sandbox, c.steps)
			require.Len(t, said, len(c.want), "%q", said)
			for i := range c.want {
				require.True(t, strings.HasPrefix(said[i], c.want[i]), "%q", said)
			}
		})
	}
}

// What runs is right: nothing is said of the scenarios that are built in, and of the contract suite.
func TestJudgeScenario_rightOnes(t *testing.T) {
	library := scenarios.NewLibrary(suite.Library()).JudgedBy(mock.JudgeScenario)
	for _, s := range append(scenarios.Builtin().All(), suite.Library().All()...) {
		_, err := library.Parse(s.File, s.Text)
		require.NoError(t, err)
	}
}
