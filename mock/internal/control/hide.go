package control

import "github.com/etcp-mock/etcp-mock/internal/mask"

// sentMembers are the members of answers and events that hold what somebody sent, or words made of it. A merchant's key in one of them, where
// it does not belong, is hidden; elsewhere a text that equals a key is something else, as a number of a merchant or a URL.
var sentMembers = map[string]bool{
	"data": true, "dataText": true, "sign": true, "timeStamp": true, "response": true, "headers": true, "lints": true,
	"explanation": true, "explanationZh": true, "fix": true, "fixZh": true, "diagnosis": true, "summary": true, "summaryZh": true, "text": true, "textZh": true,
	"why": true, "whyZh": true, "differs": true, "nearest": true, "before": true, "after": true, "detail": true, "errors": true, "externalOrderId": true, "appId": true,
	"rawData": true, "rawForm": true, "rawQuery": true, "rawBody": true, "error": true, "actual": true, "given": true, "parameter": true,
}

// hide is JSON with the keys hidden in what somebody sent, whatever way they are written there.
func hide(text []byte, hides mask.Masker) []byte {
	return hides.JSON(text, func(member string) bool { return sentMembers[member] })
}
