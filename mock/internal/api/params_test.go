package api_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// example is data of an endpoint whose every parameter is there and of the right form.
func example(endpoint string) obj {
	all := obj{
		"mobilePhone": alice, "code": "562371", "appId": "ETCP", "carNumber": plate, "token": "0b59582d-ea6f-4bf1-a570-e803cc24ebe0",
		"plateNumber": plate, "plateColor": "1", "orderId": "B9466E26-7420-4BDF-958D-E90106AB5F20", "externalOrderId": "E1", "payment": "8.0",
		"payTime": "2017-06-12 09:58:58", "verificationInfo": "x", "carFrameNum": vin, "carEngineNum": engine,
		"lat": "29.563", "lon": "106.551", "radius": "500", "payType": "1", "city": "", "scrollId": "", "parkingId": "1",
	}
	row, _ := schemas.Lookup(endpoint)
	data := obj{}
	for _, p := range row.Params {
		data[p.Name] = all[p.Name]
	}
	return data
}

// Check 8: required parameters present, not null, not empty; the first in the document's order is named.
func TestParameters_required(t *testing.T) {
	d := newDesk(t)
	for _, e := range schemas.Endpoints() {
		first := ""
		for _, p := range e.Params {
			if !p.Required {
				continue
			}
			if first == "" {
				first = p.Name
			}
			for _, value := range []any{nil, "", "absent"} {
				data := example(e.Name)
				if data[p.Name] = value; value == "absent" {
					delete(data, p.Name)
				}
				answer := d.want(20102, e.Name, data)
				require.Equal(t, "missing-parameter: "+p.Name, answer.Reason)
			}
		}
		if first != "" {
			require.Equal(t, "missing-parameter: "+first, d.want(20102, e.Name, obj{}).Reason)
		}
	}
}

// An optional parameter that is null or "" counts as absent: neither an error nor a lint.
func TestParameters_optionalNullIsAbsent(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	for _, none := range []any{nil, ""} {
		answer := d.want(0, "bindcar", obj{"token": token, "plateNumber": plate, "plateColor": none})
		require.Empty(t, d.lints(answer))
		require.Empty(t, d.lints(d.want(0, "usersigin", obj{"mobilePhone": bob, "appId": "A", "carNumber": none})))
		require.Empty(t, d.lints(d.want(0, "surroundingparking", obj{"city": "重庆市", "lat": none, "lon": none, "radius": none, "payType": none, "scrollId": none})))
		require.Empty(t, d.lints(d.want(0, "orderunpay", obj{"token": token, "plateNumber": plate, "appId": none})))
	}
	user, err := d.box.User(t.Context(), alice)
	require.NoError(t, err)
	require.Len(t, user.Bindings, 1)
	require.EqualValues(t, "1", user.Bindings[0].PlateColor) // blue is the default (§9.4)
}

// Check 9: an object, an array or a boolean where a scalar belongs is 6, and 20201 where it is a phone.
func TestParameters_noScalar(t *testing.T) {
	d := newDesk(t)
	for _, e := range schemas.Endpoints() {
		for _, p := range e.Params {
			if p.Name == "scrollId" {
				continue // of its own below
			}
			for _, value := range []any{true, false, obj{}, obj{"a": 1}, []any{}, []any{"x"}} {
				data := example(e.Name)
				data[p.Name] = value
				code := 6
				if p.Form == schemas.FormPhone {
					code = 20201
				}
				answer := d.want(code, e.Name, data)
				require.Equal(t, "malformed-parameter: "+p.Name, answer.Reason, "%s %v", e.Name, value)
			}
		}
	}
	require.Equal(t, "malformed-parameter: scrollId", d.want(6, "surroundingparking", obj{"scrollId": []any{}}).Reason)
}

// Of several malformed parameters the first in the document's order answers, whatever the order in data.
func TestParameters_firstMalformedInTheDocumentsOrder(t *testing.T) {
	d := newDesk(t)
	for _, e := range schemas.Endpoints() {
		var names []string
		for _, p := range e.Params {
			if p.Name != "scrollId" {
				names = append(names, p.Name)
			}
		}
		for i := range names {
			for _, order := range [][]string{names[i:], reversed(names[i:])} {
				data := example(e.Name)
				text := new(strings.Builder)
				for _, name := range order {
					delete(data, name)
					text.WriteString(`,"` + name + `":[]`)
				}
				good, err := json.Marshal(data)
				require.NoError(t, err)
				whole := strings.TrimSuffix(string(good), "}") + text.String() + "}"
				if len(data) == 0 {
					whole = "{" + text.String()[1:] + "}"
				}
				answer := d.send(client.Request{Endpoint: e.Name, RawData: whole})
				require.Equal(t, "malformed-parameter: "+names[i], answer.Reason, "%s %s", e.Name, whole)
			}
		}
	}
}

