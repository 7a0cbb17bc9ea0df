package api_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/sign"
)

func (d *desk) lastPush() control.Push {
	d.t.Helper()
	all := d.pushes()
	return all[len(all)-1]
}

var signment = regexp.MustCompile(`,"signment":"([0-9A-F]{32})"\}$`)

// §10.1, §10.2: the fields in the document's order; §10.2's own times give stayedTime 148980.
func TestPush_documentExamples(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["clock"] = "2017-08-17 18:44:19"
		f["vehicles"] = []any{obj{"plateNumber": plate, "userType": "76", "fixParkingId": "U7", "remainingDays": "12"}}
	})
	d.bind(alice, plate)
	order := d.enter(plate)
	const head = `{"synId":"ID","plateNumber":"渝****61","parkName":"ETCP 智慧停车场","parkId":1,"entranceTime":"2017-08-17 18:44:19","userType":"76","pushTime":"`
	told := func() string { return strings.Replace(d.lastPush().Body, order.OrderID, "ID", 1) }
	require.Equal(t, head+`2017-08-17 18:44:19","fixParkingId":"U7","remainingDays":"12"}`, signment.ReplaceAllString(told(), "}"))
	d.clock("2017-08-19 12:07:19")
	d.exit(plate, "")
	require.Equal(t, head+`2017-08-19 12:07:19","exitTime":"2017-08-19 12:07:19","stayedTime":148980,"receivableFee":0,"fixParkingId":"U7","remainingDays":"12"}`,
		signment.ReplaceAllString(told(), "}"))
	require.Equal(t, "application/json;charset=UTF-8", d.lastPush().ContentType)
}

// A temporary car, 77, has neither space nor days.
func TestPush_temporaryCar(t *testing.T) {
	d := newDesk(t)
	d.bind(alice, plate)
	_, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: plate, ParkingID: "1", FixParkingID: "U7", RemainingDays: "3"})
	require.NoError(t, err)
	require.Contains(t, d.lastPush().Body, `"userType":"77"`)
	require.Contains(t, d.lastPush().Body, `"fixParkingId":"","remainingDays":"",`)
}

// §10.3, §10.4: plateNumber, time and signment, the plate plain.
func TestPush_notices(t *testing.T) {
	d := newDesk(t)
	d.retrieve(0, "M1", d.token("M1", alice), plate)
	d.retrieve(0, "M2", d.token("M2", alice), plate)
	d.advance("1m")
	d.want(0, "unbindcar", obj{"token": d.token("M1", alice), "plateNumber": plate})
	require.Equal(t, []string{"M1 certification-invalid " + plate, "M1 unbind " + plate, "M2 unbind " + plate}, d.pushed(0))
	require.Equal(t, `{"plateNumber":"渝ATX061","time":"2017-08-20 12:00:00"}`, signment.ReplaceAllString(d.pushes()[0].Body, "}"))
	require.Equal(t, `{"plateNumber":"渝ATX061","time":"2017-08-20 12:01:00"}`, signment.ReplaceAllString(d.pushes()[1].Body, "}"))
}

// signment = UPPER(HEX(MD5(merchant_no + data + merchant_key))), data as push.sign_data says; however it is encoded, it is the same.
func TestPush_signatureAndEncoding(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["parkings"].([]any)[0].(obj)["name"] = `A & B <"渝">` + "\u2028 +%20/"
	})
	d.bind(alice, plate)
	for data, text := range map[string]func(fields, values []string, object string) string{
		"json":   func(_, _ []string, object string) string { return object },
		"values": func(_, values []string, _ string) string { return strings.Join(values, "") },
		"query": func(fields, values []string, _ string) string {
			pairs := make([]string, len(fields))
			for i := range fields {
				pairs[i] = fields[i] + "=" + values[i]
			}
			return strings.Join(pairs, "&")
		},
	} {
		for _, encoding := range []string{"json", "form", "form-data-param"} {
			d.rules(obj{"push.sign_data": data, "push.encoding": encoding, "push.receivable_fee": "string"})
			d.enter(plate)
			d.advance("20m")
			order := d.exit(plate, "")
			p := d.lastPush()
			fields := []string{"synId", "plateNumber", "parkName", "parkId", "entranceTime", "userType", "pushTime", "exitTime", "stayedTime", "receivableFee", "fixParkingId", "remainingDays"}
			values := []string{
				order.OrderID, "渝****61", `A & B <"渝">` + "\u2028 +%20/", "1", order.EntranceTime.String(), "77", order.ExitTime.String(),
				order.ExitTime.String(), "1200", "5.0", "", "",
			}
			members := make([]string, len(fields))
			for i, name := range fields {
				value := `"` + strings.ReplaceAll(values[i], `"`, `\"`) + `"`
				if name == "parkId" || name == "stayedTime" {
					value = values[i]
				}
				members[i] = `"` + name + `":` + value
			}
			object := "{" + strings.Join(members, ",")
			signed := text(fields, values, object+"}")
			require.Equal(t, "M1"+signed+"•••", p.Signed)
			want := sign.Push("M1", signed, "key-of-M1")
			whole := object + `,"signment":"` + want + `"}`
			switch encoding {
			case "json":
				require.Equal(t, whole, p.Body)
				require.Equal(t, "application/json;charset=UTF-8", p.ContentType)
			case "form-data-param":
				got, err := url.ParseQuery(p.Body)
				require.NoError(t, err)
				require.Equal(t, url.Values{"data": {whole}}, got)
				require.Equal(t, "application/x-www-form-urlencoded;charset=UTF-8", p.ContentType)
			default:
				got, err := url.ParseQuery(p.Body)
				require.NoError(t, err)
				all := url.Values{"signment": {want}}
				for i, name := range fields {
					all.Set(name, values[i])
				}
				require.Equal(t, all, got)
				require.True(t, strings.HasPrefix(p.Body, "synId=") && strings.Contains(p.Body, "&remainingDays=&signment="), p.Body)
			}
		}
	}
}

