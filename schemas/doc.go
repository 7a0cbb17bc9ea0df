// Package schemas is the contract as data: what the ETCP open platform's
// document (2.0.2) says about its twelve calls, its four pushes and its codes,
// in a form that programs can hold each other to.
//
//   - [Endpoints], [Pushes] and [Codes] are the document's tables: §9, §10 and
//     §11. The mock's routes, the client, the OpenAPI description and the
//     coverage report are read off them.
//   - [ValidateRequest], [ValidateAnswer], [ValidatePush] and
//     [ValidatePushAnswer] judge JSON by JSON Schemas (draft 2020-12), which
//     [Schema] gives out for other tools.
//
// Server and client keep wire types of their own; the schemas arbitrate between
// them, since a shared struct would let one wrong tag pass on both sides.
//
// # How strict
//
// A schema is as strict as the document lets it be: a string is no number, a
// time is a day that exists, an answer has no field the document does not know.
// Three kinds of slack are meant:
//
//   - What a rule of docs/protocol.md lets a user set takes what any setting gives, so
//     that a changed rule is no violation: the texts of messages and of
//     parkingstatus, the masked plate of orderunpay, the form of receivableFee.
//   - A request's opaque values (token, code, orderId, verificationInfo) are any
//     text: a wrong one is not malformed, it has a code of its own.
//   - Requests may have unknown fields, since the platform ignores them. Whoever judges a platform that is not the mock takes them in answers,
//     too: [ValidatePlatform].
//
// A request that violates its schema is one that the platform refuses with
// 20102, 6 or 20201, or one that it accepts with a lint. The exceptions are what
// JSON Schema cannot see: a number's spelling (8.000 and 8e0 are 8), duplicate
// keys, and all but the scrollId of a request that has one (§9.10).
package schemas
