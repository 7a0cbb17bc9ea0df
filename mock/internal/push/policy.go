package push

import "time"

// Ordering values of the rule push.ordering.
const (
	// OrderVehicle keeps one vehicle's pushes to one merchant in order.
	OrderVehicle = "vehicle"
	// OrderNone lets every push go out when it is due.
	OrderNone = "none"
)

// Policy is what the rules push.schedule, push.timeout, push.ordering and push.keep say at the moment of a call (§10).
type Policy struct {
	// Schedule is the wait after the first, second, … failure, on the sandbox's clock; when it is used up the push has failed.
	Schedule []time.Duration
	// Timeout bounds one attempt, in wall time.
	Timeout time.Duration
	// Ordering is OrderVehicle (also when empty) or OrderNone.
	Ordering string
	// Keep is how many finished pushes the log holds; 0 or less holds all of them.
	Keep int
	// KeepBytes is about how many bytes they hold together; 0 is no limit.
	KeepBytes int
}

// Next says how long to wait after a push's failures-th scheduled attempt failed, and whether there is another at all.
func Next(schedule []time.Duration, failures int) (delay time.Duration, more bool) {
	if failures < 1 {
		return 0, true
	}
	if failures > len(schedule) {
		return 0, false
	}
	return schedule[failures-1], true
}
