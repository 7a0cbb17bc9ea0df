package registry

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func newRegistry(t *testing.T) *Registry {
	t.Helper()
	r := New(time.Now, push.NewSender(push.SenderOptions{}), Options{})
	t.Cleanup(r.Close)
	return r
}

// with is a fixture with merchants whose clock stands.
func with(numbers ...string) *fixture.Fixture {
	f := &fixture.Fixture{
		Clock:    &fixture.Clock{Now: &fixture.Instant{Time: time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)}},
		Parkings: []fixture.Parking{{ID: "1", Name: "P", City: "C", Lat: "29.1", Lon: "106.1"}},
	}
	for _, no := range numbers {
		f.Merchants = append(f.Merchants, fixture.Merchant{No: no, Key: "key-" + no, Push: &fixture.Hook{URL: "http://accept.invalid/" + no}})
	}
	return f
}

func (r *Registry) make(t *testing.T, id string, numbers ...string) *sandbox.Sandbox {
	t.Helper()
	s, err := r.Create(id, Spec{Fixture: with(numbers...)})
	require.NoError(t, err)
	return s
}

func put(no string) platform.PutMerchant {
	return platform.PutMerchant{Merchant: platform.Merchant{No: no, Key: "k"}}
}

// owner says who has a number.
func (r *Registry) owner(no string) string {
	s, owned := r.Of(no)
	if !owned {
		return ""
	}
	return s.ID()
}

// agrees says that the index has exactly the merchants that the sandboxes have.
func (r *Registry) agrees(t *testing.T) {
	t.Helper()
	n := 0
	for _, s := range r.All() {
		for _, no := range s.Merchants() {
			require.Equal(t, s.ID(), r.owner(no), "merchant %s", no)
			n++
		}
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	require.Len(t, r.merchants, n, "numbers that no sandbox has")
}

// A sandbox is found by its id and its merchants' numbers; a number that none has leads to default.
func TestRegistry_finds(t *testing.T) {
	r := newRegistry(t)
	first, second := r.make(t, Default, "A"), r.make(t, "two", "B", "C")
	one := r.make(t, "one", "D")
	require.Equal(t, []*sandbox.Sandbox{first, one, second}, r.All())
	for no, want := range map[string]*sandbox.Sandbox{"A": first, "B": second, "C": second, "D": one, "nobody": first} {
		s, owned := r.Of(no)
		require.Same(t, want, s, no)
		require.Equal(t, no != "nobody", owned)
	}
	_, err := r.Create("one", Spec{})
	require.ErrorIs(t, err, ErrTaken)
	_, err = r.Create("three", Spec{Fixture: with("E", "B")})
	require.ErrorIs(t, err, ErrTaken)
	require.Empty(t, r.owner("E"), "all or none")
	require.ErrorIs(t, second.Do(put("A")).Err, ErrTaken)
	require.Equal(t, []string{"B", "C"}, second.Merchants())
	r.agrees(t)

	require.NoError(t, second.Do(platform.DeleteMerchant{No: "B"}).Err)
	require.NoError(t, one.Do(put("B")).Err)
	require.ErrorIs(t, second.Reset(), ErrTaken, "its fixture has B")
	require.Equal(t, []string{"C"}, second.Merchants(), "and it stays as it was")
	r.agrees(t)
	require.NoError(t, r.Delete("one"))
	require.Empty(t, r.owner("B"))
	require.ErrorIs(t, one.Do(put("F")).Err, ErrUnknown, "it is gone")
	require.NoError(t, second.Reset())
	require.Equal(t, "two", r.owner("B"))
	require.ErrorIs(t, r.Delete("one"), ErrUnknown)
	require.ErrorIs(t, r.Delete(Default), ErrDefault)
	r.agrees(t)
}

// What is refused reserves nothing.
func TestRegistry_refusedClaims(t *testing.T) {
	r := newRegistry(t)
	s := r.make(t, "one", "A")
	var invalid *strict.Invalid
	state := s.State()
	state.Version, state.Platform.Merchants[0].No = 1, "Z"
	d, err := engine.NewDocument(&state)
	require.NoError(t, err)
	require.True(t, errors.As(s.Restore(d), &invalid))
	require.Empty(t, r.owner("Z"))
	require.Equal(t, "one", r.owner("A"))
	require.Error(t, s.Do(platform.DeleteMerchant{No: "nobody"}).Err)
	r.agrees(t)
}

// Of several that claim one number at once, one gets it, whatever way they claim it: by setting the merchant, by being made with
// it, or by being restored to it.
func TestRegistry_oneOwner(t *testing.T) {
	r := newRegistry(t)
	a, b := r.make(t, "a", "A"), r.make(t, "b", "B")
	for n := range 100 {
		no := fmt.Sprint("N", n)
		state := b.State()
		state.Platform.Merchants = append(state.Platform.Merchants, platform.Merchant{No: no, Key: "k"})
		d, err := engine.NewDocument(&state)
		require.NoError(t, err)
		claims := []func() error{
			func() error { return a.Do(put(no)).Err },
			func() error { return b.Restore(d) },
			func() error { _, err := r.Create("c", Spec{Fixture: with(no)}); return err },
			func() error { _, err := r.Fork(a, "1", "d", map[string]string{"A": no}); return err },
		}
		errs := make([]error, len(claims))
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i, claim := range claims {
			wg.Go(func() { <-start; errs[i] = claim() })
		}
		close(start)
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				require.ErrorIs(t, err, ErrTaken)
			}
		}
		require.Equal(t, 1, won, "%v", errs)
		require.Equal(t, []string{"a", "b", "c", "d"}[winner(errs)], r.owner(no))
		r.agrees(t)
		for _, id := range []string{"c", "d"} {
			_ = r.Delete(id) // where there is one
		}
	}
}

