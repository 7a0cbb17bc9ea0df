package mock_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
)

// The sandbox default starts anew from another fixture, with the seed it had; one that is wrong changes nothing.
func TestServer_ReloadFixture(t *testing.T) {
	server, err := mock.New(mock.WithSeed(7), mock.WithFixture([]byte(`{"merchants":[{"no":"M1","key":"k1"}]}`)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(context.Background())) })
	require.NoError(t, server.Start("127.0.0.1:0"))
	api := control.New(server.URL())
	numbers := func() (all []string) {
		found, err := api.Sandbox(control.Default).Get(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 7, found.Seed)
		for _, m := range found.Merchants {
			all = append(all, m.MerchantNo)
		}
		return all
	}

	require.NoError(t, server.ReloadFixture([]byte(`{"merchants":[{"no":"M2","key":"k2"}],"seed":9}`)))
	require.Equal(t, []string{"M2"}, numbers())
	require.NoError(t, api.Sandbox(control.Default).Reset(t.Context()))
	require.Equal(t, []string{"M2"}, numbers(), "what it is reset to is the new fixture")

	var wrong *mock.FixtureError
	require.ErrorAs(t, server.ReloadFixture([]byte(`{"merchants":[{"no":"M3"}],"seed":"x"}`)), &wrong)
	require.Len(t, wrong.Problems, 2)
	require.Equal(t, []string{"M2"}, numbers())
	require.ErrorContains(t, server.ReloadFixture([]byte("merchants: []")), "fixture: not JSON: line 1:1: ")
	require.ErrorContains(t, server.ReloadFixture([]byte("merchants: []")), "(scenarios.ReadFixture makes JSON of YAML)")

	_, err = api.CreateSandbox(t.Context(), control.NewSandbox{Fixture: map[string]any{"merchants": []any{map[string]any{"no": "M1", "key": "k1"}}}})
	require.NoError(t, err, "M1 is free again")
	require.ErrorContains(t, server.ReloadFixture([]byte(`{"merchants":[{"no":"M1","key":"k1"}]}`)), "merchant M1 is taken by another sandbox")
	require.Equal(t, []string{"M2"}, numbers())
}
