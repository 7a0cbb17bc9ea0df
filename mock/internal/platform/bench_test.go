package platform

import (
	"fmt"
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// BenchmarkRadius searches a page among 1 000 000 car parks.
func BenchmarkRadius(b *testing.B) {
	w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai))
	for i := range 1_000_000 {
		p := NewSite(Parking{
			ID: itoa(i + 1), Lat: fmt.Sprintf("%.4f", 25+float64(i/1000)/200), Lon: fmt.Sprintf("%.4f", 103+float64(i%1000)/200),
		})
		w.places.Add(&p.place)
	}
	for _, radius := range []int{500, 1000, 5000} {
		b.Run(fmt.Sprint("metres=", radius), func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				found = len(w.places.Around(nearby.Circle{Lat: 27.5, Lon: 105.5, Radius: radius}, 20))
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// BenchmarkPutParkings loads 1 000 000 car parks, all of one city, in the order of their ids and in none.
func BenchmarkPutParkings(b *testing.B) {
	const n = 1_000_000
	all := make([]Parking, n)
	for i := range all {
		all[i] = Parking{
			ID: itoa(i + 1), Lat: fmt.Sprintf("%.4f", 25+float64(i/1000)/200), Lon: fmt.Sprintf("%.4f", 103+float64(i%1000)/200), City: "重庆市",
			ElectronicPayment: i%2 == 0, Tariff: tariff.Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500},
		}
	}
	for _, order := range []struct {
		name string
		step int
	}{{"by id", 1}, {"shuffled", 611_953}} { // a prime
		b.Run(order.name, func(b *testing.B) {
			for b.Loop() {
				w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai))
				for i := range n {
					w.Apply(w.start, PutParking{Parking: all[i*order.step%n]})
				}
			}
		})
	}
}

// BenchmarkCity lists a page of a city with 1 000 000 car parks, one in a thousand of which has electronic payment.
func BenchmarkCity(b *testing.B) {
	w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai))
	for i := range 1_000_000 {
		w.putParking(NewSite(Parking{ID: itoa(i + 1), Lat: "29", Lon: "106", City: "重庆市", ElectronicPayment: i%1000 == 0}))
	}
	for _, electronic := range []bool{false, true} {
		b.Run(fmt.Sprint("payType=", electronic), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.places.InCity("重庆市", electronic, "500000", 20)
			}
		})
	}
}
