package control

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// vehicleCard is all a sandbox knows of a vehicle but its orders.
type vehicleCard struct {
	PlateNumber string           `json:"plateNumber"`
	PlateColor  string           `json:"plateColor"`
	Registered  *fixture.Vehicle `json:"registered"` // its row of the registry
	Owner       *vehicleOwner    `json:"owner"`      // who has bound it
}

type vehicleOwner struct {
	Phone        string   `json:"phone"`
	Since        string   `json:"since"`
	Merchants    []string `json:"merchants"` // related, who are pushed
	CertifiedFor *string  `json:"certifiedFor"`
}

func (a *Control) getVehicle(in *call) (reply, error) {
	v, err := fixture.CheckPlate(in.gin.Param("plate"), in.gin.Query("plateColor"))
	if err != nil {
		return reply{}, err
	}
	card := vehicleCard{PlateNumber: v.Plate, PlateColor: v.Color}
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		if row, known := w.Registered(v); known {
			item := vehicleItem(v, row)
			card.Registered = &item
		}
		phone, b, bound := w.Owner(v)
		if !bound {
			return
		}
		card.Owner = &vehicleOwner{Phone: phone, Since: notation.FormatTime(b.Since), Merchants: b.Merchants}
		if b.CertifiedFor != "" {
			card.Owner.CertifiedFor = &b.CertifiedFor
		}
	})
	return ok(card)
}
