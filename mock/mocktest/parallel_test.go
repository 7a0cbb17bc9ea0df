package mocktest_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

// Parallel tests share a server, each in a sandbox of its own: the same plates, phones and times do not meet.
func TestOn_parallel(t *testing.T) {
	server, err := mock.New()
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	defer func() { require.NoError(t, server.Close(t.Context())) }()
	var mu sync.Mutex
	tokens := map[string]int{}
	t.Run("together", func(t *testing.T) {
		for i := range 8 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				m := mocktest.On(t, server)
				inbox := m.Inbox()
				token := m.Owner("13800000001", "渝ATX061")
				mu.Lock()
				tokens[token]++
				mu.Unlock()
				m.Enter("渝ATX061")
				require.Equal(t, "渝****61", inbox.Next()["plateNumber"])
				m.Advance(fmt.Sprintf("%dh", i+1))
				order := m.Exit("渝ATX061", mocktest.Owing())
				require.Equal(t, []string{"owing", strconv.Itoa(min(5*(i+1), 50))}, []string{order.State, order.RemainingFee})
				require.InDelta(t, min(5*(i+1), 50), inbox.Next()["receivableFee"], 0)
				inbox.Empty()
				m.Saw("bindcar", map[string]any{"plateNumber": "渝ATX061"})
				require.Len(t, m.Requests(""), 2)
			})
		}
	})
	require.Len(t, tokens, 1, "the same seed and calls give the same token")
}

// failing is a test that is watched as it fails.
type failing struct {
	example

	told []string
}

func (f *failing) Failed() bool              { return len(f.told) > 0 }
func (f *failing) Logf(l string, a ...any)   { f.told = append(f.told, fmt.Sprintf(l, a...)) }
func (f *failing) Errorf(l string, a ...any) { f.told = append(f.told, "FAIL "+fmt.Sprintf(l, a...)) }
func (f *failing) Fatalf(l string, a ...any) { panic(fmt.Sprintf(l, a...)) }

// A test that fails says what the mock refused, what did not arrive, and what was nearest to what was wanted, in the language of who reads it.
func TestFailure_saysWhy(t *testing.T) {
	for language, wanted := range map[string][]string{
		"en": {
			"parkingstatus refused, parking-unknown: ", "entry of 渝ATX061 to http://127.0.0.1:1/ is pending: connection refused",
			"FAIL mocktest: the mock saw no parkingstatus like it", `data.parkingId: want "1", got "99"`, "FAIL mocktest: the mock saw parkingstatus (1 matched)",
		},
		"zh": {
			"parkingstatus 被拒绝，parking-unknown：没有停车场 99", "（entry，渝ATX061）没有送达 http://127.0.0.1:1/：连接被拒绝",
			"FAIL mocktest: 模拟平台没有收到符合条件的 parkingstatus：", `data.parkingId：应为 "1"，实际为 "99"`, "FAIL mocktest: 模拟平台收到了符合条件的 parkingstatus：",
		},
	} {
		t.Setenv("ETCP_MOCK_LANG", language)
		f := &failing{}
		m := mocktest.New(f)
		m.PushTo("http://127.0.0.1:1/")
		m.Owner("13800000001", "渝ATX061")
		m.Enter("渝ATX061")
		m.Drain()
		require.Equal(t, 1, m.Call("parkingstatus", map[string]any{"parkingId": "99"}).Code)
		m.Saw("parkingstatus", map[string]any{"parkingId": "1"})
		m.NeverSaw("parkingstatus", nil)
		require.PanicsWithValue(t, "mocktest: usersigin: code 20201 手机号错误, malformed-parameter: mobilePhone", func() { m.Owner("1", "渝ATX061") })
		require.Panics(t, func() { m.Enter("渝ATX061") })
		require.Panics(t, func() { m.Order("渝ATX062") })
		require.Panics(t, func() { m.Call("none", nil) })
		f.end()
		all := strings.Join(f.told, "\n")
		for _, want := range wanted {
			require.Contains(t, all, want)
		}
	}
}
