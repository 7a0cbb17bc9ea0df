package mock

// ErrorCode is what is the matter with an option, for a program to act upon.
type ErrorCode string

// The codes of an [OptionError].
const (
	// CodeInvalid is a value that cannot be, on whatever machine.
	CodeInvalid ErrorCode = "invalid"
	// CodeConflict is an option that another one excludes, or a value that another server has already.
	CodeConflict ErrorCode = "conflict"
	// CodeUnavailable is a value that names what cannot be had here and now: an address that is in use, a directory that cannot be written, a
	// database that is not reached.
	CodeUnavailable ErrorCode = "unavailable"
)

// The options that an [OptionError] names, as they are called in Go.
const (
	OptionAddr       = "Start" // the address that it is given
	OptionAdminAddr  = "WithAdminAddr"
	OptionAdminToken = "WithAdminToken"
	OptionData       = "WithData"
	OptionPushAllow  = "WithPushAllow"
	OptionReplica    = "Replica.Name"
	OptionPeerAddr   = "Replica.PeerAddr"
	OptionPeerToken  = "Replica.PeerToken" //nolint:gosec // its name, and no token
)

// OptionError is in the chain of an error of [New] and [Server.Start] that comes from the value of an option.
type OptionError struct {
	Option string // one of the constants above
	Code   ErrorCode
	Err    error // what is the matter, without the name of the option
}

func (e *OptionError) Error() string { return "mock: " + e.Option + ": " + e.Err.Error() }

// Unwrap is what is the matter.
func (e *OptionError) Unwrap() error { return e.Err }
