package schemas

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// form is what a definition takes and what it refuses, as JSON texts. Each
// constraint of the definition has a value that breaks it alone.
type form struct{ good, bad []string }

// forms are told by the title of their definition.
var forms = map[string]form{
	"text":      {good: []string{`"x"`, `" "`, `"车"`}, bad: []string{`""`}},
	"kept text": {good: []string{`"x"`, `"` + strings.Repeat("车", 64) + `"`}, bad: []string{`""`, `"` + strings.Repeat("x", 65) + `"`}},
	"mobile phone number": {
		good: []string{`"13000000000"`, `"19999999999"`},
		bad:  []string{`""`, `"12000000000"`, `"23800000001"`, `"1380000000"`, `"138000000011"`, `"1380000000x"`, `"13800000001\n"`, `"+8613800000001"`, `"１３８００００００01"`},
	},
	"plate number": {
		good: []string{`"渝B757D0"`, `"京F43264"`, `"京AD12345"`, `"京A1234学"`, `"粤Z1234港"`, `"使A12345"`, `"京O12345"`},
		bad: []string{
			`"渝 B757D0"`, `"渝b757d0"`, `"渝B757D"`, `"渝B757D001"`, `"B757D00"`, `"渝1757D0"`, `"渝BI57D0"`, `"渝BO57D0"`,
			`"渝B学57D0"`, `"渝B757D车"`, `"国B757D0"`, `"渝B　57D0"`, `"渝****D0"`, `"渝B757D0\n"`,
		},
	},
	"plate number, masked or plain": {
		good: []string{`"渝****87"`, `"渝****8学"`, `"渝DE3787"`},
		bad:  []string{`""`, `"渝***87"`, `"渝*****87"`, `"渝D****87"`, `"****87"`, `"渝****8"`, `"渝****I7"`, `"渝＊＊＊＊87"`, `"渝de3787"`},
	},
	"plate colour": {
		good: []string{`"1"`, `"4"`, `1`, `4`, `""`, `null`},
		bad:  []string{`"0"`, `"5"`, `0`, `5`, `1.5`, `"blue"`, `" 1"`, `true`, `["1"]`},
	},
	"amount paid": {
		good: []string{`8`, `8.0`, `10.34`, `0.01`},
		bad:  []string{`0`, `-8`, `8.005`, `0.001`, `"8.000"`, `"0"`}, // more in TestPayment_…
	},
	"time": {
		good: []string{`"2017-06-12 09:58:58"`, `"2016-02-29 00:00:00"`, `"2000-02-29 23:59:59"`, `"2017-12-31 23:59:59"`},
		bad: []string{
			`""`, `"2017-02-29 00:00:00"`, `"1900-02-29 00:00:00"`, `"2017-04-31 00:00:00"`, `"2017-13-01 00:00:00"`, `"2017-00-01 00:00:00"`,
			`"2017-01-32 00:00:00"`, `"2017-01-00 00:00:00"`, `"2017-06-12 24:00:00"`, `"2017-06-12 09:60:00"`, `"2017-06-12 09:00:60"`,
			`"2017-06-12T09:58:58"`, `"2017-06-12 9:58:58"`, `"2017-06-10 16: 27: 30"`, `"2017-06-12"`, `"20170612095858"`, `"2017-06-12 09:58:58.0"`,
		},
	},
	"vehicle identification number": {
		good: []string{`"LVSHBFDC7RF414158"`},
		bad: []string{
			`""`, `"LVSHBFDC7RF41415"`, `"LVSHBFDC7RF4141588"`, `"lvshbfdc7rf414158"`, `"IVSHBFDC7RF414158"`,
			`"OVSHBFDC7RF414158"`, `"QVSHBFDC7RF414158"`,
		},
	},
	"latitude": {
		good: []string{`"39.87274"`, `"0"`, `"-0.5"`, `"90"`, `"-90.0"`, `"89.999999"`},
		bad:  []string{`"90.1"`, `"-91"`, `"100"`, `"39."`, `".5"`, `"+39.8"`, `"3.9e1"`, `"39,8"`, `"north"`, `" 39"`},
	},
	"longitude": {
		good: []string{`"116.429718"`, `"-180"`, `"180.0"`, `"179.99"`, `"0"`, `"99.5"`},
		bad:  []string{`"180.1"`, `"-181"`, `"200"`, `"116."`, `".5"`, `"+116"`, `"1e2"`},
	},
	"radius": {
		good: []string{`"500"`, `"999"`, `"1000"`, `"4999"`, `"5000"`}, // "" and null: TestValidateRequest_surroundingParking…
		bad:  []string{`"499"`, `"5001"`, `"50000"`, `"500.0"`, `"-500"`, `"500m"`},
	},
	"car parks wanted":   {good: []string{`"1"`, `""`, `null`}, bad: []string{`"0"`, `"2"`, `1`, `true`}},
	"message":            {good: []string{`"ok"`, `"支付通知成功"`}, bad: []string{`""`}},
	"merchant's message": {good: []string{`"ok"`, `""`}},
	"token": {
		good: []string{`"0b59582d-ea6f-4bf1-a570-e803cc24ebe0"`},
		bad:  []string{`""`, `"0B59582D-EA6F-4BF1-A570-E803CC24EBE0"`, `"0b59582dea6f4bf1a570e803cc24ebe0"`, `"0b59582d-ea6f-4bf1-a570-e803cc24ebeg"`},
	},
	"order id": {
		good: []string{`"B6269DE8-03A0-4560-8EAF-000000C5FF6A"`},
		bad:  []string{`""`, `"b6269de8-03a0-4560-8eaf-000000c5ff6a"`, `"B6269DE8-03A0-4560-8EAF-000000C5FF6"`},
	},
	"stay id": {
		good: []string{`"4ebd80ff-cfcf-462a-94cb-727e9fa9547c"`, `"4EBD80FF-CFCF-462A-94CB-727E9FA9547C"`},
		bad:  []string{`""`, `"4ebd80ff-cfcf-462a-94cb-727e9fa9547"`, `"4ebd80ffcfcf462a94cb727e9fa9547c"`},
	},
	"verificationInfo": {
		good: []string{`"` + strings.Repeat("Ab+/", 32) + `"`, `"` + strings.Repeat("A", 126) + `=="`, `"` + strings.Repeat("A", 127) + `="`},
		bad: []string{
			`""`, `"` + strings.Repeat("A", 127) + `"`, `"` + strings.Repeat("A", 129) + `"`, `"` + strings.Repeat("A", 127) + `-"`,
			`"` + strings.Repeat("A", 125) + `==="`, `"` + strings.Repeat("A", 126) + `=A"`,
		},
	},
	"payment id": {
		good: []string{`"no201707120958582728978"`},
		bad:  []string{`""`, `"no20170712095858272897"`, `"no2017071209585827289780"`, `"NO201707120958582728978"`, `"201707120958582728978"`},
	},
	"car park id, as text": {good: []string{`"10361002"`, `"0"`}, bad: []string{`""`, `"01"`, `"-1"`, `"1.0"`, `"x"`}},
	"car park id":          {good: []string{`1`, `3126`}, bad: []string{`-1`, `1.5`, `"01"`, `"x"`, `""`}},
	"whole number, as text": {
		good: []string{`"0"`, `"114"`},
		bad:  []string{`""`, `"-1"`, `"1.0"`, `"007"`},
	},
	"yuan": {good: []string{`0`, `2`, `5.5`, `10.34`}, bad: []string{`-1`, `0.001`}},
	"yuan, as text": {
		good: []string{`"5.5"`, `"5.0"`, `"0.0"`, `"10.34"`, `"10"`}, // "10" is §9.10's; §9.6's has a test of its own
		bad:  []string{`""`, `"-1.0"`, `"5."`, `".5"`, `"05.5"`, `"5.555"`, `"5,5"`},
	},
	"kind of car park": {good: []string{`"8"`, `"7"`, `"146"`}, bad: []string{`"9"`, `""`, `8`}},
	"distance":         {good: []string{`""`, `"0m"`, `"352m"`}, bad: []string{`"352"`, `"0.5m"`, `"1km"`, `"-1m"`, `"05m"`, `"m"`}},
	"count":            {good: []string{`0`, `3`}, bad: []string{`-1`, `0.5`}},
	"signature": {
		good: []string{`"ECE8221EDACD186360B31CEE18C643C8"`},
		bad:  []string{`""`, `"ece8221edacd186360b31cee18c643c8"`, `"ECE8221EDACD186360B31CEE18C643C"`, `"ECE8221EDACD186360B31CEE18C643CG"`},
	},
	"user type":       {good: []string{`"76"`}, bad: []string{`"75"`, `""`, `76`}},
	"remaining days":  {good: []string{`""`, `"0"`, `"11"`, `"-3"`}, bad: []string{`"eleven"`, `"1.5"`, `"-0"`, `"011"`}},
	"long-term space": {good: []string{`""`, `"U7"`}},
	"stay":            {good: []string{`0`, `148980`}, bad: []string{`-1`, `0.5`}},
	"fee":             {good: []string{`0`, `5.5`, `"0.0"`, `"5"`}, bad: []string{`-1`, `0.001`, `"-1"`, `"5.555"`, `""`}},
	"code":            {good: []string{`0`, `20100`, `-1`}, bad: []string{`0.5`}},
	"code of §11":     {good: []string{`0`}, bad: []string{`9`, `-1`, `"0"`, `0.5`}},
}