func winner(errs []error) int {
	for i, err := range errs {
		if err == nil {
			return i
		}
	}
	return -1
}

// in says that something ends, without waiting for what it must not wait for.
func in(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("waits: " + what)
	}
}

// watched is a registry that says when a number is reserved for the first time.
type watched struct {
	*Registry

	no       string
	reserved chan struct{}
}

func (w watched) Reserve(s *sandbox.Sandbox, numbers []string) error {
	err := w.Registry.Reserve(s, numbers)
	if err == nil && slices.Contains(numbers, w.no) {
		close(w.reserved)
	}
	return err
}

// A sandbox that is busy, and a merchant that is about to be set in it, hold up nobody else.
func TestRegistry_aBusySandboxHoldsUpNobody(t *testing.T) {
	r := newRegistry(t)
	reserved := make(chan struct{})
	r.host.Index = watched{r, "N", reserved}
	r.make(t, Default, "D")
	busy, other := r.make(t, "busy", "A"), r.make(t, "other", "B")
	held, release, read, claimed := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(read)
		busy.View(func(engine.StateView, time.Time) { close(held); <-release })
	}()
	<-held
	go func() { claimed <- busy.Do(put("N")).Err }()
	in(t, "reserving", func() { <-reserved }) // which comes before the sandbox's lock
	require.Equal(t, "busy", r.owner("N"))
	in(t, "looking up", func() {
		for _, no := range []string{"A", "B", "N", "nobody"} {
			r.Of(no)
		}
		_, ok := r.Get("busy")
		require.True(t, ok)
		require.Len(t, r.All(), 3)
	})
	in(t, "a request elsewhere", func() {
		require.NotNil(t, other.Request(&engine.Request{Endpoint: "carnum", Method: "POST", MerchantNo: "B"}).Entry)
	})
	in(t, "a claim elsewhere", func() {
		require.NoError(t, other.Do(put("M")).Err)
		require.ErrorIs(t, other.Do(put("N")).Err, ErrTaken)
	})
	in(t, "making and deleting", func() {
		_, err := r.Create("new", Spec{})
		require.NoError(t, err)
		_, err = r.Fork(other, "", "fork", nil)
		require.NoError(t, err)
		require.NoError(t, r.Delete("new"))
		require.NoError(t, r.Delete("fork"))
	})
	in(t, "restoring and resetting elsewhere", func() {
		state := other.State()
		d, err := engine.NewDocument(&state)
		require.NoError(t, err)
		require.NoError(t, other.Restore(d))
		require.NoError(t, other.Reset())
	})
	select {
	case err := <-claimed:
		t.Fatalf("set in a sandbox whose lock is held: %v", err)
	default:
	}
	close(release)
	<-read
	require.NoError(t, <-claimed)
	r.agrees(t)
}

// A deleted sandbox has no merchants, also where one was about to be set in it.
func TestRegistry_deletedMeanwhile(t *testing.T) {
	r := newRegistry(t)
	for n := range 100 {
		s := r.make(t, "s", "A")
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.Do(put("N")).Err })
		wg.Go(func() { require.NoError(t, r.Delete("s")) })
		wg.Wait()
		require.Empty(t, r.owner("A"), "round %d", n)
		require.Empty(t, r.owner("N"), "round %d", n)
	}
}
