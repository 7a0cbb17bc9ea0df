package platform

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign"
)

// AppendData appends the data of an answer as encoding/json writes it without HTML escapes, without its reflection. A test holds that the bytes are the same.
func AppendData(to []byte, data any) []byte {
	switch v := data.(type) {
	case TokenData:
		return append(appendText(append(to, `{"token":`...), v.Token), '}')
	case NumberData:
		return append(strconv.AppendInt(append(to, `{"number":`...), int64(v.Number), 10), '}')
	case StatusData:
		to = appendText(append(to, `{"totalSpace":`...), v.TotalSpace)
		to = appendText(append(to, `,"time":`...), v.Time)
		to = appendText(append(to, `,"status":`...), v.Status)
		return append(to, '}')
	case PaidData:
		return v.append(to)
	case []UnpaidRow:
		return appendList(to, v, (*UnpaidRow).append)
	case []HistoryRow:
		return appendList(to, v, (*HistoryRow).append)
	case ParkingList:
		to = appendList(append(to, `{"list":`...), v.List, (*ParkingRow).append)
		to = appendText(append(to, `,"scrollId":`...), v.ScrollID)
		return append(to, '}')
	default:
		return appendReflected(to, data)
	}
}

func appendList[T any](to []byte, rows []T, row func(*T, []byte) []byte) []byte {
	if rows == nil {
		return append(to, "null"...)
	}
	to = append(to, '[')
	for i := range rows {
		if i > 0 {
			to = append(to, ',')
		}
		to = row(&rows[i], to)
	}
	return append(to, ']')
}

func (d *PaidData) append(to []byte) []byte {
	to = appendText(append(to, `{"externalOrderId":`...), d.ExternalOrderID)
	to = appendText(append(to, `,"orderId":`...), d.OrderID)
	to = appendText(append(to, `,"payOrderId":`...), d.PayOrderID)
	to = appendText(append(to, `,"payTime":`...), d.PayTime)
	return append(d.Payment.Append(append(to, `,"payment":`...)), '}')
}

func (r *UnpaidRow) append(to []byte) []byte {
	to = appendText(append(to, `{"carNumber":`...), r.CarNumber)
	to = appendText(append(to, `,"entranceTime":`...), r.EntranceTime)
	to = appendText(append(to, `,"exitTime":`...), r.ExitTime)
	to = appendText(append(to, `,"orderId":`...), r.OrderID)
	to = r.ParkingFee.Append(append(to, `,"parkingFee":`...))
	to = strconv.AppendInt(append(to, `,"parkingId":`...), r.ParkingID, 10)
	to = appendText(append(to, `,"parkingName":`...), r.ParkingName)
	to = r.RemainingFee.Append(append(to, `,"remainingFee":`...))
	return append(appendText(append(to, `,"verificationInfo":`...), r.VerificationInfo), '}')
}

func (r *HistoryRow) append(to []byte) []byte {
	to = appendText(append(to, `{"parkingName":`...), r.ParkingName)
	to = appendText(append(to, `,"entranceTime":`...), r.EntranceTime)
	to = appendText(append(to, `,"exitTime":`...), r.ExitTime)
	to = appendText(append(to, `,"parkingFee":`...), r.ParkingFee)
	to = appendText(append(to, `,"actual":`...), r.Actual)
	to = appendText(append(to, `,"parkingId":`...), r.ParkingID)
	to = appendText(append(to, `,"orderId":`...), r.OrderID)
	return append(appendText(append(to, `,"carNumber":`...), r.CarNumber), '}')
}

func (r *ParkingRow) append(to []byte) []byte {
	to = appendText(append(to, `{"id":`...), r.ID)
	to = appendText(append(to, `,"parkingName":`...), r.ParkingName)
	to = appendText(append(to, `,"type":`...), r.Type)
	to = appendText(append(to, `,"minFreeTime":`...), r.MinFreeTime)
	to = appendText(append(to, `,"avgCostPrecise":`...), r.AvgCostPrecise)
	to = appendText(append(to, `,"parkingType":`...), r.ParkingType)
	to = appendText(append(to, `,"distance":`...), r.Distance)
	to = appendText(append(to, `,"lon":`...), r.Lon)
	return append(appendText(append(to, `,"lat":`...), r.Lat), '}')
}

// appendText appends a text as encoding/json does: it escapes U+2028 and U+2029 and what is no UTF-8, which [sign.AppendJSONString] does
// otherwise.
func appendText(to []byte, text string) []byte {
	if plainASCII(text) { // nearly all of them: looking once in place of three times saved a third of writing a list of car parks
		return append(append(append(to, '"'), text...), '"')
	}
	if !utf8.ValidString(text) || strings.Contains(text, "\u2028"[:2]) {
		return appendReflected(to, text)
	}
	return sign.AppendJSONString(to, text)
}

// plainASCII tells whether a text is printable ASCII that JSON has as it is.
func plainASCII(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func appendReflected(to []byte, value any) []byte {
	buf := bytes.NewBuffer(to)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // answers are plain values
	}
	return buf.Bytes()[:buf.Len()-1] // without the encoder's newline
}
