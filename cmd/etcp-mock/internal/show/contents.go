package show

import (
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// colors are the names of the plate colours of §9.4.
var colors = map[string][2]string{"1": {"blue", "蓝"}, "2": {"black", "黑"}, "3": {"yellow", "黄"}, "4": {"white", "白"}}

func (p *Printer) color(number string) string {
	if names, known := colors[number]; known {
		return p.Either(names[0], names[1])
	}
	return cli.Clean(number)
}

// Parkings prints car parks as a table.
func Parkings(p *Printer, all []control.Parking) error {
	return cli.PrintList(p.Printer, all, "no car parks", []cli.Column[control.Parking]{
		{Title: "ID", Cell: func(x control.Parking) string { return p.Bold(cli.Clean(x.ID)) }},
		{Title: "NAME", Cell: func(x control.Parking) string { return cli.Clean(x.Name) }},
		{Title: "CITY", Cell: func(x control.Parking) string { return cli.Clean(x.City) }},
		{Title: "SPACES", Right: true, Cell: func(x control.Parking) string { return number(x.TotalSpace) }},
		{Title: "TAKEN", Right: true, Cell: func(x control.Parking) string { return strconv.Itoa(x.Occupied) }},
		{Title: "TARIFF", Cell: func(x control.Parking) string { return p.tariff(x.Tariff) }},
	})
}

// Parking prints a car park.
func Parking(p *Printer, x control.Parking) error {
	if p.JSON {
		return p.Object(x)
	}
	electronic := ""
	if x.ElectronicPayment != nil {
		electronic = p.yes(*x.ElectronicPayment)
	}
	p.Card(
		cli.Field{"car park", p.Bold(cli.Clean(x.ID)) + "  " + cli.Clean(x.Name)}, cli.Field{"city", cli.Clean(x.City)},
		cli.Field{"position", cli.Clean(x.Lat + ", " + x.Lon)}, cli.Field{"type", p.parkingType(x.ParkingType)}, cli.Field{"electronic payment", electronic},
		cli.Field{"spaces", number(x.TotalSpace)}, cli.Field{"taken", strconv.Itoa(x.Occupied)}, cli.Field{"tariff", p.tariff(x.Tariff)},
	)
	return nil
}

// parkingType is the number in words (§9.9).
func (p *Printer) parkingType(number string) string {
	switch number {
	case "8":
		return p.Either("ground (8)", "地面（8）")
	case "7":
		return p.Either("underground (7)", "地下（7）")
	case "146":
		return p.Either("ground and underground (146)", "地面和地下（146）")
	default:
		return cli.Clean(number)
	}
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func (p *Printer) yes(yes bool) string {
	if yes {
		return p.Either("yes", "是")
	}
	return p.Either("no", "否")
}

// tariff is such as "15 min free, ¥5 per 60 min, at most ¥50 a day".
func (p *Printer) tariff(t *control.Tariff) string {
	if t == nil {
		return ""
	}
	parts := []string{}
	if t.FreeMinutes != nil {
		parts = append(parts, strconv.Itoa(*t.FreeMinutes)+p.Either(" min free", " 分钟免费"))
	}
	if t.UnitPrice != nil && t.UnitMinutes != nil {
		parts = append(parts, "¥"+t.UnitPrice.String()+p.Either(" per ", " / ")+strconv.Itoa(*t.UnitMinutes)+p.Either(" min", " 分钟"))
	}
	if t.DailyCap != nil {
		parts = append(parts, p.Either("at most ¥"+t.DailyCap.String()+" a day", "每日封顶 ¥"+t.DailyCap.String()))
	}
	return strings.Join(parts, p.Either(", ", "，"))
}

// Merchants prints merchants as a table, without their keys.
func Merchants(p *Printer, all []control.Merchant) error {
	return cli.PrintList(p.Printer, all, "no merchants", []cli.Column[control.Merchant]{
		{Title: "MERCHANT", Cell: func(m control.Merchant) string { return p.Bold(cli.Clean(m.No)) }},
		{Title: "NAME", Cell: func(m control.Merchant) string { return cli.Clean(m.Name) }},
		{Title: "PUSH URL", Cell: func(m control.Merchant) string {
			if m.Push == nil {
				return ""
			}
			return cli.Clean(m.Push.URL)
		}},
		{Title: "KINDS", Cell: kinds},
	})
}

// kinds are those a merchant is pushed; all of them are not listed.
func kinds(m control.Merchant) string {
	if m.Push == nil {
		return ""
	}
	names := make([]string, len(m.Push.Kinds))
	for i, k := range m.Push.Kinds {
		names[i] = cli.Clean(string(k))
	}
	return strings.Join(names, " ")
}

// Merchant prints a merchant with its key.
func Merchant(p *Printer, m control.Merchant) error {
	if p.JSON {
		return p.Object(m)
	}
	card := []cli.Field{{"merchant", p.Bold(cli.Clean(m.No))}, {"name", cli.Clean(m.Name)}, {"key", cli.Clean(m.Key)}}
	if m.Push == nil {
		p.Card(append(card, cli.Field{"push URL", p.Dim(p.Either("none: it gets no pushes", "未设置：收不到推送"))})...)
		return nil
	}
	card = append(card, cli.Field{"push URL", cli.Clean(m.Push.URL)})
	for _, kind := range []client.Kind{client.KindEntry, client.KindExit, client.KindUnbind, client.KindCertificationInvalid} {
		card = append(card, cli.Field{string(kind), cli.Clean(m.Push.URLs[kind])})
	}
	p.Card(append(card, cli.Field{"kinds", kinds(m)})...)
	return nil
}

// Users prints users as a table.
func Users(p *Printer, all []control.User) error {
	return cli.PrintList(p.Printer, all, "no users; a phone that binds a plate is one", []cli.Column[control.User]{
		{Title: "PHONE", Cell: func(u control.User) string { return p.Bold(cli.Clean(u.Phone)) }},
		{Title: "PLATES", Cell: func(u control.User) string {
			plates := make([]string, len(u.Bindings))
			for i, b := range u.Bindings {
				plates[i] = b.PlateNumber
			}
			return cli.Clean(strings.Join(plates, " "))
		}},
		{Title: "BOUND THIS MONTH", Right: true, Cell: func(u control.User) string { return strconv.Itoa(u.BoundThisMonth) }},
	})
}

// User prints a user and what it has bound.
func User(p *Printer, u control.User) error {
	if p.JSON {
		return p.Object(u)
	}
	p.Card(cli.Field{"phone", p.Bold(cli.Clean(u.Phone))}, cli.Field{"bound this month", strconv.Itoa(u.BoundThisMonth)})
	return cli.PrintList(p.Printer, u.Bindings, "no plate is bound", []cli.Column[control.Binding]{
		{Title: "PLATE", Cell: func(b control.Binding) string { return p.Bold(cli.Clean(b.PlateNumber)) }},
		{Title: "COLOR", Cell: func(b control.Binding) string { return p.color(b.PlateColor) }},
		{Title: "SINCE", Cell: func(b control.Binding) string { return b.Since.String() }},
		{Title: "MERCHANTS", Cell: func(b control.Binding) string { return cli.Clean(strings.Join(b.Merchants, " ")) }},
		{Title: "CERTIFIED FOR", Cell: func(b control.Binding) string { return cli.Clean(b.CertifiedFor) }},
	})
}

// Vehicles prints rows of the registry as a table.
func Vehicles(p *Printer, all []control.Vehicle) error {
	return cli.PrintList(p.Printer, all, "the registry is empty", []cli.Column[control.Vehicle]{
		{Title: "PLATE", Cell: func(v control.Vehicle) string { return p.Bold(cli.Clean(v.PlateNumber)) }},
		{Title: "COLOR", Cell: func(v control.Vehicle) string { return p.color(v.PlateColor) }},
		{Title: "VIN", Cell: func(v control.Vehicle) string { return cli.Clean(v.VIN) }},
		{Title: "ENGINE", Cell: func(v control.Vehicle) string { return cli.Clean(v.Engine) }},
		{Title: "TYPE", Cell: func(v control.Vehicle) string { return p.userType(v.UserType) }},
		{Title: "SPACE", Cell: func(v control.Vehicle) string { return cli.Clean(v.FixParkingID) }},
		{Title: "DAYS", Right: true, Cell: func(v control.Vehicle) string { return cli.Clean(v.RemainingDays) }},
	})
}

func (p *Printer) userType(t string) string {
	switch t {
	case client.LongTerm:
		return p.Either("long-term", "长租")
	case client.Temporary:
		return p.Either("temporary", "临停")
	}
	return cli.Clean(t)
}

// VehicleCard prints what is known of a vehicle.
func VehicleCard(p *Printer, v control.VehicleCard) error {
	if p.JSON {
		return p.Object(v)
	}
	card := []cli.Field{{"vehicle", p.Bold(cli.Clean(v.PlateNumber)) + "  " + p.color(v.PlateColor)}}
	if r := v.Registered; r != nil {
		card = append(card, cli.Field{"VIN", cli.Clean(r.VIN)}, cli.Field{"engine", cli.Clean(r.Engine)}, cli.Field{"type", p.userType(r.UserType)},
			cli.Field{"space", cli.Clean(r.FixParkingID)}, cli.Field{"remaining days", cli.Clean(r.RemainingDays)})
	} else {
		card = append(card, cli.Field{"registry", p.Dim(p.Either("not in it", "无登记"))})
	}
	if o := v.Owner; o != nil {
		card = append(card, cli.Field{"bound by", cli.Clean(o.Phone)}, cli.Field{"since", o.Since.String()}, cli.Field{"merchants", cli.Clean(strings.Join(o.Merchants, " "))},
			cli.Field{"certified for", cli.Clean(o.CertifiedFor)})
	}
	p.Card(card...)
	return nil
}
