// Package client is a merchant's side of the ETCP Open Platform: [Client] calls its twelve endpoints, [PushHandler]
// receives what it pushes. It speaks to the real platform and to the mock alike; nothing in it knows which one it has.
//
//	c := client.New("http://127.0.0.1:8787", "demo", "demo-key")
//	token, err := c.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "ETCP"})
//	if errors.Is(err, client.ErrBadPhone) { … }
//	orders, err := c.OrderUnpay(ctx, client.UnpayQuery{Token: token, PlateNumber: "渝ATX061"})
//
// A method is named after the last element of its path (§9), so that the document's reader finds it; only the
// platform's usersigin is spelled UserSignin here. Times are the platform's, in Asia/Shanghai, to the second ([Time]);
// money is exact ([Fen]).
//
// # Errors
//
// A refusal by the platform is an [*Error] with the code and message of §11; errors.Is compares it with ErrInvalidToken
// and its like. An answer that is no envelope at all (a proxy's page, a cut body) matches [ErrNotEnvelope]; everything
// else that goes wrong is the network's own error. Where the mock gives its reason (header X-Mock-Reason), Error.Reason
// has it.
//
// # Beyond the typed methods
//
// [Client.Do] sends any data to any endpoint and hands back the envelope as it is. [Client.Send] takes a [Request] whose
// envelope can be overridden: another stamp, a wrong signature, a parameter left out. Tests of the platform's refusals need that.
package client
