package model

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

const orderID = "0B59582D-EA6F-4BF1-A570-E803CC24EBE0"

func endpoint(t *testing.T, name string) *schemas.Endpoint {
	t.Helper()
	e, known := schemas.Lookup(name)
	require.True(t, known)
	return e
}

// What a text has to look like (§3), written apart from the mock's own grammar, which it judges.
func TestWellFormed(t *testing.T) {
	for form, texts := range map[schemas.Form]map[string]bool{
		schemas.FormPhone: {"13800000001": true, "19912345678": true, "12800000001": false, "1380000000": false, "+8613800000001": false},
		schemas.FormPlate: {
			"渝ATX061": true, "渝 a tx061": true, "渝AD12345": true, "渝A1234学": true, "使123456": true, "渝A1234应急": true, "使A12345": true,
			"渝ATXO61": false, "渝ATXI61": false, "渝A123": false, "XATX061": false, "渝ATX061　": false, "渝1TX061": false, "渝A123456789": false,
		},
		schemas.FormPlateColor: {"1": true, "4": true, "0": false, "5": false, "11": false},
		schemas.FormPayment:    {"8": true, "8.5": true, "8.50": true, "0.01": true, "8.000": false, "8e0": false, "+8": false, ".5": false, "0": false, "0.00": false, "-1": false, "8.": false},
		schemas.FormTime:       {"2017-10-27 09:30:00": true, "2017-02-30 09:30:00": false, "2017-10-27T09:30:00": false, "20171027093000": false},
		schemas.FormVIN:        {"LSVAA4182E2123456": true, "LSVAA4182E212345": false, "lsvaa4182e2123456": false, "LSVAA4182E212345O": false},
		schemas.FormLatitude:   {"29.563": true, "-90": true, "90.1": false, "1e1": false, "": false},
		schemas.FormLongitude:  {"180": true, "180.01": false, "NaN": false},
		schemas.FormRadius:     {"500": true, "5000": true, "499": false, "5001": false, "500.0": false},
		schemas.FormPayType:    {"1": true, "0": false, "2": false},
		schemas.FormKeptText:   {strings.Repeat("渝", 64): true, strings.Repeat("a", 65): false},
	} {
		for text, ok := range texts {
			require.Equal(t, ok, WellFormed(form, text), "%v: %q", form, text)
		}
	}
}

// The checks of parameters answer in their order: what is missing before what is malformed, then the first malformed one (docs/protocol.md).
func TestFormCode(t *testing.T) {
	for _, row := range []struct {
		endpoint, data string
		code           int
	}{
		{"usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`, 0},
		{"usersigin", `{"mobilePhone":"1","appId":""}`, schemas.CodeMissingParameter},
		{"usersigin", `{"mobilePhone":"1","appId":"ETCP"}`, schemas.CodeBadPhone},
		{"usersigin", `{"mobilePhone":true,"appId":"ETCP"}`, schemas.CodeBadPhone},
		{"bindcar", `{"token":"t","plateNumber":null}`, schemas.CodeMissingParameter},
		{"bindcar", `{"token":"t","plateNumber":["渝ATX061"]}`, schemas.CodeBadParameter},
		{"bindcar", `{"token":"t","plateNumber":"渝ATX061","plateColor":""}`, 0},
		{"bindcar", `{"token":"t","plateNumber":"渝ATX061","plateColor":1}`, 0},
		{"surroundingparking", `{}`, schemas.CodeMissingParameter},
		{"surroundingparking", `{"lat":"29.5","lon":"106.5"}`, schemas.CodeMissingParameter},
		{"surroundingparking", `{"lat":"299","lon":"106.5","radius":1}`, schemas.CodeBadParameter},
		{"surroundingparking", `{"city":"重庆市","payType":2}`, schemas.CodeBadParameter},
		{"surroundingparking", `{"city":"重庆市"}`, 0},
		{"surroundingparking", `{"scrollId":"x","lat":"299"}`, 0},
		{"surroundingparking", `{"scrollId":{},"city":"重庆市"}`, schemas.CodeBadParameter},
	} {
		fields := map[string]any{}
		dec := json.NewDecoder(strings.NewReader(row.data))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&fields))
		require.Equal(t, row.code, FormCode(endpoint(t, row.endpoint), fields), "%s %s", row.endpoint, row.data)
	}
}

// signedIn is a model in which phones have tokens of their own, of both merchants: token-1 is of the first.
func signedIn(phones ...string) *Model {
	m := New(usual)
	for _, phone := range phones {
		m.tokens["token-"+phone] = &givenToken{holder: tokenHolder{0, "ETCP", phone}}
		m.tokens["other-"+phone] = &givenToken{holder: tokenHolder{1, "ETCP", phone}}
	}
	return m
}

func binding(phone, plate string) map[string]any {
	return map[string]any{"token": "token-" + phone, "plateNumber": plate}
}

