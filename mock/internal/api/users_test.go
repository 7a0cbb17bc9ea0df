package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// §9.1: 1 分钟之内不允许重复获取验证码; the second is allowed at 60 s, and merchants of one sandbox share phones.
func TestUserValidateCode_onceAMinute(t *testing.T) {
	d := newDesk(t)
	d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
	require.Regexp(t, `^[0-9]{6}$`, d.sms(alice))
	d.as("M2", 20202, "uservalidatecode", obj{"mobilePhone": alice})
	d.want(0, "uservalidatecode", obj{"mobilePhone": bob})
	d.advance("59s")
	require.Equal(t, "sms-too-soon", d.want(20202, "uservalidatecode", obj{"mobilePhone": alice}).Reason)
	d.advance("1s")
	d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
	d.rules(obj{"sms.interval": "10s"}) // read when it is used
	d.advance("9s")
	d.want(20202, "uservalidatecode", obj{"mobilePhone": alice})
	d.advance("1s")
	d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
	d.rules(obj{"sms.interval": "0s"})
	d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
}

// §9.2: a code that is wrong, expired, used or never sent is 20203.
func TestUserLogin_codes(t *testing.T) {
	d := newDesk(t)
	login := func(code int, merchant, phone, sms, reason string) {
		t.Helper()
		require.Equal(t, reason, d.as(merchant, code, "userlogin", obj{"mobilePhone": phone, "code": sms, "appId": "ETCP"}).Reason)
	}
	send := func(phone string) string {
		t.Helper()
		d.want(0, "uservalidatecode", obj{"mobilePhone": phone})
		return d.sms(phone)
	}
	login(20203, "M1", alice, "000000", "sms-never-sent")
	first := send(alice)
	login(20203, "M1", alice, first+"0", "sms-code-wrong")
	login(20203, "M1", alice, " "+first, "sms-code-wrong")
	login(20203, "M1", bob, first, "sms-never-sent")
	d.advance("1m")
	second := send(alice) // a newer code voids the older
	require.NotEqual(t, first, second)
	login(20203, "M1", alice, first, "sms-code-wrong")
	login(0, "M2", alice, second, "") // merchants share phones
	login(20203, "M2", alice, second, "sms-code-used")
	login(20203, "M1", alice, second, "sms-code-used")
	third := send(bob)
	d.advance("4m59s")
	fourth := send(carol)
	login(0, "M1", bob, third, "")
	d.advance("5m") // a lifetime ends at its length
	login(20203, "M1", carol, fourth, "sms-code-expired")
	d.rules(obj{"sms.ttl": "301s"})
	login(0, "M1", carol, fourth, "")
}

// §9.2.3, §9.3.3: a token is a UUID.
func TestToken_isAUUID(t *testing.T) {
	d := newDesk(t)
	seen := map[string]bool{}
	for range 20 {
		token := d.token("M1", alice)
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, token)
		require.False(t, seen[token])
		seen[token] = true
	}
}

