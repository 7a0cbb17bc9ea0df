// Package webhook examines a merchant's push endpoint: it sends the pushes of §10 as the platform would, right ones and wrong ones,
// and judges the answers by a table of checks. See [Endpoint.Examine]; package webhooktest does the same inside go test, on an http.Handler too.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/sign"
)

// NotReceived is the address of a kind of push that the merchant does not receive: its checks are skipped.
const NotReceived = "none"

// DefaultTimeout is how long the platform waits for a merchant's answer (the rule push.timeout).
const DefaultTimeout = 5 * time.Second

// Endpoint says which merchant's endpoint is to be examined, and how it is spoken to.
type Endpoint struct {
	// URL is the endpoint. With a Handler it may be a path.
	URL string
	// Kinds are the addresses of kinds of push that have one of their own, resolved against URL; [NotReceived] for a kind that the
	// merchant does not receive. Unbind (§10.3) and certification-invalid (§10.4) have the same fields, so most merchants need it.
	Kinds map[client.Kind]string
	// Handler answers in place of the network.
	Handler http.Handler
	// Transport sends in place of a default one. For tests, and for certificates of one's own.
	Transport http.RoundTripper

	MerchantNo string
	Key        string        // appears in no output
	Encoding   Encoding      // the rule push.encoding; empty is JSON
	SignData   sign.PushData // the rule push.sign_data; empty is JSON
	Timeout    time.Duration // of one answer; 0 is DefaultTimeout
	Burst      int           // how many pushes come at once; 0 is 50
	// Plate is the plate of most pushes, for a merchant that refuses those it does not know: what it answers to any other plate is no fault then.
	// Empty is 渝ATX061.
	Plate    string
	Seed     uint64   // of everything made up but the synIds, which are others each time: a merchant may remember those it was sent
	Strict   bool     // a broken SHOULD fails, too
	Language string   // of the report: "zh" is Chinese, else English
	Only     []string // the ids of the checks to run, with the controls; empty is all
	Probe    Probe    // asked after each check

	Now      func() time.Time   // nil is time.Now
	Progress func(*report.Case) // told of each check as it ends
}

// Probe asks for the merchant's own state after a check has passed: an error says that it is not as it should be.
type Probe func(ctx context.Context, p Probed) error

// Probed is what a probe is told.
type Probed struct {
	Check  string   `json:"check"`  // its id
	Pushes []Pushed `json:"pushes"` // that were sent in the check, at most 100
}

// SynIDs are the synIds of the right pushes that were accepted, each once, in their order.
func (p Probed) SynIDs() []string {
	var ids []string
	for _, push := range p.Pushes {
		if push.Right && push.Accepted && push.SynID != "" && !slices.Contains(ids, push.SynID) {
			ids = append(ids, push.SynID)
		}
	}
	return ids
}

// Pushed is a push that was sent.
type Pushed struct {
	Kind        string `json:"kind"`
	SynID       string `json:"synId,omitempty"`
	PlateNumber string `json:"plateNumber,omitempty"`
	Body        string `json:"body"`
	Accepted    bool   `json:"accepted"` // answered with code 0
	Right       bool   `json:"right"`    // one that has to be accepted
}

// ErrUsage is matched by the errors of a call that makes no sense: an unknown check, a missing key. Each is an [*OptionError].
var ErrUsage = errors.New("wrong options")

// OptionError is what is wrong with a field of an [Endpoint].
type OptionError struct {
	Option string // the command's name of it, such as check or sign-data; url, merchant-no and key-file among them
	Err    error
}

func (e *OptionError) Error() string { return e.Err.Error() }

func (e *OptionError) Unwrap() error { return e.Err }

// Is reports whether a target is [ErrUsage], which every one of them matches.
func (*OptionError) Is(target error) bool { return target == ErrUsage }

func wrongOption(option, format string, args ...any) error {
	return &OptionError{option, fmt.Errorf(format, args...)}
}