// done predicts a code and, where it is 0, learns from the answer.
func done(t *testing.T, m *Model, name string, as int, fields map[string]any) int {
	t.Helper()
	e := endpoint(t, name)
	code := m.Predict(e, as, fields)
	require.Empty(t, m.Observe(e, as, fields, &client.Answer{Code: code, Data: json.RawMessage(`{}`)}))
	return code
}

// Binding is limited as §9.4 says: by whom it is bound, to three at once, to four different vehicles within a month, colours being vehicles of their own.
func TestModel_binding(t *testing.T) {
	m := signedIn("1", "2")
	require.Equal(t, schemas.CodeInvalidToken, done(t, m, "bindcar", 0, binding("3", "渝A00001")))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00001")))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝 a00001")), "bound by this phone already")
	require.Equal(t, schemas.CodeBoundByOther, done(t, m, "bindcar", 0, binding("2", "渝A00001")))
	yellow := binding("2", "渝A00001")
	yellow["plateColor"] = json.Number("3")
	require.Zero(t, done(t, m, "bindcar", 0, yellow), "another colour is another vehicle")
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00002")))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00003")))
	require.Equal(t, schemas.CodeTooManyBound, done(t, m, "bindcar", 0, binding("1", "渝A00004")))
	require.Zero(t, done(t, m, "unbindcar", 0, binding("1", "渝A00003")))
	require.Equal(t, schemas.CodeOperationFailed, done(t, m, "unbindcar", 0, binding("1", "渝A00003")))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00004")))
	require.Zero(t, done(t, m, "unbindcar", 0, binding("1", "渝A00004")))
	require.Equal(t, schemas.CodeTooManyBoundInAMonth, done(t, m, "bindcar", 0, binding("1", "渝A00005")))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00003")), "one that is counted does not count again")
	carnum := endpoint(t, "carnum")
	token := map[string]any{"token": "token-1"}
	require.Empty(t, m.Observe(carnum, 0, token, &client.Answer{Data: json.RawMessage(`{"number":3}`)}))
	require.Contains(t, m.Observe(carnum, 0, token, &client.Answer{Data: json.RawMessage(`{"number":2}`)}), "says 2 vehicles, and 3 are bound")
}

// A second SMS is allowed at 60 s; the newest token of a user voids the earlier one, and none comes twice.
func TestModel_login(t *testing.T) {
	m := New(usual)
	phone := map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}
	require.Zero(t, done(t, m, "uservalidatecode", 0, phone))
	m.now = 59 * time.Second
	require.Equal(t, schemas.CodeSMSFailed, done(t, m, "uservalidatecode", 0, phone))
	m.now = time.Minute
	require.Zero(t, done(t, m, "uservalidatecode", 0, phone))
	signin := endpoint(t, "usersigin")
	answer := func(token string) *client.Answer {
		return &client.Answer{Data: json.RawMessage(`{"token":"` + token + `"}`)}
	}
	require.Empty(t, m.Observe(signin, 0, phone, answer("T1")))
	require.Empty(t, m.Observe(signin, 0, phone, answer("T2")))
	require.Equal(t, schemas.CodeInvalidToken, m.Predict(endpoint(t, "carnum"), 0, map[string]any{"token": "T1"}))
	require.Zero(t, m.Predict(endpoint(t, "carnum"), 0, map[string]any{"token": "T2"}))
	require.Contains(t, m.Observe(signin, 0, map[string]any{"mobilePhone": "13800000002", "appId": "ETCP"}, answer("T2")), "given before")
}

