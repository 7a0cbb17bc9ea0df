package show

import (
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/duration"
)

// lanesZh are the lanes of a stay in Chinese.
var lanesZh = map[string]string{"user": "用户", "platform": "平台", "car": "车辆", "webhook": "推送"}

// Stay prints a stay's time line; order may be nil.
func Stay(p *Printer, order *control.Order, items []control.StayItem) error {
	if !p.JSON && order != nil {
		p.Line("%s %s, %s, %s", p.Bold(cli.Clean(order.PlateNumber)), cli.Clean(order.ParkingName), cli.Clean(order.OrderID), p.State(order.State))
	}
	return cli.PrintList(p.Printer, items, "nothing yet", []cli.Column[control.StayItem]{
		{Title: p.Either("TIME", "时间"), Cell: func(i control.StayItem) string { return p.future(i, i.At.String()) }},
		{Title: p.Either("AFTER", "间隔"), Right: true, Cell: func(i control.StayItem) string { return p.Dim(p.gap(i)) }},
		{Title: p.Either("LANE", "泳道"), Cell: func(i control.StayItem) string { return cli.Clean(p.Either(i.Lane, lanesZh[i.Lane])) }},
		{Title: "ID", Cell: func(i control.StayItem) string { return p.Bold(cli.Clean(i.RequestID + i.PushID)) }},
		{Title: p.Either("WHAT", "内容"), Cell: func(i control.StayItem) string { return p.what(i) }},
	})
}

func (p *Printer) gap(i control.StayItem) string {
	if d, err := duration.Parse(i.Gap); err == nil {
		return p.Either(i.Gap, duration.Chinese(d))
	}
	return cli.Clean(i.Gap)
}

// future is dim where something is to come.
func (p *Printer) future(i control.StayItem, text string) string {
	if i.Kind == "next" {
		return p.Dim(text)
	}
	return text
}

func (p *Printer) what(i control.StayItem) string {
	text := cli.Clean(p.Either(i.Text, i.TextZh))
	switch {
	case i.Failed && i.Kind == "attempt":
		text = p.Yellow(text)
	case i.Failed:
		text = p.Red(text)
	}
	return p.future(i, text)
}
