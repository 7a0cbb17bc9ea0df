package contract_test

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A case of one's own is run against a mock in the same process, and what it does not keep is told with file and line. A server at a URL is
// scenarios.Mock or, without a control API, scenarios.Platform.
func ExampleRun() {
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		panic(err)
	}
	defer func() { _ = server.Close(context.Background()) }()

	s, err := scenarios.Parse("cars.yaml", []byte(`name: cars
steps:
  - {call: usersigin, data: {mobilePhone: "13800000001", appId: ETCP}, save: {token: data.token}}
  - {call: bindcar, data: {token: "${token}", plateNumber: 渝ATX061}}
  - {call: carnum, data: {token: "${token}"}, expect: {data: {number: 2}}}
`))
	if err != nil {
		panic(err)
	}
	r, err := contract.Run(context.Background(), scenarios.InProcess(server.Handler()), s.Cases()...)
	if err != nil {
		panic(err)
	}
	for _, c := range r.Cases {
		fmt.Println(c.ID, c.Status)
		for _, f := range c.Failures {
			fmt.Printf("%s:%d: want %s, got %s\n", f.File, f.Line, f.Expected, f.Actual)
		}
	}
	// Output:
	// cars failed
	// cars.yaml:5: want 2, got 1
}
