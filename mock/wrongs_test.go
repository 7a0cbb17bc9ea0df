package mock_test

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// wrongs is what goes wrong: by reason a real request that is refused for it, and what its explanation says in either language.
var wrongs = map[string]struct {
	does     func(*wronged) servertest.Answer
	says, zh []string
}{
	"too-long": {
		func(d *wronged) servertest.Answer {
			return d.signs("usersigin", map[string]any{"mobilePhone": wrongPhone, "appId": strings.Repeat("渠", 65)})
		},
		[]string{"data.appId has 65 characters; 64 are kept."},
		[]string{"data.appId 有 65 个字符，最多保留 64 个。"},
	},
	"unknown-path": {
		func(d *wronged) servertest.Answer {
			return d.Ask(d.t, http.MethodGet, schemas.PathPrefix+"bindCars", nil)
		},
		[]string{"openapi/bindCars", "Did you mean /merchant/open/1.0.0/openapi/bindcar?"},
		[]string{"是否想用 /merchant/open/1.0.0/openapi/bindcar？"},
	},
	"method-not-allowed": {
		func(d *wronged) servertest.Answer {
			return d.Ask(d.t, http.MethodGet, schemas.PathPrefix+"bindcar", nil)
		},
		[]string{"bindcar takes POST, not GET", "§9.4", "in the body"},
		[]string{"只接受 POST，而不是 GET", "请求体"},
	},
	"body-too-large": {
		func(d *wronged) servertest.Answer {
			return d.sends("bindcar", url.Values{"data": {strings.Repeat("x", 1<<20)}})
		},
		[]string{"1 MiB"},
		[]string{"1 MiB"},
	},
	"body-malformed": {
		func(d *wronged) servertest.Answer {
			return d.Ask(d.t, http.MethodPost, schemas.PathPrefix+"bindcar", "data=%zz", "Content-Type", "application/x-www-form-urlencoded")
		},
		[]string{"data is not URL-encoded", `"%zz"`},
		[]string{"data 不是 URL 编码", `"%zz"`},
	},
	"missing-parameter": {
		func(d *wronged) servertest.Answer {
			return d.Ask(d.t, http.MethodPost, schemas.PathPrefix+"bindcar", `{"token":""}`, "Content-Type", "application/json")
		},
		[]string{"merchant_no is required", "application/json", "send application/x-www-form-urlencoded"},
		[]string{"缺少必要参数 merchant_no", "application/json", "不会读取"},
	},
	"unknown-merchant": {
		func(d *wronged) servertest.Answer { return d.signs("bindcar", "{}", "m1", servertest.Key) },
		[]string{"merchant m1", "Did you mean M1?"},
		[]string{"商户号 m1", "是否想用 M1？"},
	},
	"timestamp-malformed": {
		func(d *wronged) servertest.Answer {
			return d.sends("bindcar", url.Values{"merchant_no": {"M1"}, "time_stamp": {"1503201600000"}, "data": {"{}"}, "sign": {"x"}})
		},
		[]string{"1503201600000", "Unix milliseconds"},
		[]string{"1503201600000", "毫秒"},
	},
	"timestamp-expired": {
		func(d *wronged) servertest.Answer {
			return d.sends("bindcar", url.Values{"merchant_no": {"M1"}, "time_stamp": {"20170820114500"}, "data": {"{}"}, "sign": {"x"}})
		},
		[]string{"20170820114500", "15m behind the sandbox's clock (2017-08-20 12:00:00)", "the wall clock (20", "10m"},
		[]string{"比沙箱时钟（2017-08-20 12:00:00）慢 15 分钟", "10 分钟"},
	},
	"sign-mismatch": {
		func(d *wronged) servertest.Answer {
			return d.SendSigned(d.t, "bindcar", `{"a": 1}`, sign.RequestWith(sign.Strip, `{"a": 1}`, servertest.Key, servertest.Stamp()), servertest.Stamp())
		},
		[]string{"whitespace-stripped: white space was taken out", `{"a": 1}•••`, "sign.whitespace"},
		[]string{"whitespace-stripped：求哈希之前去掉了空白", `{"a": 1}•••`, "sign.whitespace"},
	},
	"data-malformed": {
		func(d *wronged) servertest.Answer { return d.signs("bindcar", `["token"]`) },
		[]string{"it is not a JSON object"},
		[]string{"不是 JSON 对象"},
	},
	"malformed-parameter": {
		func(d *wronged) servertest.Answer {
			return d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": "B757D0"})
		},
		[]string{"data.plateNumber is B757D0", "province"},
		[]string{"data.plateNumber 的值 B757D0", "省份简称"},
	},
	"strict-lint": {
		func(d *wronged) servertest.Answer {
			d.Do(d.t, http.MethodPatch, "/rules", map[string]any{"strict": true})
			return d.signs("carnum", map[string]any{"token": d.token, "colour": 1})
		},
		[]string{"unknown-field", "data.colour is none of carnum's parameters"},
		[]string{"unknown-field", "data.colour 不是 carnum 的参数"},
	},
	"token-unknown": {
		func(d *wronged) servertest.Answer { return d.signs("carnum", map[string]any{"token": "d970cff4"}) },
		[]string{"d970cff4"},
		[]string{"d970cff4"},
	},
	"token-of-other-merchant": {
		func(d *wronged) servertest.Answer {
			d.Do(d.t, http.MethodPut, "/merchants/M2", map[string]any{"key": otherMerchantKey})
			return d.signs("carnum", map[string]any{"token": d.token}, "M2", otherMerchantKey)
		},
		[]string{"given to merchant M1", "merchant M2"},
		[]string{"商户 M1", "商户 M2"},
	},
	"token-superseded": {
		func(d *wronged) servertest.Answer {
			d.advance("5m")
			d.signs("usersigin", map[string]any{"mobilePhone": wrongPhone, "appId": "ETCP"})
			return d.signs("carnum", map[string]any{"token": d.token})
		},
		[]string{wrongPhone, "given at 2017-08-20 12:00:00", "by a newer one at 2017-08-20 12:05:00"},
		[]string{wrongPhone, "2017-08-20 12:00:00", "2017-08-20 12:05:00"},
	},
	"token-expired": {
		func(d *wronged) servertest.Answer {
			d.advance("25h")
			return d.signs("carnum", map[string]any{"token": d.token})
		},
		[]string{"2017-08-20 12:00:00", "25h old", "void after 24h (rule token.ttl)"},
		[]string{"2017-08-20 12:00:00", "已过 25h", "有效期为 24h"},
	},
	"sms-too-soon": {
		func(d *wronged) servertest.Answer {
			d.signs("uservalidatecode", map[string]any{"mobilePhone": wrongPhone})
			d.advance("42s")
			return d.signs("uservalidatecode", map[string]any{"mobilePhone": wrongPhone})
		},
		[]string{wrongPhone, "2017-08-20 12:00:00, 42s ago", "1m after it"},
		[]string{wrongPhone, "2017-08-20 12:00:00（42s 前）", "1m"},
	},
	"sms-never-sent":   {func(d *wronged) servertest.Answer { return d.logsIn("123456") }, []string{wrongPhone}, []string{wrongPhone}},
	"sms-code-wrong":   {func(d *wronged) servertest.Answer { d.code(); return d.logsIn("wrong!") }, []string{"wrong!", wrongPhone, "12:00:00"}, []string{"wrong!", wrongPhone, "12:00:00"}},
	"sms-code-used":    {func(d *wronged) servertest.Answer { code := d.code(); d.logsIn(code); return d.logsIn(code) }, []string{wrongPhone, "12:00:00"}, []string{wrongPhone, "12:00:00"}},
	"sms-code-expired": {func(d *wronged) servertest.Answer { code := d.code(); d.advance("5m"); return d.logsIn(code) }, []string{wrongPhone, "12:00:00, 5m ago", "valid for 5m"}, []string{"12:00:00（5m 前）", "有效期为 5m"}},
	"plate-bound-by-other": {
		func(d *wronged) servertest.Answer {
			d.Bind(d.t, "13900000009", "渝B757D0")
			d.advance("1h")
			return d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": "渝B757D0"})
		},
		[]string{"渝B757D0 (plateColor 1)", "13900000009 since 2017-08-20 12:00:00"},
		[]string{"渝B757D0（车牌颜色 1）", "2017-08-20 12:00:00", "13900000009"},
	},
	"bind-limit": {
		func(d *wronged) servertest.Answer {
			for _, plate := range []string{"渝A00001", "渝A00002", "渝A00003"} {
				d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": plate})
				d.advance("1m")
			}
			return d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": "渝A00004"})
		},
		[]string{wrongPhone + " has 3 vehicles", "渝A00002 (plateColor 1) on 2017-08-20 12:01:00", "3 are allowed"},
		[]string{"3 辆车", "渝A00002（车牌颜色 1）于 2017-08-20 12:01:00", "最多 3 辆"},
	},
	"bind-limit-month": {
		func(d *wronged) servertest.Answer {
			for _, plate := range []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004"} {
				d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": plate})
				d.signs("unbindcar", map[string]any{"token": d.token, "plateNumber": plate})
				d.advance("1h")
			}
			return d.signs("bindcar", map[string]any{"token": d.token, "plateNumber": "渝A00005"})
		},
		[]string{"4 different vehicles since 2017-07-20 16:00:00", "渝A00003 (plateColor 1) on 2017-08-20 14:00:00", "4 are allowed"},
		[]string{"2017-07-20 16:00:00", "渝A00003（车牌颜色 1）于 2017-08-20 14:00:00", "最多 4 辆"},
	},
	"plate-not-bound": {
		func(d *wronged) servertest.Answer {
			d.Bind(d.t, "13900000009", "渝B757D0")
			return d.signs("unbindcar", map[string]any{"token": d.token, "plateNumber": "渝B757D0"})
		},
		[]string{"not bound by " + wrongPhone, "is bound by 13900000009 since 2017-08-20 12:00:00"},
		[]string{"未被 " + wrongPhone, "自 2017-08-20 12:00:00 起由 13900000009 绑定"},
	},
	"order-unknown": {
		func(d *wronged) servertest.Answer {
			return d.pays(map[string]any{"orderId": "9E2F", "verificationInfo": "x"}, 5, "x1")
		},
		[]string{"9E2F", "orderunpay"},
		[]string{"9E2F", "orderunpay"},
	},
	"verification-info-invalid": {
		func(d *wronged) servertest.Answer {
			d.parks("渝B757D0")
			d.parks("渝ATX061")
			d.advance("45m")
			row, other := d.unpaid("渝B757D0"), d.unpaid("渝ATX061")
			row["verificationInfo"] = other["verificationInfo"]
			return d.pays(row, 5, "x1")
		},
		[]string{"it is that of order ", "issued at 2017-08-20 12:45:00 over 5"},
		[]string{"它属于订单 ", "2017-08-20 12:45:00", "金额 5 元"},
	},
	"external-order-reused": {
		func(d *wronged) servertest.Answer {
			d.parks("渝B757D0")
			d.advance("45m")
			d.pays(d.unpaid("渝B757D0"), 5, "x1")
			d.advance("2h")
			return d.pays(d.unpaid("渝B757D0"), 10, "x1")
		},
		[]string{"x1 already paid 5", "cannot pay 10"},
		[]string{"x1", "支付 5 元", "支付 10 元"},
	},
	"nothing-to-pay": {
		func(d *wronged) servertest.Answer {
			d.parks("渝B757D0")
			d.advance("45m")
			row := d.unpaid("渝B757D0")
			d.pays(row, 5, "x1")
			return d.pays(row, 5, "x2")
		},
		[]string{"fee 5, paid 5", "paid in full at 2017-08-20 12:45:00", "until 2017-08-20 13:00:00"},
		[]string{"停车费 5 元，已付 5 元", "2017-08-20 13:00:00 前不再计费"},
	},
	"payment-mismatch": {
		func(d *wronged) servertest.Answer {
			d.parks("渝B757D0")
			d.advance("90m")
			row := d.unpaid("渝B757D0")
			d.advance("10m")
			return d.pays(row, "8", "x1")
		},
		[]string{
			"payment is 8, but 10 is due, so it is off by -2.", "is 10m old, past 5m (rule quote.ttl)",
			"Fee 10 for 1h40m from 2017-08-20 12:00:00", "day 1: 1h40m in units of 1h = 2 × 5 = 10", "paid 0",
		},
		[]string{"支付金额 8 元，应付 10 元，相差 -2 元。", "距今 10 分钟", "第 1 天 1 小时 40 分，按每 1 小时计 = 2 × 5 = 10", "已付 0 元"},
	},
	"vehicle-unregistered": {
		func(d *wronged) servertest.Answer {
			d.Do(d.t, http.MethodPatch, "/rules", map[string]any{"retrieve.registry": "closed"})
			return d.retrieves("LVSHBFDC7RF414158")
		},
		[]string{"渝B757D0 (plateColor 1)", "retrieve.registry"},
		[]string{"渝B757D0（车牌颜色 1）", "retrieve.registry"},
	},
	"vehicle-mismatch": {
		func(d *wronged) servertest.Answer {
			d.Do(d.t, http.MethodPut, "/vehicles/"+url.PathEscape("渝B757D0"), map[string]any{"vin": "LVSHBFDC7RF414158"})
			return d.retrieves("LVSHBFDC7RF414159")
		},
		[]string{"another carFrameNum for 渝B757D0", "LVSHBFDC7RF414159"},
		[]string{"carFrameNum", "LVSHBFDC7RF414159"},
	},
	"scroll-id-invalid": {
		func(d *wronged) servertest.Answer {
			return d.signs("surroundingparking", map[string]any{"scrollId": "x"})
		},
		[]string{"merchant M1"},
		[]string{"商户 M1"},
	},
	"parking-unknown": {
		func(d *wronged) servertest.Answer { return d.signs("parkingstatus", map[string]any{"parkingId": "99"}) },
		[]string{"99"},
		[]string{"99"},
	},
	"injected-fault": {
		func(d *wronged) servertest.Answer {
			d.Do(d.t, http.MethodPost, "/faults", map[string]any{"do": map[string]any{"code": 2}})
			return d.signs("parkingstatus", map[string]any{"parkingId": "1"})
		},
		[]string{"answered"},
		[]string{"代替平台作了应答"},
	},
	"panic": {
		func(d *wronged) servertest.Answer {
			d.clock.Store(true)
			return d.signs("parkingstatus", map[string]any{"parkingId": "1"})
		},
		[]string{"its log says where"},
		[]string{"日志"},
	},
}
