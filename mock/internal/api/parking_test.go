package api_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
)

type parkingPage struct {
	List []struct {
		ID, ParkingName, Type, MinFreeTime, AvgCostPrecise, ParkingType, Distance, Lon, Lat string
	}
	ScrollID string
}

// §9.10.3: what the list says; all values are strings.
func TestSurroundingParking_values(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["parkings"] = []any{
			obj{
				"id": "123456", "name": "莆田万达广场", "city": "莆田市", "lat": "25.424324", "lon": "119.0029", "parkingType": "146",
				"tariff": obj{"freeMinutes": 15, "unitMinutes": 30, "unitPrice": "2.75"},
			},
		}
	})
	answer := d.want(0, "surroundingparking", obj{"lat": "25.427490", "lon": "119.0029", "radius": "500"})
	page := data[parkingPage](t, answer)
	require.NotEmpty(t, page.ScrollID)
	require.Equal(t, `{"list":[{"id":"123456","parkingName":"莆田万达广场","type":"ss","minFreeTime":"15","avgCostPrecise":"5.5","parkingType":"146","distance":"352m","lon":"119.0029","lat":"25.424324"}],"scrollId":"`+page.ScrollID+`"}`, string(answer.Data))
	page = data[parkingPage](t, d.want(0, "surroundingparking", obj{"city": "莆田市"}))
	require.Empty(t, page.List[0].Distance)
	page = data[parkingPage](t, d.want(0, "surroundingparking", obj{"city": "莆田"}))
	require.NotNil(t, page.List)
	require.Empty(t, page.List)
}

// §9.10: coordinates want all of lat, lon and radius, or a city; a missing one answers before a malformed one.
func TestSurroundingParking_alternatives(t *testing.T) {
	d := newDesk(t)
	for _, row := range []struct {
		data   obj
		code   int
		reason string
	}{
		{obj{}, 20102, "missing-parameter: lat"},
		{obj{"payType": "1"}, 20102, "missing-parameter: lat"},
		{obj{"payType": "9"}, 20102, "missing-parameter: lat"},
		{obj{"lat": "29"}, 20102, "missing-parameter: lon"},
		{obj{"lat": "29", "lon": "106"}, 20102, "missing-parameter: radius"},
		{obj{"lon": "106", "radius": "500"}, 20102, "missing-parameter: lat"},
		{obj{"radius": "9", "lat": "x"}, 20102, "missing-parameter: lon"},
		{obj{"lat": "29", "lon": "106", "radius": nil}, 20102, "missing-parameter: radius"},
		{obj{"lat": "29", "lon": "106", "radius": "499"}, 6, "malformed-parameter: radius"},
		{obj{"lat": "29", "lon": "106", "radius": "5001"}, 6, "malformed-parameter: radius"},
		{obj{"lat": "91", "lon": "181", "radius": "1"}, 6, "malformed-parameter: lat"},
		{obj{"lat": "29", "lon": "106", "radius": "500"}, 0, ""},
		{obj{"lat": "29", "lon": "106", "radius": "5000"}, 0, ""},
		{obj{"city": "重庆市"}, 0, ""},
		{obj{"city": "重庆市", "payType": "2"}, 6, "malformed-parameter: payType"},
		{obj{"city": []any{}, "lat": "29", "lon": "106", "radius": "500"}, 6, "malformed-parameter: city"},
		{obj{"scrollId": "forged"}, 6, "scroll-id-invalid: scrollId"},
	} {
		require.Equal(t, row.reason, d.want(row.code, "surroundingparking", row.data).Reason, "%v", row.data)
	}
	both := d.want(0, "surroundingparking", obj{"city": "重庆市", "lat": "0", "lon": "0", "radius": "500"})
	require.Empty(t, data[parkingPage](t, both).List) // coordinates win
	require.Equal(t, []string{"either-or"}, d.lints(both))
}

// cityOf is a fixture of car parks ten metres apart to the north, ids going down, every third without electronic payment.
func cityOf(n int) func(obj) {
	return func(f obj) {
		var parks []any
		for i := range n {
			parks = append(parks, obj{
				"id": strconv.Itoa(n - i), "name": "P", "city": "重庆市", "lon": "106", "lat": fmt.Sprintf("%.6f", 29+float64(i)*0.00009), "electronicPayment": i%3 != 0,
			})
		}
		f["parkings"] = parks
	}
}

// pages walks a query to its end and gives the ids.
func (d *desk) pages(size int, query obj) (ids []int) {
	d.t.Helper()
	for {
		page := data[parkingPage](d.t, d.want(0, "surroundingparking", query))
		require.LessOrEqual(d.t, len(page.List), size)
		require.Less(d.t, len(ids), 1000, "a query without an end")
		for _, p := range page.List {
			id, err := strconv.Atoi(p.ID)
			require.NoError(d.t, err)
			ids = append(ids, id)
		}
		if len(page.List) == 0 {
			again := data[parkingPage](d.t, d.want(0, "surroundingparking", obj{"scrollId": page.ScrollID}))
			require.Empty(d.t, again.List) // past the end it stays empty
			return ids
		}
		// Whatever else is sent, a scrollId continues its own query.
		query = obj{"scrollId": page.ScrollID, "city": "北京市", "lat": "x", "radius": 1, "payType": []any{}}
	}
}