// violated collects what the rows break, as "schema#pointer", with the name
// for the keywords that have several.
type violated map[string]bool

func (v violated) note(err error) {
	if e, ok := errors.AsType[*ValidationError](err); ok {
		for _, p := range e.Problems {
			v[e.Schema+"#"+p.SchemaPointer] = true
			if strings.HasSuffix(p.SchemaPointer, "/required") {
				v[e.Schema+"#"+p.SchemaPointer+" "+p.Detail] = true
			}
		}
	}
}

// samples are a valid text for each schema, with every property it may have.
func samples(t *testing.T) map[string]any {
	t.Helper()
	names, err := filepath.Glob("testdata/document/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{KindEnvelope: map[string]any{"code": json.Number("0"), "message": "ok", "data": map[string]any{}}}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		value, err := decode(text)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.SplitN(strings.TrimSuffix(filepath.Base(name), ".json"), ".", 5)
		all[strings.Join(parts[3:], "/")] = value
	}
	all["request/orderunpay"].(map[string]any)["appId"] = "ETCP"
	all["request/orderpaid"].(map[string]any)["appId"] = "ETCP"
	all["answer/bindcar"].(map[string]any)["data"] = map[string]any{}
	// With a scrollId the rest of §9.10 need not be complete.
	delete(all["request/surroundingparking"].(map[string]any), "scrollId")
	return all
}

