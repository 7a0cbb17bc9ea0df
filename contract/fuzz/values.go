package fuzz

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// garbage is data that is no JSON object in UTF-8.
var garbage = []string{
	"x", "null", "[]", `"{}"`, "{", `{"token":`, `{"token":"t"}}`, "{\"token\":\"\xff\xfe\"}", "[" + strings.Repeat("[", 2000), "<a/>", "{'token':'t'}", "1e999",
	"\ufeff{\"token\":\"t\"}", `{"token":"t",}`, `{"token":"t"}x`, `{"token":"t"} {"token":"t"}`, `{token:"t"}`, `{"token":01}`, `{"token":+1}`, `{"token":NaN}`, `{"token":True}`,
	`[{"token":"t"}]`, `{"token":"t"} // x`, `{/**/"token":"t"}`, `{"token":"\x41"}`, "{\"token\":\"a\tb\"}", "{\"token\":\"t\"}\x00", `{"token":"t"`, "true", " ", `{"token"="t"}`,
	"{\"token\":\"\xe6\xb8\"}", "{\"\xff\":1,\"token\":\"t\"}", "\f{\"token\":\"t\"}", "{\"token\":\"t\"}\f", `{"token":nil}`, `{"token":None}`, `{"token":00}`, `{"token":-01}`, `{"token":"t\'"}`,
	`{"token":"t",,"a":1}`, `{"token" "t"}`, `{"token":"t" "a":1}`, `{"token":.5}`, `{"token":5.}`, `{"token":1e}`, `{"token":0x1}`, `{"token":"\ud800`, "{\"token\":\"a\nb\"}", "{\"token\":\"a\x00b\"}",
	"\v{\"token\":\"t\"}", `{"a":[1,]}`, `{"token":"t"}}`, `{"a":tru}`, `{"a":nulll}`, "[]x", "data",
}

// encoding is data as it stands in a request, which a step sends as it is; what it decodes to is signed.
type encoding struct{ text string }

func (e encoding) decoded() string {
	text, err := url.QueryUnescape(e.text)
	if err != nil {
		return "x"
	}
	return text
}

var encodings = []encoding{
	{"%257B%2522token%2522%253A%2522t%2522%257D"},
	{"%7B%22token%22%3A%22%2541%22%2C%22parkingId%22%3A%22%2541%22%7D"},
	{"%7B%22token%22%3A%22a=b==%22%2C%22parkingId%22%3A%22a=b==%22%7D"},
	{"{%22token%22:%22t%22,%22parkingId%22:%221%22}"},
	{"%7b%22token%22%3a%22t%22%2c%22parkingId%22%3a%221%22%7d"},
	{"%7B%22token%22%3A%22a%20b%22%2C%22parkingId%22%3A%22%31%22%7D"},
	{"%7B%22parkingId%22%3A%22%2B1%22%2C%22token%22%3A%22a%2Bb%22%7D"},
	{"%7B%22parkingId%22%3A+%221%22%2C+%22token%22%3A+%22t%22%7D"},
	{"%FF%FE"},
	{"%2500"},
}

// values are what a parameter may be given: good ones, and odd ones.
var values = map[schemas.Form][2][]any{
	schemas.FormPhone: {
		{symbol("phone0"), symbol("phone0"), symbol("phone1")},
		{"12345678901", "1380000000", "138000000011", "1380000000a", "+8613800000001", " 13800000001", "１３８００００００００１", true, []any{"13800000001"}, json.Number("13800000001.5"), nil, "", "13800000001\x00"},
	},
	schemas.FormPlate: {
		{symbol("plate0"), symbol("plate1"), symbol("plate2"), symbol("plate3"), symbol("plate4"), symbol("plate5"), symbol("plate6")},
		{"渝", "渝ATX06", "渝ATX061234", "渝ATXO61", "渝ATX0I1", "AATX061", "渝1TX061", "渝A学X061", "渝ATX06学", "渝ATX06使", "渝A1234台", "渝A123I5", "渝A1234警警", "使12345", "渝A123应急", "粤ZA123港", "渝　ATX061", "渝ATX061\u200b", "渝ATX061\t", "渝·ATX061", "渝A-TX061", "渝ATX061\u00a0", "渝ATX06使", "渝ATX06台", "港ATX061", "澳A12345", "台A12345", "渝ATX0612345", "渝ADO2345", "使1234567", "使A1234应急", "渝1234应急", "渝A12345应急", "渝AB123应急", "渝A1234应", false, json.Number("5"), map[string]any{"a": "b"}, nil, "", "🅿ATX061"},
	},
	schemas.FormPlateColor: {{"1", "2", json.Number("1"), json.Number("3"), "4"}, {"0", "5", "blue", json.Number("1.5"), true, []any{}, nil, "", "１", json.Number("-1")}},
	schemas.FormText: {
		{"ETCP", "x", symbol("text0"), symbol("text1")},
		{json.Number("7"), map[string]any{}, []any{json.Number("1")}, true, nil, "", "<>&'\"\\", "渝🅿\u2028", strings.Repeat("长", 3000)},
	},
	schemas.FormKeptText: {
		{"ETCP", "x", symbol("text0"), symbol("text1"), strings.Repeat("长", 64)},
		{json.Number("7"), map[string]any{}, []any{json.Number("1")}, true, nil, "", "<>&'\"\\", "渝🅿\u2028", strings.Repeat("长", 65), strings.Repeat("a", 65), strings.Repeat("长", 100), strings.Repeat("长", 3000)},
	},
	schemas.FormPayment: {{"5", "5.0", json.Number("10"), json.Number("5.5"), "5.55", "10.34", "0.01"}, {"0", "-5", "5.000", "5e0", "+5", ".5", "5.", " 5", "5,0", json.Number("0"), true, nil, "", "９", "999999.99"}},
	schemas.FormTime: {
		{"2017-08-20 12:30:00", "2016-02-29 00:00:00"},
		{"2017-02-29 00:00:00", "2017-08-20 24:00:00", "2017-8-20 12:30:00", "2017-08-20T12:30:00", "20170820123000", json.Number("20170820123000"), true, nil, "", "2017-08-20 12:30:00 ", "2017-08-20 9:30:00", "2017-08-20 12:30:00.5", "2017-08-20 12:30:60", "2017-04-31 12:00:00", "2017/08/20 12:30:00"},
	},
	schemas.FormVIN:       {{"LVSHBFDC7RF414158", "12345678901234567"}, {"LVSHBFDC7RF41415", "LVSHBFDC7RF4141588", "LVSHBFDC7RF41415I", "lvshbfdc7rf414158", true, nil, ""}},
	schemas.FormLatitude:  {{"29.563", json.Number("29.563"), "-90", "90"}, {"91", "NaN", "29,5", "+29", "1e1", " 29", true, nil, ""}},
	schemas.FormLongitude: {{"106.551", json.Number("106.551"), "-180", "180"}, {"181", "Infinity", "106,5", true, nil, ""}},
	schemas.FormRadius:    {{"500", "5000", json.Number("1200"), "720", "770", "2850"}, {"499", "5001", "1e3", "-500", "500.5", true, nil, ""}},
	schemas.FormPayType:   {{"1", json.Number("1")}, {"0", "2", "x", true, nil, ""}},
}

