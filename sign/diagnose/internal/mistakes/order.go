package mistakes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	keepText = words.Phrase{En: "Sign the very text that is sent; its keys stand in another order. Marshal once, and keep that text", Zh: "请对实际发送的文本签名，它的键顺序不同。只序列化一次，并保留该文本"}
	hashText = words.Phrase{En: "Keep the fields in the order they are received: hash the text as received, or decode into something that keeps the order", Zh: "字段要保持收到时的顺序：对收到的原文求哈希，或用能保序的结构解析"}
)

// orderRows are other orders of the object's members.
var orderRows = []guess.Hypothesis{
	{
		Kind: "keys-sorted", In: guess.OfRequests, At: guess.InOrder, What: words.Phrase{En: "the keys were sorted", Zh: "键被排序了"},
		Fix: words.Phrase{En: "Sign the very text that is sent; its keys are not sorted", Zh: "请对实际发送的文本签名；它的键没有排序"}, Try: sorted,
	},
	{Kind: "field-order", In: guess.OfPushes, At: guess.InOrder, What: words.Phrase{En: "the fields stand in another order", Zh: "字段的顺序不同"}, Fix: hashText, Try: sorted},
	{
		Kind: "hashmap-order", In: guess.OfBoth, At: guess.InOrder, What: words.Phrase{En: "the keys stand in the order of a Java HashMap", Zh: "键的顺序是 Java HashMap 的顺序"},
		Fix:     words.Phrase{En: "Sign the very text that is sent, or keep the order with a LinkedHashMap (fastjson: new JSONObject(true))", Zh: "请对实际发送的文本签名，或用 LinkedHashMap 保序（fastjson 用 new JSONObject(true)）"},
		PushFix: words.Phrase{En: "Hash the text as received, or parse into a LinkedHashMap (fastjson: Feature.OrderedField), which keeps the order", Zh: "请对收到的原文求哈希，或解析到保序的 LinkedHashMap（fastjson 用 Feature.OrderedField）"},
		Try:     hashMap,
	},
	{Kind: "keys-sorted", In: guess.OfRequests, At: guess.InOrder, What: sortedByLength, Fix: keepText, Try: lengthwise},
	{Kind: "field-order", In: guess.OfPushes, At: guess.InOrder, What: sortedByLength, Fix: hashText, Try: lengthwise},
	{Kind: "keys-sorted", In: guess.OfRequests, At: guess.InOrder, Alone: true, What: words.Phrase{En: "the keys were sorted from Z to A", Zh: "键按从 Z 到 A 排序"}, Fix: keepText, Try: descending},
	{Kind: "field-order", In: guess.OfPushes, At: guess.InOrder, Alone: true, What: words.Phrase{En: "the fields were sorted from Z to A", Zh: "字段按从 Z 到 A 排序"}, Fix: hashText, Try: descending},
	{Kind: "keys-reordered", In: guess.OfRequests, At: guess.InOrder, Last: true, What: words.Phrase{En: "the keys stand in another order", Zh: "键的顺序不同"}, Fix: keepText, Try: reordered},
	{Kind: "field-order", In: guess.OfPushes, At: guess.InOrder, Last: true, Try: reordered},
}

// sorted are the orders that a program makes on purpose; of a push the document's, too.
func sorted(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || len(g.Doc.Members) < 2 {
		return true
	}
	doc := g.Doc
	orders := []*jsondoc.Node{doc.SortedBy(strings.Compare)}
	if len(s.Order) > 0 {
		rank := func(name string) int {
			if at := slices.Index(s.Order, name); at >= 0 {
				return at
			}
			return len(s.Order)
		}
		orders = append(orders, doc.SortedBy(func(a, b string) int { return cmp.Compare(rank(a), rank(b)) }))
	}
	if !few {
		orders = append(orders, doc.SortedBy(func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }))
	}
	for _, other := range orders {
		if slices.Equal(other.Names, doc.Names) {
			continue
		}
		g.What = words.Phrase{}
		if slices.IsSorted(other.Names) {
			g.What = words.Phrase{En: "the keys were sorted", Zh: "键被排序了"}
			if s.Scope == guess.OfPushes {
				g.What = words.Phrase{En: "the fields were sorted", Zh: "字段被排序了"}
			}
		}
		if g.Doc = other; !yield(g) {
			return false
		}
	}
	return true
}