// with is a copy of a value in which another stands at a pointer; gone removes it.
func with(value any, pointer string, put any) any {
	if pointer == "" {
		return put
	}
	token, rest, more := strings.Cut(pointer[1:], "/")
	if more {
		rest = "/" + rest
	}
	switch v := value.(type) {
	case map[string]any:
		object := maps.Clone(v)
		if _, remove := put.(gone); remove && !more {
			delete(object, token)
		} else {
			object[token] = with(v[token], rest, put)
		}
		return object
	case []any:
		items := slices.Clone(v)
		items[0] = with(items[0], rest, put)
		return items
	default:
		return put
	}
}

type gone struct{}

// TestSchemas_everyConstraintIsBroken puts each form's good and bad values, and
// each object without each of its required properties, into an otherwise valid
// text, and then asks which keyword of the schemas no row has broken.
func TestSchemas_everyConstraintIsBroken(t *testing.T) {
	broken := make(violated)
	all := samples(t)
	for key, e := range entries() {
		sample, ok := all[key]
		if !ok {
			t.Errorf("%s has no sample", key)
			continue
		}
		if err := validate(key, encode(sample, "")); err != nil {
			t.Errorf("the sample of %v", err)
		}
		breakNode(t, broken, key, sample, e.node, "")
	}
	for _, data := range []string{
		`{}`, `{"city":""}`, `{"lat":"1"}`, `{"lon":"1"}`, `{"radius":"500","lat":"","lon":""}`, `{"lat":"1","lon":"1","radius":""}`,
	} {
		broken.note(ValidateRequest("surroundingparking", []byte(data)))
	}
	for key := range entries() {
		for _, keyword := range constraints(standalone()[key], "") {
			if !broken[key+"#"+keyword] {
				t.Errorf("no row breaks %s#%s", key, keyword)
			}
		}
	}
}
