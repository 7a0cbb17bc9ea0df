package sign

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed vectors.json
var vectorsJSON []byte

// Vector is one signature that is known to be right; vectors.json holds them for programs in other languages. The hashes
// were made by another MD5 implementation than the one under test.
type Vector struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // "request" (§6) or "push" (§10)
	Key  string `json:"key"`

	// Data is the signed text: of a request the decoded parameter data, of a push what PushText makes of Body.
	Data string `json:"data"`
	Sign string `json:"sign"` // what goes on the wire, as sign or signment

	// Of a request.
	Stamp      string     `json:"time_stamp,omitempty"`
	Whitespace Whitespace `json:"sign.whitespace,omitempty"`

	// Of a push. Body is the JSON as received, without signment.
	MerchantNo string   `json:"merchant_no,omitempty"`
	Body       string   `json:"body,omitempty"`
	SignData   PushData `json:"push.sign_data,omitempty"`
}

// Vectors returns the test vectors, the one printed in §6 first.
func Vectors() []Vector {
	return append([]Vector(nil), parseVectors()...)
}

var parseVectors = sync.OnceValue(func() []Vector {
	var all []Vector
	if err := json.Unmarshal(vectorsJSON, &all); err != nil {
		panic(fmt.Sprintf("sign: embedded vectors.json: %v", err))
	}
	return all
})
