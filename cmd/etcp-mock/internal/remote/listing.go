package remote

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// All gathers every page of a listing.
func All[T any](list func(control.Page) (control.List[T], error)) ([]T, error) {
	items := []T{}
	for item, err := range control.All(list) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// Newest gathers the n newest of a listing, or all of it for 0, and gives them oldest first.
func Newest[T any](n int, list func(control.Page) (control.List[T], error)) ([]T, error) {
	if n == 0 {
		return All(list)
	}
	const most = 1000
	items := []T{}
	for page := (control.Page{Newest: true}); len(items) < n; {
		page.Limit = min(n-len(items), most)
		got, err := list(page)
		if err != nil {
			return nil, err
		}
		items = append(items, got.Items...)
		if got.Next == "" {
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
	}
	return items, nil
}
