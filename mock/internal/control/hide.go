package control

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// sentMembers are the members of answers and events that hold what somebody sent, or words made of it. A merchant's key in one of them, where
// it does not belong, is hidden; elsewhere a text that equals a key is something else, as a number of a merchant or a URL.
var sentMembers = map[string]bool{
	"data": true, "dataText": true, "sign": true, "timeStamp": true, "response": true, "headers": true, "lints": true,
	"explanation": true, "explanationZh": true, "fix": true, "fixZh": true, "diagnosis": true, "summary": true, "summaryZh": true, "text": true, "textZh": true,
	"why": true, "whyZh": true, "differs": true, "nearest": true, "before": true, "after": true, "detail": true, "errors": true, "externalOrderId": true, "appId": true,
	"rawData": true, "rawForm": true, "rawQuery": true, "rawBody": true, "error": true, "actual": true, "given": true, "parameter": true,
}

// hide is JSON with the keys hidden in what somebody sent, whatever way they are written there.
func hide(text []byte, hides mask.Masker) []byte {
	if hides.IsZero() || !bytes.Contains(text, []byte(`\u`)) && !hides.In(text) {
		return text // next to every one
	}
	h := hider{in: text, hides: hides}
	h.value(false)
	return append(h.out, text[h.at:]...)
}

// hider copies JSON that an encoder has written.
type hider struct {
	in, out []byte
	at      int
	hides   mask.Masker
}

// value copies a value and, where it is what somebody sent, hides the keys in it.
func (h *hider) value(sent bool) {
	h.space()
	if h.at >= len(h.in) {
		return
	}
	switch h.in[h.at] {
	case '{':
		h.members(sent)
	case '[':
		h.items(sent)
	case '"':
		h.text(sent)
	default:
		from := h.at
		for h.at < len(h.in) && !bytes.ContainsRune([]byte(",]} \n\r\t"), rune(h.in[h.at])) {
			h.at++
		}
		number := string(h.in[from:h.at])
		if sent && h.hides.Text(number) != number {
			number = `"` + mask.Hidden + `"` // a key of digits
		}
		h.out = append(h.out, number...)
	}
}

func (h *hider) members(sent bool) {
	for h.next('{', ',') {
		if h.space(); h.peek() == '}' {
			break
		}
		name := h.text(sent)
		h.next(':', ':')
		h.value(sent || sentMembers[name])
		h.space()
	}
	h.next('}', '}')
}

func (h *hider) items(sent bool) {
	for h.next('[', ',') {
		if h.space(); h.peek() == ']' {
			break
		}
		h.value(sent)
		h.space()
	}
	h.next(']', ']')
}

func (h *hider) peek() byte {
	if h.at < len(h.in) {
		return h.in[h.at]
	}
	return 0
}

// next copies one of two characters, if it comes.
func (h *hider) next(a, b byte) bool {
	h.space()
	c := h.peek()
	if c == 0 || c != a && c != b {
		return false
	}
	h.out = append(h.out, c)
	h.at++
	return true
}

func (h *hider) space() {
	for h.at < len(h.in) && (h.in[h.at] == ' ' || h.in[h.at] == '\n' || h.in[h.at] == '\r' || h.in[h.at] == '\t') {
		h.out = append(h.out, h.in[h.at])
		h.at++
	}
}

// text copies a text, and gives it.
func (h *hider) text(sent bool) string {
	from := h.at
	for h.at++; h.at < len(h.in) && h.in[h.at] != '"'; h.at++ {
		if h.in[h.at] == '\\' {
			h.at++
		}
	}
	h.at = min(h.at+1, len(h.in))
	raw := h.in[from:h.at]
	var text string
	if bytes.IndexByte(raw, '\\') < 0 {
		text = string(bytes.Trim(raw, `"`))
	} else if json.Unmarshal(raw, &text) != nil {
		h.out = append(h.out, raw...)
		return ""
	}
	if sent {
		if hidden := h.hidden(text); hidden != text {
			written, _ := json.Marshal(hidden) //nolint:errchkjson // a text always encodes
			h.out = append(h.out, written...)
			return text
		}
	}
	h.out = append(h.out, raw...)
	return text
}

// hidden is a text with the keys hidden. It may be JSON that was sent as text, which stays JSON.
func (h *hider) hidden(text string) string {
	if strings.Contains(text, `\u`) && json.Valid([]byte(text)) {
		inner := hider{in: []byte(text), hides: h.hides}
		inner.value(true)
		text = string(append(inner.out, inner.in[inner.at:]...))
	}
	return h.hides.Text(text)
}
