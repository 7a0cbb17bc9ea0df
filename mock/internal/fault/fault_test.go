package fault_test

import (
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func read(tb testing.TB, text string) (f fault.Fault) {
	tb.Helper()
	require.Empty(tb, strict.Decode([]byte(text), &f, strict.Limits{}))
	require.Empty(tb, f.Check())
	return f
}

// delays draws n delays of a fault, in order of length.
func delays(tb testing.TB, n int, delay string) (all []time.Duration) {
	tb.Helper()
	s := fault.NewSet(rand.NewPCG(1, 2))
	_, err := s.Add(read(tb, `{"do":{"delay":`+delay+`}}`))
	require.NoError(tb, err)
	for range n {
		all = append(all, s.Request(fault.Request{}).Delay)
	}
	slices.Sort(all)
	return all
}

func TestDelay_spread(t *testing.T) {
	fixed := delays(t, 10, `"2s"`)
	require.Equal(t, []time.Duration{2 * time.Second}, slices.Compact(fixed))

	even := delays(t, 10_000, `{"min":"1s","max":"3s"}`)
	require.GreaterOrEqual(t, even[0], time.Second)
	require.LessOrEqual(t, even[9_999], 3*time.Second)
	require.InDelta(t, 2*time.Second, even[5_000], float64(50*time.Millisecond))
	require.InDelta(t, 1500*time.Millisecond, even[2_500], float64(50*time.Millisecond))

	lognormal := delays(t, 10_000, `{"median":"2s","sigma":0.5}`)
	require.InDelta(t, 2*time.Second, lognormal[5_000], float64(60*time.Millisecond))
	require.InDelta(t, 3297*time.Millisecond, lognormal[8_413], float64(120*time.Millisecond), "a sigma above the median is e^0.5 times as long")

	require.Equal(t, fault.MaxDelay, delays(t, 1_000, `{"median":"10m","sigma":5}`)[999], "cut off")
	require.Equal(t, time.Second, delays(t, 3, `{"min":"1s","max":"1s"}`)[0])
}

// FuzzFault gives a set whatever passes the checks; it must hold up, and be the same after a trip through JSON.
func FuzzFault(f *testing.F) {
	f.Add(`{"on":{"endpoint":"carnum","where":{"a":[1,{"b":null}]}},"probability":0.5,"do":{"code":2,"delay":{"median":"2s","sigma":1}}}`, `{"a":[1,{"b":null,"c":2}]}`)
	f.Add(`{"on":{"push":"exit","where":{"plateNumber":"渝ATX061"}},"after":1,"times":1,"do":{"duplicate":2,"delay":{"min":"1s","max":"2s"}}}`, `{"plateNumber":"x"}`)
	f.Add(`{"do":{"truncate":true,"body":"x"}}`, `plateNumber=x`)
	f.Fuzz(func(t *testing.T, text, data string) {
		var in fault.Fault
		if len(strict.Decode([]byte(text), &in, strict.Limits{})) > 0 || len(in.Check()) > 0 {
			return
		}
		s := fault.NewSet(rand.NewPCG(1, 2))
		_, err := s.Add(in)
		require.NoError(t, err)
		meet := func(s *fault.Set) (out []any) {
			for range 3 {
				out = append(out, s.Request(fault.Request{Endpoint: in.On.Endpoint, MerchantNo: in.On.MerchantNo, Data: data}),
					s.Push(fault.Push{Kind: in.On.Push, MerchantNo: in.On.MerchantNo, Body: data, Plain: data}))
			}
			return out
		}
		meet(s)
		kept, err := json.Marshal(s.State())
		require.NoError(t, err)
		var state fault.State
		require.NoError(t, json.Unmarshal(kept, &state))
		again, err := fault.FromState(state, rand.NewPCG(3, 4))
		require.NoError(t, err)
		require.Equal(t, meet(s), meet(again))
	})
}

// A lognormal delay is the same on every architecture: the digest was found on amd64 and on arm64.
func TestDelay_sameBitsEverywhere(t *testing.T) {
	digest := fnv.New64a()
	for _, delay := range delays(t, 20_000, `{"median":"2s","sigma":1.3}`) {
		require.Zero(t, delay%time.Millisecond)
		require.NoError(t, binary.Write(digest, binary.BigEndian, int64(delay)))
	}
	require.Equal(t, uint64(0x95abfd5643c01d1f), digest.Sum64())
}