func reversed(names []string) []string {
	back := slices.Clone(names)
	slices.Reverse(back)
	return back
}

// Check 9: the form of each parameter. What is right goes on to the checks behind.
func TestParameters_forms(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("长", 5000)
	for name, values := range map[string]struct{ right, wrong []any }{
		"mobilePhone": {
			[]any{"13000000000", "19999999999", 13800000001},
			[]any{"12000000000", "1380000000", "138000000011", "+8613800000001", "138 0000 0001", "１３８００００００００１", "a3800000001", " ", json.Number("1.38e10"), 13800000001.5, -13800000001, 0, json.Number("1e400"), long, "1380000000\x00", "13800000001\n"},
		},
		"plateColor": {[]any{"1", "2", "3", "4", 1, 4}, []any{"0", "5", "01", " 1", "１", "blue", 0, 5, 1.5, json.Number("1.0"), json.Number("-1"), json.Number("1e0"), long}},
		"payment": {
			[]any{"8", "8.0", "8.00", "0.01", "10.34", 8, 8.5, json.Number("8.00"), "9999999999.99"},
			[]any{"8.000", "8e0", "+8", ".5", "8.", "-8", "0", "0.00", " 8", "8 ", "1,000", "８", "NaN", "Inf", "0x8", "8.5.1", json.Number("8.000"), json.Number("8e0"), json.Number("-0"), 0, -1, json.Number("1e400"), "99999999999999999999", long, "八"},
		},
		"payTime": {
			[]any{"2017-06-12 09:58:58", "2016-02-29 23:59:59", "0001-01-01 00:00:00", "9999-12-31 23:59:59"},
			[]any{"2017-06-12T09:58:58", "2017-6-12 09:58:58", "2017-02-29 00:00:00", "2017-06-12 24:00:00", "2017-06-12 09:58", "2017-06-12 09:58:60", "2017-06-12 09:58:58.1", "2017-06-12 9:58:58.", "20170612095858", "2017-06-12  9:58:58", "2017-06-12 9:58:58", "2017/06/12 09:58:58", 20170612095858, long, "2017-06-12 09:58:58 "},
		},
		"carFrameNum": {
			[]any{vin, "12345678901234567", 12345678901234567},
			[]any{"LVSHBFDC7RF41415", vin + "1", strings.ToLower(vin), "IVSHBFDC7RF414158", "OVSHBFDC7RF414158", "QVSHBFDC7RF414158", "LVSHBFDC7RF41415 ", "ＬVSHBFDC7RF41415", long, 1},
		},
		"lat": {
			[]any{"0", "-90", "90", "29.5630001", "-0.0", 29.563, 0, "90.000"},
			[]any{"90.0001", "-91", "NaN", "Inf", "-Inf", "1e1", "1e309", "0x1p3", "+1", ".5", "5.", "1_0", "29,563", " 29", "２９", json.Number("1e1"), json.Number("1e309"), "--1", long},
		},
		"lon":     {[]any{"180", "-180", "116.429718", 116.429718}, []any{"180.1", "-181", "nan", "infinity", "1e2", json.Number("1E2"), "0b1"}},
		"radius":  {[]any{"500", "5000", 500, "0501"}, []any{"499", "5001", "500.5", "500m", "-500", "+500", "5e2", 499, 5001, json.Number("1e3"), json.Number("500.0"), "99999999999999999999999", "0x1f4", " 500", long}},
		"payType": {[]any{"1", 1}, []any{"0", "2", "01", "all", 0, 2, json.Number("1.0"), long}},
	} {
		for _, e := range schemas.Endpoints() {
			if !slices.ContainsFunc(e.Params, func(p schemas.Param) bool { return p.Name == name }) {
				continue
			}
			for _, value := range values.right {
				data := example(e.Name)
				data[name] = value
				answer, err := d.m["M1"].Do(t.Context(), e.Name, data)
				require.NoError(t, err)
				require.NotContains(t, answer.Reason, "-parameter", "%s %s %v", e.Name, name, value)
			}
			for _, value := range values.wrong {
				data := example(e.Name)
				data[name] = value
				code := 6
				if name == "mobilePhone" {
					code = 20201
				}
				require.Equal(t, "malformed-parameter: "+name, d.want(code, e.Name, data).Reason, "%s %v", e.Name, value)
			}
		}
	}
}

