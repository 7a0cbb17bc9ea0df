package merchant

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// forwardTimeout is how long a merchant may take to answer a push that was forwarded.
const forwardTimeout = 30 * time.Second

// mostAnswer is how much of a merchant's answer is read.
const mostAnswer = 64 << 10

// forwarded is a merchant's answer to a push that was forwarded.
type forwarded struct {
	HTTPStatus int    `json:"httpStatus,omitempty"`
	Code       *int   `json:"code,omitempty"` // nil where the answer has none
	Body       string `json:"body,omitempty"`
	Error      string `json:"error,omitempty"`

	header http.Header
}

// forwarder sends on what listen receives, byte for byte.
type forwarder struct {
	to     string
	client *http.Client
}

func newForwarder(to string) (*forwarder, error) {
	if _, err := cli.HTTPURL("forward-to", to); err != nil {
		return nil, err
	}
	return &forwarder{to, &http.Client{
		Timeout: forwardTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// send forwards a push and gives the merchant's answer.
func (f *forwarder) send(r *http.Request, body []byte) *forwarded {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, f.to, bytes.NewReader(body))
	if err != nil {
		return &forwarded{Error: err.Error()}
	}
	for _, name := range []string{"Content-Type", "Accept", "User-Agent"} {
		if value := r.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := f.client.Do(request) //nolint:gosec // to the URL that the command line named
	if err != nil {
		return &forwarded{Error: remote.NetworkText(lang.English, err)}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	out := &forwarded{HTTPStatus: response.StatusCode, Body: string(text), header: response.Header}
	if err != nil {
		out.Error = remote.NetworkText(lang.English, err)
	}
	var answer struct {
		Code *int `json:"code"`
	}
	if json.Unmarshal(text, &answer) == nil {
		out.Code = answer.Code
	}
	return out
}

// accepted reports whether the platform takes the answer for a delivery.
func (a *forwarded) accepted() bool {
	return a.Error == "" && a.HTTPStatus/100 == 2 && a.Code != nil && *a.Code == client.CodeOK
}

// give answers as the merchant did, or with 502 where it did not.
func (a *forwarded) give(w http.ResponseWriter) {
	if a.Error != "" {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if kind := a.header.Get("Content-Type"); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(a.HTTPStatus)
	_, _ = io.WriteString(w, a.Body) // who has gone needs no answer
}

// text is the answer in one line.
func (a *forwarded) text(p *show.Printer) string {
	if a.Error != "" {
		return cli.Clean(p.Said(a.Error))
	}
	return "HTTP " + strconv.Itoa(a.HTTPStatus) + "  " + cli.Clean(cli.Fit(a.Body, 300))
}
