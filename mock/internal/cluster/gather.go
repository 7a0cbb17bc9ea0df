package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// listed is an item of a listing, as it was written, and its id.
type listed struct {
	ID   string
	Text json.RawMessage
}

// page is a page of a listing.
type page struct {
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next,omitempty"`
}

// Sandboxes answers the listing of sandboxes for the whole cluster: those that the store has, each as its owner shows it,
// default first and then by id. One that nobody owns at the moment, since its owner has died or it is on its way to another, is
// waited for a little and then shown by what the store knows: its id and its merchants. It takes limit, after and order as here,
// which answers for this replica alone.
func (c *Cluster) Sandboxes(edge Edge) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, ok := readQuery(r)
		if !ok {
			edge.Here.ServeHTTP(w, r) // it says what is wrong
			return
		}
		v, err := c.refresh(r.Context(), time.Now())
		if err != nil {
			edge.Unavailable(w, r, err)
			return
		}
		found := map[string]json.RawMessage{}
		for deadline := time.Now().Add(moveWait); ; {
			c.gather(r, edge.Here, found)
			if covers(found, v.places) || time.Now().After(deadline) {
				break
			}
			select {
			case <-time.After(5 * movePause):
			case <-r.Context().Done():
				return
			}
		}
		answerPage(w, query, everyOne(found, v.places))
	})
}

// gather adds what each replica lists of its own.
func (c *Cluster) gather(r *http.Request, here http.Handler, found map[string]json.RawMessage) {
	for _, item := range append(askHere(r, here), c.others(r.Context(), r.Header)...) {
		found[item.ID] = item.Text
	}
}

func covers(found map[string]json.RawMessage, places map[string]ledger.Place) bool {
	for id := range places {
		if found[id] == nil {
			return false
		}
	}
	return true
}

// everyOne is the sandboxes that there are, in order.
func everyOne(found map[string]json.RawMessage, places map[string]ledger.Place) []listed {
	all := make([]listed, 0, len(found))
	for id, text := range found {
		all = append(all, listed{id, text})
	}
	for id, p := range places {
		if found[id] == nil {
			all = append(all, listed{id, unowned(p)})
		}
	}
	slices.SortStableFunc(all, func(a, b listed) int { return compareIDs(a.ID, b.ID) })
	return all
}

// unowned is a sandbox in a listing of which only the store says anything.
func unowned(p ledger.Place) json.RawMessage {
	text, _ := json.Marshal(struct { //nolint:errchkjson // texts and numbers
		ID            string   `json:"id"`
		Merchants     []string `json:"merchants"`
		Now           string   `json:"now"`
		Orders        int      `json:"orders"`
		PushesPending int      `json:"pushesPending"`
	}{ID: p.Sandbox, Merchants: append([]string{}, p.Merchants...)})
	return text
}

// query is what a listing was asked with.
type query struct {
	limit  int
	after  string
	newest bool
}

func readQuery(r *http.Request) (q query, ok bool) {
	values := r.URL.Query()
	q = query{limit: 100, after: values.Get("after"), newest: values.Get("order") == "newest"}
	if text := values.Get("limit"); text != "" {
		var err error
		if q.limit, err = strconv.Atoi(text); err != nil || q.limit < 1 || q.limit > 1000 {
			return q, false
		}
	}
	return q, slices.Contains([]string{"", "oldest", "newest"}, values.Get("order"))
}

func answerPage(w http.ResponseWriter, q query, all []listed) {
	order := compareIDs
	if q.newest {
		slices.Reverse(all)
		order = func(a, b string) int { return compareIDs(b, a) }
	}
	if q.after != "" {
		all = slices.DeleteFunc(all, func(s listed) bool { return order(s.ID, q.after) <= 0 })
	}
	out := page{Items: []json.RawMessage{}}
	for i, s := range all {
		if i == q.limit {
			out.Next = all[i-1].ID
			break
		}
		out.Items = append(out.Items, s.Text)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(out) //nolint:errchkjson // JSON that was read as such; a client that has gone needs no answer
}

// compareIDs puts the sandbox default before all others.
func compareIDs(a, b string) int {
	if a == b {
		return 0
	}
	if a == defaultSandbox {
		return -1
	}
	if b == defaultSandbox {
		return 1
	}
	return cmp.Compare(a, b)
}

const defaultSandbox = "default"

// Gather answers a listing with the items of all live replicas, each replica's in its order, this one's first. path is that of the
// listing.
func (c *Cluster) Gather(here http.Handler, path string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := handlertransport.NewAnswer()
		here.ServeHTTP(answer, r)
		own, next := readPage(answer.Body())
		if answer.Status() != http.StatusOK || next != "" || r.URL.Query().Get("after") != "" {
			answer.Give(w)
			return
		}
		out := page{Items: []json.RawMessage{}}
		for _, item := range own {
			out.Items = append(out.Items, item.Text)
		}
		for _, each := range c.Ask(r.Context(), path+"?"+r.URL.RawQuery, r.Header) {
			if each.Err != nil || each.Status != http.StatusOK {
				continue
			}
			items, _ := readPage(each.Body)
			for _, item := range items {
				out.Items = append(out.Items, item.Text)
			}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(out)
	})
}

// listing is the call that lists a replica's sandboxes from one on.
func listing(after string) string {
	query := url.Values{"limit": {"1000"}}
	if after != "" {
		query.Set("after", after)
	}
	return "/__admin/sandboxes?" + query.Encode()
}

// askHere is what this replica lists, all pages.
func askHere(r *http.Request, here http.Handler) (all []listed) {
	for after, first := "", true; first || after != ""; first = false {
		inner := r.Clone(r.Context())
		u, err := url.Parse(listing(after))
		if err != nil {
			return all
		}
		inner.URL, inner.RequestURI, inner.Body = u, u.String(), http.NoBody
		answer := handlertransport.NewAnswer()
		here.ServeHTTP(answer, inner)
		var items []listed
		items, after = readPage(answer.Body())
		all = append(all, items...)
	}
	return all
}

// others is what the other live replicas list.
func (c *Cluster) others(ctx context.Context, header http.Header) (all []listed) {
	for _, answer := range c.Ask(ctx, listing(""), header) {
		if answer.Err != nil || answer.Status != http.StatusOK {
			continue
		}
		items, after := readPage(answer.Body)
		all = append(all, items...)
		peer, live := c.view.Load().live(answer.Replica)
		for live && after != "" {
			status, body, err := c.ask(ctx, peer.Addr, listing(after), header)
			if err != nil || status != http.StatusOK {
				break
			}
			items, after = readPage(body)
			all = append(all, items...)
		}
	}
	return all
}

func readPage(text []byte) (items []listed, next string) {
	var p page
	if json.Unmarshal(text, &p) != nil {
		return nil, ""
	}
	for _, item := range p.Items {
		var named struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(item, &named) == nil {
			items = append(items, listed{named.ID, item})
		}
	}
	return items, p.Next
}
