package jsondoc

import (
	"cmp"
	"slices"
	"unicode/utf16"
)

// Counted are the numbers below n.
func Counted(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Hashtable is the order of a java.util.Hashtable: 11 buckets, twice that and one more when three quarters are full, the newest first in each, and
// read from the last bucket.
func Hashtable(hashes []uint32, inserted []int) (order []int) {
	buckets := make([][]int, 11)
	put := func(i int) {
		at := int(hashes[i]&0x7fffffff) % len(buckets)
		buckets[at] = append([]int{i}, buckets[at]...)
	}
	for n, i := range inserted {
		if n >= len(buckets)*3/4 {
			old := buckets
			buckets = make([][]int, 2*len(old)+1)
			for _, bucket := range slices.Backward(old) {
				for _, i := range bucket {
					put(i)
				}
			}
		}
		put(i)
	}
	for _, bucket := range slices.Backward(buckets) {
		order = append(order, bucket...)
	}
	return order
}

// JavaHash is String.hashCode.
func JavaHash(s string) (h uint32) {
	for _, unit := range utf16.Encode([]rune(s)) {
		h = 31*h + uint32(unit)
	}
	return h
}

// Bucketed is the order of names by the buckets of their hashes, as a HashMap of that capacity gives them.
func Bucketed(hashes []uint32, spread func(uint32) uint32, capacity uint32, newestFirst bool) []int {
	order := Counted(len(hashes))
	if newestFirst {
		slices.Reverse(order)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(spread(hashes[a])&(capacity-1), spread(hashes[b])&(capacity-1))
	})
	return order
}

// Orders yields orders of n things, each in the same slice. The given order is among them.
func Orders(n int) func(yield func([]int) bool) {
	const allOf = 6
	return func(yield func([]int) bool) {
		order := Counted(n)
		if n <= allOf {
			permute(order, 0, yield)
			return
		}
		slices.Reverse(order)
		if !yield(order) {
			return
		}
		slices.Reverse(order)
		for from := range n {
			for to := range n {
				moved := slices.Insert(slices.Delete(slices.Clone(order), from, from+1), to, order[from])
				swapped := slices.Clone(order)
				swapped[from], swapped[to] = swapped[to], swapped[from]
				if !yield(moved) || !yield(swapped) {
					return
				}
			}
		}
	}
}

func permute(order []int, at int, yield func([]int) bool) bool {
	if at == len(order) {
		return yield(order)
	}
	for i := at; i < len(order); i++ {
		order[at], order[i] = order[i], order[at]
		ok := permute(order, at+1, yield)
		order[at], order[i] = order[i], order[at]
		if !ok {
			return false
		}
	}
	return true
}