var sortedByLength = words.Phrase{En: "the keys were sorted by their length, as MySQL's JSON and PostgreSQL's jsonb do", Zh: "键按长度排序，如 MySQL 的 JSON 和 PostgreSQL 的 jsonb"}

// lengthwise is the order of names by their length.
func lengthwise(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || len(g.Doc.Members) < 2 {
		return true
	}
	other := g.Doc.SortedBy(byLength)
	if slices.Equal(other.Names, g.Doc.Names) {
		return true
	}
	g.Doc = other
	return yield(g)
}

// byLength compares names as the databases do that keep JSON in a form of their own.
func byLength(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }

// descending is the order from Z to A, which says less than a HashMap's.
func descending(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || few || len(g.Doc.Members) < 2 {
		return true
	}
	other := g.Doc.SortedBy(func(a, b string) int { return strings.Compare(b, a) })
	if slices.Equal(other.Names, g.Doc.Names) {
		return true
	}
	g.Doc = other
	return yield(g)
}

// hashMap are the orders in which Java's maps give their keys. Which it is depends on the capacity: 16, twice that with more than 12 keys, or
// what a program has asked for.
func hashMap(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || len(g.Doc.Members) < 2 || len(g.Doc.Members) > 64 {
		return true
	}
	doc := g.Doc
	try := func(order []int) bool {
		if slices.IsSorted(order) {
			return true
		}
		g.Doc = doc.Ordered(order)
		return yield(g)
	}
	hashes := make([]uint32, len(doc.Names))
	for i, name := range doc.Names {
		hashes[i] = jsondoc.JavaHash(name)
	}
	natural := uint32(16)
	for 4*uint64(len(hashes)) > 3*uint64(natural) {
		natural *= 2
	}
	capacities := []uint32{natural, 2 * natural, natural / 2, natural / 4, 4 * natural, 8 * natural}
	switch n := len(hashes); { // of few keys any order is that of some capacity
	case n == 2:
		capacities = capacities[:1]
	case few || n == 3:
		capacities = capacities[:2]
	}
	spread8 := func(h uint32) uint32 { return h ^ h>>16 }
	for _, capacity := range capacities {
		for _, newestFirst := range []bool{false, true} {
			if !try(jsondoc.Bucketed(hashes, spread8, capacity, newestFirst)) {
				return false
			}
			if few || len(hashes) <= 3 {
				break
			}
		}
	}
	if few || len(hashes) <= 3 {
		return true
	}
	g.What = words.Phrase{En: "the keys stand in the order of a HashMap of Java 7", Zh: "键的顺序是 Java 7 HashMap 的顺序"}
	spread7 := func(h uint32) uint32 { h ^= h>>20 ^ h>>12; return h ^ h>>7 ^ h>>4 }
	for _, capacity := range capacities[:2] {
		if !try(jsondoc.Bucketed(hashes, spread7, capacity, true)) || !try(jsondoc.Bucketed(hashes, spread7, capacity, false)) {
			return false
		}
	}
	g.What = words.Phrase{En: "the keys stand in the order of a Java Hashtable", Zh: "键的顺序是 Java Hashtable 的顺序"}
	reversed := jsondoc.Counted(len(hashes))
	slices.Reverse(reversed)
	return try(jsondoc.Hashtable(hashes, jsondoc.Counted(len(hashes)))) && try(jsondoc.Hashtable(hashes, reversed))
}

// reordered are all orders of up to six members, beyond that each member moved to each other position.
func reordered(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	const most = 16
	if !s.DocOf(&g) || len(g.Doc.Members) > most {
		return true
	}
	doc := g.Doc
	for order := range jsondoc.Orders(len(doc.Members)) {
		if g.Doc = doc.Ordered(order); !yield(g) {
			return false
		}
	}
	return true
}
