package engine

import (
	"strconv"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

// maxAnswer is how large room is kept for the next answer, in bytes.
const maxAnswer = 64 << 10

// envelope is an answer's text: {"code":…,"data":…,"message":…}, data absent where there is none, or what a fault has in its place.
func (e *Engine) envelope(answer *platform.Answer, on *fault.OnRequest) string {
	switch {
	case on.Garbage != nil:
		return string(on.Garbage)
	case on.Empty:
		return ""
	case on.Body != nil:
		return *on.Body
	}
	to := strconv.AppendInt(append(e.answer[:0], `{"code":`...), int64(answer.Code), 10)
	if answer.Data != nil {
		to = platform.AppendData(append(to, `,"data":`...), answer.Data)
	}
	to = sign.AppendJSONString(append(to, `,"message":`...), answer.Message)
	to = append(to, '}')
	if e.answer = to; cap(to) > maxAnswer {
		e.answer = nil
	}
	return string(to)
}

// The HTTP statuses that say something of how far a request came (§3).
const (
	statusOK               = 200
	statusNotFound         = 404
	statusMethodNotAllowed = 405
)
