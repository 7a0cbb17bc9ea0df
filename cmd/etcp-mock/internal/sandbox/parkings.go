package sandbox

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewParkings is the command parkings.
func NewParkings() *cobra.Command {
	cmd := newParkingsList("parkings")
	cmd.Short = "List, show and set car parks"
	cmd.AddCommand(newParkingsList("list"), newParkingsShow(), newParkingsSet())
	return cmd
}

func newParkingsList(use string) *cobra.Command {
	return listing(use, "List the car parks", "  etcp-mock parkings\n  etcp-mock parkings -o json | jq -r '.items[].id'", (*control.Sandbox).Parkings, show.Parkings)
}

func newParkingsShow() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a car park", Example: "  etcp-mock parkings show 1", Args: cli.Args(cobra.ExactArgs(1)),
	}
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.Parking, error) {
		return s.Parking(cmd.Context(), given[0])
	}, show.Parking)
}

// parkingFlags are what a car park is set to; what is not given stays.
type parkingFlags struct {
	name, city, lat, lon, kind string
	electronic                 bool
	total, occupied            int
	free, unit                 int
	price, most                string
}

func newParkingsSet() *cobra.Command {
	var f parkingFlags
	cmd := &cobra.Command{
		Use: "set ID", Short: "Make a car park, or change one",
		Long:    "Make a car park, or change one: what no flag names stays as it is. A new one wants --name, --city, --lat and --lon.",
		Example: "  etcp-mock parkings set 1 --total 200 --unit-price 6\n  etcp-mock parkings set 9 --name 江北机场 --city 重庆市 --lat 29.719 --lon 106.641",
		Args:    cli.Args(cobra.ExactArgs(1)),
	}
	set := cmd.Flags()
	set.StringVar(&f.name, "name", "", "its name")
	set.StringVar(&f.city, "city", "", "its city, such as 重庆市")
	set.StringVar(&f.lat, "lat", "", "latitude (BD-09)")
	set.StringVar(&f.lon, "lon", "", "longitude (BD-09)")
	set.StringVar(&f.kind, "parking-type", "", "8 on the ground, 7 underground, 146 both")
	set.BoolVar(&f.electronic, "electronic-payment", true, "whether it takes electronic payment")
	set.IntVar(&f.total, "total", 0, "how many spaces it has")
	set.IntVar(&f.occupied, "occupied", 0, "how many are taken by others than the sandbox's cars")
	set.IntVar(&f.free, "free-minutes", 0, "minutes that cost nothing")
	set.IntVar(&f.unit, "unit-minutes", 0, "minutes of a unit, each of which is paid once begun")
	set.StringVar(&f.price, "unit-price", "", "price of a unit, in `yuan`")
	set.StringVar(&f.most, "daily-cap", "", "most for each 24 hours, in `yuan`")
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.Parking, error) {
		p, err := s.Parking(cmd.Context(), given[0])
		if control.IsNotFound(err) {
			p, err = control.Parking{ID: given[0]}, nil
		}
		if err != nil {
			return control.Parking{}, err
		}
		if err := f.apply(cmd, &p); err != nil {
			return control.Parking{}, err
		}
		if err := s.PutParking(cmd.Context(), p); err != nil {
			return control.Parking{}, err
		}
		return s.Parking(cmd.Context(), given[0])
	}, show.Parking)
}

func (f *parkingFlags) apply(cmd *cobra.Command, p *control.Parking) error {
	changed := cmd.Flags().Changed
	for _, text := range []struct {
		flag, value string
		into        *string
	}{{"name", f.name, &p.Name}, {"city", f.city, &p.City}, {"lat", f.lat, &p.Lat}, {"lon", f.lon, &p.Lon}, {"parking-type", f.kind, &p.ParkingType}} {
		if changed(text.flag) {
			*text.into = text.value
		}
	}
	if changed("electronic-payment") {
		p.ElectronicPayment = &f.electronic
	}
	if changed("total") {
		p.TotalSpace = &f.total
	}
	if changed("occupied") {
		p.Occupied = f.occupied
	}
	if !changed("free-minutes") && !changed("unit-minutes") && !changed("unit-price") && !changed("daily-cap") {
		return nil
	}
	if p.Tariff == nil {
		p.Tariff = &control.Tariff{}
	}
	if changed("free-minutes") {
		p.Tariff.FreeMinutes = &f.free
	}
	if changed("unit-minutes") {
		p.Tariff.UnitMinutes = &f.unit
	}
	for _, money := range []struct {
		flag, value string
		into        **client.Fen
	}{{"unit-price", f.price, &p.Tariff.UnitPrice}, {"daily-cap", f.most, &p.Tariff.DailyCap}} {
		if !changed(money.flag) {
			continue
		}
		amount, err := client.ParseYuan(money.value)
		if err != nil {
			return cli.Usagef("--%s: want an amount in yuan such as 5 or 4.50, got %s", money.flag, strconv.Quote(money.value))
		}
		*money.into = &amount
	}
	return nil
}
