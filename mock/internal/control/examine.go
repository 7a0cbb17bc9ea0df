package control

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
)

// Examination is a merchant's endpoint for pushes, and how the sandbox speaks to it.
type Examination struct {
	Merchant platform.Merchant
	Encoding string // the rule push.encoding
	SignData string // the rule push.sign_data
	Timeout  time.Duration
	Seed     uint64
}

// Examine is what examines an endpoint as the command contract webhook does; it
// answers with that command's report.
//
// A second one of a merchant while one is under way is [ErrExamining].
type Examine func(context.Context, Examination) (any, error)

// ErrExamining is matched by the error of an examination while another of the same merchant is under way.
var ErrExamining = errors.New("there is an examination under way")

func (a *Control) examine(in *call) (reply, error) {
	if err := in.none(); err != nil {
		return reply{}, err
	}
	no := in.gin.Param("no")
	var (
		e     Examination
		known bool
	)
	in.sandbox.View(func(w engine.StateView, _ time.Time) {
		e.Merchant, known = w.Merchant(no)
		rules := w.Rules()
		e.Encoding, e.SignData, e.Timeout, e.Seed = rules.PushEncoding, rules.PushSignData, rules.PushTimeout, w.Seed()
	})
	switch {
	case !known:
		return reply{}, problem.Missing(problem.UnknownMerchant, "no merchant "+no)
	case e.Merchant.Push == nil:
		return reply{}, &problem.StatusError{Status: http.StatusConflict, Reason: problem.NoPushURL, Detail: "merchant " + no + " has no push URL"}
	case a.Examine == nil:
		return reply{}, problem.Missing(problem.NotOffered, "this server cannot examine endpoints")
	}
	report, err := a.Examine(in.ctx, e)
	if errors.Is(err, ErrExamining) {
		return reply{}, problem.Fail(http.StatusConflict, err.Error())
	}
	if err != nil {
		return reply{}, problem.Fail(http.StatusUnprocessableEntity, err.Error())
	}
	return ok(report)
}
