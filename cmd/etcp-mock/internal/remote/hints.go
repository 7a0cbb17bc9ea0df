package remote

import "strings"

// listed is what to ask for what there is, by how a refusal begins that names what there is not or what there is already.
var listed = []struct{ begins, contains, hint string }{
	{"no such scenario", "", "the scenarios: etcp-mock scenario list"},
	{"no push ", "", "the pushes: etcp-mock pushes"},
	{"no such push", "", "the pushes: etcp-mock pushes"},
	{"no request ", "", "the requests: etcp-mock requests"},
	{"sandbox ", " is taken", "the sandboxes: etcp-mock sandbox list; this one anew: etcp-mock sandbox reset"},
	{"merchant ", " has no push URL", "set one: etcp-mock merchants set-url, or receive the pushes here: etcp-mock listen"},
	{"merchant ", " is taken by another sandbox", "the sandboxes and their merchants: etcp-mock sandbox list; load goes into the one of --sandbox"},
	{"", " is not in the log that is kept", "the points of the log: etcp-mock sandbox log"},
}

// listHint is how to find out what there is, or "".
func listHint(detail string) string {
	for _, l := range listed {
		if strings.HasPrefix(detail, l.begins) && strings.Contains(detail, l.contains) {
			return l.hint
		}
	}
	return ""
}
