package inprocess_test

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/inprocess"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A scenario is run against a mock inside the program that runs it.
func Example() {
	seed := uint64(7)
	m, err := inprocess.New(inprocess.Options{Seed: &seed})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	s, err := scenarios.Parse("login.yaml", []byte(`name: login
vars: {phone: "13800000001"}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: ETCP}
    save: {token: data.token}
  - call: carnum
    data: {token: "${token}"}
    expect: {data: {number: 0}}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := scenarios.Run(context.Background(), scenarios.InProcess(m.Handler()), s, scenarios.Options{})
	fmt.Println(result.Status, err)
	// Output: passed <nil>
}
