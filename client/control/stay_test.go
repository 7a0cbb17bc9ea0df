package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
)

// requireStay reads the time line and the fee of a stay that has ended and was debited.
func requireStay(t *testing.T, s *control.Sandbox, order control.Order) {
	t.Helper()
	ctx := t.Context()
	items, err := s.Stay(ctx, order.OrderID, control.Page{})
	require.NoError(t, err)
	last := items.Items[len(items.Items)-1]
	require.NotEmpty(t, last.TextZh)
	kinds := map[string]control.StayItem{}
	for _, i := range items.Items {
		kinds[i.Kind] = i
	}
	require.Equal(t, order.EntranceTime, kinds["enter"].At)
	require.Equal(t, order.ParkingFee, *kinds["exit"].Amount)
	require.Equal(t, "car", kinds["exit"].Lane)
	curve, err := s.OrderFee(ctx, order.OrderID, order.ExitTime, control.Page{})
	require.NoError(t, err)
	require.Equal(t, order.ExitTime, curve.Until)
	require.Equal(t, order.ParkingFee, curve.Items[len(curve.Items)-1].Fee)
	require.Equal(t, "withhold", curve.Payments[0].How)
	first, err := s.OrderFee(ctx, order.OrderID, client.Time{}, control.Page{Limit: 1})
	require.NoError(t, err)
	require.Zero(t, first.Items[0].Fee)
	_, err = s.Stay(ctx, "none", control.Page{})
	require.True(t, control.IsNotFound(err))
	_, err = s.OrderFee(ctx, "none", client.Time{}, control.Page{})
	require.True(t, control.IsNotFound(err))
}