// Examine runs every check and reports on them, in the table's order. Its error is about w itself and matches [ErrUsage]; what is
// wrong with the endpoint, one that cannot be reached included, is in the report.
func (e Endpoint) Examine(ctx context.Context) (*report.Report, error) {
	if e.Timeout <= 0 {
		e.Timeout = DefaultTimeout
	}
	if e.Burst <= 0 {
		e.Burst = 50
	}
	knownOnly := e.Plate != ""
	if e.Plate == "" {
		e.Plate = "渝ATX061"
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	addresses, err := e.addresses()
	if err != nil {
		return nil, err
	}
	x := &examination{
		endpoint: e, addresses: addresses,
		sender: sender{e.MerchantNo, e.Key, e.Encoding, e.SignData},
		maker:  newMaker(e.Seed, e.Plate, e.Now()),
		status: map[string]report.Status{},
		report: &report.Report{Command: "webhook", Language: e.Language, Target: e.target(), Seed: e.Seed, Started: e.Now()},
		mask:   report.NewMasker(e.Key), knownOnly: knownOnly,
	}
	transport := e.Transport
	switch {
	case e.Handler != nil:
		own := handlertransport.New(e.Handler)
		defer own.CloseIdleConnections()
		transport = own
	case transport == nil:
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = e.Burst
		own.DisableCompression = true // the mock asks for none, either
		defer own.CloseIdleConnections()
		transport = own
	}
	x.network, _ = transport.(*http.Transport)
	x.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	start := time.Now()
	x.run(ctx)
	x.report.Duration = report.Millis(time.Since(start))
	x.report.Requests = int(x.requests.Load())
	x.mask.Report(x.report)
	return x.report, nil
}

func (e Endpoint) target() string {
	if e.Handler != nil {
		return "handler " + e.URL
	}
	return e.URL
}

// meant is what a name may have been meant to be, as the end of a sentence.
func meant(given string, known []string) string {
	if near := suggest.Nearest(given, known); near != "" {
		return "; did you mean " + strconv.Quote(near) + "?"
	}
	return ""
}

func checkIDs() []string {
	ids := make([]string, len(checks))
	for i, c := range checks {
		ids[i] = c.id
	}
	return ids
}

func kinds() []string {
	var names []string
	for _, kind := range client.Kinds() {
		names = append(names, string(kind))
	}
	return names
}

func (e Endpoint) addresses() (map[client.Kind]string, error) {
	switch {
	case e.MerchantNo == "":
		return nil, wrongOption("merchant-no", "the merchant's number is missing: pushes are a merchant's")
	case e.Key == "":
		return nil, wrongOption("key-file", "the merchant's key is missing: pushes are signed with it")
	case !slices.Contains([]Encoding{"", EncodingJSON, EncodingForm, EncodingFormParam}, e.Encoding):
		return nil, wrongOption("encoding", "there is no encoding %q; there are json, form and form-data-param", e.Encoding)
	case !slices.Contains([]sign.PushData{"", sign.JSON, sign.Values, sign.Query}, e.SignData):
		return nil, wrongOption("sign-data", "there is no sign data %q; there are json, values and query", e.SignData)
	}
	for _, id := range e.Only {
		if !slices.ContainsFunc(checks, func(c check) bool { return c.id == id }) {
			return nil, wrongOption("check", "there is no check %q (--list-checks shows them all)%s", id, meant(id, checkIDs()))
		}
	}
	base, err := url.Parse(e.URL)
	if err != nil {
		return nil, &OptionError{"url", err}
	}
	if e.Handler != nil {
		base = (&url.URL{Scheme: "http", Host: "merchant.test", Path: "/"}).ResolveReference(base)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, wrongOption("url", "%q is no http or https URL", e.URL)
	}
	addresses := map[client.Kind]string{}
	for _, kind := range client.Kinds() {
		addresses[kind] = base.String()
	}
	for kind, text := range e.Kinds {
		if _, known := addresses[kind]; !known {
			return nil, wrongOption("kind", "there is no kind of push %q; there are entry, exit, unbind and certification-invalid%s", kind, meant(string(kind), kinds()))
		}
		if text == NotReceived {
			addresses[kind] = ""
			continue
		}
		to, err := base.Parse(text)
		if err != nil {
			return nil, wrongOption("kind", "the URL of %s: %w", kind, err)
		}
		addresses[kind] = to.String()
	}
	if addresses[client.KindEntry] == "" {
		return nil, wrongOption("kind", "an examination needs the kind entry: a right push of it is its control")
	}
	return addresses, nil
}
