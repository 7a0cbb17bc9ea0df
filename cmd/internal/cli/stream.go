package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-isatty"
)

// stream is standard output or standard error of a command. It remembers whether something could not be written, and what goes to a
// terminal has neither control characters nor ones that turn the direction of the text, wherever they came from: files, servers,
// merchants. Colours and the line that says what runs now pass.
type stream struct {
	to       io.Writer
	terminal bool

	mu   sync.Mutex
	rest []byte // of a character that has not come whole
	err  error
}

func newStream(to io.Writer) *stream {
	f, ok := to.(*os.File)
	return &stream{to: to, terminal: ok && isTerminal(f)}
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }

// Beneath is the stream of the process that a command's stream writes to: what a child of the process is given.
func Beneath(w io.Writer) io.Writer {
	if s, ok := w.(*stream); ok {
		return s.to
	}
	return w
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := p
	if s.terminal {
		text, s.rest = visible(append(s.rest, p...))
	}
	if _, err := s.to.Write(text); err != nil {
		if s.err == nil {
			s.err = err
		}
		return 0, err
	}
	return len(p), nil
}

// end writes what is left, and gives the first error of the stream.
func (s *stream) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rest) > 0 {
		if _, err := fmt.Fprintf(s.to, `\x%x`, s.rest); s.err == nil {
			s.err = err
		}
		s.rest = nil
	}
	return s.err
}

// visible has escapes in place of what a terminal would obey or not show. The rest is the beginning of a character whose end has yet to come.
func visible(text []byte) (shown, rest []byte) {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && (r == utf8.RuneError || hidden(r)) }) {
		return text, nil
	}
	var out bytes.Buffer
	for len(text) > 0 {
		if n := sequence(text); n > 0 {
			out.Write(text[:n])
			text = text[n:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1 && !utf8.FullRune(text):
			return out.Bytes(), bytes.Clone(text)
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || !hidden(r):
			out.Write(text[:n])
		case r < 0x100:
			fmt.Fprintf(&out, `\x%02x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		text = text[n:]
	}
	return out.Bytes(), nil
}

// hidden says whether a character moves the cursor, turns the direction of the text or has no width.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// sequence is how long a sequence is that may pass at the beginning of a text: a colour, a line that is begun anew, the end of a line.
func sequence(text []byte) int {
	for _, whole := range []string{"\r\x1b[2K", "\r\x1b[K", "\r\n"} {
		if bytes.HasPrefix(text, []byte(whole)) {
			return len(whole)
		}
	}
	if !bytes.HasPrefix(text, []byte("\x1b[")) {
		return 0
	}
	for i := 2; i < len(text) && i < 32; i++ {
		switch c := text[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
