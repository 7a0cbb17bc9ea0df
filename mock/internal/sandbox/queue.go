package sandbox

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// queue is what is to be sent to one merchant.
type queue struct {
	waiting []push.Attempt
	active  int // workers
	less    int // by how much fewer than queueWidth there may be
	good    int // answers in a row that came quickly
	fastest time.Duration
	next    time.Time // when the next attempt may begin, in real time (rule push.rate)
}

// How a queue is narrowed. Each worker of a merchant that answers at once is always ready to run, and a request has to wait until all
// of them have: with 64 the mock answered 680 to 850 requests a second beside a backlog. A few such workers keep two processors busy.
// With 8 a backlog and a flood of requests over 16 connections each kept 43 to 52 % of what they reach alone; with 4 the backlog kept a fourth.
const (
	narrowest = 8
	quick     = 2 * time.Millisecond // a merchant that has answered so fast does not take long by itself
	crowded   = 25 * time.Millisecond
)

// width is how many workers the queue may have now.
func (q *queue) width() int { return queueWidth - q.less }

// answered learns from how long an attempt took, in real time. The queue of a merchant that can answer within quick is narrowed while it
// takes several times as long, since then it is processor time that attempts wait for; every other queue stays as wide as it may be.
func (q *queue) answered(r push.Result) {
	took := r.Duration
	if took <= 0 || r.HTTPStatus == 0 {
		return
	}
	if q.fastest == 0 || took < q.fastest {
		q.fastest = took
	}
	q.fastest += q.fastest / 1024 // it may become slower
	switch {
	case q.fastest > quick || took > crowded:
		q.less = max(q.less-1, 0)
	case took > 2*q.fastest+200*time.Microsecond:
		q.less, q.good = min(q.less+1, queueWidth-narrowest), 0
	default:
		if q.good++; q.good > 16 {
			q.less, q.good = max(q.less-1, 0), 0
		}
	}
}

// rest is how long the next attempt has to wait so that no more than rate a second begin, in real time; 0 is no limit.
func (q *queue) rest(now time.Time, rate int) time.Duration {
	if rate == 0 {
		return 0
	}
	if q.next.Before(now) {
		q.next = now
	}
	rest := q.next.Sub(now)
	q.next = q.next.Add(time.Second / time.Duration(rate))
	return rest
}
