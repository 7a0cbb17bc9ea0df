package platform

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// SnapshotError says what in a snapshot no state can have, and where (RFC 6901).
type SnapshotError struct {
	Pointer, Detail string
}

func (e *SnapshotError) Error() string { return e.Pointer + ": " + e.Detail }

// mistake collects the first thing that is wrong with a snapshot.
type mistake struct{ err *SnapshotError }

func (d *mistake) unless(ok bool, detail string, at ...any) {
	if ok || d.err != nil {
		return
	}
	d.err = &SnapshotError{pointer(at), detail}
}

// add takes the first of what a value says is wrong with it.
func (d *mistake) add(found []strict.Problem, at ...any) {
	if len(found) > 0 && d.err == nil {
		d.err = &SnapshotError{pointer(at) + found[0].Pointer, found[0].Detail}
	}
}

func pointer(steps []any) string {
	var pointer strings.Builder
	for _, step := range steps {
		pointer.WriteString("/" + jsonvalue.EscapePointer(fmt.Sprint(step)))
	}
	return pointer.String()
}

// The times a snapshot may name; between them every difference and sum is exact enough to print.
var (
	snapshotFrom = time.Date(1900, 1, 1, 0, 0, 0, 0, notation.Shanghai)
	snapshotTo   = time.Date(9900, 1, 1, 0, 0, 0, 0, notation.Shanghai)
)

const (
	wantSnapshotTime = "want a time of the years 1900 to 9900"
	wantVehicle      = `want a plate and a colour, such as "渝ATX061/1"`
	wantPhone        = "want 11 digits, the first 1, the second 3 to 9"
	wantTwice        = "is there twice"
)

func timely(t time.Time) bool { return !t.Before(snapshotFrom) && t.Before(snapshotTo) }

// check holds a snapshot to what every state is: what refers to something finds it, and no value is one that no
// command could have left.
func (s *Snapshot) check() error {
	d := &mistake{}
	d.unless(timely(s.Start), wantSnapshotTime, "start")
	s.checkPlaces(d)
	s.checkPeople(d)
	s.checkOrders(d)
	s.checkIndexes(d)
	if d.err != nil {
		return d.err
	}
	return nil
}

func (s *Snapshot) checkPlaces(d *mistake) {
	seen := map[string]bool{}
	for i, m := range s.Merchants {
		d.add(m.Validate(), "merchants", i)
		d.unless(!seen[m.No], wantTwice, "merchants", i, "no")
		seen[m.No] = true
	}
	clear(seen)
	for i := range s.Parkings {
		p := &s.Parkings[i]
		d.add(p.Validate(), "parkings", i)
		d.unless(!seen[p.ID], wantTwice, "parkings", i, "id")
		seen[p.ID] = true
	}
	vehicles := map[notation.Vehicle]bool{}
	for i, r := range s.Registry {
		d.unless(r.Vehicle.Valid(), wantVehicle, "registry", i, "vehicle")
		d.add(r.Validate(), "registry", i)
		d.unless(!vehicles[r.Vehicle], wantTwice, "registry", i, "vehicle")
		vehicles[r.Vehicle] = true
	}
}

func (s *Snapshot) checkPeople(d *mistake) {
	d.unless(len(s.SMS) <= maxCodes, "too many", "sms")
	for phone, code := range s.SMS {
		d.unless(notation.ValidPhone(phone), wantPhone, "sms", phone)
		d.unless(len(code.Code) == 6 && notation.Digits(code.Code) && timely(code.SentAt), "want six digits and when they were sent", "sms", phone)
	}
	d.unless(len(s.Tokens) <= rules.Largest("tokens.keep"), "too many", "tokens")
	seen, newest := make(map[string]bool, len(s.Tokens)), make(map[tokens.Holder]int, len(s.Tokens))
	for i, t := range s.Tokens {
		if before, ok := newest[t.Holder]; ok {
			d.unless(s.Tokens[before].VoidedAt.Equal(t.At), "want when the holder's next token was given", "tokens", before, "voidedAt")
		}
		newest[t.Holder] = i
		d.unless(t.Token != "" && !seen[t.Token], "is empty or there twice", "tokens", i, "token")
		d.unless(notation.ValidPhone(t.Holder.Phone), wantPhone, "tokens", i, "holder", "phone")
		d.unless(timely(t.At) && (t.VoidedAt.IsZero() || timely(t.VoidedAt)), wantSnapshotTime, "tokens", i, "at")
		seen[t.Token] = true
	}
	for _, i := range newest {
		d.unless(s.Tokens[i].VoidedAt.IsZero(), "want none: it is the holder's newest token", "tokens", i, "voidedAt")
	}
	owner := make(map[notation.Vehicle]string, len(s.Bindings))
	for i, b := range s.Bindings {
		d.unless(b.Vehicle.Valid(), wantVehicle, "bindings", i, "vehicle")
		d.unless(owner[b.Vehicle] == "", wantTwice, "bindings", i, "vehicle")
		d.unless(notation.ValidPhone(b.Phone), wantPhone, "bindings", i, "phone")
		d.unless(timely(b.Since), wantSnapshotTime, "bindings", i, "since")
		owner[b.Vehicle] = b.Phone
	}
	for phone, u := range s.Users {
		d.unless(notation.ValidPhone(phone) && u != nil, wantPhone, "users", phone)
		if u == nil {
			return
		}
		for i, v := range u.Bound {
			d.unless(owner[v] == phone, "has no binding of its own, or is there twice", "users", phone, "bound", i)
			delete(owner, v)
		}
		for i, e := range u.History {
			d.unless(e.Vehicle.Valid() && timely(e.At), "want a vehicle and when it was bound", "users", phone, "history", i)
		}
	}
	for v, phone := range owner {
		d.unless(false, v.String()+" is bound by "+phone+", who does not have it among users", "bindings")
	}
}

