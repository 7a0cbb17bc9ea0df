package remote

import (
	"math"
	"slices"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// All gathers every page of a listing.
func All[T any](list func(control.Page) (control.List[T], error)) ([]T, error) {
	items := []T{}
	for item, err := range control.All(list) {
		if err != nil {
			return nil, err
		}
		if items = append(items, item); len(items) > maxItems {
			return nil, errEndless
		}
	}
	return items, nil
}

// maxItems is how many items of a listing are gathered, and maxPages how many pages: a hostile server never ends it.
const (
	maxItems = 1_000_000
	maxPages = 10_000
)

var errEndless = cli.Errorf("the listing does not end: over %d items", maxItems)

// Newest gathers the n newest of a listing, or all of it for 0, and gives them oldest first.
func Newest[T any](n int, list func(control.Page) (control.List[T], error)) ([]T, error) {
	return NewestOf(n, list, nil)
}

// NewestOf is [Newest] of those that are wanted, of all for nil.
func NewestOf[T any](n int, list func(control.Page) (control.List[T], error), wanted func(T) bool) ([]T, error) {
	if n == 0 {
		n = math.MaxInt
	}
	page := control.Page{Newest: true, Limit: 1000}
	if wanted == nil {
		page.Limit = min(n, page.Limit)
	}
	items := []T{}
	for pages := 0; len(items) < n; pages++ {
		if len(items) > maxItems || pages == maxPages {
			return nil, errEndless
		}
		got, err := list(page)
		if err != nil {
			return nil, err
		}
		for _, item := range got.Items {
			if len(items) < n && (wanted == nil || wanted(item)) {
				items = append(items, item)
			}
		}
		if got.Next == "" || got.Next == page.After || len(got.Items) == 0 { // a server that says the same again and again has no more
			break
		}
		page.After = got.Next
	}
	reversed := make([]T, 0, len(items))
	for _, item := range slices.Backward(items) {
		reversed = append(reversed, item)
	}
	return reversed, nil
}

// First gathers the first n of a listing, or all of it for 0.
func First[T any](n int, list func(control.Page) (control.List[T], error)) ([]T, error) {
	items := []T{}
	for item, err := range control.All(list) {
		if err != nil {
			return nil, err
		}
		if items = append(items, item); len(items) == n {
			break
		}
		if len(items) > maxItems {
			return nil, errEndless
		}
	}
	return items, nil
}
