package model

import (
	"fmt"
	"time"
)

// park is a car park of a story's sandbox.
type park struct {
	id, name, city, lat, lon string
	kind                     string // parkingType
	electronic               bool
	total, occupied          int
	tariff                   tariff
}

const parkName = "ETCP 智慧 停车场"

// short is the tariff of the car parks that are not charged by the story's own.
var short = tariff{free: 30 * time.Minute, unit: 45 * time.Minute, price: 300, most: 4000}

// parks are the car parks: near each other and far apart, at the same point, at the edges of the map; with few spaces, and with none.
func (u *Setup) parks() []park {
	return []park{
		{"1", parkName, "重庆市", "29.563", "106.551", "8", true, 1000, 0, u.main},
		{"3", "丙", "重庆市", "29.6", "106.551", "7", true, 100, 79, short},
		{"20", "乙", "重庆市", "29.57", "106.551", "146", false, 5, 3, short},
		{"21", "己", "重庆市", "29.57", "106.551", "8", true, 2, 0, tariff{free: 5 * time.Minute, unit: 30 * time.Minute, price: 400, most: 350}},
		{"100", "戊", "重庆市", "29.59", "106.552", "8", true, 10, 8, u.main},
		{"40", "丁", "北京市", "39.9", "116.4", "8", true, 0, 0, short},
		{"50", "东", "上海市", "0.01", "179.99", "8", true, 100, 0, short},
		{"51", "西", "上海市", "0.01", "-179.99", "8", true, 100, 0, short},
		{"60", "北", "哈尔滨", "80", "20.25", "8", true, 100, 50, short},
	}
}

func (p *park) fixture() string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"city":%q,"lat":%q,"lon":%q,"parkingType":%q,"electronicPayment":%t,"totalSpace":%d,"occupied":%d,"tariff":%s}`,
		p.id, p.name, p.city, p.lat, p.lon, p.kind, p.electronic, p.total, p.occupied, p.tariff.fixture())
}