// §9.3: a token lasts a day; the newest of a (merchant, appId, phone) counts, whichever endpoint gave it.
func TestToken_newestOfItsUserForADay(t *testing.T) {
	d := newDesk(t)
	works := func(code int, merchant, token, reason string) {
		t.Helper()
		require.Equal(t, reason, d.as(merchant, code, "carnum", obj{"token": token}).Reason)
	}
	signin := func(merchant, phone, app string) string {
		t.Helper()
		return data[struct{ Token string }](t, d.as(merchant, 0, "usersigin", obj{"mobilePhone": phone, "appId": app})).Token
	}
	login := func(merchant, phone, app string) string {
		t.Helper()
		d.as(merchant, 0, "uservalidatecode", obj{"mobilePhone": phone})
		return data[struct{ Token string }](t, d.as(merchant, 0, "userlogin", obj{"mobilePhone": phone, "code": d.sms(phone), "appId": app})).Token
	}
	a, b, c, e := signin("M1", alice, "A"), signin("M1", alice, "B"), signin("M2", alice, "A"), signin("M1", bob, "A")
	for merchant, tokens := range map[string][]string{"M1": {a, b, e}, "M2": {c}} {
		for _, token := range tokens {
			works(0, merchant, token, "")
		}
	}
	works(20101, "M2", a, "token-of-other-merchant")
	works(20101, "M1", c, "token-of-other-merchant")
	works(20101, "M1", "nonsense", "token-unknown")
	works(20101, "M1", a+" ", "token-unknown")
	newer := login("M1", alice, "A")
	works(20101, "M1", a, "token-superseded")
	works(0, "M1", newer, "")
	works(0, "M1", b, "")
	works(0, "M2", c, "")
	newest := signin("M1", alice, "A")
	works(20101, "M1", newer, "token-superseded")
	d.advance("23h59m59s")
	works(0, "M1", newest, "")
	d.advance("1s")
	works(20101, "M1", newest, "token-expired")
	works(20101, "M1", b, "token-expired")
	d.rules(obj{"token.ttl": "25h"})
	works(0, "M1", newest, "")
	d.advance("1h")
	works(20101, "M1", newest, "token-expired")
}

// §9.3: usersigin's carNumber is not bound, but where signin.binds_car says so; where binding fails, its code and no token.
func TestUserSigin_bindsCar(t *testing.T) {
	d := newDesk(t)
	signin := func(code int, phone, number string) {
		t.Helper()
		answer := d.want(code, "usersigin", obj{"mobilePhone": phone, "appId": "A", "carNumber": number})
		require.Equal(t, code != 0, answer.Data == nil)
	}
	bound := func(phone string) int {
		t.Helper()
		user, err := d.box.User(t.Context(), phone)
		require.NoError(t, err)
		return len(user.Bindings)
	}
	signin(0, alice, plate)
	require.Zero(t, bound(alice))
	signin(6, alice, "渝")
	d.rules(obj{"signin.binds_car": true})
	signin(6, alice, "渝")
	signin(0, alice, plate)
	require.Equal(t, 1, bound(alice))
	signin(0, alice, "渝 atx061")
	require.Equal(t, 1, bound(alice))
	held := d.token("M1", bob)
	signin(20802, bob, plate)
	answer := d.want(20802, "usersigin", obj{"mobilePhone": bob, "appId": "ETCP", "carNumber": plate})
	require.Equal(t, "plate-bound-by-other", answer.Reason)
	d.want(0, "carnum", obj{"token": held}) // and the token before is still the newest
	for _, number := range []string{"渝A00001", "渝A00002", "渝A00003"} {
		signin(0, carol, number)
	}
	signin(20803, carol, "渝A00004")
	d.rules(obj{"bind.max": 5, "bind.max_per_month": 3})
	signin(20804, carol, "渝A00004")
}

func (d *desk) bindIn(code int, merchant, token, number, color string) {
	d.t.Helper()
	d.as(merchant, code, "bindcar", obj{"token": token, "plateNumber": number, "plateColor": color})
}

// §9.4: 一个车牌只能被一个手机号绑定; colours are vehicles of their own.
func TestBindCar_onePhoneAVehicle(t *testing.T) {
	d := newDesk(t)
	a, b := d.token("M1", alice), d.token("M1", bob)
	d.bindIn(0, "M1", a, plate, "1")
	d.bindIn(0, "M1", a, plate, "1") // by this phone already: success
	d.bindIn(20802, "M1", b, plate, "")
	d.bindIn(20802, "M2", d.token("M2", bob), plate, "1")
	d.bindIn(0, "M1", b, plate, "2")
	d.bindIn(20802, "M1", a, plate, "2")
	require.Equal(t, 1, data[struct{ Number int }](t, d.want(0, "carnum", obj{"token": b})).Number)
	// 20802 comes before the limits.
	d.rules(obj{"bind.max": 1})
	d.bindIn(20802, "M1", b, plate, "1")
	d.bindIn(20803, "M1", b, plate, "3")
	d.bindIn(0, "M1", b, plate, "2") // bound already: no limit
}

