package platform

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Push is a message to a merchant that has fallen due: whom it is for and what it says. Whoever sends it encodes and signs it
// last, with [State.Encode].
type Push struct {
	Kind       string
	MerchantNo string
	Vehicle    notation.Vehicle
	OrderID    string
	Fields     []sign.Field // in the document's order, without signment
}

// Encoded is a push as it goes out: the bytes that every attempt sends.
type Encoded struct {
	ContentType string
	Body        string
	Signed      string // what was hashed, the key as •••
}

// HiddenKey stands for a key wherever a signed text is shown.
const HiddenKey = mask.Hidden

// stayPushes are §10.1 or §10.2 to every related merchant: it was bound through
// that merchant by the phone that has it now. A binding younger than the event
// does not count. The plate is masked unless certified for that merchant.
func (w *State) stayPushes(kind string, o *order, at, now time.Time) (pushes []Push) {
	b := w.bindings[o.Vehicle]
	if b == nil || b.Since.After(at) {
		return nil
	}
	for _, no := range b.Merchants {
		plate := o.Vehicle.Plate
		if b.CertifiedFor != no {
			plate = notation.Mask(plate)
		}
		if p, ok := w.push(kind, no, o.Vehicle, o.ID, w.stayFields(o, plate, now)); ok {
			pushes = append(pushes, p)
		}
	}
	return pushes
}

// noticePushes are §10.3 or §10.4; both carry the plate plain.
func (w *State) noticePushes(kind string, v notation.Vehicle, merchants []string, now time.Time) (pushes []Push) {
	for _, no := range merchants {
		if p, ok := w.push(kind, no, v, "", map[string]any{"plateNumber": v.Plate, "time": notation.FormatTime(now)}); ok {
			pushes = append(pushes, p)
		}
	}
	return pushes
}

func (w *State) stayFields(o *order, plate string, now time.Time) map[string]any {
	values := map[string]any{
		"synId": o.ID, "plateNumber": plate, "parkName": o.ParkingName, "parkId": sign.Number(o.ParkingID),
		"entranceTime": notation.FormatTime(o.EntranceTime), "userType": o.UserType, "pushTime": notation.FormatTime(now),
		"fixParkingId": o.FixParkingID, "remainingDays": o.RemainingDays,
	}
	if o.left() {
		values["exitTime"] = notation.FormatTime(o.ExitTime)
		values["stayedTime"] = o.ExitTime.Unix() - o.EntranceTime.Unix()
		values["receivableFee"] = w.receivable(o.fee(now, w.rules))
	}
	return values
}

// receivable writes a fee as push.receivable_fee says.
func (w *State) receivable(fee notation.Fen) any {
	switch w.rules.PushReceivableFee {
	case "decimal":
		return sign.Number(fee.Plain())
	case "string":
		return fee.OnePlace()
	default:
		return fee.YuanHalfUp()
	}
}

// PushURL is where a kind of push to a merchant goes now, or "" where it wants none.
func (w *State) PushURL(merchantNo, kind string) string {
	if m := w.merchants[merchantNo]; m != nil {
		return m.Push.For(kind)
	}
	return ""
}

// push is a message to a merchant, unless it has no URL for it.
func (w *State) push(kind, merchantNo string, v notation.Vehicle, orderID string, values map[string]any) (Push, bool) {
	row, _ := schemas.LookupPush(kind)
	if row == nil || w.PushURL(merchantNo, kind) == "" {
		return Push{}, false
	}
	fields := make([]sign.Field, 0, len(row.Fields))
	for _, name := range row.Fields {
		if value, ok := values[name]; ok {
			fields = append(fields, sign.Field{Name: name, Value: value})
		}
	}
	w.mayFail()
	return Push{Kind: kind, MerchantNo: merchantNo, Vehicle: v, OrderID: orderID, Fields: fields}, true
}

// corrupted is what a corrupted signature has hashed behind the data.
const corrupted = "(corrupted)"

// Encode signs and encodes a push as the rules push.sign_data and push.encoding say (§10). A corrupt one has the signature of
// another text than its own: its merchant, data and key are right, but a word lies between them.
func (w *State) Encode(p *Push, corrupt bool) Encoded {
	key, _ := w.MerchantKey(p.MerchantNo)
	data := sign.PushText(p.Fields, sign.PushData(w.rules.PushSignData))
	hashed := data
	if corrupt {
		hashed += corrupted
	}
	fields := append(slices.Clip(p.Fields), sign.Field{Name: "signment", Value: sign.Push(p.MerchantNo, hashed, key)})
	out := Encoded{Signed: p.MerchantNo + hashed + HiddenKey}
	out.ContentType, out.Body = encodePush(fields, w.rules.PushEncoding)
	return out
}

// PushJSON is what a push says as a JSON object, without signment: the fields of a form are texts. Plain has the real plate
// where it is masked.
func (w *State) PushJSON(p *Push, plain bool) string {
	fields := slices.Clone(p.Fields)
	for i := range fields {
		if plain && fields[i].Name == "plateNumber" {
			fields[i].Value = p.Vehicle.Plate
		}
		if w.rules.PushEncoding == "form" {
			fields[i].Value = sign.PushText(fields[i:i+1], sign.Values)
		}
	}
	return sign.PushText(fields, sign.JSON)
}

// encodePush writes a body as push.encoding says.
func encodePush(fields []sign.Field, encoding string) (contentType, body string) {
	const form = "application/x-www-form-urlencoded;charset=UTF-8"
	object := sign.PushText(fields, sign.JSON)
	switch encoding {
	case "form":
		pairs := make([]string, len(fields))
		for i, f := range fields {
			pairs[i] = f.Name + "=" + url.QueryEscape(sign.PushText(fields[i:i+1], sign.Values))
		}
		return form, strings.Join(pairs, "&")
	case "form-data-param":
		return form, "data=" + url.QueryEscape(object)
	default:
		return "application/json;charset=UTF-8", object
	}
}
