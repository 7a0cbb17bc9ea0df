//go:build unix

package reliability_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
)

// account is what the merchant knows of one user: bindings and payments that were answered, and what it has to send again.
type account struct {
	phone, car string // the car is bound and unbound again and again
	toPay      string // a car of the user's that parks and pays
	bound      bool
	unsure     bool                      // whether the last change of the binding has happened
	receipts   map[string]client.Receipt // by external number
	pending    *client.Payment           // was sent, and the answer was lost
	n          int
}

func newAccount(worker int) *account {
	return &account{
		phone: fmt.Sprintf("1380000000%d", worker), car: plate(worker, 0), toPay: plate(worker, 2), bound: true, receipts: map[string]client.Receipt{},
	}
}

// load has the user bind, unbind, park and pay until the server is gone.
func (a *account) load(ctx context.Context, web *http.Client, base string) {
	admin := base + "/__admin/sandboxes/default"
	merchant := client.New(base, "demo", "demo-key", client.WithHTTPClient(web))
	for ; ctx.Err() == nil; a.n++ {
		token, err := merchant.UserSignin(ctx, client.Signin{MobilePhone: a.phone, AppID: "ETCP"})
		if err != nil {
			return
		}
		a.change(ctx, merchant, token)
		controlCall(ctx, web, http.MethodPost, admin+"/cars/enter", fmt.Sprintf(`{"plateNumber":%q,"parkingId":"1"}`, a.toPay))
		if !a.pay(ctx, merchant, token) {
			return
		}
		controlCall(ctx, web, http.MethodPost, admin+"/cars/exit", fmt.Sprintf(`{"plateNumber":%q,"payment":"cash"}`, a.toPay))
	}
}

// change binds the car, or ends its binding.
func (a *account) change(ctx context.Context, merchant *client.Client, token string) {
	var err error
	if a.bound {
		err = merchant.UnbindCar(ctx, token, a.car)
	} else {
		err = merchant.BindCar(ctx, client.Binding{Token: token, PlateNumber: a.car})
	}
	if a.unsure = err != nil; !a.unsure {
		a.bound = !a.bound
	}
}

// pay pays what is owed; a payment whose answer was lost is sent again first.
func (a *account) pay(ctx context.Context, merchant *client.Client, token string) (answered bool) {
	if a.pending == nil {
		owed, err := merchant.OrderUnpay(ctx, client.UnpayQuery{Token: token, PlateNumber: a.toPay})
		if err != nil || len(owed) == 0 || owed[0].RemainingFee == 0 {
			return err == nil
		}
		a.pending = &client.Payment{
			OrderID: owed[0].OrderID, ExternalOrderID: fmt.Sprintf("%s-%d", a.phone, a.n), Payment: owed[0].RemainingFee,
			PayTime: client.At(time.Now()), VerificationInfo: owed[0].VerificationInfo,
		}
	}
	a.pending.Token = token
	receipt, err := merchant.OrderPaid(ctx, *a.pending)
	if err == nil {
		a.receipts[receipt.ExternalOrderID], a.pending = receipt, nil
		return true
	}
	if _, refused := errors.AsType[*client.Error](err); refused { // the fee has grown meanwhile
		a.pending = nil
		return true
	}
	return false
}

// settle learns, once the server is back, whether the last change of the binding has happened.
func (a *account) settle(t *testing.T, web *http.Client, base string) {
	t.Helper()
	var user struct {
		Bindings []struct{ PlateNumber string }
	}
	status, text := controlCall(t.Context(), web, http.MethodGet, base+"/__admin/sandboxes/default/users/"+a.phone, "")
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, json.Unmarshal(text, &user))
	bound := false
	for _, b := range user.Bindings {
		bound = bound || b.PlateNumber == a.car
	}
	if !a.unsure {
		require.Equal(t, a.bound, bound, "%s of %s: what was answered holds", a.car, a.phone)
	}
	a.bound, a.unsure = bound, false
}

// kept is what the state of a sandbox says of money and bindings.
type kept struct {
	Bindings []struct {
		Vehicle, Phone string
	}
	Users  map[string]struct{ Bound []string }
	Orders []struct {
		OrderID  string `json:"orderId"`
		Payments []struct {
			PayOrderID      string     `json:"payOrderId"`
			ExternalOrderID string     `json:"externalOrderId"`
			Payment         client.Fen `json:"payment"`
		}
	}
	External map[string]string
}

// books checks the invariants of money and bindings: every receipt is in the books once, with its amount; every payment is of an
// external number of its own; what was paid and what remains make the fee; a car is bound to one user, who has three at most.
func books(t *testing.T, web *http.Client, base string, state kept, accounts []*account) (payments int) {
	t.Helper()
	byExternal, paid := map[string]client.Fen{}, map[string]client.Fen{}
	numbers := map[string]string{}
	for _, o := range state.Orders {
		for _, p := range o.Payments {
			require.NotContains(t, byExternal, p.ExternalOrderID, "paid twice")
			byExternal[p.ExternalOrderID], numbers[p.ExternalOrderID] = p.Payment, p.PayOrderID
			paid[o.OrderID] += p.Payment
			require.Equal(t, o.OrderID, state.External[p.ExternalOrderID])
		}
	}
	for _, a := range accounts {
		for external, receipt := range a.receipts {
			require.Equal(t, receipt.Payment, byExternal[external], "the payment %s was answered", external)
			require.Equal(t, receipt.PayOrderID, numbers[external])
		}
	}
	checkOrders(t, web, base, paid)
	owners, count := map[string]string{}, map[string]int{}
	for _, b := range state.Bindings {
		require.NotContains(t, owners, b.Vehicle, "bound to two")
		owners[b.Vehicle] = b.Phone
		count[b.Phone]++
	}
	for phone, user := range state.Users {
		require.LessOrEqual(t, len(user.Bound), 3)
		require.Len(t, user.Bound, count[phone])
		for _, v := range user.Bound {
			require.Equal(t, phone, owners[v])
		}
	}
	return len(byExternal)
}

// checkOrders holds each order's fee against what was paid of it, electronically by what the state has, and in cash.
func checkOrders(t *testing.T, web *http.Client, base string, paid map[string]client.Fen) {
	t.Helper()
	seen := 0
	for after := ""; ; {
		var page struct {
			Items []struct {
				OrderID, State                                     string
				ParkingFee, PaidElectronic, PaidCash, RemainingFee client.Fen
			}
			Next string
		}
		status, text := controlCall(t.Context(), web, http.MethodGet, base+"/__admin/sandboxes/default/orders?limit=1000&after="+after, "")
		require.Equal(t, http.StatusOK, status)
		require.NoError(t, json.Unmarshal(text, &page))
		for _, o := range page.Items {
			require.Equal(t, paid[o.OrderID], o.PaidElectronic, o.OrderID)
			require.Equal(t, max(o.ParkingFee-o.PaidElectronic-o.PaidCash, 0), o.RemainingFee, o.OrderID)
			if o.State == "left" {
				require.Equal(t, o.ParkingFee, o.PaidElectronic+o.PaidCash, o.OrderID)
			}
			if paid[o.OrderID] > 0 {
				seen++
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	require.Equal(t, len(paid), seen)
}