// §9.4, §9.12: three at once, over all merchants, and carnum counts them all.
func TestBindCar_threeAtOnceOverAllMerchants(t *testing.T) {
	d := newDesk(t)
	one, two := d.token("M1", alice), d.token("M2", alice)
	d.bindIn(0, "M1", one, "渝A00001", "")
	d.bindIn(0, "M2", two, "渝A00002", "")
	d.bindIn(0, "M1", one, "渝A00003", "")
	d.bindIn(20803, "M2", two, "渝A00004", "")
	for merchant, token := range map[string]string{"M1": one, "M2": two} {
		require.Equal(t, `{"number":3}`, string(d.as(merchant, 0, "carnum", obj{"token": token}).Data))
	}
	d.rules(obj{"bind.max": 4})
	d.bindIn(0, "M2", two, "渝A00004", "")
	d.bindIn(20803, "M2", two, "渝A00005", "") // 20803 before 20804
	d.as("M2", 0, "unbindcar", obj{"token": two, "plateNumber": "渝A00001"})
	require.Equal(t, `{"number":3}`, string(d.want(0, "carnum", obj{"token": one}).Data))
	d.bindIn(20804, "M2", two, "渝A00005", "")
}

// §9.4: 一个月内只能绑定 4 辆不同的车; a vehicle that counts already does not count again.
func TestBindCar_fifthVehicleInAMonth(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	for _, number := range []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004"} {
		d.bindIn(0, "M1", token, number, "")
		d.want(0, "unbindcar", obj{"token": token, "plateNumber": number})
	}
	d.bindIn(20804, "M1", token, "渝A00005", "")
	d.bindIn(20804, "M1", token, "渝A00001", "2") // another colour is a different vehicle
	d.bindIn(0, "M1", token, "渝A00001", "")
	d.want(0, "unbindcar", obj{"token": token, "plateNumber": "渝A00001"})
	user, err := d.box.User(t.Context(), alice)
	require.NoError(t, err)
	require.Equal(t, 4, user.BoundThisMonth)
	d.bindIn(0, "M1", d.token("M1", bob), "渝A00005", "") // limits are a phone's
	d.rules(obj{"bind.max_per_month": 5})
	d.bindIn(0, "M1", token, "渝A00006", "")
	d.bindIn(20804, "M1", token, "渝A00007", "")
}

// Rule bind.month: what counts is after now minus one month (31 March minus a month is the last of February), or of the calendar month.
func TestBindCar_month(t *testing.T) {
	for _, row := range []struct{ month, bound, refused, allowed string }{
		{"rolling", "2017-08-20 12:00:00", "2017-09-20 11:59:59", "2017-09-20 12:00:00"},
		{"rolling", "2018-02-28 10:00:00", "2018-03-28 09:59:59", "2018-03-28 10:00:00"},
		{"rolling", "2018-02-28 10:00:00", "2018-03-28 09:59:59", "2018-03-31 10:00:00"},
		{"rolling", "2018-02-28 23:00:00", "2018-03-31 22:59:59", "2018-03-31 23:00:00"},
		{"rolling", "2020-02-29 10:00:00", "2020-03-31 09:59:59", "2020-03-31 10:00:00"},
		{"rolling", "2018-04-30 10:00:00", "2018-05-31 09:59:59", "2018-05-31 10:00:00"},
		{"rolling", "2017-12-31 10:00:00", "2018-01-31 09:59:59", "2018-01-31 10:00:00"},
		{"rolling", "2018-01-31 10:00:00", "2018-02-28 10:00:00", "2018-03-01 00:00:00"},
		{"calendar", "2018-01-31 23:59:59", "2018-01-31 23:59:59", "2018-02-01 00:00:00"},
		{"calendar", "2018-02-01 00:00:00", "2018-02-28 23:59:59", "2018-03-01 00:00:00"},
		{"calendar", "2017-12-31 10:00:00", "2017-12-31 23:59:59", "2018-01-01 00:00:00"},
	} {
		d := newDeskOf(t, func(f obj) {
			f["clock"] = row.bound
			f["rules"] = obj{"bind.month": row.month, "bind.max": 10}
		})
		bind := func(code int, number string) {
			t.Helper()
			d.bindIn(code, "M1", d.token("M1", alice), number, "")
		}
		for _, number := range []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004"} {
			bind(0, number)
		}
		d.clock(row.refused)
		bind(20804, "渝A00005")
		d.clock(row.allowed)
		bind(0, "渝A00005")
	}
}