// By distance, or by numeric id in a city; search.page a page; payType 1 keeps car parks with electronic payment.
func TestSurroundingParking_orderAndPages(t *testing.T) {
	d := newDeskOf(t, cityOf(45))
	var near, city, paying []int
	for i := range 45 {
		near, city = append(near, 45-i), append(city, i+1)
		if i%3 != 0 {
			paying = append(paying, 45-i)
		}
	}
	point := func(pay any) obj { return obj{"lat": "29", "lon": "106", "radius": "500", "payType": pay} }
	for _, size := range []int{20, 7, 1, 45, 100} {
		d.rules(obj{"search.page": size})
		require.Equal(t, near, d.pages(size, point(nil)))
		require.Equal(t, city, d.pages(size, obj{"city": "重庆市"}))
		require.Equal(t, paying, d.pages(size, point("1")))
	}
	d.rules(obj{"search.page": nil})
	page := data[parkingPage](t, d.want(0, "surroundingparking", point(nil)))
	require.Len(t, page.List, 20)
	require.Equal(t, []string{"0m", "10m", "20m"}, []string{page.List[0].Distance, page.List[1].Distance, page.List[2].Distance})
	// Another merchant's, or forged: 6. Asking changes nothing: the same query gives the same scrollId.
	d.as("M2", 6, "surroundingparking", obj{"scrollId": page.ScrollID})
	for _, forged := range []string{page.ScrollID + "A", page.ScrollID[1:], "A" + page.ScrollID[1:], "AAAA", "=", " "} {
		d.want(6, "surroundingparking", obj{"scrollId": forged})
	}
	require.Equal(t, page.ScrollID, data[parkingPage](t, d.want(0, "surroundingparking", point(nil))).ScrollID)
	other := data[parkingPage](t, d.want(0, "surroundingparking", obj{"city": "重庆市"}))
	require.Equal(t, "21", data[parkingPage](t, d.want(0, "surroundingparking", obj{"scrollId": other.ScrollID})).List[0].ID)
	require.Equal(t, "25", data[parkingPage](t, d.want(0, "surroundingparking", obj{"scrollId": page.ScrollID})).List[0].ID)
	// verificationInfo is sealed by the same sandbox, and is no scrollId.
	token := d.token("M1", alice)
	d.enter(plate)
	d.want(6, "surroundingparking", obj{"scrollId": d.unpaid(token, plate)[0].VerificationInfo})
}

// §9.11.3: totalSpace is a string; 充足 when more than a fifth is free, 紧张, 已满 when none is.
func TestParkingStatus(t *testing.T) {
	d := newDesk(t)
	status := func(word string) {
		t.Helper()
		answer := d.want(0, "parkingstatus", obj{"parkingId": "1"})
		require.Equal(t, `{"totalSpace":"5","time":"2017-08-20 12:00:00","status":"`+word+`"}`, string(answer.Data))
	}
	cars := []string{"渝A00001", "渝A00002", "渝A00003", "渝A00004", "渝A00005"}
	for i, number := range cars {
		status([]string{"充足", "充足", "充足", "充足", "紧张"}[i]) // exactly a fifth free is 紧张
		d.enter(number)
	}
	status("已满")
	d.rules(obj{"status.word.full": "满", "status.word.tight": "少", "status.word.plenty": "多", "status.plenty": 0.4})
	status("满")
	d.exit(cars[0], "")
	d.exit(cars[1], "")
	status("少")
	d.exit(cars[2], "")
	status("多")
	for _, unknown := range []any{"2", "x", "01", "1 ", "-1", "1.0", "99999999999999999999", 2, "１"} {
		require.Equal(t, "parking-unknown", d.want(1, "parkingstatus", obj{"parkingId": unknown}).Reason)
	}
	_, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: plate, ParkingID: "2"})
	require.True(t, control.IsNotFound(err))
}

// occupied counts spaces taken by others than the orders.
func TestParkingStatus_occupied(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["parkings"].([]any)[0].(obj)["occupied"] = 4
		f["parkings"].([]any)[0].(obj)["totalSpace"] = 5
	})
	word := func() string {
		return data[struct{ Status string }](t, d.want(0, "parkingstatus", obj{"parkingId": "1"})).Status
	}
	require.Equal(t, "紧张", word())
	d.enter(plate)
	require.Equal(t, "已满", word())
}

// §9.12.3: data.number, over all merchants.
func TestCarNum(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, `{"number":0}`, string(d.want(0, "carnum", obj{"token": d.token("M1", alice)}).Data))
	d.bind(alice, plate)
	require.Equal(t, `{"number":1}`, string(d.as("M2", 0, "carnum", obj{"token": d.token("M2", alice)}).Data))
}
