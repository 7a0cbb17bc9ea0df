package sandbox

import (
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewUsers is the command users.
func NewUsers() *cobra.Command {
	cmd := newUsersList("users")
	cmd.Short = "List and show users: which plates each has bound"
	cmd.AddCommand(newUsersList("list"), newUsersShow())
	return cmd
}

func newUsersList(use string) *cobra.Command {
	return listing(use, "List the users", "  etcp-mock users", (*control.Sandbox).Users, show.Users)
}

func newUsersShow() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show PHONE", Short: "Show what a phone has bound",
		Long:    "Show what a phone has bound. A user binds a plate as in reality: etcp-mock call bindcar --as PHONE plateNumber=PLATE.",
		Example: "  etcp-mock users show 13800000001", Args: cli.Args(cobra.ExactArgs(1)),
	}
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.User, error) {
		return s.User(cmd.Context(), given[0])
	}, show.User)
}

// NewVehicles is the command vehicles.
func NewVehicles() *cobra.Command {
	cmd := newVehiclesList("vehicles")
	cmd.Short = "List, show and set the registry of vehicles: frame and engine numbers, long-term tenants"
	cmd.AddCommand(newVehiclesList("list"), newVehiclesShow(), newVehiclesSet())
	return cmd
}

func newVehiclesList(use string) *cobra.Command {
	return listing(use, "List the registry of vehicles", "  etcp-mock vehicles", (*control.Sandbox).Vehicles, show.Vehicles)
}

func newVehiclesShow() *cobra.Command {
	var color string
	cmd := &cobra.Command{
		Use: "show PLATE", Short: "Show what is known of a vehicle: its row of the registry, who has bound it", Example: "  etcp-mock vehicles show 渝ATX061",
		Args: cli.Args(cobra.ExactArgs(1)),
	}
	cmd.Flags().StringVar(&color, "plate-color", "", "blue (the default), black, yellow or white")
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.VehicleCard, error) {
		number, err := input.PlateColor(color)
		if err != nil {
			return control.VehicleCard{}, err
		}
		return s.Vehicle(cmd.Context(), given[0], number)
	}, show.VehicleCard)
}

func newVehiclesSet() *cobra.Command {
	var v control.Vehicle
	cmd := &cobra.Command{
		Use: "set PLATE", Short: "Write a vehicle's row of the registry", Long: "Write a vehicle's row of the registry, whole: what no flag names is empty.",
		Example: "  etcp-mock vehicles set 渝ATX061 --vin LVSHBFDC7RF414158 --engine DA01991\n  etcp-mock vehicles set 渝B00001 --user-type long-term --fix-parking-id U7 --remaining-days 11",
		Args:    cli.Args(cobra.ExactArgs(1)),
	}
	cmd.Flags().StringVar(&v.PlateColor, "plate-color", "", "blue (the default), black, yellow or white")
	cmd.Flags().StringVar(&v.VIN, "vin", "", "frame number, 17 characters")
	cmd.Flags().StringVar(&v.Engine, "engine", "", "engine number")
	cmd.Flags().StringVar(&v.UserType, "user-type", "", "temporary or long-term")
	cmd.Flags().StringVar(&v.FixParkingID, "fix-parking-id", "", "a long-term tenant's space")
	cmd.Flags().StringVar(&v.RemainingDays, "remaining-days", "", "a long-term tenant's remaining days")
	return printing(cmd, func(cmd *cobra.Command, s *control.Sandbox, given []string) (control.VehicleCard, error) {
		v.PlateNumber = given[0]
		var err error
		if v.PlateColor, err = input.PlateColor(v.PlateColor); err != nil {
			return control.VehicleCard{}, err
		}
		if v.UserType, err = input.UserType(v.UserType); err != nil {
			return control.VehicleCard{}, err
		}
		if err := s.PutVehicle(cmd.Context(), v); err != nil {
			return control.VehicleCard{}, err
		}
		return s.Vehicle(cmd.Context(), v.PlateNumber, v.PlateColor)
	}, show.VehicleCard)
}