func (s *Snapshot) checkOrders(d *mistake) {
	spaces := map[string]bool{}
	for i := range s.Parkings {
		spaces[s.Parkings[i].ID] = true
	}
	ids, parked := make(map[string]bool, len(s.Orders)), map[notation.Vehicle]bool{}
	for i, o := range s.Orders {
		if d.unless(o != nil, "want an order", "orders", i); d.err != nil {
			return
		}
		d.unless(IsOrderID(o.ID) && !ids[o.ID], "want a UUID in upper case that is not there twice", "orders", i, "orderId")
		d.unless(o.Seq < s.OrderSeq && (i == 0 || o.Seq > s.Orders[i-1].Seq), "want numbers that grow, below orderSeq", "orders", i, "seq")
		d.unless(o.Vehicle.Valid(), wantVehicle, "orders", i, "vehicle")
		d.unless(notation.ValidParkingID(o.ParkingID) && (o.left() || spaces[o.ParkingID]), "want a car park that is there", "orders", i, "parkingId")
		d.unless(o.UserType == LongTerm || o.UserType == Temporary, "want 76 or 77", "orders", i, "userType")
		d.unless(timely(o.EntranceTime), wantSnapshotTime, "orders", i, "entranceTime")
		d.unless(o.EntranceTime.Equal(notation.Second(o.EntranceTime)) && o.ExitTime.Equal(notation.Second(o.ExitTime)), "want whole seconds", "orders", i, "entranceTime")
		d.unless(!o.left() || (timely(o.ExitTime) && !o.ExitTime.Before(o.EntranceTime) && o.FixedFee != nil), "want an exit after the entrance, and a fixedFee with it", "orders", i, "exitTime")
		d.unless(o.left() || !parked[o.Vehicle], "is parked twice", "orders", i, "vehicle")
		d.unless(o.SettledAt.IsZero() || timely(o.SettledAt), wantSnapshotTime, "orders", i, "settledAt")
		d.add(o.Tariff.Validate(), "orders", i, "tariff")
		o.checkMoney(d, i)
		ids[o.ID] = true
		if !o.left() {
			parked[o.Vehicle] = true
		}
	}
}

func (o *order) checkMoney(d *mistake, i int) {
	d.unless(o.Cash.Valid() && (o.FixedFee == nil || o.FixedFee.Valid()) && (o.ExitFee == nil || o.ExitFee.Valid()), "want amounts that are not negative", "orders", i)
	for j := range o.Payments {
		p := &o.Payments[j]
		d.unless(p.Amount.Valid() && p.Amount > 0 && timely(p.At), "want an amount above 0 and when it was paid", "orders", i, "payments", j)
	}
	d.unless((!o.Given && o.ExitFee == nil) || o.FixedFee != nil, "want a fixedFee where the fee was given or has changed since the exit", "orders", i)
	d.unless(!o.Done || (o.left() && o.FixedFee != nil && *o.FixedFee <= o.paid()), "is not done: it is parked or owes something", "orders", i, "done")
}

// IsOrderID reports whether a text is written as the ids of orders are: a UUID in upper case.
func IsOrderID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i, c := range []byte(id) {
		switch dash := i == 8 || i == 13 || i == 18 || i == 23; {
		case dash != (c == '-'):
			return false
		case !dash && (c < '0' || c > '9') && (c < 'A' || c > 'F'):
			return false
		}
	}
	return true
}

func (s *Snapshot) checkIndexes(d *mistake) {
	if d.err != nil {
		return
	}
	byID := make(map[string]*order, len(s.Orders))
	done := 0
	for _, o := range s.Orders {
		byID[o.ID] = o
		if o.Done {
			done++
		}
	}
	for phone, ids := range s.ByPhone {
		d.unless(notation.ValidPhone(phone), wantPhone, "byPhone", phone)
		for i, id := range ids {
			d.unless(byID[id] != nil, "no such order", "byPhone", phone, i)
		}
	}
	finished := make(map[string]bool, len(s.Finished))
	for i, id := range s.Finished {
		o := byID[id]
		d.unless(o != nil && o.Done && !finished[id], "want an order that is done, once", "finished", i)
		finished[id] = true
	}
	d.unless(len(finished) == done, strconv.Itoa(done)+" orders are done", "finished")
	for external, id := range s.External {
		o := byID[id]
		d.unless(o != nil && slices.ContainsFunc(o.Payments, func(p Payment) bool { return p.ExternalOrderID == external }),
			"no order with this id was paid with it", "external", external)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Rules)) {
		_, err := rules.Check(name, s.Rules[name])
		d.unless(err == nil, fmt.Sprint(err), "rules", name)
	}
}
