package engine

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// stranger sends inputs of every kind to a rig, in an order that rapid draws.
type stranger struct {
	*rig
	rt     *rapid.T
	tokens []string
	quotes []quote
	scroll []string
	kept   []*Request // prepared with the settings of some time ago
}

type quote struct {
	OrderID, VerificationInfo string
	RemainingFee              json.Number
}

// drawn is a rig to which so many inputs have come; between is called after each.
func drawn(rt *rapid.T, steps int, between func(r *rig)) *rig {
	f := city()
	if rapid.IntRange(0, 5).Draw(rt, "fixture") == 0 {
		f = nil
	}
	s := &stranger{rig: newRig(rt, f), rt: rt}
	for range rapid.IntRange(1, steps).Draw(rt, "steps") {
		s.pass()
		in := s.input()
		fx := s.apply(in)
		s.learn(&fx)
		if request, ok := in.(*Request); ok && fx.Entry == nil { // it is delayed
			later := *request
			later.prepared, later.Injected = nil, new(*fx.Injected)
			s.apply(&later)
		}
		if between != nil {
			between(s.rig)
		}
	}
	return s.rig
}

func (s *stranger) one(from ...string) string { return rapid.SampledFrom(from).Draw(s.rt, "one") }
func (s *stranger) n(most int) int            { return rapid.IntRange(0, most).Draw(s.rt, "n") }

// pass lets real time go on, or back, as where a host's clock is set.
func (s *stranger) pass() {
	s.wall = s.wall.Add(rapid.SampledFrom([]time.Duration{0, 1, time.Millisecond, time.Second, 7 * time.Second, time.Minute, time.Hour, -time.Second}).Draw(s.rt, "pass"))
}

// learn remembers what an answer gave.
func (s *stranger) learn(fx *Effects) {
	if fx.Entry == nil {
		return
	}
	var token struct {
		Data struct{ Token, ScrollID string }
	}
	if json.Unmarshal([]byte(fx.Entry.Response), &token) == nil {
		if token.Data.Token != "" {
			s.tokens = append(s.tokens, token.Data.Token)
		}
		s.scroll = append(s.scroll, token.Data.ScrollID)
	}
	var quotes struct{ Data []quote }
	if json.Unmarshal([]byte(fx.Entry.Response), &quotes) == nil {
		s.quotes = append(s.quotes, quotes.Data...)
	}
}

// input draws one of any kind.
func (s *stranger) input() Input {
	switch kind := rapid.SampledFrom([]string{
		"request", "request", "request", "request", "request", "request", "request", "command", "command", "command", "outcome", "outcome", "outcome", "clock", "move", "move", "wake",
		"resume", "fault-add", "fault-add", "fault-delete", "redeliver", "journal-clear", "reset", "restore", "undo", "kept",
	}).Draw(s.rt, "kind"); kind {
	case "request":
		return s.aRequest()
	case "kept":
		if len(s.kept) == 0 {
			return s.aRequest()
		}
		request := s.kept[0]
		s.kept = s.kept[1:]
		return request
	case "command":
		return &Command{s.aCommand()}
	case "outcome":
		return s.anOutcome()
	case "clock":
		return s.aClock()
	case "move":
		now := s.e.View().Now(s.wall)
		return &MoveClock{To: now.Add(time.Duration(s.n(5000)) * time.Second / 7), Last: s.n(1) == 0}
	case "wake":
		return &Wake{}
	case "resume":
		return &Resume{}
	case "fault-add":
		return &AddFault{s.aFault()}
	case "fault-delete":
		return &DeleteFault{s.one("", "f1", "f2", "f3", "nobody")}
	case "redeliver":
		return &Redeliver{push.ID(uint64(s.n(9)))}
	case "journal-clear":
		return &ClearJournal{}
	case "reset":
		return &Reset{}
	default:
		return s.aRestore(kind)
	}
}

// aRequest is mostly an honest one, of any endpoint.
func (s *stranger) aRequest() *Request {
	all := schemas.Endpoints()
	row := &all[s.n(len(all)-1)]
	text, err := json.Marshal(s.data(row))
	require.NoError(s.rt, err)
	r := s.request(s.one("M1", "M1", "M2"), row.Name, string(text))
	r.Method = row.Method
	r.Headers = []journal.Header{{Name: "User-Agent", Value: "Go"}, {Name: "X", Value: "\xff车"}}[:s.n(2)]
	switch s.n(24) {
	case 0:
		r.MerchantNo = "nobody"
	case 1:
		r.Sign = "0"
		r.RawData = "%7B%7D"
	case 2:
		r.TimeStamp = s.one("20170101000000", "1503201600", "")
	case 3:
		r.Data = s.one("{", "null", "\xff", "")
		r.Sign = sign.Request(r.Data, "key-"+r.MerchantNo, r.TimeStamp)
	case 4:
		r.Refusal, r.Status = reasons.Refuse("body-malformed").With("cause", "EOF"), 400
	case 5:
		r.Foreign, r.Data = "application/json", ""
	case 6:
		r.Lints = []params.Lint{{Rule: "double-parameter", Detail: "d", DetailZh: "双"}}
	}
	switch s.n(3) {
	case 0:
		r.Prepare(s.e.Settings())
	case 1:
		kept := *r
		kept.Prepare(s.e.Settings())
		s.kept = append(s.kept, &kept)
	}
	return r
}

