package contract

import (
	"slices"
	"sync"
)

// claims are the merchants' numbers in use: on a server each belongs to one sandbox.
type claims struct {
	mu    sync.Mutex
	freed *sync.Cond
	inUse map[string]bool
}

// claim waits until all of them are free, and takes them.
func (c *claims) claim(numbers []string) {
	if len(numbers) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inUse == nil {
		c.freed, c.inUse = sync.NewCond(&c.mu), map[string]bool{}
	}
	for slices.ContainsFunc(numbers, func(no string) bool { return c.inUse[no] }) {
		c.freed.Wait()
	}
	for _, no := range numbers {
		c.inUse[no] = true
	}
}

func (c *claims) release(numbers []string) {
	if len(numbers) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, no := range numbers {
		delete(c.inUse, no)
	}
	c.freed.Broadcast()
}
