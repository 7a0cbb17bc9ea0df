package inspect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// otherLayouts are those that times come in instead of the document's, and what each shows.
var otherLayouts = []struct {
	layout, en, zh string
}{
	{"2006-01-02 15:04:05.999", "fractions of a second stand behind it", "末尾带有毫秒"}, // Go takes fractions everywhere
	{"2006/01/02 15:04:05", "slashes stand in the date", "日期用了斜杠"},
	{"2006/1/2 15:04:05", "slashes stand in the date, and zeros are missing", "日期用了斜杠，且缺少 0"},
	{"2006-1-2 15:4:5", "zeros are missing in front of digits", "小于 10 的部分缺少 0"},
	{"2006-01-02T15:04:05", "a T stands between date and time", "日期与时间之间是 T"},
	{time.RFC3339Nano, "it is in ISO 8601", "它是 ISO 8601 格式"},
	{"2006-01-02T15:04:05.000-0700", "it is in ISO 8601", "它是 ISO 8601 格式"},
	{"2006-01-02 15:04", "the seconds are missing", "缺少秒"},
	{time.DateOnly, "the time of day is missing", "只有日期，没有时间"},
	{"20060102150405", "it is in the format of time_stamp", "它是 time_stamp 的格式"},
	{"2006.01.02 15:04:05", "points stand in the date", "日期用了点"},
	{"2006年01月02日 15:04:05", "it is in Chinese", "它用了年月日"},
	{"2006年1月2日 15:04:05", "it is in Chinese", "它用了年月日"},
	{"2006-01-02 03:04:05 PM", "it has a 12-hour clock", "它是 12 小时制"},
	{"Mon Jan 02 15:04:05 MST 2006", "it is a date in words, as Date.toString() gives", "它是 Date.toString() 的结果"},
	{"01/02/2006 15:04:05", "the date is in American order", "日期是美式顺序（月/日/年）"},
	{"02/01/2006 15:04:05", "the day stands before the month and the year", "日期是日/月/年的顺序"},
	{"2006-01-02 15:04:05 -0700 MST", "the zone stands behind it", "末尾带有时区"},
}

// Moment says what is wrong with the text of a time, yyyy-MM-dd HH:mm:ss (§9.8).
func Moment(text string) (Finding, bool) {
	isTime := func(s string) bool {
		_, err := time.Parse(time.DateTime, s)
		return err == nil && len(s) == len(time.DateTime)
	}
	right := words.Phrase{En: "Write it as yyyy-MM-dd HH:mm:ss, Asia/Shanghai", Zh: "请写成 yyyy-MM-dd HH:mm:ss，北京时间"}
	half := halved(text)
	if spaced := strings.Join(strings.FieldsFunc(half, func(r rune) bool { return unicode.IsSpace(r) || words.Invisible(r) }), " "); spaced != text && isTime(spaced) {
		return value("value-padded", text, spaced, words.Phrase{En: "white space or full-width characters stand in it", Zh: "其中有空白或全角字符"}, right)
	}
	if trimmed := strings.TrimSpace(half); trimmed != text && isTime(trimmed) {
		return value("value-padded", text, trimmed, words.Phrase{En: "white space or full-width characters stand in it", Zh: "其中有空白或全角字符"}, right)
	}
	if joined := strings.NewReplacer(": ", ":", " :", ":", "- ", "-", " -", "-").Replace(half); joined != text && isTime(joined) {
		return value("value-padded", text, joined, words.Phrase{En: "white space stands between its parts, as in the document's PDF", Zh: "各部分之间有空格，如同文档 PDF 里那样"}, right)
	}
	for _, c := range otherLayouts {
		at, err := time.Parse(c.layout, half)
		if err != nil {
			continue
		}
		meant := at.Format(time.DateTime)
		if c.en == "it is in ISO 8601" { // it says its zone
			meant = at.In(zone.Shanghai).Format(time.DateTime)
		}
		return value("time-format", text, meant, words.Phrase{En: c.en, Zh: c.zh}, right)
	}
	if digits := onlyDigits(text); digits == text && (len(text) == 10 || len(text) == 13) {
		seconds, _ := strconv.ParseInt(text[:10], 10, 64)
		return value("time-unix", text, time.Unix(seconds, 0).In(zone.Shanghai).Format(time.DateTime), words.Phrase{En: "it is Unix time", Zh: "它是 Unix 时间戳"}, right)
	}
	if f, ok := common(text, isTime); ok {
		return f, true
	}
	if _, err := time.Parse(time.DateTime, half); err != nil && strings.Contains(err.Error(), "out of range") {
		what := words.Phrase{En: "there is no such time: the calendar has no such day, or the clock no such hour", Zh: "没有这样的时间：日历上没有这一天，或没有这个钟点"}
		if strings.Contains(half, " 24:") {
			what = words.Phrase{En: "the hour is 24: kk writes 1 to 24, HH 0 to 23", Zh: "小时是 24：kk 写 1 到 24，HH 写 0 到 23"}
		}
		return value("time-format", text, "", what, right)
	}
	return value("time-format", text, "", words.Phrase{En: "it is no such time, or in another format", Zh: "没有这样的时间，或是别的格式"}, right)
}

