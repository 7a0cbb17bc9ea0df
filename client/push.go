package client

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Kind names a push of §10. The document gives the pushes titles only; these are the mock's names for them.
type Kind string

// pushKind is a kind of push and how one is read and given to its callback.
type pushKind struct {
	kind    Kind
	known   string // a field that this kind has and those before it have not, "" where there is none: then no push says that it is one
	deliver func(ctx context.Context, h *PushHandler, r *reader) func() error
}

// pushKinds are the kinds, in the document's order.
var pushKinds = []pushKind{
	{KindEntry, "synId", func(ctx context.Context, h *PushHandler, r *reader) func() error {
		return bind(ctx, h.OnEntry, r.entry())
	}},
	{KindExit, "exitTime", func(ctx context.Context, h *PushHandler, r *reader) func() error {
		return bind(ctx, h.OnExit, r.exit())
	}},
	{KindUnbind, "", func(ctx context.Context, h *PushHandler, r *reader) func() error {
		return bind(ctx, h.OnUnbind, UnbindPush{PlateNumber: r.text("plateNumber"), Time: r.time("time")})
	}},
	{KindCertificationInvalid, "", func(ctx context.Context, h *PushHandler, r *reader) func() error {
		return bind(ctx, h.OnCertificationInvalid, CertificationInvalidPush{PlateNumber: r.text("plateNumber"), Time: r.time("time")})
	}},
}

// Kinds lists the kinds of push, in the document's order.
func Kinds() []Kind {
	kinds := make([]Kind, len(pushKinds))
	for i, row := range pushKinds {
		kinds[i] = row.kind
	}
	return kinds
}

// The values of EntryPush.UserType.
const (
	LongTerm  = "76" // a long-term tenant
	Temporary = "77" // a car that pays by the stay
)

// KindEntry is the kind of [EntryPush].
const KindEntry Kind = "entry" // §10.1

// EntryPush says that a car has entered (§10.1).
type EntryPush struct {
	SynID         string // the order's id
	PlateNumber   string // masked (渝****61), unless the vehicle is certified for the merchant
	ParkName      string
	ParkID        ID
	EntranceTime  Time
	UserType      string // LongTerm or Temporary
	PushTime      Time
	FixParkingID  string // a long-term tenant's space
	RemainingDays string // of a long-term tenant
}

// KindExit is the kind of [ExitPush].
const KindExit Kind = "exit" // §10.2

// ExitPush says that a car has left (§10.2).
type ExitPush struct {
	EntryPush

	ExitTime      Time
	Stayed        time.Duration // stayedTime, whole seconds
	ReceivableFee Fen           // the whole fee, whatever was paid before; whole yuan unless the platform says otherwise
}

// KindUnbind is the kind of [UnbindPush].
const KindUnbind Kind = "unbind" // §10.3

// UnbindPush says that a vehicle was unbound (§10.3).
type UnbindPush struct {
	PlateNumber string // not masked
	Time        Time
}

// KindCertificationInvalid is the kind of [CertificationInvalidPush].
const KindCertificationInvalid Kind = "certification-invalid" // §10.4

// CertificationInvalidPush says that a vehicle was certified elsewhere, so that this merchant's pushes are masked again
// (§10.4).
type CertificationInvalidPush struct {
	PlateNumber string // not masked
	Time        Time
}

// fields are the values of a push by name, numbers by their text.
type fields map[string]string

// kind is what the fields are those of: the last kind of which they have the field that only it has. A notice, which is all that
// §10.3 and §10.4 have, has no kind: "".
func (f fields) kind() (kind Kind) {
	for _, row := range pushKinds {
		if _, has := f[row.known]; has && row.known != "" {
			kind = row.kind
		}
	}
	return kind
}

// reader takes typed values out of fields and keeps the first error.
type reader struct {
	fields fields
	err    error
}

func (r *reader) fail(code int, format string, args ...any) {
	if r.err == nil {
		r.err = &PushError{Code: code, Message: fmt.Sprintf(format, args...)}
	}
}

// text is a field that has to be there and not be empty.
func (r *reader) text(name string) string {
	text := r.fields[name]
	if text == "" {
		r.fail(CodeMissingParameter, "missing field: %s", name)
	}
	return text
}

func (r *reader) time(name string) Time {
	text := r.text(name)
	if text == "" {
		return Time{}
	}
	return r.optionalTime(name)
}

func (r *reader) optionalTime(name string) Time {
	text := r.fields[name]
	if text == "" {
		return Time{}
	}
	t, err := ParseTime(text)
	if err != nil {
		r.fail(CodeBadParameter, "field %s: %v", name, err)
	}
	return t
}

func (r *reader) entry() EntryPush {
	return EntryPush{
		SynID:         r.text("synId"),
		PlateNumber:   r.text("plateNumber"),
		ParkName:      r.text("parkName"),
		ParkID:        ID(r.text("parkId")),
		EntranceTime:  r.time("entranceTime"),
		UserType:      r.fields["userType"],
		PushTime:      r.optionalTime("pushTime"),
		FixParkingID:  r.fields["fixParkingId"],
		RemainingDays: r.fields["remainingDays"],
	}
}

func (r *reader) exit() ExitPush {
	p := ExitPush{EntryPush: r.entry(), ExitTime: r.time("exitTime")}
	if text := r.text("stayedTime"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil || seconds < 0 {
			r.fail(CodeBadParameter, "field stayedTime: %q is no number of seconds", text)
		}
		p.Stayed = time.Duration(seconds) * time.Second
	}
	if text := r.text("receivableFee"); text != "" {
		fee, err := ParseYuan(text)
		if err != nil || fee < 0 {
			r.fail(CodeBadParameter, "field receivableFee: %q is no amount of yuan", text)
		}
		p.ReceivableFee = fee
	}
	return p
}

// dispatch reads a push of a kind and gives it to its callback. A kind without a callback is read and accepted.
func (h *PushHandler) dispatch(ctx context.Context, kind Kind, f fields) error {
	r := &reader{fields: f}
	row := slices.IndexFunc(pushKinds, func(p pushKind) bool { return p.kind == kind })
	if row < 0 {
		return &PushError{Code: CodeBadParameter, Message: "unbind and certification-invalid look alike: give each a URL of its own"}
	}
	deliver := pushKinds[row].deliver(ctx, h, r)
	if r.err != nil {
		return r.err
	}
	return deliver()
}

func bind[T any](ctx context.Context, on func(context.Context, T) error, push T) func() error {
	return func() error {
		if on == nil {
			return nil
		}
		return on(ctx, push)
	}
}
