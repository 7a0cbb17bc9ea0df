package platform

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkRadius searches a page among 1 000 000 car parks.
func BenchmarkRadius(b *testing.B) {
	w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, Shanghai))
	for i := range 1_000_000 {
		p := newParking(Parking{
			ID: itoa(i + 1), Lat: fmt.Sprintf("%.4f", 25+float64(i/1000)/200), Lon: fmt.Sprintf("%.4f", 103+float64(i%1000)/200),
		})
		w.spots.tree.Insert(p.point(), p.point(), p)
	}
	for _, radius := range []int{500, 1000, 5000} {
		b.Run(fmt.Sprint("metres=", radius), func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				found = len(w.spots.within(scroll{Lat: 27.5, Lon: 105.5, Radius: radius}, 20))
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}
