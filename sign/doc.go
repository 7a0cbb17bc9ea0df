// Package sign makes and checks the two signatures of the ETCP Open Platform. Package diagnose beside it says why a wrong one is wrong.
//
// # Requests (§6 of the interface document)
//
// A merchant signs every request with
//
//	sign = UPPER(HEX(MD5(data + merchant_key + time_stamp)))
//
// where data is the decoded text of the parameter data, byte for byte as it is sent (before URL encoding), and
// time_stamp is yyyyMMddHHmmss in Asia/Shanghai. There is no separator, no sorting and no re-encoding: what counts are the
// bytes. The document's own vector:
//
//	sign.Request(`{"param1":"value1","param2":"value2","param3":"value3"}`, "noxxxxx", "20170721132452")
//	// A3DE1813F4DDBADFC18555E18A2E579D
//
// Marshal data once, keep that text, sign it and send it. Marshalling a second time for sending is the most common
// mistake: key order, spaces and escapes may differ. [Verifier] checks a request, package diagnose finds out what was signed
// instead. Clients were seen that strip white space before hashing, which the document does not say; [Whitespace] is the
// rule sign.whitespace that decides about it.
//
// # Pushes (§10)
//
// The platform signs what it pushes to a merchant with another formula, whose parts stand in another order:
//
//	signment = UPPER(HEX(MD5(merchant_no + data + merchant_key)))
//
// The document does not say what the text of data is, since signment itself is a field of the same object. [PushData], the rule
// push.sign_data, has the readings: the compact JSON of the other fields in the order they are sent, their values
// joined, or a query. [PushVerifier] checks a push as received, package diagnose explains a wrong one.
//
// # Test vectors
//
// [Vectors] is a table of both signatures for every rule; vectors.json beside this file is the same for other languages.
//
// MD5 over a shared key is what the platform asks for. It is not what a new design should take.
package sign
