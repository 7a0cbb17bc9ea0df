package engine

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// envelope is an answer's text: {"code":…,"data":…,"message":…}, data absent where there is none, or what a fault has in its place.
func envelope(answer *platform.Answer, on *fault.OnRequest) string {
	switch {
	case on.Garbage != nil:
		return string(on.Garbage)
	case on.Empty:
		return ""
	case on.Body != nil:
		return *on.Body
	}
	buf, _ := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	buf.WriteString(`{"code":`)
	buf.Write(strconv.AppendInt(buf.AvailableBuffer(), int64(answer.Code), 10))
	if answer.Data != nil {
		buf.WriteString(`,"data":`)
		writeJSON(buf, answer.Data)
	}
	buf.WriteString(`,"message":`)
	buf.Write(sign.AppendJSONString(buf.AvailableBuffer(), answer.Message))
	buf.WriteByte('}')
	return buf.String()
}

func writeJSON(buf *bytes.Buffer, value any) {
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // answers are plain values
	}
	buf.Truncate(buf.Len() - 1) // the encoder's newline
}

// The HTTP statuses that say something of how far a request came (§3).
const (
	statusOK               = 200
	statusNotFound         = 404
	statusMethodNotAllowed = 405
)