// Scalars are coerced between string and number with a lint, but for payment and plateColor, which the document mixes itself.
func TestParameters_coercion(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	lints := func(code int, endpoint string, data obj) []string {
		t.Helper()
		return d.lints(d.want(code, endpoint, data))
	}
	coerced := []string{"scalar-coerced"}
	require.Equal(t, coerced, lints(0, "uservalidatecode", obj{"mobilePhone": 13800000001}))
	require.Equal(t, coerced, lints(20203, "userlogin", obj{"mobilePhone": alice, "code": 1, "appId": "A"}))
	require.Equal(t, coerced, lints(0, "parkingstatus", obj{"parkingId": 1}))
	require.Equal(t, []string{"scalar-coerced", "scalar-coerced", "scalar-coerced", "scalar-coerced"},
		lints(0, "surroundingparking", obj{"lat": 29.563, "lon": 106.551, "radius": 500, "payType": 1}))
	for _, color := range []any{"2", 2} {
		require.Empty(t, lints(0, "bindcar", obj{"token": token, "plateNumber": plate, "plateColor": color}))
		require.Empty(t, lints(0, "carretrieve", obj{"token": token, "plateNumber": plate, "plateColor": color, "carFrameNum": vin, "carEngineNum": engine}))
	}
	for _, payment := range []any{"8", 8, 8.5} {
		data := example("orderpaid")
		data["token"], data["payment"] = token, payment
		require.Empty(t, lints(7, "orderpaid", data))
	}
	code := d.sms(alice) // as a number, where it has no leading zero
	require.NotEqual(t, "0", code[:1])
	require.Equal(t, coerced, lints(0, "userlogin", obj{"mobilePhone": alice, "code": json.Number(code), "appId": "A"}))
	// 1 and "1" are the same channel: the newer token voids the older.
	one := data[struct{ Token string }](t, d.want(0, "usersigin", obj{"mobilePhone": bob, "appId": 1})).Token
	d.want(0, "usersigin", obj{"mobilePhone": bob, "appId": "1"})
	d.want(20101, "carnum", obj{"token": one})
}

// strict turns every lint into 6, after check 9 and before 10, and nothing has happened.
func TestStrict_everyLint(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	rows := map[string]struct {
		endpoint, data string
		code           int
	}{
		"duplicate-key":  {"uservalidatecode", `{"mobilePhone":"13700000003","mobilePhone":"13700000004"}`, 0},
		"unknown-field":  {"uservalidatecode", `{"mobilePhone":"13700000005","x":1}`, 0},
		"scalar-coerced": {"uservalidatecode", `{"mobilePhone":13700000006}`, 0},
		"plate-spaces":   {"bindcar", `{"token":"` + token + `","plateNumber":"渝 A00001"}`, 0},
		"plate-case":     {"bindcar", `{"token":"` + token + `","plateNumber":"渝a00002"}`, 0},
		"either-or":      {"surroundingparking", `{"lat":"29.563","lon":"106.551","radius":"500","city":"北京市"}`, 0},
	}
	for _, rule := range slices.Sorted(maps.Keys(rows)) {
		row := rows[rule]
		d.rules(obj{"strict": true})
		answer := d.raw(6, row.endpoint, row.data)
		require.Equal(t, "strict-lint", answer.Reason)
		require.Equal(t, []string{rule}, d.lints(answer))
		d.raw(6, row.endpoint, strings.Replace(row.data, token, "x", 1)) // before the token
		if row.endpoint == "uservalidatecode" {
			d.raw(6, row.endpoint, row.data) // and again: no SMS was sent
		}
		require.Equal(t, 20102, d.send(client.Request{Endpoint: "bindcar", RawData: `{"x":1}`}).Code) // after check 8
		require.Equal(t, 6, d.send(client.Request{Endpoint: "bindcar", RawData: `{"token":"x","plateNumber":"X","x":1}`}).Code)
		require.Zero(t, data[struct{ Number int }](t, d.want(0, "carnum", obj{"token": token})).Number)
		d.rules(obj{"strict": false})
		require.Equal(t, []string{rule}, d.lints(d.raw(row.code, row.endpoint, row.data)))
		if row.endpoint == "bindcar" {
			d.raw(0, "unbindcar", row.data)
		}
	}
}

