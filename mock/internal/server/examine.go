package server

import (
	"context"
	"fmt"
	"sync"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
	"github.com/etcp-mock/etcp-mock/sign"
)

// examiner is the command contract webhook for merchants of the server, one examination of a merchant at a time.
type examiner struct {
	dialer *outgoing.Dialer

	mu       sync.Mutex
	underWay map[string]bool // by merchant number
}

func (x *examiner) examine(ctx context.Context, e control.Examination) (any, error) {
	if err := x.begin(e.Merchant.No); err != nil {
		return nil, err
	}
	defer x.end(e.Merchant.No)
	transport := x.dialer.HTTP(nil)
	defer transport.CloseIdleConnections()
	w := webhook.Endpoint{
		MerchantNo: e.Merchant.No, Key: e.Merchant.Key, Kinds: map[client.Kind]string{},
		Encoding: webhook.Encoding(e.Encoding), SignData: sign.PushData(e.SignData), Timeout: e.Timeout, Seed: e.Seed,
		Transport: x.dialer.Shared("examination of "+e.Merchant.No, transport),
	}
	for _, kind := range client.Kinds() {
		url := e.Merchant.Push.For(string(kind))
		switch {
		case url == "":
			url = webhook.NotReceived
		case w.URL == "":
			w.URL = url
		}
		w.Kinds[kind] = url
	}
	return w.Examine(ctx)
}

func (x *examiner) begin(no string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.underWay[no] {
		return fmt.Errorf("%w of merchant %s", control.ErrExamining, no)
	}
	x.underWay[no] = true
	return nil
}

func (x *examiner) end(no string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.underWay, no)
}