// A payment is right for the amount that was quoted, within five minutes, once; a retry is safe, and the id of another payment is taken (§9.8).
func TestModel_payment(t *testing.T) {
	m := signedIn("1")
	m.Enter("渝A00001|1", "1", orderID)
	m.now = 2 * time.Hour
	proof := strings.Repeat("V", 128)
	unpay := endpoint(t, "orderunpay")
	quoted := func(rows string) string {
		return m.Observe(unpay, 0, binding("1", "渝A00001"), &client.Answer{Data: json.RawMessage(rows)})
	}
	listed := `[{"orderId":"` + orderID + `","verificationInfo":"` + proof + `","remainingFee":10,"parkingFee":10,"carNumber":"渝****01","entranceTime":"2017-08-20 12:00:00","exitTime":"2017-08-20 14:00:00","parkingId":1,"parkingName":"` + parkName + `"}]`
	require.Contains(t, quoted(`[]`), "lists 0 orders of 渝A00001, and 1 are parked or owing")
	require.Empty(t, quoted(listed))
	pay := func(amount, external, proof string) map[string]any {
		return map[string]any{"token": "token-1", "orderId": orderID, "externalOrderId": external, "payment": amount, "verificationInfo": proof, "payTime": "2017-08-20 13:00:00"}
	}
	paid := endpoint(t, "orderpaid")
	require.Equal(t, schemas.CodeOrderUpdateFailed, m.Predict(paid, 0, pay("10", "E1", "forged")))
	require.Equal(t, schemas.CodeWrongAmount, m.Predict(paid, 0, pay("9.99", "E1", proof)))
	require.Zero(t, m.Predict(paid, 0, pay("10.00", "E1", proof)))
	m.now += usual.quote
	require.Equal(t, schemas.CodeWrongAmount, m.Predict(paid, 0, pay("10", "E1", proof)), "at five minutes the quote is old, and more is due")
	m.now -= time.Second
	receipt := func(id string) *client.Answer {
		return &client.Answer{Data: json.RawMessage(`{"orderId":"` + orderID + `","externalOrderId":"E1","payOrderId":"` + id + `","payTime":"2017-08-20 13:00:00","payment":10}`)}
	}
	require.Empty(t, m.Observe(paid, 0, pay("10", "E1", proof), receipt("no201708201404591234567")))
	require.Zero(t, m.Predict(paid, 0, pay("10.0", "E1", proof)), "the same once more")
	require.Contains(t, m.Observe(paid, 0, pay("10", "E1", proof), receipt("no201708201404591234568")), "gives a retry another payOrderId")
	require.Equal(t, schemas.CodeOrderCreateFailed, m.Predict(paid, 0, pay("9", "E1", proof)))
	require.Equal(t, schemas.CodeOrderUpdateFailed, m.Predict(paid, 0, pay("10", "E2", proof)), "nothing is left to pay")
	m.Exit("渝A00001|1", "cash")
	require.Contains(t, quoted(listed), "lists 1 orders of 渝A00001, and 0 are parked")
}

// A token is of the merchant that gave it; a vehicle is of all merchants that it was bound through, and certified for one of them (§9.3, §9.4, §9.9).
func TestModel_merchants(t *testing.T) {
	t.Parallel()
	m := signedIn("1", "2")
	other := func(phone, plate string) map[string]any {
		return map[string]any{"token": "other-" + phone, "plateNumber": plate, "carFrameNum": registeredVIN, "carEngineNum": "E"}
	}
	require.Equal(t, schemas.CodeInvalidToken, m.Predict(endpoint(t, "carnum"), 1, map[string]any{"token": "token-1"}))
	require.Zero(t, done(t, m, "bindcar", 0, binding("1", "渝A00001")))
	require.Zero(t, done(t, m, "bindcar", 1, other("1", "渝A00001")), "the phone has it, whoever asks")
	b := m.bound["渝A00001|1"]
	require.Equal(t, []int{0, 1}, b.merchants)
	require.Equal(t, none, b.certified)
	require.Zero(t, done(t, m, "carretrieve", 1, other("1", "渝A00001")))
	require.Equal(t, 1, b.certified)
	m.Enter("渝A00001|1", "1", orderID)
	require.Len(t, m.pushes, 2)
	require.Equal(t, "渝****01", m.pushes[0].fields[1].text, "it is certified for the other")
	require.Equal(t, "渝A00001", m.pushes[1].fields[1].text)
	mine := other("2", "渝A00001")
	mine["token"] = "token-2"
	require.Zero(t, done(t, m, "carretrieve", 0, mine), "it moves to the phone that has found it again")
	kinds := []string{}
	for _, p := range m.pushes[2:] {
		kinds = append(kinds, p.Kind)
	}
	require.Equal(t, []string{"certification-invalid", "unbind", "unbind"}, kinds)
	require.Equal(t, 1, m.boundBy("2"))
	require.Zero(t, m.boundBy("1"))
}

// What strict refuses is what has a lint: a number where the document has text, spaces and small letters in a plate, a field that Nobody knows, a city beside coordinates.
func TestLinted(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		endpoint, data string
		is             bool
	}{
		{"bindcar", `{"token":"t","plateNumber":"渝ATX061","plateColor":1}`, false},
		{"bindcar", `{"token":"t","plateNumber":"渝atx061"}`, true},
		{"bindcar", `{"token":"t","plateNumber":"渝 ATX061"}`, true},
		{"bindcar", `{"token":5,"plateNumber":"渝ATX061"}`, true},
		{"bindcar", `{"token":"t","plateNumber":"渝ATX061","memo":null}`, true},
		{"surroundingparking", `{"city":"重庆市","lat":"1","lon":"1","radius":"500"}`, true},
		{"surroundingparking", `{"city":"","lat":"1","lon":"1","radius":"500"}`, false},
		{"surroundingparking", `{"scrollId":"x","city":"重庆市","lat":1}`, false},
	} {
		fields, ok := ParseData(row.data)
		require.True(t, ok)
		require.Equal(t, row.is, Linted(endpoint(t, row.endpoint), fields), row.data)
	}
}
