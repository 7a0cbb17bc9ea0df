package webhook_test

import (
	"net/http"
	"sync"
	"time"
)

// once is a merchant that takes a push it knows for a failure; key says what it knows one by, "" being what it does not look at.
func once(key func(push map[string]any) string) http.Handler {
	var mu sync.Mutex
	seen := map[string]bool{}
	return merchant{store: func(push map[string]any) error {
		mu.Lock()
		defer mu.Unlock()
		k := key(push)
		if k != "" && seen[k] {
			return errRefused
		}
		seen[k] = true
		return nil
	}}
}

func notice(push map[string]any) string { return textOf(push, "plateNumber") + textOf(push, "time") }

// Merchants that are wrong in how they take a push that comes again.
var wrongRepeats = map[string]wrong{
	"takes an exit once": {func() http.Handler {
		return once(func(push map[string]any) string {
			if isExit(push) {
				return textOf(push, "synId")
			}
			return ""
		})
	}, []string{"twice-exit"}},
	"takes an unbinding once":         {func() http.Handler { return at("/etcp/unbind", once(notice)) }, []string{"twice-unbind"}},
	"takes a lost certification once": {func() http.Handler { return at("/etcp/certification-invalid", once(notice)) }, []string{"twice-certification"}},
	"is confused by the same at once": {func() http.Handler {
		var mu sync.Mutex
		now := map[string]bool{}
		return merchant{store: func(push map[string]any) error {
			id := textOf(push, "synId")
			mu.Lock()
			known := now[id]
			now[id] = id != ""
			mu.Unlock()
			if known {
				return errRefused
			}
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			delete(now, id)
			mu.Unlock()
			return nil
		}}
	}, []string{"twice-at-once"}},
}
