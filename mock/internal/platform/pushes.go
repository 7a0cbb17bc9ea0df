package platform

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Push is a message to a merchant that has fallen due, signed and encoded: the
// bytes that every attempt sends.
type Push struct {
	ID          string
	Kind        string
	MerchantNo  string
	Vehicle     Vehicle
	OrderID     string
	URL         string
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
			plate = Mask(plate)
		}
		if p, ok := w.push(kind, no, o.Vehicle, o.ID, w.stayFields(o, plate, now)); ok {
			pushes = append(pushes, p)
		}
	}
	return pushes
}

// noticePushes are §10.3 or §10.4; both carry the plate plain.
func (w *State) noticePushes(kind string, v Vehicle, merchants []string, now time.Time) (pushes []Push) {
	for _, no := range merchants {
		if p, ok := w.push(kind, no, v, "", map[string]any{"plateNumber": v.Plate, "time": FormatTime(now)}); ok {
			pushes = append(pushes, p)
		}
	}
	return pushes
}

func (w *State) stayFields(o *order, plate string, now time.Time) map[string]any {
	values := map[string]any{
		"synId": o.ID, "plateNumber": plate, "parkName": o.ParkingName, "parkId": sign.Number(o.ParkingID),
		"entranceTime": FormatTime(o.EntranceTime), "userType": o.UserType, "pushTime": FormatTime(now),
		"fixParkingId": o.FixParkingID, "remainingDays": o.RemainingDays,
	}
	if o.left() {
		values["exitTime"] = FormatTime(o.ExitTime)
		values["stayedTime"] = int64(o.ExitTime.Sub(o.EntranceTime) / time.Second)
		values["receivableFee"] = w.receivable(o.fee(now, w.rules))
	}
	return values
}

// receivable writes a fee as push.receivable_fee says.
func (w *State) receivable(fee Fen) any {
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

// push signs and encodes a message to a merchant, unless it has no URL for it.
func (w *State) push(kind, merchantNo string, v Vehicle, orderID string, values map[string]any) (Push, bool) {
	m := w.merchants[merchantNo]
	row, _ := schemas.LookupPush(kind)
	if m == nil || row == nil || m.Push.For(kind) == "" {
		return Push{}, false
	}
	fields := make([]sign.Field, 0, len(row.Fields)+1)
	for _, name := range row.Fields {
		if value, ok := values[name]; ok {
			fields = append(fields, sign.Field{Name: name, Value: value})
		}
	}
	data := sign.PushText(fields, sign.PushData(w.rules.PushSignData))
	fields = append(fields, sign.Field{Name: "signment", Value: sign.Push(m.No, data, m.Key)})
	w.mayFail()
	w.pushSeq++
	p := Push{
		ID: "p" + strconv.FormatUint(w.pushSeq, 10), Kind: kind, MerchantNo: m.No, Vehicle: v, OrderID: orderID,
		URL: m.Push.For(kind), Signed: m.No + data + HiddenKey,
	}
	p.ContentType, p.Body = encodePush(fields, w.rules.PushEncoding)
	return p, true
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
