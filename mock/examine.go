package mock

import (
	"context"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/sign"
)

// examine is the command contract webhook for a merchant of a sandbox.
func examine(ctx context.Context, e control.Examination) (any, error) {
	w := webhook.Endpoint{
		MerchantNo: e.Merchant.No, Key: e.Merchant.Key, Kinds: map[client.Kind]string{},
		Encoding: webhook.Encoding(e.Encoding), SignData: sign.PushData(e.SignData), Timeout: e.Timeout, Seed: e.Seed,
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
