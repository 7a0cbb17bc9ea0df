package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// listed is a sandbox of a listing, as it was written, and its id.
type listed struct {
	ID   string
	Text json.RawMessage
}

// page is a page of a listing.
type page struct {
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next,omitempty"`
}

// Sandboxes answers the listing of sandboxes for the whole cluster: what this replica says, and what the others say
// about theirs, default first and then by id. A replica that does not answer is left out: its sandboxes are about to be
// taken by others. It takes limit (default 100, at most 1000) and after; here answers for this replica alone.
func (c *Cluster) Sandboxes(here http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		limit := 100
		if text := query.Get("limit"); text != "" {
			var err error
			if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 1000 {
				here.ServeHTTP(w, r) // it says what is wrong
				return
			}
		}
		own, status := askHere(r, here)
		if status != http.StatusOK {
			here.ServeHTTP(w, r)
			return
		}
		all := append(slices.Clip(own), c.others(r.Context(), r.Header)...)
		slices.SortStableFunc(all, func(a, b listed) int { return compareIDs(a.ID, b.ID) })
		all = slices.CompactFunc(all, func(a, b listed) bool { return a.ID == b.ID })
		if after := query.Get("after"); after != "" {
			all = slices.DeleteFunc(all, func(s listed) bool { return compareIDs(s.ID, after) <= 0 })
		}
		out := page{Items: []json.RawMessage{}}
		for i, s := range all {
			if i == limit {
				out.Next = all[i-1].ID
				break
			}
			out.Items = append(out.Items, s.Text)
		}
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_ = json.NewEncoder(w).Encode(out)
	})
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

// listing is the call that lists a replica's sandboxes from one on.
func listing(after string) string {
	query := url.Values{"limit": {"1000"}}
	if after != "" {
		query.Set("after", after)
	}
	return "/__admin/sandboxes?" + query.Encode()
}

// askHere is what this replica lists, all pages.
func askHere(r *http.Request, here http.Handler) (all []listed, status int) {
	for after, first := "", true; first || after != ""; first = false {
		inner := r.Clone(r.Context())
		u, err := url.Parse(listing(after))
		if err != nil {
			return nil, http.StatusInternalServerError
		}
		inner.URL, inner.RequestURI = u, u.String()
		answer := &recorder{header: http.Header{}, status: http.StatusOK}
		here.ServeHTTP(answer, inner)
		if answer.status != http.StatusOK {
			return nil, answer.status
		}
		var items []listed
		if items, after = readPage(answer.body); items == nil && after == "" && first {
			return nil, http.StatusOK
		}
		all = append(all, items...)
	}
	return all, http.StatusOK
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

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }
func (r *recorder) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}
