// Package contract runs cases against a platform or a mock of it, and says where it breaks the contract of the ETCP Open Platform's
// document: [Run] runs them, [Runner.Diff] runs them against two targets, [Coverage] says which answers they reach.
//
// Its neighbours judge other things: contract/webhook a merchant's endpoint, contract/fuzz a platform by made-up requests,
// contract/proxy the traffic that passes through it. All are judged from outside: nothing here knows the mock.
package contract
