package fuzz

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
)

// place is a car park of a story's sandbox, as a list must show it.
type place struct {
	id, name, city, free, hour string
	lat, lon                   float64
	electronic                 bool
	metres                     float64 // from where it is asked for
}

var places = []place{
	{id: "1", name: "ETCP智慧停车场", city: "重庆市", free: "15", hour: "5", lat: 29.563, lon: 106.551, electronic: true},
	{id: "3", name: "丙", city: "重庆市", lat: 29.6, lon: 106.551, electronic: true},
	{id: "20", name: "乙", city: "重庆市", free: "30", hour: "4", lat: 29.57, lon: 106.551},
	{id: "40", name: "丁", city: "北京市", lat: 39.9, lon: 116.4, electronic: true},
}

// metres is the haversine distance on a sphere of 6 371 000 m (§9.10).
func metres(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6_371_000 * math.Asin(math.Sqrt(a))
}

// observeSearch holds a list to the car parks that there are. Where one lies within two metres of the radius, nothing is known.
func observeSearch(fields map[string]any, answer *client.Answer, wrong func(string, ...any) *breach) *breach {
	var data struct {
		List []struct {
			ID       string `json:"id"`
			Name     string `json:"parkingName"`
			Free     string `json:"minFreeTime"`
			Hour     string `json:"avgCostPrecise"`
			Distance string `json:"distance"`
		} `json:"list"`
	}
	_ = json.Unmarshal(answer.Data, &data) // the schema has seen it
	lat, err := strconv.ParseFloat(textOf(fields, "lat"), 64)
	around := err == nil
	lon, _ := strconv.ParseFloat(textOf(fields, "lon"), 64)
	radius, _ := strconv.ParseFloat(textOf(fields, "radius"), 64)
	var want []place
	for _, p := range places {
		p.metres = metres(lat, lon, p.lat, p.lon)
		switch {
		case around && math.Abs(p.metres-radius) < 2:
			return nil
		case textOf(fields, "payType") != "" && !p.electronic, around && p.metres > radius, !around && p.city != textOf(fields, "city"):
			continue
		}
		want = append(want, p)
	}
	if around {
		slices.SortStableFunc(want, func(a, b place) int { return int(math.Round(a.metres - b.metres)) })
	}
	if len(data.List) != len(want) {
		return wrong("lists %d car parks, want %d", len(data.List), len(want))
	}
	for i, row := range data.List {
		p := want[i]
		shown, err := strconv.ParseFloat(strings.TrimSuffix(row.Distance, "m"), 64)
		switch {
		case row.ID != p.id || row.Name != p.name:
			return wrong("lists car park %s at place %d, want %s", row.ID, i+1, p.id)
		case around && (err != nil || !strings.HasSuffix(row.Distance, "m") || math.Abs(shown-p.metres) > 1), !around && row.Distance != "":
			return wrong("shows car park %s at %q, want about %.0fm around a point, and nothing in a city", row.ID, row.Distance, p.metres)
		case p.free != "" && row.Free != p.free, p.hour != "" && strings.TrimSuffix(strings.TrimRight(row.Hour, "0"), ".") != p.hour:
			return wrong("shows minFreeTime %s and avgCostPrecise %s of car park %s", row.Free, row.Hour, row.ID)
		}
	}
	return nil
}
