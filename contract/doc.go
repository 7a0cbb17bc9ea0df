// Package contract holds a platform, a mock of it or a merchant to the contract of the ETCP open platform's document.
//
// [Webhook.Examine] examines a merchant's endpoint: it sends the pushes of §10 as the platform would, right ones and wrong ones,
// and judges the answers by a table of checks. [ExamineWebhook] is the same inside go test, on an http.Handler too, without a
// socket:
//
//	func TestPushes(t *testing.T) {
//		contract.ExamineWebhook(t, myapp.Routes(), contract.Webhook{
//			URL: "/etcp", MerchantNo: "M1", Key: "the key of the tests",
//		})
//	}
//
// Whatever is judged is judged from outside: nothing here knows the mock.
package contract
