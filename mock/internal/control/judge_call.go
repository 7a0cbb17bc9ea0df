package control

import (
	"encoding/json"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// aCall is a request of a scenario that is to succeed.
type aCall struct {
	Endpoint string                     `json:"call"`
	Data     map[string]json.RawMessage `json:"data"`
}

// examples are right values of the forms of parameters.
var examples = map[schemas.Form]string{
	schemas.FormText: "x", schemas.FormKeptText: "x", schemas.FormPhone: "13800000001", schemas.FormPlate: "渝ATX061", schemas.FormPlateColor: "1",
	schemas.FormPayment: "5", schemas.FormTime: "2017-08-20 12:00:00", schemas.FormVIN: "LSVAA4182E2184847", schemas.FormLatitude: "29.5",
	schemas.FormLongitude: "106.5", schemas.FormRadius: "500", schemas.FormPayType: "1",
}

// put gives a parameter a right value. It reports false where there is no such parameter.
func (c *aCall) put(row *schemas.Endpoint, name string) bool {
	for _, p := range row.Params {
		if p.Name != name {
			continue
		}
		if c.Data == nil {
			c.Data = map[string]json.RawMessage{}
		}
		c.Data[name], _ = json.Marshal(examples[p.Form]) //nolint:errchkjson // a text always encodes
		return true
	}
	return false
}

// judgeCall says which parameters of a call would be refused, whatever is in the sandbox.
func judgeCall(value []byte, left []string) (found []scenarios.Judged) {
	var read aCall
	if json.Unmarshal(value, &read) != nil {
		return nil // its forms have said so
	}
	row, known := schemas.Lookup(read.Endpoint)
	if !known {
		return nil
	}
	for _, pointer := range left {
		if name, ofData := strings.CutPrefix(pointer, "/data/"); ofData {
			read.put(row, jsonvalue.UnescapePointer(name))
		}
	}
	for range row.Params {
		data, err := json.Marshal(read.Data)
		if read.Data == nil || err != nil {
			data = []byte("{}")
		}
		_, _, refusal := params.Decode(row, string(data))
		if refusal == nil || !read.put(row, refusal.Param) {
			break
		}
		one := scenarios.Judged{Pointer: strict.Pointer("data", refusal.Param), Detail: "is required"}
		if refusal.Reason == "too-long" {
			one.Detail = "is longer than the platform takes"
		}
		for _, v := range refusal.Values {
			if v.Name == "want" {
				one.Detail, one.DetailZh = v.Text, v.Chinese()
			}
		}
		found = append(found, one)
	}
	return found
}
