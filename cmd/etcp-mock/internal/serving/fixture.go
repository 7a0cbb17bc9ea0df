package serving

import (
	"bytes"
	"slices"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// newServer makes the server, from the text of a file of a fixture where there is one, and gives the fixture as JSON. What begins as JSON is read
// as that at once: reading it strictly finds out whether it is, so that looking through it before would only cost time, a tenth of a start with a
// million car parks. Where it fails, everything is said as if it had been looked through.
func newServer(name string, text []byte, opts []mock.Option) (server *mock.Server, fixture []byte, err error) {
	with := func(fixture []byte) (*mock.Server, error) {
		return NewMock(append(slices.Clip(opts), mock.WithFixture(fixture))...)
	}
	begins := bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
	switch {
	case name == "":
		server, err = NewMock(opts...)
	case begins:
		server, err = with(text)
	}
	if name == "" || begins && err == nil {
		return server, text, err
	}
	document, unread := scenarios.ReadFixture(name, text)
	if unread != nil {
		return nil, nil, unread
	}
	if !begins || !bytes.Equal(document.JSON, text) {
		server, err = with(document.JSON)
	}
	return server, document.JSON, input.Located(err, document)
}
