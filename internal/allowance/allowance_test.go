package allowance_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/allowance"
)

// What held work back is given to it again; without that its time is over when the limit is.
func TestProlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := allowance.WithTimeout(allowance.Held(t.Context()), time.Minute)
		defer cancel()
		child, end := context.WithCancel(ctx)
		defer end()
		_, names := ctx.Deadline()
		require.False(t, names, "a deadline that moves is none to reckon with")
		time.Sleep(50 * time.Second)
		allowance.Prolong(child, 30*time.Second)
		time.Sleep(39 * time.Second)
		synctest.Wait()
		require.NoError(t, child.Err())
		time.Sleep(time.Second)
		synctest.Wait()
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
		require.ErrorIs(t, child.Err(), context.DeadlineExceeded)
	})
}

// A parent that ends, and a cancellation, end it.
func TestWithTimeout_ends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent, end := context.WithCancel(t.Context())
		ctx, cancel := allowance.WithTimeout(allowance.Held(parent), time.Minute)
		end()
		synctest.Wait()
		require.ErrorIs(t, ctx.Err(), context.Canceled)
		cancel()
		ctx, cancel = allowance.WithTimeout(allowance.Held(t.Context()), time.Minute)
		cancel()
		require.ErrorIs(t, ctx.Err(), context.Canceled)
	})
}

// One whose time is over at once ends; however soon that is.
func TestWithTimeout_overAtOnce(t *testing.T) {
	for range 100 {
		ctx, cancel := allowance.WithTimeout(allowance.Held(t.Context()), 1)
		<-ctx.Done()
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
		cancel()
	}
}

// Where nothing is held back it is a usual timeout.
func TestWithTimeout_usual(t *testing.T) {
	ctx, cancel := allowance.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	at, names := ctx.Deadline()
	require.True(t, names)
	allowance.Prolong(ctx, time.Hour)
	again, _ := ctx.Deadline()
	require.Equal(t, at, again)
}
