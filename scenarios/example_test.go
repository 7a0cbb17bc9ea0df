package scenarios_test

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A scenario runs on a mock in the same process; a server at a URL is scenarios.Mock, the real platform scenarios.Platform.
func ExampleRun() {
	server, err := mock.New()
	if err != nil {
		panic(err)
	}
	defer func() { _ = server.Close(context.Background()) }()

	s, err := scenarios.Parse("login.yaml", []byte(`name: 用户登录
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
		panic(err)
	}
	result, err := scenarios.Run(context.Background(), scenarios.InProcess(server.Handler()), s, scenarios.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Scenario, result.Status)
	// Output: 用户登录 passed
}

// Everything that is wrong with a file is reported at once, with its line and a caret.
func ExampleParse() {
	_, err := scenarios.Parse("wrong.yaml", []byte(`name: wrong
steps:
  - call: bindcr
  - {call: carnum, data: {tokn: x}}
`))
	fmt.Println(err)
	// Output:
	// wrong.yaml:3:11: steps[0].call: there is no endpoint "bindcr" (did you mean "bindcar"?)
	//     3 |   - call: bindcr
	//       |           ^
	// wrong.yaml:4:27: steps[1].data.tokn: carnum has no parameter "tokn" (did you mean "token"?)
	//     4 |   - {call: carnum, data: {tokn: x}}
	//       |                           ^
}

// A variable from a command line takes the type it has in the file.
func ExampleParseVar() {
	name, value, err := scenarios.ParseVar("due=12")
	fmt.Printf("%s %T %v %v\n", name, value, value, err)
	name, value, err = scenarios.ParseVar(`plates:=["渝ATX061"]`)
	fmt.Printf("%s %T %v %v\n", name, value, value, err)
	// Output:
	// due scenarios.Text 12 <nil>
	// plates []interface {} [渝ATX061] <nil>
}