// good makes up a text that has a form; "" where any text has.
func (g *generator) good(form schemas.Form) string {
	r := g.rng
	some := func(from string, n int) string {
		var b strings.Builder
		all := []rune(from)
		for range n {
			b.WriteRune(all[r.IntN(len(all))])
		}
		return b.String()
	}
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	switch form {
	case schemas.FormPhone:
		return "1" + some("3456789", 1) + some(digits, 9)
	case schemas.FormPlate:
		return g.goodPlate(some)
	case schemas.FormPlateColor:
		return some("1234", 1)
	case schemas.FormPayment:
		return pick(r, []string{some("123456789", 1) + some(digits, r.IntN(3)), some("123456789", 1) + "." + some(digits, 1+r.IntN(2))})
	case schemas.FormTime:
		return time.Date(2017, 1, 1, 0, 0, r.IntN(math.MaxInt32), 0, client.Zone).Format("2006-01-02 15:04:05")
	case schemas.FormVIN:
		return some("ABCDEFGHJKLMNPRSTUVWXYZ"+digits, 17)
	case schemas.FormLatitude:
		return fmt.Sprintf("%.4f", r.Float64()*180-90)
	case schemas.FormLongitude:
		return fmt.Sprintf("%.4f", r.Float64()*360-180)
	case schemas.FormRadius:
		return pick(r, []string{"500", "501", "4999", "5000", strconv.Itoa(500 + r.IntN(4501))})
	case schemas.FormPayType:
		return "1"
	case schemas.FormKeptText:
		return some("长aA1 ", 1+r.IntN(64))
	default:
		return ""
	}
}

func (g *generator) goodPlate(some func(string, int) string) string {
	const body = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	province := some("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使", 1)
	letter := some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)
	var plate string
	switch g.rng.IntN(6) {
	case 0:
		plate = province + letter + some(body, 4) + some("学警港澳挂领试超", 1)
	case 1:
		plate = "使" + some("0123456789", 6)
	case 2:
		plate = province + letter + some("0123456789", 4) + "应急"
	default:
		plate = province + letter + some(body, 5+g.rng.IntN(2))
	}
	switch g.rng.IntN(8) {
	case 0:
		return strings.ToLower(plate)
	case 1:
		return strings.Join(strings.Split(plate, ""), " ")
	case 2:
		return " " + plate + " "
	}
	return plate
}

// changed changes a character or two of a text: model.WellFormed says what it is worth then.
func (g *generator) changed(text string) any {
	alphabet := []rune("0123456789ABIOQZabioz \u3000\n.,+-e\u200b台使学领港澳警渝０Ａ~/:T")
	all := []rune(text)
	for range 1 + g.rng.IntN(2) {
		at, char := g.rng.IntN(len(all)+1), alphabet[g.rng.IntN(len(alphabet))]
		switch op := g.rng.IntN(3); {
		case op == 0 || at == len(all):
			all = append(all[:at:at], append([]rune{char}, all[at:]...)...)
		case op == 1:
			all[at] = char
		default:
			all = append(all[:at:at], all[at+1:]...)
		}
	}
	return string(all)
}
