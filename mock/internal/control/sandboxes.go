package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

type sandboxItem struct {
	ID            string   `json:"id"`
	Merchants     []string `json:"merchants"`
	Now           string   `json:"now"`
	Orders        int      `json:"orders"`
	PushesPending int      `json:"pushesPending"`
}

type sandboxDetail struct {
	ID            string            `json:"id"`
	Seed          uint64            `json:"seed"`
	Merchants     []sandboxMerchant `json:"merchants"`
	Now           string            `json:"now"`
	Orders        int               `json:"orders"`
	PushesPending int               `json:"pushesPending"`
}

type sandboxMerchant struct {
	MerchantNo  string `json:"merchantNo"`
	MerchantKey string `json:"merchantKey"`
	PushURL     string `json:"pushUrl"`
}

func (a *Control) listSandboxes(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	items := []sandboxItem{}
	for _, s := range a.registry.All() {
		item := sandboxItem{ID: s.ID(), Merchants: []string{}, PushesPending: s.Pending()}
		s.View(func(w engine.StateView, now time.Time) {
			item.Now, item.Orders = notation.FormatTime(now), w.Orders()
			for _, m := range w.Merchants() {
				item.Merchants = append(item.Merchants, m.No)
			}
		})
		items = append(items, item)
	}
	return listed(paged(items, page, func(i sandboxItem) string { return i.ID }, func(itemID, id string) bool {
		return itemID != registry.Default && (id == registry.Default || itemID > id)
	}))
}

func detail(s *sandbox.Sandbox) sandboxDetail {
	d := sandboxDetail{ID: s.ID(), Merchants: []sandboxMerchant{}, PushesPending: s.Pending()}
	s.View(func(w engine.StateView, now time.Time) {
		d.Now, d.Orders, d.Seed = notation.FormatTime(now), w.Orders(), w.Seed()
		for _, m := range w.Merchants() {
			item := sandboxMerchant{MerchantNo: m.No, MerchantKey: m.Key}
			if m.Push != nil {
				item.PushURL = m.Push.URL
			}
			d.Merchants = append(d.Merchants, item)
		}
	})
	return d
}

var sandboxID = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (a *Control) createSandbox(in *call) (reply, error) {
	var body struct {
		ID       string           `json:"id"`
		Seed     *uint64          `json:"seed"`
		Fixture  *fixture.Fixture `json:"fixture"`
		Scenario string           `json:"scenario"`
	}
	if err := in.hollow("no fixture"); err != nil {
		return reply{}, err
	}
	if err := in.decode(&body); err != nil {
		return reply{}, fixture.AlsoWrong(err, in.body, "fixture", a.registry.Wall())
	}
	switch {
	case body.ID != "" && !sandboxID().MatchString(body.ID):
		return reply{}, invalidAt("/id", wantID)
	case body.Scenario != "" && body.Fixture != nil:
		return reply{}, invalidAt("/scenario", "stands for a fixture, and there is one already")
	case body.Scenario != "":
		var err error
		if body.Fixture, err = a.scenarioFixture(body.Scenario, body.Seed); err != nil {
			return reply{}, err
		}
	}
	s, err := a.registry.Create(body.ID, registry.Spec{Seed: body.Seed, Fixture: body.Fixture})
	if errors.Is(err, registry.ErrMerchantTaken) && body.Fixture != nil {
		err = fmt.Errorf("%w; leave out its no and key in the fixture, and each sandbox gets a merchant of its own", err)
	}
	if err != nil {
		return reply{}, strict.Below(err, "/fixture")
	}
	return created(detail(s))
}

func invalidAt(pointer, detail string) error { return strict.InvalidAt(pointer, detail) }

// alsoInvalid adds one more to what is wrong with a body.
func alsoInvalid(err error, pointer, detail string) error {
	all := &strict.Invalid{}
	if before, ok := errors.AsType[*strict.Invalid](err); ok {
		all.Problems = append(all.Problems, before.Problems...)
	}
	all.Problems = append(all.Problems, strict.Problem{Pointer: pointer, Detail: detail})
	return all
}

func (a *Control) getSandbox(in *call) (reply, error) { return ok(detail(in.sandbox)) }

func (a *Control) deleteSandbox(in *call) (reply, error) {
	a.broadcasts.Deleting(in.sandbox, true)
	err := a.registry.Delete(in.sandbox.ID())
	if err != nil {
		a.broadcasts.Deleting(in.sandbox, false)
	}
	return noContent(err)
}

func (a *Control) resetSandbox(in *call) (reply, error) {
	if err := in.none(); err != nil {
		return reply{}, err
	}
	if err := in.sandbox.Reset(); err != nil {
		return reply{}, err
	}
	return ok(detail(in.sandbox))
}

