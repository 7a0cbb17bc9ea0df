// Package scenarios is the scenario format and its engine: what people write (YAML), and what runs it against a mock over
// the network, a mock in the same process, or the real platform. It imports nothing of the mock.
//
// # Parsing
//
// [Parse] reads one file; [Load] and [LoadFS] read files and folders into a [Library], in which scenarios use each other
// by name (setup, use); [Builtin] is the library that comes with the mock. What is wrong with files is [Problems]: all of
// it at once, each [Problem] with file, line, column, the offending line ([Problem.Text] draws a caret) and, where it can
// be said, what was meant. [Schema] is the JSON Schema of the format for editors, written from the same table that the
// parser checks by.
//
// # Running
//
//	library, err := scenarios.Load(scenarios.Builtin(), "cases/")
//	target := scenarios.Mock("http://127.0.0.1:8787", "")
//	result, err := scenarios.Run(ctx, target, library.Get("pays-online"), scenarios.Options{Library: library})
//
// A [Target] is made by [Mock], [InProcess] or [Platform], and its fields are changed as needed: a sandbox to run in, a
// [Receiver] of pushes, somebody to ask for SMS codes, the environment that env() reads. [Run] runs all cases of a
// scenario (the rows of its matrix), [RunCase] one of [Scenario.Cases], which is what a runner with several workers wants:
// targets, libraries and scenarios may be shared by any number of runs at once. Each case makes a sandbox from the
// scenario's fixture, and takes it away again whatever happens, the end of the context included; steps under finally are
// run in any case.
//
// # Results
//
// A [Result] holds everything a report needs as data: cases, steps in their nesting, each with its position, how long it
// took, the request and answer ([Exchange]), what expressions saw, all mismatches as values ([Mismatch]: path, want, got,
// the position of the expectation, the schema's location), the mock's reason, a curl command, and what was hit of the coverage ([Hit],
// endpoint × code and push × outcome). [Failure.Class] says whether the contract is broken, the file is wrong or the
// target could not be reached. Secrets (the merchants' keys, what env() gave, [Options.Secrets]) are masked in all of it.
// [Scenario.Needs] says beforehand what a scenario wants: control, pushes, calls that write.
//
// # What steps answer
//
// Expressions in save, assert and until see the step's answer by its fields, which hide variables of the same name:
//
//   - call: code, message, data, and beside the envelope httpStatus, headers (by lower-case name), reason (the mock's word), requestId, body (the text)
//     and error, which is there where no answer came (a cut connection); expect may name all of them. Where expect names
//     body, httpStatus or error the answer need not be an envelope.
//   - enter, exit: the order, as the control API gives it; advance, clock: the clock; sms, fault, trigger likewise. status
//     is the HTTP status: expect {status: 409} to be refused.
//   - push: the newest matching push's fields, push (its entry in the log: id, status, attempts, …) and count, how many
//     matched. Pushes are not used up: each push step looks at all that came since the case began.
//   - traffic: events, kinds (how many of each), calls, codes, parked, paidOnline, …, and unexpected: what was not as it should
//     have been.
//   - http: status, headers (by lower-case name), body (as JSON where it is JSON) and text.
//
// Numbers are exact: 0.1 + 0.2 == 0.3, and 8.00 that is saved is 8.00 when it is sent.
package scenarios
