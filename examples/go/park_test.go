// Package park_test is a stay from sign-in to exit in a Go test: a mock of its own, the typed client and the webhook's handler.
package park_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

func TestACarParksAndItsOwnerPays(t *testing.T) {
	const plate = "渝ATX061"
	m := mocktest.New(t)
	entries, exits := make(chan client.EntryPush, 1), make(chan client.ExitPush, 1)
	webhook := httptest.NewServer(&client.PushHandler{
		MerchantNo: m.MerchantNo, Key: m.MerchantKey,
		OnEntry: func(_ context.Context, p client.EntryPush) error { entries <- p; return nil },
		OnExit:  func(_ context.Context, p client.ExitPush) error { exits <- p; return nil },
	})
	t.Cleanup(webhook.Close)
	m.PushTo(webhook.URL)

	ctx := t.Context()
	platform := client.New(m.URL, m.MerchantNo, m.MerchantKey)
	token, err := platform.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "ETCP"})
	require.NoError(t, err)
	require.NoError(t, platform.BindCar(ctx, client.Binding{Token: token, PlateNumber: plate}))

	order := m.Enter(plate)
	entry := <-entries
	require.Equal(t, order, entry.SynID)
	require.Equal(t, "渝****61", entry.PlateNumber)

	m.Advance("1h30m")
	unpaid, err := platform.OrderUnpay(ctx, client.UnpayQuery{Token: token, PlateNumber: plate})
	require.NoError(t, err)
	require.Len(t, unpaid, 1)
	require.Equal(t, client.Fen(1000), unpaid[0].RemainingFee)

	payment := client.Payment{
		Token: token, OrderID: order, ExternalOrderID: "E1", Payment: 900,
		PayTime: client.At(time.Now()), VerificationInfo: unpaid[0].VerificationInfo,
	}
	_, err = platform.OrderPaid(ctx, payment)
	require.ErrorIs(t, err, client.ErrWrongAmount)
	payment.Payment = unpaid[0].RemainingFee
	_, err = platform.OrderPaid(ctx, payment)
	require.NoError(t, err)

	m.Exit(plate)
	require.Equal(t, 90*time.Minute, (<-exits).Stayed)
}
