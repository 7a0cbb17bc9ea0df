package control

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// sentMembers are the members of answers and events that hold what somebody sent, or words made of it. A merchant's key in one of them, where
// it does not belong, is hidden; elsewhere a text that equals a key is something else, as an id or a URL. The Chinese of a member, as errorZh, is as
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

// hide is JSON with the keys hidden in what somebody sent, whatever way they are written there.
func hide(text []byte, hides mask.Masker) []byte {
	return hides.JSON(text, isSent, namingMembers)
}
