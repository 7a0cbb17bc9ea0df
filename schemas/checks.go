package schemas

import "slices"

// Check is a step of what every request is put through, in the order it happens; the first that fails answers. The document
// names the codes, not the order (§3, §11).
type Check struct {
	Number int
	What   string
	Codes  []int // what it answers where it fails
}

var checks = []Check{
	{1, "Injected faults: they may answer, delay, or cut the connection", nil},
	{2, "`merchant_no`, `time_stamp`, `data` and `sign` are there and not empty", []int{CodeMissingParameter}},
	{3, "The merchant is known", []int{CodeUnknownMerchant}},
	{4, "`time_stamp` is an instant written yyyyMMddHHmmss, in Asia/Shanghai", []int{CodeBadParameter}},
	{5, "`time_stamp` is within `timestamp.window` of the wall clock or of the sandbox's clock", []int{CodeTimestampExpired}},
	{6, "`sign` is right", []int{CodeBadSignature}},
	{7, "`data` is UTF-8 and a JSON object", []int{CodeBadParameter}},
	{8, "The required business parameters are there, not null and not empty", []int{CodeMissingParameter}},
	{9, "Each parameter has its form, in the document's order; then, with the rule `strict`, no lint", []int{CodeBadParameter, CodeBadPhone}},
	{10, "The token is known, the newest of its user, this merchant's, and not expired", []int{CodeInvalidToken}},
	{11, "The endpoint's own rules", nil},
}

// Checks lists the checks of a request in their order. The slice is the caller's.
func Checks() []Check { return slices.Clone(checks) }