var plates = []string{"渝ATX061", "渝A00001", "渝A00002", "渝A00003"}

func (s *stranger) data(row *schemas.Endpoint) map[string]any {
	q := quote{OrderID: "x", VerificationInfo: "x", RemainingFee: "5"}
	if n := len(s.quotes); n > 0 {
		q = s.quotes[n-1]
	}
	values := map[string]any{
		"mobilePhone": s.one(alice, "13900000002"), "code": "000000", "appId": s.one("A", "B"), "carNumber": s.one(plates...), "token": s.last(s.tokens),
		"plateNumber": s.one(plates...), "plateColor": "1", "orderId": q.OrderID, "externalOrderId": strconv.Itoa(s.n(3)), "payment": q.RemainingFee.String(),
		"payTime": "2017-08-20 12:00:00", "verificationInfo": q.VerificationInfo, "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": s.one("X", "Y"),
		"lat": "29.56", "lon": "106.55", "radius": "5000", "parkingId": s.one("1", "2"),
	}
	if sms, sent := s.e.state.SMS(alice); sent {
		values["code"] = sms.Code
	}
	if s.n(3) == 0 {
		values["scrollId"] = s.last(s.scroll)
	}
	data := map[string]any{}
	for _, p := range row.Params {
		if value, known := values[p.Name]; known && s.n(40) != 0 {
			data[p.Name] = value
		}
	}
	return data
}

func (s *stranger) last(from []string) string {
	if len(from) == 0 {
		return "none"
	}
	return from[len(from)-1]
}

func (s *stranger) vehicle() notation.Vehicle {
	return notation.Vehicle{Plate: s.one(plates...), Color: s.one("1", "1", "2")}
}

// aCommand is one of each kind.
func (s *stranger) aCommand() platform.Command {
	now := s.e.View().Now(s.wall)
	enter := platform.Enter{Vehicle: s.vehicle(), ParkingID: s.one("1", "1", "2"), UserType: s.one("", "", "76")}
	switch s.one("enter", "enter", "enter", "exit", "exit", "rules", "merchant", "merchant-delete", "parking", "parking-delete", "vehicle", "vehicle-delete", "binding", "order", "trigger") {
	case "enter":
		if s.n(3) == 0 {
			enter.At = now.Add(-time.Duration(s.n(100)) * time.Minute)
		}
		return enter
	case "exit":
		return platform.Exit{Vehicle: s.vehicle(), Payment: s.one("", "cash", "withhold", "none")}
	case "rules":
		return platform.SetRules{Rules: s.rules()}
	case "merchant":
		no := s.one("M1", "M2", "M3")
		return platform.PutMerchant{Merchant: platform.Merchant{No: no, Key: s.one("key-"+no, "other"), Name: "名", Push: &platform.Hook{URL: s.one("", "http://accept.invalid/a", "http://accept.invalid/b")}}}
	case "merchant-delete":
		return platform.DeleteMerchant{No: s.one("M2", "M3")}
	case "parking":
		return platform.PutParking{Parking: platform.Parking{
			ID: s.one("1", "2"), Name: "P", City: "重庆市", Lat: "29.1", Lon: "106", ParkingType: "8", ElectronicPayment: true, TotalSpace: s.n(3),
			Tariff: tariff.Tariff{FreeMinutes: s.n(30), UnitMinutes: 1 + s.n(60), UnitPrice: notation.Fen(s.n(999)), DailyCap: new(notation.Fen(3000))},
		}}
	case "parking-delete":
		return platform.DeleteParking{ID: s.one("1", "2")}
	case "vehicle":
		return platform.PutVehicle{Vehicle: s.vehicle(), Registered: platform.Registered{VIN: "LVSHBFDC7RF414158", Engine: s.one("X", "Y"), UserType: s.one("", "76")}}
	case "vehicle-delete":
		return platform.DeleteVehicle{Vehicle: s.vehicle()}
	case "binding":
		return platform.PutBinding{Phone: s.one(alice, "13900000002"), Vehicle: s.vehicle(), MerchantNo: s.one("M1", "M2"), Since: now.Add(-time.Hour), Certified: s.n(1) == 0}
	case "order":
		enter.At = now.Add(-time.Duration(1+s.n(300)) * time.Minute)
		order := platform.PutOrder{Enter: enter, Payment: s.one("", "cash", "none")}
		if s.n(1) == 0 {
			order.ExitTime = now.Add(-time.Second)
		}
		if s.n(2) == 0 {
			order.Fee = new(notation.Fen(s.n(999)))
		}
		return order
	default:
		return platform.Trigger{MerchantNo: s.one("M1", "M2", "nobody"), Kind: s.one("entry", "exit", "unbind", "certification-invalid"), Fields: s.fields()}
	}
}

