package control

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
)

// sentMembers are the members of answers and events that hold what somebody sent, or words made of it. A merchant's key in one of them, where
// it does not belong, is hidden; elsewhere a text that equals a key is something else, as an id. The Chinese of a member, as errorZh, is as
// the member.
var sentMembers = map[string]bool{
	"data": true, "dataText": true, "sign": true, "timeStamp": true, "response": true, "headers": true, "lints": true,
	"explanation": true, "fix": true, "diagnosis": true, "summary": true, "text": true,
	"why": true, "differs": true, "nearest": true, "before": true, "after": true, "detail": true, "errors": true, "externalOrderId": true, "appId": true,
	"rawData": true, "rawForm": true, "rawQuery": true, "rawBody": true, "error": true, "actual": true, "given": true, "parameter": true,
}

// namingMembers are those that hold what somebody sent as the name of something: a merchant's number, the last element of a path, an order, a phone, a
// plate. A key there, whose owner took one setting for another, is hidden unless it is what it says: a merchant has that number, or it is written as
// orders, phones and plates are.
var namingMembers = map[string]func(text string) bool{
	"merchantNo": notOne, "endpoint": notOne, "orderId": platform.IsOrderID, "phone": notation.ValidPhone, "plateNumber": isPlate,
}

func notOne(string) bool { return false }

func isPlate(text string) bool {
	plate, _, _ := notation.NormalPlate(text)
	return notation.ValidPlate(plate)
}

func isSent(member string) bool { return sentMembers[strings.TrimSuffix(member, "Zh")] }

// setMembers are those that hold what whoever may call the control API has set, and may have put a key into: URLs, names, rules, faults, pushes.
var setMembers = map[string]bool{
	"url": true, "urls": true, "pushUrl": true, "target": true, "name": true, "parkingName": true, "city": true, "vin": true, "engine": true,
	"rules": true, "value": true, "where": true, "do": true, "body": true, "message": true, "fields": true, "signed": true,
}

func isShown(member string) bool { return isSent(member) || setMembers[member] }

// members are those of what a route answers in which keys are hidden.
func (r *route) members() func(member string) bool {
	if r.showsKeys {
		return isSent
	}
	return isShown
}

// hides hides the keys of the sandbox that a path names, or of default, and as words those of all others.
func (a *Control) hides(c *gin.Context) mask.Masker {
	rest, _ := strings.CutPrefix(c.Request.URL.Path, Prefix+"/sandboxes/")
	id, _, _ := strings.Cut(rest, "/")
	s, found := a.registry.Get(id)
	if !found {
		if s, found = a.registry.Get(registry.Default); !found {
			return mask.Masker{}.Beside(a.registry.Keys())
		}
	}
	return s.Hides()
}

// Hide is a text of another part of the server with the keys hidden that somebody may have sent.
func (a *Control) Hide(c *gin.Context, text string) string { return a.hides(c).Text(text) }

// refuse answers a call that cannot be made.
func (a *Control) refuse(c *gin.Context, err error) {
	a.logs(err)
	out := refusal(err)
	out.hides = a.hides(c)
	write(c, out)
}

// hide is JSON with the keys hidden in what somebody sent or set, whatever way they are written there.
func hide(text []byte, hides mask.Masker) []byte { return hideIn(text, hides, isShown) }

func hideIn(text []byte, hides mask.Masker, members func(member string) bool) []byte {
	if members == nil {
		members = isSent
	}
	return hides.JSON(text, members, namingMembers)
}
