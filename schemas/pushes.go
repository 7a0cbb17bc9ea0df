package schemas

import "slices"

// The kinds of push. The document names them by their titles only; these are
// the names the project gives them (docs/protocol.md, Pushes).
const (
	PushEntry                = "entry"
	PushExit                 = "exit"
	PushUnbind               = "unbind"
	PushCertificationInvalid = "certification-invalid"
)

// pushes holds §10. The order of Fields is part of the contract: the signature
// covers the fields in the order of the document's tables (顺序固定).
var pushes = []Push{
	{
		Kind: PushEntry, Section: "§10.1", Title: "车辆入场信息推送", Does: "says that a car has entered",
		Fields: []string{
			"synId", "plateNumber", "parkName", "parkId", "entranceTime",
			"userType", "pushTime", "fixParkingId", "remainingDays",
		},
	},
	{
		Kind: PushExit, Section: "§10.2", Title: "车辆出场信息推送", Does: "says that a car has left, and its fee",
		Fields: []string{
			"synId", "plateNumber", "parkName", "parkId", "entranceTime",
			"userType", "pushTime", "exitTime", "stayedTime", "receivableFee",
			"fixParkingId", "remainingDays",
		},
	},
	{
		Kind: PushUnbind, Section: "§10.3", Title: "车辆解绑信息推送", Does: "says that a plate was unbound",
		Fields: []string{"plateNumber", "time"},
	},
	{
		Kind: PushCertificationInvalid, Section: "§10.4", Title: "车辆认证失效信息推送", Does: "says that a vehicle was certified through another merchant, so that its plate is masked again",
		Fields: []string{"plateNumber", "time"},
	},
}

var pushByKind = func() map[string]*Push {
	m := make(map[string]*Push, len(pushes))
	for i := range pushes {
		m[pushes[i].Kind] = &pushes[i]
	}
	return m
}()

// pushKinds are the kinds of push, in the document's order.
func pushKinds() []string {
	kinds := make([]string, len(pushes))
	for i := range pushes {
		kinds[i] = pushes[i].Kind
	}
	return kinds
}

// Pushes lists the messages the platform sends to merchants, §10.1 to §10.4.
// The slice is the caller's; what its rows point to is shared, and is not to
// be written.
func Pushes() []Push { return slices.Clone(pushes) }

// LookupPush finds a push by its kind. The row is shared, and is not to be
// written.
func LookupPush(kind string) (*Push, bool) {
	p, ok := pushByKind[kind]
	return p, ok
}
