package control

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
)

// pointError is what is wrong with a point of the log that a parameter names.
func pointError(name string, err error) error {
	if errors.Is(err, engine.ErrNoPoint) {
		return problem.InQuery(name, err.Error())
	}
	return err
}

// fork makes a new sandbox as this one was right after a request, a push or a time.
func (a *Control) fork(in *call) (reply, error) {
	var body struct {
		At        string            `json:"at"`
		ID        string            `json:"id"`
		Merchants map[string]string `json:"merchants"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if body.ID != "" && !sandboxID().MatchString(body.ID) {
		return reply{}, invalidAt("/id", wantID)
	}
	s, err := a.registry.Fork(in.sandbox, body.At, body.ID, body.Merchants)
	if errors.Is(err, engine.ErrNoPoint) {
		return reply{}, invalidAt("/at", err.Error())
	}
	if err != nil {
		return reply{}, err
	}
	return created(detail(s))
}

// undo puts the sandbox back to what it was right after a request, a push or a time.
func (a *Control) undo(in *call) (reply, error) {
	var body struct {
		To string `json:"to"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if body.To == "" {
		return reply{}, invalidAt("/to", "is required: "+engine.ErrNoPoint.Error())
	}
	err := in.sandbox.Undo(body.To)
	if errors.Is(err, engine.ErrNoPoint) {
		return reply{}, invalidAt("/to", err.Error())
	}
	if err != nil {
		return reply{}, err
	}
	return ok(detail(in.sandbox))
}

// diff is what changed between two points of the log; without to, until now.
func (a *Control) diff(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	from, to := in.gin.Query("from"), in.gin.Query("to")
	if from == "" {
		return reply{}, problem.InQuery("from", engine.ErrNoPoint.Error())
	}
	found, err := in.sandbox.Diff(from, to)
	if err != nil {
		return reply{}, pointError("from or to", err)
	}
	key := func(d engine.Difference) string { return d.Kind + " " + d.Key }
	return listed(paged(found, page, key, byText))
}

type inputItem struct {
	Seq       uint64 `json:"seq"`
	At        string `json:"at"`
	Kind      string `json:"kind"`
	RequestID string `json:"requestId,omitempty"`
	Summary   string `json:"summary"`
	SummaryZh string `json:"summaryZh"`
	Undone    bool   `json:"undone,omitempty"` // put back by a later undo
}

// inputs lists the log, oldest first; ?after= a sequence number. Before the first that is kept it answers 410.
func (a *Control) inputs(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	history := in.sandbox.History()
	first := history.First()
	after := first - 1
	if page.After != "" {
		if after, err = strconv.ParseUint(page.After, 10, 64); err != nil {
			return reply{}, problem.InQuery("after", "want a sequence number")
		}
		if after+1 < first {
			return reply{}, &problem.StatusError{Status: http.StatusGone, Reason: problem.NotKept, Detail: history.Reach(), First: &first}
		}
	}
	undone := history.Undone()
	all := history.Records(after, page.Limit+1)
	if page.Newest {
		end := history.Last() // the newest that is wanted
		if page.After != "" {
			end = min(end, after-1)
		}
		from := max(first, end-min(end, uint64(page.Limit))) //nolint:gosec // never negative
		all = history.Records(from-1, int(end+1-from))       //nolint:gosec // a page
		slices.Reverse(all)
	}
	out := list[inputItem]{Items: []inputItem{}}
	for i := range all {
		r := &all[i]
		if len(out.Items) == page.Limit {
			out.Next = strconv.FormatUint(out.Items[len(out.Items)-1].Seq, 10)
			break
		}
		did := r.Summary()
		item := inputItem{Seq: r.Seq, At: notation.FormatTime(r.At), Kind: r.Word(), Summary: did.EN, SummaryZh: did.ZH, Undone: undone(r.Seq)}
		if r.Request != 0 {
			item.RequestID = "r" + strconv.FormatUint(r.Request, 10)
		}
		out.Items = append(out.Items, item)
	}
	return ok(out)
}