// Color says what is wrong with a plate's colour (§9.4).
func Color(text string) (Finding, bool) {
	right := words.Phrase{En: "Send 1 blue, 2 black, 3 yellow or 4 white", Zh: "请发送 1 蓝、2 黑、3 黄、4 白"}
	if f, ok := common(text, func(s string) bool { return len(s) == 1 && s >= "1" && s <= "4" }); ok {
		return f, true
	}
	for name, number := range map[string]string{"蓝": "1", "黑": "2", "黄": "3", "白": "4", "blue": "1", "black": "2", "yellow": "3", "white": "4"} {
		if strings.HasPrefix(strings.ToLower(text), name) {
			return value("color-in-words", text, number, words.Phrase{En: "the colour is in words", Zh: "颜色写成了文字"}, words.Phrase{En: "Send the colour's number", Zh: "请发送颜色的编号"})
		}
	}
	if number := strings.TrimSuffix(strings.TrimLeft(text, "0"), ".0"); number != text && len(number) == 1 && number >= "1" && number <= "4" {
		return value("color-number", text, number, words.Phrase{En: "the number is written otherwise", Zh: "编号的写法不同"}, right)
	}
	return value("color-unknown", text, "", words.Phrase{En: "there is no such colour: green plates of new energy are sent without a colour, or as 1", Zh: "没有这种颜色：新能源绿牌不传颜色，或传 1"}, right)
}

var vinSeparators = strings.NewReplacer("-", "", "_", "", ".", "", "·", "", "/", "")

