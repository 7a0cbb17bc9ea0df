package webhook_test

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
)

// An endpoint is examined without a socket; a test does the same with webhooktest.Examine.
func ExampleEndpoint_Examine() {
	endpoint := &client.PushHandler{MerchantNo: "M1", Key: "the key of the tests", Notice: client.KindUnbind}
	r, err := webhook.Endpoint{
		URL: "/etcp", Handler: endpoint, MerchantNo: "M1", Key: "the key of the tests",
		Only: []string{"signature-lower-case"},
	}.Examine(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range r.Cases {
		fmt.Println(c.Status, c.Level, c.ID)
	}
	// Output:
	// passed MUST control-right-push
	// passed MUST control-garbage
	// passed MUST signature-forged
	// passed MUST signature-lower-case
}
