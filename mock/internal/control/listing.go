package control

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// list is the shape of every listing.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

const (
	defaultLimit = 100
	maxLimit     = 1000
)

// page reads limit, after and order of a listing.
func (in *call) page() (sandbox.Page, error) {
	p := sandbox.Page{After: in.gin.Query("after"), Limit: defaultLimit}
	if text := in.gin.Query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			return p, problem.InQuery("limit", "want a whole number from 1 to "+strconv.Itoa(maxLimit))
		}
		p.Limit = n
	}
	order, err := in.queryOf("order", "oldest", "newest")
	p.Newest = order == "newest"
	return p, err
}

// queryOf is a parameter of the query that has one of some values, or none.
func (in *call) queryOf(name string, allowed ...string) (string, error) {
	value := in.gin.Query(name)
	if value != "" && !slices.Contains(allowed, value) {
		return "", problem.InQuery(name, "want one of "+strings.Join(allowed, ", "))
	}
	return value, nil
}

// invalidPath is what is wrong with a parameter of the path.
func invalidPath(name, detail string) error {
	return &problem.StatusError{Status: http.StatusUnprocessableEntity, Detail: name + " in the path: " + detail, Parameter: name}
}

// paged cuts a page out of a whole list. beyond says whether an item's place is behind that of an id which is not
// in the list (any more); nil: the order does not follow from ids.
func paged[T any](all []T, page sandbox.Page, id func(T) string, beyond func(itemID, id string) bool) (list[T], error) {
	if page.Newest {
		slices.Reverse(all)
		if forward := beyond; forward != nil {
			beyond = func(itemID, id string) bool { return forward(id, itemID) }
		}
	}
	from := 0
	if page.After != "" {
		at := slices.IndexFunc(all, func(item T) bool { return id(item) == page.After })
		switch {
		case at >= 0:
			from = at + 1
		case beyond == nil:
			return list[T]{}, problem.InQuery("after", "nothing here has the id "+strconv.Quote(page.After))
		default:
			from = len(all)
			if at = slices.IndexFunc(all, func(item T) bool { return beyond(id(item), page.After) }); at >= 0 {
				from = at
			}
		}
	}
	out := list[T]{Items: all[from:]}
	if len(out.Items) > page.Limit {
		out.Items = out.Items[:page.Limit]
		out.Next = id(out.Items[page.Limit-1])
	}
	if out.Items == nil {
		out.Items = []T{}
	}
	return out, nil
}

// pageOf is a page of what keys name, which are all in their order. With the sandbox's lock held only those on the page are looked at: taking out,
// and sorting, hundreds of thousands would keep others waiting.
func pageOf[K, T any](
	in *call, page sandbox.Page, keys []K, id func(K) string, beyond func(itemID, id string) bool, of func(w engine.StateView, now time.Time, key K) (T, bool),
) (list[T], error) {
	cut, err := paged(keys, page, id, beyond)
	out := list[T]{Items: make([]T, 0, len(cut.Items)), Next: cut.Next}
	in.sandbox.View(func(w engine.StateView, now time.Time) {
		for _, key := range cut.Items {
			if item, there := of(w, now, key); there {
				out.Items = append(out.Items, item)
			}
		}
	})
	return out, err
}

func listed[T any](l list[T], err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return ok(l)
}

// byText is the order of ids that are sorted as texts.
func byText(itemID, id string) bool { return itemID > id }

// queryNames are the parameters that the query of each call may carry, by method and path as they are registered.
var queryNames = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{}
	parameter := regexp.MustCompile(`\{([a-z]+)\}`)
	for _, r := range schemas.ControlRoutes() {
		names[r.Method+" "+parameter.ReplaceAllString(r.Path, ":$1")] = r.Query
	}
	return names
})

// knowsQuery refuses a parameter of the query that the call does not have.
func (in *call) knowsQuery() error {
	if in.gin.Request.URL.RawQuery == "" || !strings.HasPrefix(in.gin.FullPath(), Prefix) { // a probe may add what it likes
		return nil
	}
	query, err := url.ParseQuery(in.gin.Request.URL.RawQuery)
	if err != nil { // what cannot be read would be left out, as if nobody had asked for it
		return problem.Fail(http.StatusUnprocessableEntity, "the query cannot be read: "+err.Error())
	}
	names := queryNames()[in.gin.Request.Method+" "+in.gin.FullPath()]
	for _, given := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(names, given) {
			return problem.InQuery(given, unknown("parameter", given, names))
		}
		if len(query[given]) > 1 {
			return problem.InQuery(given, "is there twice")
		}
	}
	return nil
}
