package engine

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
)

// The log says what an input did, also where nobody gave it a name, or where it changed nothing.
func TestSummary(t *testing.T) {
	for _, c := range []struct {
		input  Input
		en, zh string
	}{
		{&AddFault{fault.Fault{Name: "坏", On: fault.On{Endpoint: "carnum"}, Do: fault.Do{Code: new(2)}}}, "fault added: 坏", "添加故障：坏"},
		{
			&AddFault{fault.Fault{On: fault.On{Endpoint: "carnum", Where: json.RawMessage(`{"token":"t"}`)}, Do: fault.Do{Code: new(2)}}},
			`fault added: {"endpoint":"carnum","where":{"token":"t"}} {"code":2}`, `添加故障：{"endpoint":"carnum","where":{"token":"t"}} {"code":2}`,
		},
		{&SetClock{}, "clock left as it was", "时钟未改变"},
		{&SetClock{Change: clock.Change{Now: new(noon.Add(time.Hour)), Mode: new("frozen")}}, "clock set to 2017-08-20 13:00:00, frozen", "时钟设为 2017-08-20 13:00:00，冻结"},
	} {
		r := Record{Input: c.input}
		summary := r.Summary()
		require.Equal(t, c.en, summary.EN)
		require.Equal(t, c.zh, summary.ZH)
	}
}
