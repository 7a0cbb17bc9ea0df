package control

// ProblemReason is a stable word by which refusals of one HTTP status are distinguished, such as what does not exist. A server of another version
// may have others.
type ProblemReason string

// The reasons of refusals.
const (
	ReasonUnknownPath        ProblemReason = "unknown-path"
	ReasonUnknownSandbox     ProblemReason = "unknown-sandbox"
	ReasonUnknownScenario    ProblemReason = "unknown-scenario"
	ReasonUnknownRun         ProblemReason = "unknown-run"
	ReasonUnknownPush        ProblemReason = "unknown-push"
	ReasonUnknownRequest     ProblemReason = "unknown-request"
	ReasonUnknownOrder       ProblemReason = "unknown-order"
	ReasonUnknownMerchant    ProblemReason = "unknown-merchant"
	ReasonUnknownParking     ProblemReason = "unknown-parking"
	ReasonUnknownVehicle     ProblemReason = "unknown-vehicle"
	ReasonUnknownCode        ProblemReason = "unknown-code"
	ReasonUnknownFault       ProblemReason = "unknown-fault"
	ReasonNotOffered         ProblemReason = "not-offered"
	ReasonSandboxTaken       ProblemReason = "sandbox-taken"
	ReasonMerchantTaken      ProblemReason = "merchant-taken"
	ReasonNoPushURL          ProblemReason = "no-push-url"
	ReasonNotKept            ProblemReason = "not-kept"
	ReasonStorageUnavailable ProblemReason = "storage-unavailable"
	ReasonStorageUncertain   ProblemReason = "storage-uncertain"
)