func (s *stranger) fields() map[string]any {
	switch s.n(4) {
	case 0:
		return map[string]any{"plateNumber": "渝A1", "nothing": "x"}
	case 1:
		return map[string]any{"plateNumber": s.one(plates...)}
	case 2:
		return map[string]any{"plateNumber": s.one(plates...), "receivableFee": sign.Number("0.10"), "stayedTime": int64(1) << 60, "parkId": int64(7)}
	}
	return nil
}

func (s *stranger) rules() map[string]any {
	name, values := s.one("push.encoding", "push.schedule", "push.ordering", "journal.keep", "pushes.keep", "strict", "message.0", "push.sign_data", "token.ttl", "status.plenty", "nothing"), map[string][]any{
		"push.encoding": {"json", "form", "form-data-param"}, "push.schedule": {[]any{"1s", "1m"}, []any{}, nil}, "push.ordering": {"none", "vehicle"},
		"journal.keep": {3.0, nil}, "pushes.keep": {2.0, nil}, "strict": {true, false}, "message.0": {"好", nil}, "push.sign_data": {"json", "values", "query"},
		"token.ttl": {"30m", "7"}, "status.plenty": {0.1, 0.3333333333333333}, "nothing": {1.0},
	}
	return map[string]any{name: rapid.SampledFrom(values[name]).Draw(s.rt, name)}
}

func (s *stranger) anOutcome() *Outcome {
	if len(s.inFlight) == 0 {
		return &Outcome{Attempt: uint64(s.n(5)), ID: "p1", SentAt: noon}
	}
	i := s.n(len(s.inFlight) - 1)
	a := s.inFlight[i]
	s.inFlight = append(s.inFlight[:i:i], s.inFlight[i+1:]...)
	result := rapid.SampledFrom([]push.Result{
		{Delivered: true, HTTPStatus: 200, Response: `{"code":0}`, Duration: 3 * time.Millisecond}, {HTTPStatus: 500, Response: "\xff车", Error: "answered HTTP 500", Duration: 1}, {Error: "connection refused"},
	}).Draw(s.rt, "result")
	return &Outcome{Attempt: a.Seq, ID: a.Item.ID, SentAt: a.At, Result: result}
}

func (s *stranger) aClock() *SetClock {
	c := &SetClock{Quiet: s.n(1) == 0}
	switch s.n(3) {
	case 0:
		c.Change.Now = new(noon.Add(time.Duration(s.n(40)-20) * time.Hour))
	case 1:
		c.Change.Mode = new(s.one(clock.Frozen, clock.Running, "sideways"))
	default:
		c.Change.Mode = new(clock.Running)
		c.Change.Rate = new(rapid.SampledFrom([]float64{1, 0.3, 3600, 86_400, 1.0 / 3, 0}).Draw(s.rt, "rate"))
	}
	return c
}

func (s *stranger) aFault() fault.Fault {
	f := rapid.SampledFrom([]fault.Fault{
		{Do: fault.Do{Code: new(2), Message: new("坏")}},
		{On: fault.On{Endpoint: "bindcar"}, Do: fault.Do{Cut: fault.After}},
		{Do: fault.Do{Cut: fault.Before}},
		{Do: fault.Do{Truncate: true}},
		{Do: fault.Do{Delay: fault.Lognormal(2*time.Second, 0.8)}},
		{On: fault.On{MerchantNo: "M1"}, Do: fault.Do{HTTPStatus: new(503), Body: new("<html>")}},
		{On: fault.On{Push: "entry"}, Do: fault.Do{Duplicate: new(3)}},
		{On: fault.On{Push: "entry"}, Do: fault.Do{Reorder: true}},
		{On: fault.On{Push: "exit"}, Do: fault.Do{Drop: true}},
		{On: fault.On{Push: "exit", Where: json.RawMessage(`{"plateNumber":"渝ATX061"}`)}, Do: fault.Do{CorruptSign: true}},
		{On: fault.On{Push: "entry"}, Do: fault.Do{Delay: fault.Lognormal(time.Second, 1)}},
		{On: fault.On{Endpoint: "nowhere"}, Do: fault.Do{Drop: true}},
	}).Draw(s.rt, "fault")
	f.Name = s.one("", "坏")
	f.Times, f.After = s.n(2), s.n(1)
	if s.n(1) == 0 {
		f.Probability = new(rapid.SampledFrom([]float64{0, 0.1, 0.5, 1.0 / 3}).Draw(s.rt, "probability"))
	}
	return f
}

// aRestore puts back what was at some point, or a text that is no state.
func (s *stranger) aRestore(kind string) Input {
	seq := max(uint64(1+s.n(len(s.log)-1)), s.history.First()-1)
	e, err := s.history.At(seq, echo{})
	require.NoError(s.rt, err)
	state := e.LastState()
	if kind == "undo" {
		return &Restore{State: document(s.rt, state), Undo: seq}
	}
	if s.n(3) == 0 {
		state.Version = 1
	}
	return &Restore{State: document(s.rt, state)}
}