// push.receivable_fee: integer, rounded half up; decimal; string.
func TestPush_receivableFee(t *testing.T) {
	for _, row := range []struct{ price, rule, want string }{
		{"5", "integer", `5`},
		{"5.5", "integer", `6`},
		{"5.49", "integer", `5`},
		{"0.5", "integer", `1`},
		{"0.49", "integer", `0`},
		{"0", "integer", `0`},
		{"5", "decimal", `5`},
		{"5.5", "decimal", `5.5`},
		{"5.49", "decimal", `5.49`},
		{"5", "string", `"5.0"`},
		{"5.5", "string", `"5.5"`},
		{"5.49", "string", `"5.49"`},
		{"0", "string", `"0.0"`},
	} {
		d := newDeskOf(t, func(f obj) {
			f["rules"] = obj{"push.receivable_fee": row.rule}
			f["parkings"].([]any)[0].(obj)["tariff"] = obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": row.price}
		})
		d.bind(alice, plate)
		d.enter(plate)
		d.advance("1h")
		d.exit(plate, "")
		require.Contains(t, d.lastPush().Body, `,"receivableFee":`+row.want+`,`)
	}
}

// To every merchant related to the vehicle that has a push URL, at the URL of the kind, and of the kinds it wants.
func TestPush_to(t *testing.T) {
	d := newDesk(t)
	put := func(no string, hook *control.PushHook) {
		t.Helper()
		require.NoError(t, d.box.PutMerchant(t.Context(), control.Merchant{No: no, Key: "key-of-" + no, Push: hook}))
	}
	list, err := d.box.Merchants(t.Context(), control.Page{})
	require.NoError(t, err)
	base := list.Items[0].Push.URL
	d.enter(plate) // nobody is related
	d.exit(plate, "")
	require.Empty(t, d.pushes())
	d.bind(alice, plate)
	d.bindIn(0, "M2", d.token("M2", alice), plate, "")
	put("M1", &control.PushHook{URL: base + "/all", URLs: map[client.Kind]string{"exit": base + "/exit"}})
	put("M2", nil)
	d.enter(plate)
	d.exit(plate, "")
	require.Equal(t, []string{"M1 entry 渝****61", "M1 exit 渝****61"}, d.pushed(0))
	require.Equal(t, []string{base + "/all", base + "/exit"}, []string{d.pushes()[0].URL, d.pushes()[1].URL})
	put("M2", &control.PushHook{URL: base, Kinds: []client.Kind{"unbind"}})
	d.enter(plate)
	d.want(0, "unbindcar", obj{"token": d.token("M1", alice), "plateNumber": plate})
	require.Equal(t, []string{"M1 entry 渝****61", "M1 unbind " + plate, "M2 unbind " + plate}, d.pushed(2))
	// The colour decides: another vehicle of the same number tells nobody.
	d.bind(alice, plate)
	_, err = d.box.Enter(t.Context(), control.Entry{PlateNumber: plate, PlateColor: "2", ParkingID: "1"})
	require.NoError(t, err)
	require.Len(t, d.pushes(), 5)
	for _, p := range d.pushes() {
		require.NotContains(t, p.Body+p.Signed, "key-of-")
		require.True(t, json.Valid([]byte(p.Body)))
	}
}

// A past at has pushTime now and today's owner, if the binding is older than at.
func TestPush_pastAt(t *testing.T) {
	d := newDesk(t)
	d.advance("10m")
	d.bind(alice, plate)
	d.advance("50m")
	enter := func(number, at string) {
		t.Helper()
		_, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: number, ParkingID: "1", At: instant(t, at)})
		require.NoError(t, err)
	}
	enter(plate, "2017-08-20 12:09:59") // before it was bound
	require.Empty(t, d.pushes())
	_, err := d.box.Exit(t.Context(), control.Exit{PlateNumber: plate, At: instant(t, "2017-08-20 12:30:00")})
	require.NoError(t, err)
	require.Contains(t, d.lastPush().Body, `"pushTime":"2017-08-20 13:00:00","exitTime":"2017-08-20 12:30:00","stayedTime":1201,`)
	enter(plate, "2017-08-20 12:40:00")
	require.Contains(t, d.lastPush().Body, `"entranceTime":"2017-08-20 12:40:00"`)
	for _, at := range []string{"2017-08-20 11:59:59", "2017-08-20 13:00:01"} {
		_, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: "渝A00001", ParkingID: "1", At: instant(t, at)})
		require.Error(t, err, at)
	}
}