// §9.5: what this phone has not bound is 20100; every colour of the number that it has is unbound.
func TestUnbindCar_allColours(t *testing.T) {
	d := newDesk(t)
	a, b := d.token("M1", alice), d.token("M1", bob)
	unbind := func(code int, token string) {
		t.Helper()
		d.want(code, "unbindcar", obj{"token": token, "plateNumber": "渝 atx061"})
	}
	unbind(20100, a)
	d.bindIn(0, "M1", a, plate, "1")
	d.bindIn(0, "M1", a, plate, "3")
	d.bindIn(0, "M1", b, plate, "2")
	d.bindIn(0, "M1", a, "渝ATX062", "1")
	before := len(d.pushes())
	unbind(0, a)
	require.Equal(t, []string{"M1 unbind " + plate, "M1 unbind " + plate}, d.pushed(before))
	require.Equal(t, `{"number":1}`, string(d.want(0, "carnum", obj{"token": a}).Data))
	require.Equal(t, `{"number":1}`, string(d.want(0, "carnum", obj{"token": b}).Data))
	unbind(20100, a)
	unbind(0, b)
	d.bindIn(0, "M1", b, plate, "1") // free for another
}

// §9.5, §10.3: every related merchant and the caller are told; relations start anew with the next binding.
func TestUnbindCar_relationsStartAnew(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		all, _ := f["merchants"].([]any)
		third := obj{"no": "M3", "key": "key-of-M3", "push": all[0].(obj)["push"]}
		f["merchants"] = append(all, third, obj{"no": "M4", "key": "key-of-M4"})
	})
	one, two := d.token("M1", alice), d.token("M2", alice)
	d.bindIn(0, "M1", one, plate, "")
	d.as("M2", 0, "unbindcar", obj{"token": two, "plateNumber": plate}) // the caller is not related, but told
	require.Equal(t, []string{"M1 unbind " + plate, "M2 unbind " + plate}, d.pushed(0))
	d.bindIn(0, "M2", two, plate, "")
	before := len(d.pushes())
	d.enter(plate)
	require.Equal(t, []string{"M2 entry 渝****61"}, d.pushed(before)) // M1 is not related any more
	d.bindIn(0, "M1", one, plate, "")                                // bound already: now related
	d.exit(plate, "")
	require.Equal(t, []string{"M2 exit 渝****61", "M1 exit 渝****61"}, d.pushed(before+1))
	d.want(0, "unbindcar", obj{"token": one, "plateNumber": plate})
	d.enter(plate)
	require.Equal(t, []string{"M2 unbind " + plate, "M1 unbind " + plate}, d.pushed(before+3))
}

// §9.5: unbinding ends the certification too.
func TestUnbindCar_endsCertification(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.retrieve(0, "M1", token, plate)
	d.want(0, "unbindcar", obj{"token": token, "plateNumber": plate})
	d.bindIn(0, "M1", token, plate, "")
	before := len(d.pushes())
	d.enter(plate)
	require.Equal(t, []string{"M1 entry 渝****61"}, d.pushed(before))
}

func (d *desk) retrieve(code int, merchant, token, number string) {
	d.t.Helper()
	d.as(merchant, code, "carretrieve", obj{"token": token, "plateNumber": number, "carFrameNum": vin, "carEngineNum": engine})
}
