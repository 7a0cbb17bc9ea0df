package tariff

import (
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

// Prose says what each of the first days of a stay came to.
func (t Tariff) Prose(days []DayCharge, free string) (p reasons.Phrase) {
	if t.FreeMinutes > 0 {
		minutes := strconv.Itoa(t.FreeMinutes)
		if free == "deducted" {
			p.Add("less "+minutes+" free minutes, ", "扣除 "+minutes+" 分钟免费时间，")
		} else {
			p.Add("past "+minutes+" free minutes the whole stay counts, ", "超过 "+minutes+" 分钟免费时间，按全程计费，")
		}
	}
	unit := time.Duration(t.UnitMinutes) * time.Minute
	for i, d := range days {
		if i > 0 {
			p.Add(", ", "，")
		}
		day, sum := strconv.Itoa(d.Day), strconv.FormatInt(d.Units, 10)+" × "+t.UnitPrice.Plain()
		p.Add("day "+day+": "+duration.Prose(d.Length)+" in units of "+duration.Prose(unit)+" = "+sum, "第 "+day+" 天 "+duration.Chinese(d.Length)+"，按每 "+duration.Chinese(unit)+"计 = "+sum)
		if d.Capped {
			p.Add(", capped at "+d.Fee.Plain(), "，封顶 "+d.Fee.Plain())
		} else {
			p.Add(" = "+d.Fee.Plain(), " = "+d.Fee.Plain())
		}
	}
	return p
}
