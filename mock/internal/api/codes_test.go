package api_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// honest is what reaches each code of §11 without a fault, in a state where it can.
var honest = map[int]func(d *desk) *client.Answer{
	0: func(d *desk) *client.Answer { return d.want(0, "carnum", obj{"token": d.token("M1", alice)}) },
	1: func(d *desk) *client.Answer { return d.want(1, "parkingstatus", obj{"parkingId": "x"}) },
	3: func(d *desk) *client.Answer {
		return d.send(client.Request{Endpoint: "carnum", TimeStamp: "20160101000000"})
	},
	4: func(d *desk) *client.Answer { return d.send(client.Request{Endpoint: "carnum", Key: "wrong"}) },
	5: func(d *desk) *client.Answer { return d.send(client.Request{Endpoint: "carnum", MerchantNo: "nobody"}) },
	6: func(d *desk) *client.Answer { return d.raw(6, "carnum", "[]") },
	7: func(d *desk) *client.Answer {
		data := example("orderpaid")
		data["token"] = d.token("M1", alice)
		return d.want(7, "orderpaid", data)
	},
	8: func(d *desk) *client.Answer {
		token := d.token("M1", alice)
		d.enter(plate)
		d.advance("1h")
		row := d.unpaid(token, plate)[0]
		d.want(0, "orderpaid", row.payment(token, "E1", 5))
		return d.want(8, "orderpaid", row.payment(token, "E1", 6))
	},
	20100: func(d *desk) *client.Answer {
		return d.want(20100, "unbindcar", obj{"token": d.token("M1", alice), "plateNumber": plate})
	},
	20101: func(d *desk) *client.Answer { return d.want(20101, "carnum", obj{"token": "x"}) },
	20102: func(d *desk) *client.Answer { return d.want(20102, "carnum", obj{}) },
	20201: func(d *desk) *client.Answer { return d.want(20201, "uservalidatecode", obj{"mobilePhone": "1"}) },
	20202: func(d *desk) *client.Answer {
		d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
		return d.want(20202, "uservalidatecode", obj{"mobilePhone": alice})
	},
	20203: func(d *desk) *client.Answer {
		return d.want(20203, "userlogin", obj{"mobilePhone": alice, "code": "1", "appId": "A"})
	},
	20206: func(d *desk) *client.Answer {
		token := d.token("M1", alice)
		d.enter(plate)
		d.advance("1h")
		return d.want(20206, "orderpaid", d.unpaid(token, plate)[0].payment(token, "E1", 6))
	},
	20802: func(d *desk) *client.Answer {
		d.bind(alice, plate)
		return d.want(20802, "bindcar", obj{"token": d.token("M1", bob), "plateNumber": plate})
	},
	20803: func(d *desk) *client.Answer {
		for i := range 3 {
			d.bind(alice, "渝A0000"+strconv.Itoa(i))
		}
		return d.want(20803, "bindcar", obj{"token": d.token("M1", alice), "plateNumber": plate})
	},
	20804: func(d *desk) *client.Answer {
		token := ""
		for i := range 4 {
			number := "渝A0000" + strconv.Itoa(i)
			token = d.bind(alice, number)
			d.want(0, "unbindcar", obj{"token": token, "plateNumber": number})
		}
		return d.want(20804, "bindcar", obj{"token": token, "plateNumber": plate})
	},
}

// §11: every code is reachable by honest traffic, but 2, and goes out with the document's own words.
func TestCodes_allReachable(t *testing.T) {
	for _, c := range schemas.Codes() {
		reach, some := honest[c.Code]
		if c.Code == schemas.CodeServerError {
			require.False(t, some)
			continue
		}
		require.True(t, some, "code %d", c.Code)
		answer := reach(newDesk(t))
		require.Equal(t, c.Code, answer.Code)
		if c.Code != 0 {
			require.Equal(t, c.Message, answer.Message)
			require.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*(: [A-Za-z_]+)?$`, answer.Reason)
			require.NotEmpty(t, answer.RequestID)
		}
	}
	require.Len(t, honest, len(schemas.Codes())-1)
}

// The texts can be overridden by the rules message.<code>, and put back.
func TestCodes_messages(t *testing.T) {
	d := newDesk(t)
	d.rules(obj{"message.20101": "token 无效 <&>", "message.0": "成功", "message.1": "nope"})
	require.Equal(t, `{"code":20101,"message":"token 无效 <&>"}`, string(d.want(20101, "carnum", obj{"token": "x"}).Raw))
	require.Equal(t, "成功", d.want(0, "uservalidatecode", obj{"mobilePhone": alice}).Message)
	_, _, text := d.http("GET", "/nowhere", "", "")
	require.Equal(t, `{"code":1,"message":"nope"}`, text)
	d.rules(obj{"message.20101": nil, "message.0": nil})
	require.Equal(t, "无效 token", d.want(20101, "carnum", obj{"token": "x"}).Message)
	require.Equal(t, "ok", d.want(0, "uservalidatecode", obj{"mobilePhone": bob}).Message)
}

// Every rule takes another value than its default, shows it, and goes back.
func TestRules_everyOneCanBeChanged(t *testing.T) {
	d := newDesk(t)
	all, err := d.box.Rules(t.Context())
	require.NoError(t, err)
	other := map[string]any{
		"timestamp.window": "5m", "sign.whitespace": "either", "strict": true, "sms.interval": "1s", "sms.ttl": "1m", "token.ttl": "1h",
		"signin.binds_car": true, "bind.max": 9.0, "bind.max_per_month": 9.0, "bind.month": "calendar", "history.window": "1d", "history.by": "entrance",
		"unpay.mask": false, "quote.ttl": "1m", "retrieve.registry": "closed", "retrieve.takes_over": false, "search.page": 5.0, "status.plenty": 0.5,
		"status.word.plenty": "a", "status.word.tight": "b", "status.word.full": "c", "tariff.free": "deducted", "tariff.grace": "1m",
		"push.sign_data": "values", "push.encoding": "form", "push.receivable_fee": "string", "push.timeout": "1s", "push.schedule": []any{"1s"},
		"push.ordering": "none", "push.rate": 7.0, "memory.max": 1e9, "log.keep": 5.0, "journal.keep": 5.0, "orders.keep": 5.0, "pushes.keep": 5.0, "tokens.keep": 5.0,
		"log.bytes": 1e6, "journal.bytes": 1e6, "pushes.bytes": 1e6,
	}
	for _, c := range schemas.Codes() {
		other["message."+strconv.Itoa(c.Code)] = "x"
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		require.Equal(t, all[name].Default, all[name].Value, name)
		require.NotEmpty(t, all[name].Section, name)
		value, known := other[name]
		require.True(t, known, "say another value of %s", name)
		require.NotEqual(t, all[name].Default, value)
		changed, err := d.box.SetRules(t.Context(), obj{name: value})
		require.NoError(t, err, name)
		require.Equal(t, value, changed[name].Value, name)
		changed, err = d.box.SetRules(t.Context(), obj{name: nil})
		require.NoError(t, err, name)
		require.Equal(t, all[name].Default, changed[name].Value, name)
	}
	for _, wrong := range []obj{{"no.such": 1}, {"sms.ttl": 5}, {"sms.ttl": "x"}, {"bind.max": 0}, {"bind.max": 1.5}, {"strict": "perhaps"}, {"history.by": "day"}, {"status.plenty": 2}, {"message.3": ""}, {"push.schedule": []any{"x"}}, {"journal.bytes": 5}} {
		_, err := d.box.SetRules(t.Context(), wrong)
		require.Error(t, err, "%v", wrong)
	}
}
