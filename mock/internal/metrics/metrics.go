// Package metrics is what GET /metrics tells: requests, pushes and what a server holds, in Prometheus' format. Every server has
// a registry of its own. No label grows without bound: endpoints, codes and kinds are the document's, all else is "other".
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// other stands for whatever the document does not know.
const other = "other"

// Metrics counts for one server. Counting costs two atomic additions and takes no lock.
type Metrics struct {
	registry *prometheus.Registry
	requests map[string]*endpoint // by name
	unknown  *endpoint
	pushes   map[string]*pushes // by kind
}

// endpoint holds the children of one endpoint, found once.
type endpoint struct {
	byCode   map[int]prometheus.Counter
	other    prometheus.Counter
	duration prometheus.Observer
}

type pushes struct {
	made, delivered, failed         prometheus.Counter
	attemptDelivered, attemptFailed prometheus.Counter
}

// Held is what a server holds, asked when somebody scrapes.
type Held struct {
	Sandboxes, Journal, PushesPending, EventReaders int
}

// New makes the metrics of a server.
func New(held func() Held) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: map[string]*endpoint{}, pushes: map[string]*pushes{}}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &gauges{held: held},
	)
	m.countRequests()
	m.countPushes()
	return m
}

func (m *Metrics) countRequests() {
	count := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "etcp_mock_requests_total", Help: "Requests to the platform's endpoints, by what was answered.",
	}, []string{"endpoint", "code"})
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "etcp_mock_request_duration_seconds", Help: "How long a request took, delays of faults included.",
		Buckets: []float64{.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .1, .5, 1, 5, 30},
	}, []string{"endpoint"})
	m.registry.MustRegister(count, duration)
	child := func(name string) *endpoint {
		e := &endpoint{byCode: map[int]prometheus.Counter{}, other: count.WithLabelValues(name, other), duration: duration.WithLabelValues(name)}
		for _, code := range schemas.Codes() {
			e.byCode[code.Code] = count.WithLabelValues(name, strconv.Itoa(code.Code))
		}
		return e
	}
	m.unknown = child(other)
	for _, row := range schemas.Endpoints() {
		m.requests[row.Name] = child(row.Name)
	}
}

func (m *Metrics) countPushes() {
	made := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "etcp_mock_pushes_created_total", Help: "Pushes that fell due.",
	}, []string{"kind"})
	ended := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "etcp_mock_pushes_total", Help: "Pushes that ended, by how: delivered, or failed after the last attempt.",
	}, []string{"kind", "outcome"})
	attempts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "etcp_mock_push_attempts_total", Help: "Attempts to deliver a push, by how they ended.",
	}, []string{"kind", "outcome"})
	m.registry.MustRegister(made, ended, attempts)
	child := func(kind string) *pushes {
		return &pushes{
			made:      made.WithLabelValues(kind),
			delivered: ended.WithLabelValues(kind, "delivered"), failed: ended.WithLabelValues(kind, "failed"),
			attemptDelivered: attempts.WithLabelValues(kind, "delivered"), attemptFailed: attempts.WithLabelValues(kind, "failed"),
		}
	}
	for _, row := range schemas.Pushes() {
		m.pushes[row.Kind] = child(row.Kind)
	}
}

// Request counts a request; an endpoint that the document does not know is "other".
func (m *Metrics) Request(name string, code int, took time.Duration) {
	e := m.requests[name]
	if e == nil {
		e = m.unknown
	}
	counter := e.byCode[code]
	if counter == nil {
		counter = e.other
	}
	counter.Inc()
	e.duration.Observe(took.Seconds())
}

// PushMade counts a push that fell due.
func (m *Metrics) PushMade(kind string) {
	if p := m.pushes[kind]; p != nil {
		p.made.Inc()
	}
}

// PushAttempt counts an attempt.
func (m *Metrics) PushAttempt(kind string, delivered bool) {
	switch p := m.pushes[kind]; {
	case p == nil:
	case delivered:
		p.attemptDelivered.Inc()
	default:
		p.attemptFailed.Inc()
	}
}

// PushEnded counts a push that was delivered or given up.
func (m *Metrics) PushEnded(kind string, delivered bool) {
	switch p := m.pushes[kind]; {
	case p == nil:
	case delivered:
		p.delivered.Inc()
	default:
		p.failed.Inc()
	}
}

// Handler serves GET /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 8, Timeout: 10 * time.Second})
}

// gauges are read when somebody scrapes, all at once.
type gauges struct{ held func() Held }

var (
	sandboxes     = prometheus.NewDesc("etcp_mock_sandboxes", "Sandboxes of this server.", nil, nil)
	journal       = prometheus.NewDesc("etcp_mock_journal_entries", "Requests kept in the journals of all sandboxes.", nil, nil)
	pushesPending = prometheus.NewDesc("etcp_mock_pushes_pending", "Pushes that are neither delivered nor given up, in all sandboxes.", nil, nil)
	eventReaders  = prometheus.NewDesc("etcp_mock_event_readers", "Readers of event streams.", nil, nil)
)

func (g *gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{sandboxes, journal, pushesPending, eventReaders} {
		to <- d
	}
}

func (g *gauges) Collect(to chan<- prometheus.Metric) {
	held := g.held()
	for _, row := range []struct {
		desc  *prometheus.Desc
		value int
	}{{sandboxes, held.Sandboxes}, {journal, held.Journal}, {pushesPending, held.PushesPending}, {eventReaders, held.EventReaders}} {
		to <- prometheus.MustNewConstMetric(row.desc, prometheus.GaugeValue, float64(row.value))
	}
}
