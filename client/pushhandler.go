package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/etcp-mock/etcp-mock/sign"
)

// MaxPush is the longest body a [PushHandler] reads. An honest push stays under 1 KiB.
const MaxPush = 64 << 10

// PushHandler receives the platform's pushes (§10) for one merchant: it reads the body (JSON, a form, or a form whose parameter
// data holds the JSON), checks the signature, calls the callback of the push's kind and answers {"code":0,"message":"ok"}.
//
// # What is answered
//
// Code 0 says that the push is dealt with, and the platform forgets it; anything else has it send the push again later.
// So a callback returns nil only when its work is safely done, and an error where it wants the push once more. The same push may come
// several times (a lost answer, a redelivery): treat (kind, SynID) as its key.
//
// A push that is not signed right is refused with code 4, a malformed one with 6, one with a field missing with
// 20102, and no callback sees it. Another method than POST is HTTP 405, another content type 415, a body over [MaxPush] 413,
// each with code 1. An error of a callback that is a [*PushError] is answered as it says; any other is answered as code 1 失败,
// so that the merchant's inside stays inside. A panic is code 2 服务器异常.
//
// # Which kind a push is
//
// No push names its kind. Entry and exit are known by their fields; unbind (§10.3) and certification-invalid (§10.4) have the same
// two. Have the platform send each to a URL of its own, and route those with [PushHandler.ForKind]:
//
//	h := &client.PushHandler{MerchantNo: "M1", Key: key, OnEntry: …, OnUnbind: …}
//	mux.Handle("/etcp", h)
//	mux.Handle("/etcp/unbind", h.ForKind(client.KindUnbind))
//	mux.Handle("/etcp/certification-invalid", h.ForKind(client.KindCertificationInvalid))
//
// Where there is one URL for all, set Notice to the kind that such a push is to be taken for; left empty, they are refused.
//
// Set the fields before the first request and leave them; the callbacks run on several goroutines at once.
type PushHandler struct {
	MerchantNo string
	Key        string
	SignData   sign.PushData // the rule push.sign_data; empty is JSON
	Notice     Kind          // what a push of plateNumber and time is at a URL that does not say

	// A kind whose callback is nil is checked and accepted.
	OnEntry                func(context.Context, EntryPush) error
	OnExit                 func(context.Context, ExitPush) error
	OnUnbind               func(context.Context, UnbindPush) error
	OnCertificationInvalid func(context.Context, CertificationInvalidPush) error

	// OnRefuse, where set, is told of every push that is not answered with code 0, and why. For logs.
	OnRefuse func(*http.Request, error)
}

// NewPushHandler is a handler for a merchant without callbacks; it is the same as a literal with the three fields.
func NewPushHandler(merchantNo, key string, signData sign.PushData) *PushHandler {
	return &PushHandler{MerchantNo: merchantNo, Key: key, SignData: signData}
}

// PushError is a refusal of a push: what is answered, and, where Err is set, what was behind it.
type PushError struct {
	Code    int // not 0
	Message string
	Err     error // not answered; errors.Is finds it
}

// Error gives the code, the message and the cause.
func (e *PushError) Error() string {
	text := fmt.Sprintf("push refused: code %d: %s", e.Code, e.Message)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *PushError) Unwrap() error { return e.Err }

// ServeHTTP receives a push whose kind is told by its fields, or by Notice.
func (h *PushHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve(w, r, "") }

// ForKind is the same handler at a URL that receives one kind only. A push with the fields of another kind is refused with
// code 6.
func (h *PushHandler) ForKind(kind Kind) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, kind) })
}

func (h *PushHandler) serve(w http.ResponseWriter, r *http.Request, kind Kind) {
	status, err := h.receive(w, r, kind)
	code, message := CodeOK, "ok"
	if err != nil {
		code, message = CodeFailed, "失败"
		if refused, ok := errors.AsType[*PushError](err); ok {
			code, message = refused.Code, refused.Message
		}
		if h.OnRefuse != nil {
			h.OnRefuse(r, err)
		}
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct { //nolint:errchkjson // an int and a string; a caller who has gone needs no answer
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{code, message})
}

// receive reads, checks and dispatches one push; the status is that of HTTP, the error that of the push.
func (h *PushHandler) receive(w http.ResponseWriter, r *http.Request, kind Kind) (status int, err error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed, &PushError{Code: CodeFailed, Message: "pushes are sent with POST"}
	}
	body, status, err := readPush(w, r)
	if err != nil {
		return status, err
	}
	values, err := body.verify(sign.PushVerifier{MerchantNo: h.MerchantNo, Key: h.Key, SignData: h.SignData})
	if err != nil {
		return http.StatusOK, err
	}
	told := values.kind()
	switch {
	case kind == "" && told == "":
		kind = h.Notice
	case kind == "":
		kind = told
	case told != "" && told != kind:
		return http.StatusOK, &PushError{Code: CodeBadParameter, Message: fmt.Sprintf("this is a push of kind %s, and the URL is for %s", told, kind)}
	}
	return http.StatusOK, h.guarded(r.Context(), kind, values)
}

// guarded turns a callback's panic into a refusal, so that the push comes again and the process goes on.
func (h *PushHandler) guarded(ctx context.Context, kind Kind, values fields) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // the very value, as net/http compares it
				panic(p)
			}
			err = &PushError{Code: CodeServerError, Message: "服务器异常", Err: fmt.Errorf("callback panicked: %v", p)}
		}
	}()
	return h.dispatch(ctx, kind, values)
}
