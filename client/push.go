package client

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Kind names a push of §10. The document gives the pushes titles only; these are the mock's names for them.
type Kind string

// The kinds of push.
const (
	KindEntry                Kind = "entry"                 // §10.1
	KindExit                 Kind = "exit"                  // §10.2
	KindUnbind               Kind = "unbind"                // §10.3
	KindCertificationInvalid Kind = "certification-invalid" // §10.4
)

// Kinds lists the kinds of push, in the document's order.
func Kinds() []Kind { return []Kind{KindEntry, KindExit, KindUnbind, KindCertificationInvalid} }

// The values of EntryPush.UserType.
const (
	LongTerm  = "76" // a long-term tenant
	Temporary = "77" // a car that pays by the stay
)

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

// ExitPush says that a car has left (§10.2).
type ExitPush struct {
	EntryPush

	ExitTime      Time
	Stayed        time.Duration // stayedTime, whole seconds
	ReceivableFee Fen           // the whole fee, whatever was paid before; whole yuan unless the platform says otherwise
}

// UnbindPush says that a vehicle was unbound (§10.3).
type UnbindPush struct {
	PlateNumber string // not masked
	Time        Time
}

// CertificationInvalidPush says that a vehicle was certified elsewhere, so that this merchant's pushes are masked again
// (§10.4).
type CertificationInvalidPush struct {
	PlateNumber string // not masked
	Time        Time
}

// fields are the values of a push by name, numbers by their text.
type fields map[string]string

// kind tells what the fields are those of. A notice, which is all that §10.3 and §10.4 have, has no kind: "".
func (f fields) kind() Kind {
	_, exit := f["exitTime"]
	_, entry := f["synId"]
	switch {
	case exit:
		return KindExit
	case entry:
		return KindEntry
	}
	return ""
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
	var deliver func() error
	switch kind {
	case KindEntry:
		deliver = bind(ctx, h.OnEntry, r.entry())
	case KindExit:
		deliver = bind(ctx, h.OnExit, r.exit())
	case KindUnbind:
		deliver = bind(ctx, h.OnUnbind, UnbindPush{PlateNumber: r.text("plateNumber"), Time: r.time("time")})
	case KindCertificationInvalid:
		deliver = bind(ctx, h.OnCertificationInvalid, CertificationInvalidPush{PlateNumber: r.text("plateNumber"), Time: r.time("time")})
	default:
		return &PushError{Code: CodeBadParameter, Message: "unbind and certification-invalid look alike: give each a URL of its own"}
	}
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
