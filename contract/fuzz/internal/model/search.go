package model

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// place is a car park as a list must show it.
type place struct {
	park

	metres float64 // from where it is asked for
}

// searchResult is what a scrollId continues.
type searchResult struct {
	as     int
	around bool
	rest   []place // that are still to come
	unsure bool    // one lies next to the radius
}

// metres is the haversine distance on a sphere of 6 371 000 m (§9.10).
func metres(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6_371_000 * math.Asin(math.Sqrt(a))
}

// predictSearch is the code of a search: a scrollId must be one that was given to this merchant.
func (m *Model) predictSearch(as int, fields map[string]any) int {
	text := Text(fields, "scrollId")
	if text == "" {
		return 0
	}
	if s := m.scrolls[text]; s == nil || s.as != as {
		return schemas.CodeBadParameter
	}
	return 0
}

// searched is what a search finds, in its order: around a point by distance, in a city by number.
func (m *Model) searched(as int, fields map[string]any) *searchResult {
	s := &searchResult{as: as}
	lat, err := strconv.ParseFloat(Text(fields, "lat"), 64)
	s.around = err == nil
	lon, _ := strconv.ParseFloat(Text(fields, "lon"), 64)
	radius, _ := strconv.ParseFloat(Text(fields, "radius"), 64)
	for _, p := range m.setup.parks() {
		theirLat, _ := strconv.ParseFloat(p.lat, 64)
		theirLon, _ := strconv.ParseFloat(p.lon, 64)
		found := place{p, metres(lat, lon, theirLat, theirLon)}
		switch {
		case Text(fields, "payType") != "" && !p.electronic, !s.around && p.city != Text(fields, "city"):
			continue
		case s.around && math.Abs(found.metres-radius) < 2:
			s.unsure = true
		case s.around && found.metres > radius:
			continue
		}
		s.rest = append(s.rest, found)
	}
	slices.SortFunc(s.rest, func(a, b place) int {
		if s.around && math.Abs(a.metres-b.metres) > 0.01 {
			return int(math.Copysign(1, a.metres-b.metres))
		}
		one, _ := strconv.Atoi(a.id)
		two, _ := strconv.Atoi(b.id)
		return one - two
	})
	return s
}

// search holds a page to the car parks that there are.
func (o *observed) search() string {
	m := o.m
	var data struct {
		List []struct {
			ID       string `json:"id"`
			Name     string `json:"parkingName"`
			Free     string `json:"minFreeTime"`
			Hour     string `json:"avgCostPrecise"`
			Kind     string `json:"parkingType"`
			Distance string `json:"distance"`
			Lon      string `json:"lon"`
			Lat      string `json:"lat"`
		} `json:"list"`
		Scroll string `json:"scrollId"`
	}
	if o.data(&data); data.List == nil {
		return o.wrong("has no list")
	}
	s := m.scrolls[o.text("scrollId")]
	if s == nil {
		s = m.searched(o.as, o.fields)
	}
	if data.Scroll != "" {
		next := *s
		next.rest = s.rest[min(m.setup.page, len(s.rest)):]
		m.scrolls[data.Scroll] = &next
	}
	if s.unsure {
		return ""
	}
	if want := min(m.setup.page, len(s.rest)); len(data.List) != want {
		return o.wrong("lists %d car parks, want %d", len(data.List), want)
	}
	for i, row := range data.List {
		p := s.rest[i]
		shown, err := strconv.ParseFloat(strings.TrimSuffix(row.Distance, "m"), 64)
		hour, failed := client.ParseYuan(row.Hour)
		off := hour - p.tariff.hour()
		switch {
		case row.ID != p.id || row.Name != p.name:
			return o.wrong("lists car park %s at place %d, want %s", row.ID, i+1, p.id)
		case s.around && (err != nil || !strings.HasSuffix(row.Distance, "m") || math.Abs(shown-p.metres) > 1), !s.around && row.Distance != "":
			return o.wrong("shows car park %s at %q, want about %.0fm around a point, and nothing in a city", row.ID, row.Distance, p.metres)
		case row.Free != strconv.Itoa(int(p.tariff.free.Minutes())), failed != nil || off > 1 || off < -1:
			return o.wrong("shows minFreeTime %s and avgCostPrecise %s of car park %s", row.Free, row.Hour, row.ID)
		case row.Kind != p.kind || row.Lat != p.lat || row.Lon != p.lon:
			return o.wrong("shows parkingType %s, lat %s and lon %s of car park %s", row.Kind, row.Lat, row.Lon, row.ID)
		}
	}
	return ""
}