// VIN says what is wrong with a vehicle's identification number (§9.9).
func VIN(text string) (Finding, bool) {
	good := func(s string) bool { return len(s) == 17 && strings.Trim(s, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789") == "" }
	if f, ok := common(text, good); ok {
		return f, true
	}
	upper := strings.ToUpper(visibleOnly(halved(text)))
	length, letter := utf8.RuneCountInString(upper), ""
	for _, r := range upper {
		if latin := lookAlike[r]; latin != 0 {
			letter = fmt.Sprintf("U+%04X", r)
			break
		}
	}
	switch {
	case good(upper):
		return value("vin-case", text, upper, words.Phrase{En: "it has lower-case letters", Zh: "其中有小写字母"}, words.Phrase{En: "Write it in upper case", Zh: "请用大写"})
	case strings.ContainsAny(upper, "IOQ") && len(upper) == 17:
		return value("vin-letter", text, "", words.Phrase{En: "a VIN has no I, O and Q; the digits 1 and 0 look alike", Zh: "车架号中没有字母 I、O、Q，请注意与数字 1、0 区分"}, words.Phrase{En: "Write the digits 1 and 0", Zh: "请写数字 1 和 0"})
	case good(vinSeparators.Replace(upper)):
		return value("vin-separated", text, vinSeparators.Replace(upper), words.Phrase{En: "separators stand in it", Zh: "其中有分隔符"}, words.Phrase{En: "Send the 17 letters and digits alone", Zh: "只发送 17 位字母和数字"})
	case letter != "":
		return value("vin-letter", text, "", words.Phrase{En: "a letter of another alphabet stands in it, which looks like a Latin one: " + letter, Zh: "其中有形似拉丁字母的外文字母：" + letter}, words.Phrase{En: "Type its letters in ASCII", Zh: "请用英文字母输入"})
	case length != 17:
		return value("vin-length", text, "", words.Phrase{En: "it has " + strconv.Itoa(length) + " characters, not 17: a number of an engine or a part of the VIN?", Zh: "它有 " + strconv.Itoa(length) + " 位，而不是 17 位：是否是发动机号，或只有车架号的一部分？"}, words.Phrase{En: "Send all 17 characters", Zh: "请发送完整的 17 位"})
	}
	return value("vin-characters", text, "", words.Phrase{En: "it has other characters than letters and digits", Zh: "其中有字母和数字以外的字符"}, words.Phrase{En: "Send 17 letters and digits", Zh: "请发送 17 位字母和数字"})
}

// Coordinate says what is wrong with a latitude or longitude (§9.10), of which the absolute value is most at most.
func Coordinate(text string, most float64) (Finding, bool) {
	number := func(s string) (float64, bool) {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil && !strings.ContainsAny(s, "eExXnN_+")
	}
	within := func(s string) bool { f, ok := number(s); return ok && f >= -most && f <= most }
	right := words.Phrase{En: "Send degrees as a plain decimal, such as 29.563 (BD-09)", Zh: "请发送十进制的度数，如 29.563（BD-09）"}
	if f, ok := common(text, within); ok {
		return f, true
	}
	plain := visibleOnly(halved(text))
	f, isNumber := number(plain)
	switch {
	case strings.Contains(plain, ","):
		return value("coordinate-pair", text, "", words.Phrase{En: "it holds both coordinates", Zh: "其中有两个坐标"}, words.Phrase{En: "Send lat and lon apart", Zh: "请把 lat 和 lon 分开发送"})
	case isNumber && f >= -180 && f <= 180:
		return value("coordinate-swapped", text, "", words.Phrase{En: "it is too large for a latitude: are lat and lon swapped?", Zh: "纬度没有这么大：lat 和 lon 是否写反？"}, words.Phrase{En: "lat is the latitude (18 to 54 in China), lon the longitude (73 to 136)", Zh: "lat 是纬度（中国为 18 到 54），lon 是经度（73 到 136）"})
	case isNumber:
		return value("coordinate-unit", text, "", words.Phrase{En: "it is too large for degrees: is it in millionths of a degree?", Zh: "度数没有这么大：单位是否是百万分之一度？"}, right)
	case strings.ContainsAny(plain, "°'\"′″NSEWnsew度"):
		return value("coordinate-degrees", text, "", words.Phrase{En: "it has the signs of degrees, or a letter", Zh: "其中有度分秒符号或字母"}, right)
	}
	return value("coordinate-not-a-number", text, "", words.Phrase{En: "it is no plain decimal", Zh: "它不是普通十进制数"}, right)
}

// Radius says what is wrong with a distance in metres (§9.10).
func Radius(text string) (Finding, bool) {
	right := words.Phrase{En: "Send whole metres from 500 to 5000", Zh: "请发送 500 到 5000 的整数，单位米"}
	within := func(s string) bool { n, err := strconv.Atoi(s); return err == nil && n >= 500 && n <= 5000 }
	if f, ok := common(text, within); ok {
		return f, true
	}
	plain := strings.ToLower(visibleOnly(halved(text)))
	f, err := strconv.ParseFloat(strings.TrimRight(plain, "km米公里"), 64)
	switch {
	case err != nil:
		return value("radius-not-a-number", text, "", words.Phrase{En: "it is no number", Zh: "它不是数字"}, right)
	case strings.TrimRight(plain, "km米公里") != plain:
		return value("radius-unit", text, "", words.Phrase{En: "a unit stands behind it", Zh: "末尾带有单位"}, right)
	case f > 0 && f <= 5:
		return value("radius-kilometres", text, strconv.Itoa(int(f*1000)), words.Phrase{En: "it is too small for metres: is it in kilometres?", Zh: "以米计太小：单位是否是公里？"}, right)
	case strings.Contains(plain, "."):
		return value("radius-fraction", text, strconv.Itoa(int(f)), words.Phrase{En: "it has a fraction", Zh: "其中有小数"}, right)
	}
	return value("radius-range", text, "", words.Phrase{En: "it is outside of 500 to 5000", Zh: "它不在 500 到 5000 之间"}, right)
}
