package pushes

import (
	"maps"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// AcceptURL is where the pushes of a merchant go that is nobody: the mock answers them itself, with code 0.
const AcceptURL = "http://accept.invalid/"

// How many bytes there are in what is made up for a merchant.
const (
	numberBytes = 6
	KeyBytes    = 12
)

// Complete makes up what the merchants of a fixture lack, one merchant where there is none, and leads their pushes to the receiver, if there is
// one. Their names and numbers are put into names.
func Complete(fixture map[string]any, names map[string]string, receiver *Receiver, fresh func(bytes int) string) {
	list, has := fixture["merchants"].([]any)
	if !has {
		list = []any{map[string]any{}}
	}
	for i, item := range list {
		m := maps.Clone(item.(map[string]any)) // by its form
		name, _ := m["name"].(string)
		if m["no"] == nil {
			m["no"] = "M" + fresh(numberBytes)
			if m["push"] == nil {
				m["push"] = Accepting(receiver)
			}
		}
		if hook, ok := m["push"].(map[string]any); ok && receiver != nil {
			m["push"] = Lead(hook, AcceptURL, receiver.URL)
		}
		if m["key"] == nil {
			m["key"] = "key-" + fresh(KeyBytes)
		}
		if name != "" {
			names[name], _ = m["no"].(string)
		}
		list[i] = m
	}
	fixture["merchants"] = list
}

// Accepting is where the pushes of a merchant go that the scenario says nothing of.
func Accepting(receiver *Receiver) control.PushHook {
	if receiver == nil {
		return control.PushHook{URL: AcceptURL}
	}
	urls := map[client.Kind]string{}
	for _, p := range schemas.Pushes() {
		urls[client.Kind(p.Kind)] = strings.TrimRight(receiver.URL, "/") + "/" + p.Kind
	}
	return control.PushHook{URL: receiver.URL, URLs: urls}
}
