package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/sign"
)

// What was prepared with other settings than those in force when a request is applied is prepared again.
func TestRequest_preparedWithOldSettings(t *testing.T) {
	r := newRig(t, city())
	signed := func(key string) *Request {
		request := r.request("M1", "usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`)
		request.Sign = sign.Request(request.Data, key, request.TimeStamp)
		request.Prepare(r.e.Settings())
		return request
	}
	before, after, unknown := signed("key-M1"), signed("new"), signed("key-M1")
	unknown.MerchantNo = "M3"
	unknown.Prepare(r.e.Settings())
	r.do(platform.PutMerchant{Merchant: platform.Merchant{No: "M1", Key: "new"}})
	require.Equal(t, 4, r.apply(before).Entry.Code, "the key has changed since")
	require.Equal(t, 0, r.apply(after).Entry.Code)
	require.Equal(t, 5, r.apply(unknown).Entry.Code)
	unknown.Prepare(r.e.Settings())
	r.do(platform.PutMerchant{Merchant: platform.Merchant{No: "M3", Key: "key-M1"}})
	require.Equal(t, 0, r.apply(unknown).Entry.Code, "it is known now")

	lenient := r.request("M1", "carnum", "{}")
	lenient.Sign = sign.RequestWith("strip", "{ }", "new", lenient.TimeStamp)
	lenient.Data = "{ }"
	lenient.Prepare(r.e.Settings())
	r.do(platform.SetRules{Rules: map[string]any{"sign.whitespace": "strip"}})
	require.NotEqual(t, 4, r.apply(lenient).Entry.Code, "the rule counts that is in force")
}

// A fault's delay lies between two inputs: the first draws what faults do and writes nothing, the second carries that out, and
// meets no fault again.
func TestRequest_delayed(t *testing.T) {
	f := city()
	f.Faults = []fault.Fault{{Do: fault.Do{Delay: fault.Lognormal(time.Second, 0), Code: new(2)}, Times: 1}}
	r := newRig(t, f)
	request := r.request("M1", "carnum", "{}")
	first := r.apply(request)
	require.Nil(t, first.Entry)
	require.Equal(t, time.Second, first.Injected.Delay)
	require.Zero(t, r.history.Records(1, 1)[0].Request)
	require.Equal(t, EventFault, first.Events[0].Kind)
	later := *request
	later.Injected = new(*first.Injected)
	second := r.apply(&later)
	require.Equal(t, 2, second.Entry.Code)
	require.Equal(t, []string{"f1"}, second.Entry.Faults)
	require.Equal(t, EventRequest, second.Events[0].Kind, "and no fault's")
	require.Equal(t, 1, r.e.View().Faults()[0].Stats.Applied)
}

// Another state in the place of what was knows nothing of the attempts in flight then: their numbers are not given again.
func TestRestarts_forgetAttempts(t *testing.T) {
	for name, restart := range map[string]func(r *rig) Input{
		"reset":   func(*rig) Input { return &Reset{} },
		"restore": func(r *rig) Input { return &Restore{State: document(t, r.e.LastState())} },
		"undo":    func(r *rig) Input { return &Restore{State: document(t, r.e.LastState()), Undo: 2} },
		"an empty state": func(*rig) Input {
			return &Restore{State: document(t, newRig(t, city()).e.LastState())}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, city())
			old := r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"}).Sends[0]
			fx := r.apply(restart(r))
			require.NoError(t, fx.Err)
			sends := fx.Sends
			if len(sends) == 0 {
				sends = r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"}).Sends
			}
			require.Len(t, sends, 1)
			require.Greater(t, sends[0].Seq, old.Seq)
			late := r.apply(&Outcome{Attempt: old.Seq, ID: "p1", SentAt: noon, Result: push.Result{Delivered: true}})
			require.Nil(t, late.Attempt)
			require.Empty(t, late.Events)
			item, _ := r.e.View().Pushes().Get("p1")
			require.Equal(t, push.Pending, item.Status)
			require.Equal(t, &AttemptEffect{Kind: "entry", Delivered: true, Ended: true}, r.apply(&Outcome{Attempt: sends[0].Seq, ID: "p1", SentAt: noon, Result: push.Result{Delivered: true}}).Attempt)
		})
	}
}

// A reset gives the sandbox that its spec makes, whatever was done to it: the same answers again.
func TestReset_isTheBeginning(t *testing.T) {
	for name, f := range map[string]*fixture.Fixture{"fixture": city(), "none": nil} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, f)
			want := r.e.LastState()
			story := func() (said []string) {
				for range 3 {
					said = append(said, r.apply(r.request("M1", "usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`)).Entry.Response)
				}
				return said
			}
			first := story()
			r.do(platform.SetRules{Rules: map[string]any{"strict": true}})
			r.do(platform.PutMerchant{Merchant: platform.Merchant{No: "M9", Key: "k"}})
			require.NoError(t, r.apply(&Reset{}).Err)
			have := r.e.LastState()
			require.True(t, want.Same(&have))
			require.Equal(t, first, story())
		})
	}
}

// A reset that was built before the lock was taken replays to the same bytes as from the log, where it is built anew; one that was built
// for what the sandbox no longer is made from is built again.
func TestReset_prepared(t *testing.T) {
	for name, spec := range map[string]*fixture.Spec{"its own": nil, "another": {Seed: 9, FirstMerchant: "M1"}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			r.call(0, "usersigin", map[string]any{"mobilePhone": alice, "appId": "ETCP"}, nil)
			in := &Reset{Spec: spec}
			require.NoError(t, in.Prepare(r.e.spec, r.e.generation, r.wall))
			r.wall = r.wall.Add(1500 * time.Millisecond) // while it waits for the lock
			require.NoError(t, r.apply(in).Err)
			require.Equal(t, today, in.Wall)
			r.call(0, "usersigin", map[string]any{"mobilePhone": alice, "appId": "ETCP"}, nil)
			replaysAlike(t, r)
		})
	}
	r := newRig(t, nil)
	late := &Reset{}
	require.NoError(t, late.Prepare(r.e.spec, r.e.generation, r.wall))
	require.NoError(t, r.apply(&Reset{Spec: &fixture.Spec{Seed: 9, FirstMerchant: "M9"}}).Err)
	require.NoError(t, r.apply(late).Err)
	_, known := r.e.Settings().Key("M9")
	require.True(t, known, "the sandbox's own is the newest")
	replaysAlike(t, r)
}

func replaysAlike(t *testing.T, r *rig) {
	t.Helper()
	again := New(echo{})
	replayed(t, again, r.log, func(i int, fx *Effects) { same(t, r.shown[i], shownOf(t, fx), "the effects of input %d", i) })
	same(t, stateOf(t, r.e), stateOf(t, again), "the states")
}
