package webhook

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// examination is one examination under way.
type examination struct {
	endpoint  Endpoint
	addresses map[client.Kind]string
	sender    sender
	maker     *maker
	http      *http.Client
	network   *http.Transport // of http; nil: a handler in this process, or a transport that is not net/http's own
	mask      report.Masker
	report    *report.Report
	status    map[string]report.Status
	requests  atomic.Int64

	// Of the check that runs.
	ctx      context.Context //nolint:containedctx // an examination is one call
	mu       sync.Mutex
	failures []report.Failure
	pushed   []Pushed
	unstable bool // the endpoint timed out or cut the connection
	skip     lang.Text

	found []string // the kinds of the cause that was found last
	tries int      // pushes sent to find causes

	hostile lang.Text // what was sent that a right push has to follow
	fatal   bool      // the endpoint has stopped
	current string    // the id of the check
	own     lang.Text // its fix
	order   bool      // what it sends is refused for what came before

	withKey *answerWithKey // the first answer with the key in it

	last *sent  // what reached the endpoint last
	down string // the check since which no right push was accepted

	knownOnly            bool   // a plate was given: the endpoint may refuse others
	strange, forgedReply *reply // the answers to a push of an unknown plate and to a forged one, once asked for
}

// maxAnswer bounds what is read of a merchant's answer.
const maxAnswer = 1 << 20

func (x *examination) run(ctx context.Context) {
	for i := range checks {
		c := &checks[i]
		only := x.endpoint.Only
		if len(only) > 0 && !slices.Contains(only, c.id) && !strings.HasPrefix(c.id, "control-") && !neededBy(only, c.id) {
			continue
		}
		x.ctx = ctx
		out := x.one(c)
		x.mask.Case(&out)
		x.status[c.id] = out.Status
		x.report.Cases = append(x.report.Cases, out)
		x.progress(&x.report.Cases[len(x.report.Cases)-1])
	}
}

func (x *examination) progress(c *report.Case) {
	if x.endpoint.Progress != nil {
		x.endpoint.Progress(c)
	}
}

// neededBy says that one of the ids needs a check.
func neededBy(ids []string, id string) bool {
	for i := range checks {
		if slices.Contains(ids, checks[i].id) && (slices.Contains(checks[i].needs(), id) || neededBy(checks[i].needs(), id)) {
			return true
		}
	}
	return false
}

func (x *examination) one(c *check) report.Case {
	out := report.Case{
		ID: c.id, Title: x.in(c.title), Level: c.level, Section: c.section,
		Status: report.Passed, Sent: x.in(c.sent), Expected: x.in(c.judge.expected), Fix: x.in(c.fix),
	}
	if out.Reason = x.in(x.skipReason(c)); out.Reason != "" {
		out.Status = report.Skipped
		return out
	}
	x.failures, x.pushed, x.unstable, x.fatal, x.skip, x.hostile, x.current = nil, nil, false, false, lang.Text{}, lang.Text{}, c.id
	x.own, x.order = c.fix, c.order
	start := time.Now()
	c.judge.run(x, c.sent)
	x.followUp()
	if len(x.failures) == 0 && x.skip.IsZero() && x.report.Outage == nil {
		x.probe(c)
	}
	if x.unstable && x.report.Outage == nil && c.id != controlPositive && x.ctx.Err() == nil {
		x.settle(c.id)
	}
	out.Duration = report.Millis(time.Since(start))
	out.Failures = x.failures
	switch {
	case x.report.Outage != nil && x.report.Outage.Case == "":
		x.report.Outage.Case = c.id
		if len(x.failures) > 0 {
			out.Status = report.Failed
			break
		}
		out.Status, out.Reason = report.Skipped, x.in(notReached)
	case x.ctx.Err() != nil:
		out.Status, out.Reason, out.Failures = report.Skipped, x.in(brokenOff), nil
	case !x.skip.IsZero():
		out.Status, out.Reason, out.Failures = report.Skipped, x.in(x.skip), nil
	case len(x.failures) > 0 && (c.level == report.Must || x.endpoint.Strict || x.fatal):
		out.Status = report.Failed
	case len(x.failures) > 0:
		out.Status = report.Warned
	}
	return out
}

var (
	brokenOff  = lang.Text{EN: "the examination was stopped", ZH: "检查已中止"}
	notReached = lang.Text{EN: "the endpoint could not be reached", ZH: "无法连接到该地址"}
	notJudged  = lang.Text{EN: "not judged: %s", ZH: "未判断：%s"}
)

// skipReason says why a check is not judged; none: it is.
func (x *examination) skipReason(c *check) lang.Text {
	if x.ctx.Err() != nil {
		return brokenOff
	}
	if x.report.Outage != nil {
		return notJudged.With(notReached)
	}
	if c.id != controlPositive && x.status[controlPositive] != report.Passed {
		return notJudged.With(lang.Text{EN: "a right push is not accepted, see %s", ZH: "正确的推送未被接受，见 %s"}.With(controlPositive))
	}
	if x.down != "" {
		return notJudged.With(lang.Text{EN: "no right push has been accepted since %s", ZH: "自 %s 起，正确的推送不再被接受"}.With(x.down))
	}
	for _, kind := range c.kinds {
		if x.addresses[kind] == "" {
			return lang.Text{EN: "the merchant does not receive %s", ZH: "商户不接收 %s 推送"}.With(kind)
		}
	}
	for _, need := range x.byCause(c.needs()) {
		if s, ran := x.status[need]; ran && s != report.Passed {
			if s == report.Skipped {
				return notJudged.With(lang.Text{EN: "it rests on %s, which was not judged either", ZH: "它以 %s 为前提，而该项也未判断"}.With(need))
			}
			return notJudged.With(lang.Text{EN: "it rests on %s, which did not pass", ZH: "它以 %s 为前提，而该项未通过"}.With(need))
		}
	}
	return lang.Text{}
}

// byCause puts what failed before what was skipped, and before both what the skipped ones rest on.
func (x *examination) byCause(needs []string) []string {
	var roots []string
	for _, need := range needs {
		if x.status[need] != report.Skipped {
			continue
		}
		for i := range checks {
			if checks[i].id == need {
				roots = append(roots, x.byCause(checks[i].needs())...)
			}
		}
	}
	all := slices.Concat(roots, needs)
	failed := func(id string) bool { return x.status[id] == report.Failed || x.status[id] == report.Warned }
	slices.SortStableFunc(all, func(a, b string) int { return boolRank(failed(a)) - boolRank(failed(b)) })
	return all
}

// in is a text in the language of the examination.
func (x *examination) in(t lang.Text) string { return t.In(x.endpoint.Language) }
