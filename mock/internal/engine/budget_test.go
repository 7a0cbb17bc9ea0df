package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// A sandbox that takes as much memory as the rule memory.max allows refuses what would make it grow, with what it takes, and carries
// nothing out; what makes room again is let through.
func TestMemoryMax(t *testing.T) {
	r := newRig(t, city())
	token := r.token()
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"})
	r.do(platform.SetRules{Rules: map[string]any{"memory.max": 1.0}})
	fx := r.apply(r.request("M1", "bindcar", `{"token":"`+token+`","plateNumber":"渝B00001"}`))
	require.Equal(t, 2, fx.Entry.Code)
	require.Equal(t, "memory-max-reached", fx.Entry.Reason())
	require.Regexp(t, `^The sandbox takes \d+ KiB of memory, and the rule memory\.max allows 1 KiB; nothing was carried out\.`, fx.Entry.Explain("en"))
	require.Contains(t, fx.Entry.Explain("zh"), "memory.max")
	require.EqualValues(t, 1, r.e.pushes.Seq())
	other := notation.Vehicle{Plate: "渝B00002", Color: "1"}
	require.ErrorContains(t, r.apply(&Command{platform.Enter{Vehicle: other, ParkingID: "1"}}).Err, "memory.max")
	r.do(platform.Exit{Vehicle: theCar, Payment: "cash"})
	r.do(platform.SetRules{Rules: map[string]any{"memory.max": nil}})
	r.do(platform.Enter{Vehicle: other, ParkingID: "1"})

	e, err := r.history.At(r.history.Last(), echo{})
	require.NoError(t, err)
	same(t, r.states[len(r.states)-1], stateOf(t, e), "the replayed state")
	require.Equal(t, r.e.Bytes(), e.Bytes())
	again, err := FromCheckpoint(r.e.Checkpoint(), echo{})
	require.NoError(t, err)
	require.Equal(t, r.e.Bytes(), again.Bytes(), "it follows from the state alone")
}

// The texts of a fault count: one that would answer with a megabyte is refused where the sandbox is full, and taking one away makes room.
func TestMemoryMax_faults(t *testing.T) {
	r := newRig(t, city())
	const most = 4 << 20
	r.do(platform.SetRules{Rules: map[string]any{"memory.max": float64(most)}})
	body := strings.Repeat("x", 1<<20)
	add := func() error {
		return r.apply(&AddFault{fault.Fault{On: fault.On{Endpoint: "carnum"}, Do: fault.Do{Body: &body}}}).Err
	}
	for range 4 {
		require.NoError(t, add())
	}
	before := r.e.Bytes()
	require.ErrorContains(t, add(), "memory.max")
	require.Equal(t, before, r.e.Bytes())
	require.Less(t, before, most+2<<20)
	require.NoError(t, r.apply(&DeleteFault{ID: "f1"}).Err)
	require.NoError(t, add())
	require.NoError(t, r.apply(&DeleteFault{}).Err)
	require.Less(t, r.e.Bytes(), 1<<20)
}

// What each limit in bytes allows holds, whatever is sent, and is the same after a replay; a token beyond tokens.keep was never given.
func TestBudgets(t *testing.T) {
	r := newRig(t, city())
	const most = 64 << 10
	r.do(platform.SetRules{Rules: map[string]any{"journal.bytes": float64(most), "pushes.bytes": float64(most), "tokens.keep": 2.0}})
	first := r.token()
	for i := range 130 {
		fx := r.apply(r.request("M1", "parkingstatus", `{"parkingId":"`+strings.Repeat("x", i*10)+`"}`))
		require.NotZero(t, fx.Entry.Code)
		require.LessOrEqual(t, r.e.journal.Bytes(), most)
		r.do(platform.Trigger{MerchantNo: "M1", Kind: "exit"})
		r.settle(true)
		require.LessOrEqual(t, r.e.pushes.Bytes(), most)
	}
	require.Greater(t, r.e.journal.Len(), 20)
	require.Greater(t, r.e.pushes.Len(), 10)

	r.call(0, "carnum", map[string]any{"token": first}, nil)
	second := r.token()
	r.token()
	fx := r.apply(r.request("M1", "carnum", `{"token":"`+first+`"}`))
	require.Equal(t, "token-unknown", fx.Entry.Reason())
	fx = r.apply(r.request("M1", "carnum", `{"token":"`+second+`"}`))
	require.Equal(t, "token-superseded", fx.Entry.Reason())
	r.do(platform.SetRules{Rules: map[string]any{"tokens.keep": 1.0}})
	fx = r.apply(r.request("M1", "carnum", `{"token":"`+second+`"}`))
	require.Equal(t, "token-unknown", fx.Entry.Reason())

	e, err := r.history.At(r.history.Last(), echo{})
	require.NoError(t, err)
	same(t, r.states[len(r.states)-1], stateOf(t, e), "the replayed state")
	again, err := FromCheckpoint(r.e.Checkpoint(), echo{})
	require.NoError(t, err)
	require.Equal(t, r.e.Bytes(), again.Bytes())
	same(t, stateOf(t, r.e), stateOf(t, again), "the state of a checkpoint")
}

// However much is sent to a sandbox, it stays near its limit.
func TestMemoryMax_holds(t *testing.T) {
	r := newRig(t, city())
	const most = 4 << 20
	r.do(platform.SetRules{Rules: map[string]any{"memory.max": float64(most), "journal.keep": 500.0}})
	data := `{"mobilePhone":"13900000001","appId":"ETCP","x":"` + strings.Repeat("x", 60<<10) + `"}`
	for range 400 {
		r.e.Apply(Stamp{noon, r.wall}, r.request("M1", "usersigin", data))
		require.Less(t, r.e.Bytes(), most+1<<20)
	}
}
