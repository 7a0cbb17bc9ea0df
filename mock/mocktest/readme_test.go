// The README shows the rest of this file.
package mocktest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

func TestPayingForParking(t *testing.T) {
	m := mocktest.New(t) // a mock of this test's own, its clock frozen at 2017-08-20 12:00:00
	platform := client.New(m.URL, m.MerchantNo, m.MerchantKey)
	token, err := platform.UserSignin(t.Context(), client.Signin{MobilePhone: "13800000001", AppID: "my-app"})
	require.NoError(t, err)
	require.NoError(t, platform.BindCar(t.Context(), client.Binding{Token: token, PlateNumber: "渝ATX061"}))

	m.Enter("渝ATX061")
	m.Advance("1h30m")

	owed, err := platform.OrderUnpay(t.Context(), client.UnpayQuery{Token: token, PlateNumber: "渝ATX061"})
	require.NoError(t, err)
	require.Equal(t, "10.0", owed[0].RemainingFee.String())
}
