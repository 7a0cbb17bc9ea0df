package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/sign"
)

// FaultHit is a fault that was applied: to a request, or to a push.
type FaultHit struct {
	Fault      fault.Active
	At         time.Time
	MerchantNo string
	Endpoint   string // of a request
	PushID     string // of a push
}

// newFaults is a set without faults; its chance is the seed's.
func newFaults(seed uint64) *fault.Set { return fault.NewSet(platform.NewRand(seed, "faults")) }

// faults checks a fixture's faults and puts them in force.
func (b *builder) faults(all []fault.Fault) *fault.Set {
	set := newFaults(b.world.Seed())
	if len(all) > fault.MaxFaults {
		b.problems.add("/faults", fault.ErrFull.Error())
		return set
	}
	for i := range all {
		b.problems.fault(at("faults", i), &all[i])
		_, _ = set.Add(all[i]) // there is room
	}
	return set
}

func (e *InvalidError) fault(at string, f *fault.Fault) {
	for _, p := range f.Check() {
		e.add(at+p.Pointer, p.Detail)
	}
}

// AddFault puts a fault in force. Its errors are [*InvalidError] and [fault.ErrFull].
func (s *Sandbox) AddFault(f fault.Fault) (fault.Active, error) {
	e := &InvalidError{}
	if e.fault("", &f); e.err() != nil {
		return fault.Active{}, e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	active, err := s.faults.Add(f)
	if err == nil {
		s.note(s.now(), Faulted{f})
	}
	return active, err
}

// DeleteFault takes a fault away. Its error is [fault.ErrUnknown].
func (s *Sandbox) DeleteFault(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.faults.Remove(id)
	if err == nil {
		s.note(s.now(), Mended{id})
	}
	return err
}

// ClearFaults takes every fault away.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.Clear()
	s.note(s.now(), Mended{})
}

// Faults lists the faults in force, oldest first.
func (s *Sandbox) Faults() []fault.Active {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.List()
}

// FaultRequest says what the faults do to a request, and counts it.
func (s *Sandbox) FaultRequest(r fault.Request) fault.OnRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := s.faults.Request(r)
	for _, f := range on.Hits {
		s.emit(EventFault, FaultHit{Fault: f, At: s.now(), MerchantNo: r.MerchantNo, Endpoint: r.Endpoint})
	}
	return on
}

// itemOf is a push on its way out, with what the faults do to it; the door is held.
func (s *Sandbox) itemOf(p platform.Push, now time.Time) push.Item {
	item := push.Item{
		ID: p.ID, Kind: p.Kind, MerchantNo: p.MerchantNo, PlateNumber: p.Vehicle.Plate, PlateColor: p.Vehicle.Color,
		OrderID: p.OrderID, URL: p.URL, ContentType: p.ContentType, Body: p.Body, Signed: p.Signed,
	}
	if !s.faults.OnPushes() {
		return item
	}
	body := bodyObject(&item)
	on := s.faults.Push(fault.Push{
		Kind: p.Kind, MerchantNo: p.MerchantNo,
		Body: body, Plain: strings.Replace(body, platform.Mask(p.Vehicle.Plate), p.Vehicle.Plate, 1),
		Releases: s.pushes.Holding(p.MerchantNo),
	})
	for _, f := range on.Hits {
		s.emit(EventFault, FaultHit{Fault: f, At: now, MerchantNo: p.MerchantNo, PushID: p.ID})
	}
	item.Faults = fault.IDs(on.Hits)
	item.Trouble = push.Trouble{Delay: on.Delay, Drop: on.Drop, Duplicates: on.Duplicates, Hold: on.Reorder}
	if on.CorruptSign {
		s.corrupt(&item)
	}
	return item
}

// corrupted is what a corrupted signature has hashed behind the data.
const corrupted = "(corrupted)"

// corrupt gives a push the signature of another text than its own: its merchant,
// data and key are right, but a word lies between them. So Signed stays the text
// that was hashed.
func (s *Sandbox) corrupt(item *push.Item) {
	key, known := s.world.MerchantKey(item.MerchantNo)
	data := strings.TrimPrefix(strings.TrimSuffix(item.Signed, platform.HiddenKey), item.MerchantNo)
	right := sign.Push(item.MerchantNo, data, key)
	at := strings.LastIndex(item.Body, right) // upper-case hexadecimal digits stand in every encoding
	if !known || at < 0 {
		return
	}
	wrong := sign.Push(item.MerchantNo, data+corrupted, key)
	item.Body = item.Body[:at] + wrong + item.Body[at+len(right):]
	item.Signed = item.MerchantNo + data + corrupted + platform.HiddenKey
}

// Hostile adds to a fixture what makes the platform a trying one: tokens that
// expire after two minutes and pages of two car parks, unless the fixture has
// those rules; one answer in twenty code 2; one push in five twice, and one in
// five late. The chance is the seed's.
func Hostile(f *Fixture) *Fixture {
	out := *f
	out.Rules = map[string]any{"token.ttl": "2m", "search.page": 2.0}
	maps.Copy(out.Rules, f.Rules)
	serverError, twice := 2, 2
	share := func(p float64) *float64 { return &p }
	out.Faults = append(slices.Clone(f.Faults), fault.Fault{
		Name: "hostile: server error", Probability: share(0.05), Do: fault.Do{Code: &serverError},
	})
	for _, kind := range pushKinds() {
		out.Faults = append(out.Faults,
			fault.Fault{Name: "hostile: push twice", On: fault.On{Push: kind}, Probability: share(0.2), Do: fault.Do{Duplicate: &twice}},
			fault.Fault{Name: "hostile: push late", On: fault.On{Push: kind}, Probability: share(0.2), Do: fault.Do{Delay: fault.Lognormal(2*time.Second, 0.8)}})
	}
	return &out
}