// §9.4: 7 characters, or 8; spaces are removed and letters upper-cased, each with a lint.
func TestPlates(t *testing.T) {
	d := newDesk(t)
	d.rules(obj{"bind.max": 10_000, "bind.max_per_month": 10_000})
	token := d.token("M1", alice)
	bound := func(given, want string, lints ...string) {
		t.Helper()
		answer := d.want(0, "bindcar", obj{"token": token, "plateNumber": given})
		require.Equal(t, lints, d.lints(answer), given)
		user, err := d.box.User(t.Context(), alice)
		require.NoError(t, err)
		require.Equal(t, want, user.Bindings[len(user.Bindings)-1].PlateNumber)
		d.want(0, "unbindcar", obj{"token": token, "plateNumber": want})
	}
	for _, province := range "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使" {
		bound(string(province)+"A12345", string(province)+"A12345")
	}
	for _, last := range "学警港澳挂领试超" {
		bound("粤Z1234"+string(last), "粤Z1234"+string(last))
		bound("粤Z12345"+string(last), "粤Z12345"+string(last))
	}
	bound("京AD12345", "京AD12345") // new energy
	bound("渝ABCDEF", "渝ABCDEF")
	bound("渝 B757D0", "渝B757D0", "plate-spaces")
	bound(" 渝 B 7 5 7 D 0 ", "渝B757D0", "plate-spaces")
	bound("渝b757d0", "渝B757D0", "plate-case")
	bound("渝 b757d0", "渝B757D0", "plate-spaces", "plate-case")
	for _, wrong := range []string{
		"渝", "渝A", "渝A1234", "渝A1234567", "A123456", "渝1A2345", "渝AI2345", "渝A1234O", "渝Ai2345", "渝A12o45", "渝A12-45", "渝　A12345", "渝A12345　", "渝\u00a0A12345", "渝\tA12345", "渝A12345\n",
		"渝A1234Ａ", "渝A１２３４５", "渝a1234é", "港A12345", "渝A学2345", "渝学12345", "渝A1234学学", "渝A1234使", "渝A12345港澳", "台A12345", "甲A12345", "渝A1234\x00", "渝A1234😀", strings.Repeat("渝A12345", 700), " ", "　", "1", "WJ01警1234", "🚗A12345",
	} {
		require.Equal(t, "malformed-parameter: plateNumber", d.want(6, "bindcar", obj{"token": token, "plateNumber": wrong}).Reason, wrong)
		d.want(6, "unbindcar", obj{"token": token, "plateNumber": wrong})
		d.want(6, "orderunpay", obj{"token": token, "plateNumber": wrong})
		d.want(6, "carretrieve", obj{"token": token, "plateNumber": wrong, "carFrameNum": vin, "carEngineNum": engine})
		d.want(6, "usersigin", obj{"mobilePhone": bob, "appId": "A", "carNumber": wrong})
	}
	d.want(6, "bindcar", obj{"token": token, "plateNumber": 1234567})
}

// Anything at all gets an envelope and a code of the document that is not 2.
func TestExtremeInput(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	values := []string{
		`1e400`, `-1e400`, `1e-400`, `-0`, `0`, `123456789012345678901234567890123456789012345678901234567890`, `0.1e1`, `""`, `null`, `true`, `{}`, `[]`, `[[[[]]]]`, `{"a":{"b":null}}`,
		`"` + strings.Repeat("长", 5000) + `"`, `"\u0000"`, `"\ud83d"`, `"\ud83d\ude00"`, `"\u202e"`, `"'; DROP TABLE orders;--"`, `"../../etc/passwd"`, `"<script>"`, `"%s%n"`, `"{{.}}"`, `"\r\nX-Evil: 1"`, `"NaN"`,
		`"9999-99-99 99:99:99"`, `"0000-00-00 00:00:00"`, `"` + strings.Repeat("9", 400) + `"`, `"` + strings.Repeat("A", 128) + `"`,
	}
	known := map[int]bool{}
	for _, c := range schemas.Codes() {
		known[c.Code] = true
	}
	for _, e := range schemas.Endpoints() {
		for _, p := range e.Params {
			for _, value := range values {
				good := example(e.Name)
				delete(good, p.Name)
				if e.Token && p.Name != "token" {
					good["token"] = token
				}
				text, err := json.Marshal(good)
				require.NoError(t, err)
				whole := strings.TrimSuffix(string(text), "}") + `,"` + p.Name + `":` + value + "}"
				whole = strings.Replace(whole, "{,", "{", 1)
				answer := d.send(client.Request{Endpoint: e.Name, RawData: whole})
				require.Equal(t, 200, answer.HTTPStatus)
				require.True(t, known[answer.Code] && answer.Code != 2, "%s %s: %d %s", e.Name, whole, answer.Code, answer.Reason)
				require.Regexp(t, `^[ -~]*$`, answer.Reason)
			}
		}
	}
}
