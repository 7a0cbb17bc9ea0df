package push

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An attempt for which the process has no descriptor left waits for one: that is no failure of the merchant's.
func TestSender_waitsForADescriptor(t *testing.T) {
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":0}`) }))
	defer merchant.Close()
	s := NewSender(SenderOptions{})
	defer s.Close()
	dial, tries := s.transport.DialContext, 0
	s.transport.DialContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		if tries++; tries < 4 {
			return nil, &net.OpError{Op: "dial", Err: syscall.EMFILE}
		}
		return dial(ctx, network, to)
	}
	r := s.Send(t.Context(), Attempt{Item: Item{MerchantNo: "M1", URL: merchant.URL}}, time.Minute)
	require.True(t, r.Delivered, r.Error)
	require.Equal(t, 4, tries)
	ctx, stop := context.WithCancel(t.Context())
	s.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		if tries++; tries == 6 { // while it waits, which it has begun to
			stop()
		}
		return nil, &net.OpError{Op: "dial", Err: syscall.EMFILE}
	}
	require.Equal(t, failStopping.EN, s.Send(ctx, Attempt{Item: Item{MerchantNo: "M1", URL: "http://127.0.0.1:1"}}, time.Minute).Error)
}
