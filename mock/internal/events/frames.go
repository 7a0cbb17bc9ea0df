package events

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

func eventID(instance string, seq uint64) string { return instance + "-" + strconv.FormatUint(seq, 10) }

// frames encodes the news after cursor, or their digest with so many requests at most, and says how long examining signatures
// has taken.
func (h *Shape) frames(instance string, hides mask.Masker, cursor uint64, news sandbox.News, most int) (frames []frame, examined time.Duration) {
	events := news.Events
	if most != everything {
		events = news.Digest(most)
	}
	frames = make([]frame, len(events))
	left := examineMost
	for i, e := range events {
		var data any
		if entry, ok := e.Value.(*journal.Stored); ok && !entry.Explained() {
			if left--; left < 0 {
				data = h.Briefly(entry.Entry())
			} else {
				start := time.Now()
				data = h.Value(e.Value)
				examined += time.Since(start)
			}
		} else {
			data = h.Value(e.Value)
		}
		frames[i] = frame{e.Seq, e.Seq, h.text(eventID(instance, e.Seq), e.Kind, data, hides)}
		if most != everything { // what is left out before it is accounted for
			frames[i].first = cursor + 1
			cursor = e.Seq
		}
	}
	return frames, examined
}

// text writes one event of a stream (WHATWG HTML, §9.2.6).
func (h *Shape) text(id, kind string, data any, hides mask.Masker) []byte {
	var buf bytes.Buffer
	if id != "" {
		buf.WriteString("id: " + id + "\n")
	}
	buf.WriteString("event: " + kind + "\ndata: ")
	head := buf.Len()
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil { // its newline ends the field
		buf.WriteString("{}\n")
	}
	text := buf.Bytes()
	return append(append(text[:head:head], h.Hide(text[head:], hides)...), '\n')
}
