package schemas_test

import (
	"fmt"

	"github.com/etcp-mock/etcp-mock/schemas"
)

func ExampleValidateRequest() {
	err := schemas.ValidateRequest("bindcar", []byte(`{"token":"x","plateNumber":"渝 B757D0","plateColor":5}`))
	fmt.Println(err)
	// Output: request/bindcar: /plateColor: 5 is no plate colour; /plateNumber: "渝 B757D0" is no plate number
}

func ExampleLookup() {
	row, _ := schemas.Lookup("usersigin")
	fmt.Println(row.Section, row.Method, schemas.PathPrefix+row.Name)
	// Output: §9.3 POST /merchant/open/1.0.0/openapi/usersigin
}