// getState is the whole state, ?at= as it was right after a point of the log.
func (a *Control) getState(in *call) (reply, error) {
	var state *engine.Copy
	var err error
	if at := in.gin.Query("at"); at == "" {
		state = in.sandbox.CopyState()
	} else if state, err = in.sandbox.CopyStateAt(at); err != nil {
		return reply{}, pointError("at", err)
	}
	return reply{status: http.StatusOK, body: stream(func(c *gin.Context) {
		c.Header("Content-Type", "application/json; charset=utf-8")
		defer answering(c)()
		_, _ = state.WriteTo(c.Writer) // a client that has gone needs no answer
		_, _ = io.WriteString(c.Writer, "\n")
	})}, nil
}

func (a *Control) putState(in *call) (reply, error) {
	state, err := in.state()
	if err != nil {
		return reply{}, err
	}
	if err := in.sandbox.Restore(engine.ReadDocument(in.body, &state)); err != nil {
		return reply{}, err
	}
	return ok(detail(in.sandbox))
}

// What a body is held to before it is read fast, without looking for everything that is wrong: how many bytes of it are read for that, and how
// long an object of a state is at least, on average; they have some eighty bytes.
const (
	begins      = 256 << 10
	least       = 24
	manyObjects = 10_000
)

// hollow refuses a body of so many next to empty objects that each would take many times its text in memory.
func (in *call) hollow(what string) error {
	if n := bytes.Count(in.body, []byte("{")) + bytes.Count(in.body, []byte("null")); n > manyObjects && len(in.body)/n < least {
		return invalidAt("", fmt.Sprintf("%s: %d objects in %d bytes", what, n, len(in.body)))
	}
	return nil
}

// state reads a state. A large one is read fast; where that fails, it is read again to say where.
func (in *call) state() (state engine.State, err error) {
	if len(bytes.TrimSpace(in.body)) == 0 {
		return state, invalidAt("", "the body is empty, want JSON")
	}
	if err := in.hollow("no state"); err != nil {
		return state, err
	}
	if len(in.body) > begins && !strict.Begins(in.body, &state, begins) {
		return state, in.decode(&state)
	}
	fast := json.NewDecoder(bytes.NewReader(in.body))
	fast.DisallowUnknownFields()
	if err = fast.Decode(&state); err == nil {
		if _, end := fast.Token(); errors.Is(end, io.EOF) { // More would take a closing brace for the end
			return state, nil
		}
	}
	if len(in.body) <= maxFixtureBody/4 {
		var again engine.State
		if wrong := in.decode(&again); wrong != nil {
			return state, wrong
		}
	}
	if err == nil {
		err = errors.New("there is something after it")
	}
	return state, invalidAt("", err.Error())
}

type ruleItem struct {
	Value   any      `json:"value"`
	Default any      `json:"default"`
	Section string   `json:"section"`
	Doc     string   `json:"doc"`
	DocZh   string   `json:"docZh"`
	OneOf   []string `json:"oneOf,omitempty"`
}

func rulesOf(s *sandbox.Sandbox) map[string]ruleItem {
	items := map[string]ruleItem{}
	s.View(func(w engine.StateView, _ time.Time) {
		set := w.RulesSet()
		for _, r := range rules.Table() {
			item := ruleItem{Value: r.Default, Default: r.Default, Section: r.Section, Doc: r.Doc, DocZh: r.DocZh, OneOf: r.OneOf}
			if value, ok := set[r.Name]; ok {
				item.Value = value
			}
			items[r.Name] = item
		}
	})
	return items
}

func (a *Control) getRules(in *call) (reply, error) { return ok(rulesOf(in.sandbox)) }

func (a *Control) patchRules(in *call) (reply, error) {
	body, err := in.rules()
	if err != nil {
		return reply{}, err
	}
	if fx := in.sandbox.Do(platform.SetRules{Rules: body}); fx.Err != nil {
		return reply{}, fx.Err
	}
	return ok(rulesOf(in.sandbox))
}

// ReadFixture reads a fixture from JSON, strictly, at a real instant. Its error is a
// [*strict.Invalid] with everything that does not have the right shape, and what is wrong beside.
func ReadFixture(body []byte, wall time.Time) (*fixture.Fixture, error) {
	var f fixture.Fixture
	if err := unhidden(body); err != nil {
		return nil, err
	}
	if err := (&call{body: body}).decode(&f); err != nil {
		return nil, fixture.AlsoWrong(err, body, "", wall)
	}
	return &f, nil
}

// wantID is what is said of an id that is none.
const wantID = "want 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit"
