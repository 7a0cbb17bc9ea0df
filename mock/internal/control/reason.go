package control

// reason is a stable word by which programs tell refusals of one status apart. Each is in the schema of a problem (schemas/control/defs.json).
type reason string

const (
	unknownPath     reason = "unknown-path"
	unknownSandbox  reason = "unknown-sandbox"
	unknownScenario reason = "unknown-scenario"
	unknownRun      reason = "unknown-run"
	unknownPush     reason = "unknown-push"
	unknownRequest  reason = "unknown-request"
	unknownOrder    reason = "unknown-order"
	unknownMerchant reason = "unknown-merchant"
	unknownParking  reason = "unknown-parking"
	unknownVehicle  reason = "unknown-vehicle"
	unknownCode     reason = "unknown-code"
	unknownFault    reason = "unknown-fault"
	notOffered      reason = "not-offered"

	sandboxTaken  reason = "sandbox-taken"
	merchantTaken reason = "merchant-taken"
	noPushURL     reason = "no-push-url"
	notKept       reason = "not-kept"

	storageUnavailable reason = "storage-unavailable"
	storageUncertain   reason = "storage-uncertain"
)
