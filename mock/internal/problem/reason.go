package problem

// Reason is a stable word by which programs distinguish refusals of one status. Each is in the schema of a problem (schemas/control/defs.json).
type Reason string

// The reasons of refusals.
const (
	UnknownPath     Reason = "unknown-path"
	UnknownSandbox  Reason = "unknown-sandbox"
	UnknownScenario Reason = "unknown-scenario"
	UnknownRun      Reason = "unknown-run"
	UnknownPush     Reason = "unknown-push"
	UnknownRequest  Reason = "unknown-request"
	UnknownOrder    Reason = "unknown-order"
	UnknownMerchant Reason = "unknown-merchant"
	UnknownParking  Reason = "unknown-parking"
	UnknownVehicle  Reason = "unknown-vehicle"
	UnknownCode     Reason = "unknown-code"
	UnknownFault    Reason = "unknown-fault"
	NotOffered      Reason = "not-offered"

	SandboxTaken  Reason = "sandbox-taken"
	MerchantTaken Reason = "merchant-taken"
	NoPushURL     Reason = "no-push-url"
	NotKept       Reason = "not-kept"

	StorageUnavailable Reason = "storage-unavailable"
	StorageUncertain   Reason = "storage-uncertain"
)
