package main

import (
	"context"
	"time"
)

// memory is what a process holds, in bytes, and what of it is its own: the rest are pages of the program's file, which the system can drop.
type memory struct{ resident, own int64 }

// millionStart is a start with a fixture of a million car parks.
type millionStart struct {
	took time.Duration // from exec to the first answer
	most int64         // bytes of memory on the way
}

// measureStart is from exec to the first answer of a platform request.
func (f *figures) measureStart(ctx context.Context) error {
	for range 11 {
		for _, kind := range []string{"baseline", "mock"} {
			began := time.Now()
			c, err := startChild(ctx, kind, "")
			if err != nil {
				return err
			}
			_, err = load(ctx, c, 1, time.Minute, 1, [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)})
			took := time.Since(began)
			if kind == "mock" {
				f.starts = append(f.starts, took)
				f.idle = c.memory()
			} else {
				f.bare = append(f.bare, took)
				f.bareIdle = c.memory()
			}
			c.stop()
			if err != nil {
				return err
			}
		}
	}
	return f.measureMillion(ctx)
}

// measureMillion starts a mock with a million car parks, three times.
func (f *figures) measureMillion(ctx context.Context) error {
	fixture := cityOf(0, 1_000_000)
	for range 3 {
		began := time.Now()
		c, err := startFixture(ctx, fixture)
		if err != nil {
			return err
		}
		_, err = load(ctx, c, 1, time.Minute, 1, [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)})
		f.million = append(f.million, millionStart{time.Since(began), c.mostMemory()})
		c.stop()
		if err != nil {
			return err
		}
	}
	return nil
}
