package control

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry/registrytest"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// A fixture is refused with every fault's place, or makes a sandbox whose state can be put back.
func FuzzFixture(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"clock":"2017-08-20 12:00:00","seed":7,"merchants":[{"no":"M","key":"k","push":{"url":"http://accept.invalid/"}}]}`,
		`{"parkings":[{"id":"1","name":"P","city":"C","lat":"29.5","lon":"106.5","totalSpace":3,"tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5","dailyCap":"50"}}],
		"vehicles":[{"plateNumber":"渝A00001","vin":"LVSHBFDC7RF414158"}],"rules":{"strict":true},"users":[{"phone":"13800000001","bindings":[{"plateNumber":"渝A00001"}]}]}`,
		`{"generate":{"parkings":10}}`, `{"faults":[{"on":{"endpoint":"bindcar"},"do":{"code":2}}]}`, `[]`, `{"clock":1}`, `{"merchants":[{"no":"","key":""},{"no":"","key":""}]}`, `{"orders":[{"plateNumber":"渝A00001","parkingId":"1"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var invalid *strict.Invalid
		read, err := ReadFixture(text, time.Now())
		if err != nil {
			require.True(t, errors.As(err, &invalid) && len(invalid.Problems) > 0, "%v", err)
			return
		}
		s, err := registrytest.New(t).Create(registry.Default, registry.Spec{Fixture: read})
		if err != nil {
			require.True(t, errors.As(err, &invalid) && len(invalid.Problems) > 0, "%v", err)
			return
		}
		written, err := json.Marshal(s.State())
		require.NoError(t, err)
		state, err := (&call{body: written}).state()
		require.NoError(t, err)
		require.NoError(t, s.Restore(engine.ReadDocument(written, &state)))
		require.NoError(t, s.Reset())
	})
}
