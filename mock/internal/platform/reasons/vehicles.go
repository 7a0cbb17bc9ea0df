package reasons

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Vehicle names a vehicle.
func Vehicle(v notation.Vehicle) Phrase {
	return Phrase{En: v.Plate + " (plateColor " + v.Color + ")", Zh: v.Plate + "（车牌颜色 " + v.Color + "）"}
}

// Vehicles names vehicles, each with since when it is bound.
func Vehicles(all []notation.Vehicle, since func(notation.Vehicle) time.Time) (list Phrase) {
	for i, v := range all {
		if i > 0 {
			list.Add(", ", "、")
		}
		name, at := Vehicle(v), notation.FormatTime(since(v))
		list.Add(name.En+" on "+at, name.Zh+"于 "+at)
	}
	return list
}
