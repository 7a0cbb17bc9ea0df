package mistakes

import (
	"crypto/md5"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// stamps makes a row's try of a function that gives other texts of the instant.
func stamps(of func(at time.Time, sent string, few bool) []string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		at, err := time.ParseInLocation(zone.StampLayout, s.Right.Stamp, zone.Shanghai)
		if err != nil {
			return true
		}
		for _, stamp := range of(at, s.Right.Stamp, few) {
			if g.Stamp = stamp; stamp != s.Right.Stamp && !yield(g) {
				return false
			}
		}
		return true
	}
}

var stampRows = []guess.Hypothesis{
	{
		Kind: "stamp-format", In: guess.OfRequests, At: guess.InStamp, What: words.Phrase{En: "time_stamp was signed in another format than it was sent in", Zh: "签名用的 time_stamp 与发送的格式不同"},
		Fix: words.Phrase{En: "Sign the very text that is sent as time_stamp, yyyyMMddHHmmss (§6)", Zh: "签名要用与所发 time_stamp 完全相同的文本，yyyyMMddHHmmss（§6）"},
		Try: stamps(func(at time.Time, sent string, few bool) []string {
			seconds := strconv.FormatInt(at.Unix(), 10)
			if few {
				return []string{at.Format(time.DateTime), seconds, seconds + "000"}
			}
			formats := []string{seconds, seconds + "000", seconds + ".0", seconds + ".000", seconds + ".000000", seconds + "000000", seconds + "000000000", sent + "000", `"` + sent + `"`, "'" + sent + "'", sent + " ", sent + "\r", sent + ".0", sent + "L", fullWidth(sent)}
			if number, err := strconv.ParseFloat(sent, 64); err == nil { // it was kept as a floating-point number
				formats = append(formats, strconv.FormatFloat(number, 'e', -1, 64), strconv.FormatFloat(number, 'E', -1, 64), strings.Replace(strconv.FormatFloat(number, 'E', -1, 64), "E+", "E", 1), strconv.FormatFloat(number, 'f', 6, 64))
			}
			half, halfEn := "上午", "AM"
			if at.Hour() >= 12 {
				half, halfEn = "下午", "PM"
			}
			formats = append(formats, at.Format("2006/1/2 ")+half+at.Format("3:04:05"), at.Format("2006年1月2日 ")+half+at.Format("3:04:05"), at.Format("20060102030405")+halfEn,
				strconv.FormatInt(at.Unix(), 16), strconv.FormatInt(at.UnixMilli(), 16), strconv.FormatInt(at.UnixNano()/100+ticksTo1970, 10), strconv.FormatInt(at.UnixNano()/100+fileTimeTo1970, 10))
			year, week := at.ISOWeek()
			formats = append(formats, fmt.Sprintf("%dW%02d", year, week), fmt.Sprintf("%d-W%02d", year, week), strconv.Itoa(year)+sent[4:], strings.Map(arabic, sent))
			monthBefore := time.Date(at.Year(), at.Month()-1, at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone.Shanghai)
			formats = append(formats, sent[:4]+monthBefore.Format("01")+sent[6:]) // getMonth() begins with 0
			formats = append(formats, otherCalendars(at, sent)...)
			for _, layout := range stampLayouts {
				formats = append(formats, at.Format(layout), at.UTC().Format(layout))
			}
			const near = 5 // seconds between two looks at the clock
			for n := 1; n <= near; n++ {
				for _, other := range []time.Time{at.Add(-time.Duration(n) * time.Second), at.Add(time.Duration(n) * time.Second)} {
					unix := strconv.FormatInt(other.Unix(), 10)
					formats = append(formats, unix, unix+"000", other.Format(time.DateTime))
				}
			}
			for hour := -12; hour <= 14; hour++ {
				zoned := at.In(time.FixedZone("", hour*60*60))
				formats = append(formats, zoned.Format(time.DateTime), zoned.Format("2006-01-02T15:04:05"))
			}
			return slices.DeleteFunc(formats, func(f string) bool { return f == at.UTC().Format(zone.StampLayout) }) // that is stamp-zone
		}),
	},
	{
		Kind: "stamp-format", In: guess.OfRequests, At: guess.InStamp, Alone: true, Fix: words.Phrase{En: "Take the time once, write it as yyyyMMddHHmmss, and use this one text for signing and as time_stamp (§6)", Zh: "只取一次时间，写成 yyyyMMddHHmmss，签名和 time_stamp 都用这同一段文本（§6）"},
		What: words.Phrase{En: "the time was signed with its milliseconds, and time_stamp was sent in whole seconds", Zh: "签名用的是带毫秒的时间，而发送的 time_stamp 只到秒"}, Try: milliseconds,
	},
	{
		Kind: "stamp-unset", In: guess.OfRequests, At: guess.InStamp, Alone: true, What: words.Phrase{En: "what a language prints of a variable without a value was signed in the place of time_stamp", Zh: "time_stamp 的位置签的是未赋值变量的文本"},
		Fix: words.Phrase{En: "Set time_stamp before signing, and sign the very text that is sent", Zh: "先给 time_stamp 赋值再签名，并对实际发送的文本签名"},
		Try: stamps(func(time.Time, string, bool) []string {
			return []string{"null", "undefined", "None", "nil", "NaN", "0", "yyyyMMddHHmmss", "Invalid Date", "$STAMP", "${STAMP}", "$stamp", "$TIME_STAMP", "${TIME_STAMP}", "$time_stamp", "${time_stamp}"}
		}),
	},
	{
		Kind: "stamp-zone", In: guess.OfRequests, At: guess.InStamp, What: words.Phrase{En: "time_stamp was signed in another time zone than it was sent in", Zh: "签名用的 time_stamp 与发送的时区不同"},
		Fix: words.Phrase{En: "Sign the very text that is sent as time_stamp, in Asia/Shanghai", Zh: "签名要用与所发 time_stamp 完全相同的文本，北京时间"},
		Try: stamps(func(at time.Time, _ string, few bool) (zones []string) {
			if few {
				return []string{at.UTC().Format(zone.StampLayout)}
			}
			for hour := -12; hour <= 14; hour++ {
				for _, minutes := range []int{0, 30, 45} {
					zones = append(zones, at.In(time.FixedZone("", hour*60*60+minutes*60)).Format(zone.StampLayout))
				}
			}
			return zones
		}),
	},
	{
		Kind: "stamp-drift", In: guess.OfRequests, At: guess.InStamp, What: words.Phrase{En: "time_stamp was signed with another second than it was sent with", Zh: "签名用的 time_stamp 与发送的相差几秒"},
		Fix: words.Phrase{En: "The clock was asked twice; keep one time_stamp, sign it and send it", Zh: "取了两次当前时间；请只取一次 time_stamp，既用于签名也用于发送"},
		Try: stamps(func(at time.Time, _ string, few bool) (near []string) {
			most := 60
			if few {
				most = 1
			}
			for n := 1; n <= most; n++ {
				near = append(near, at.Add(-time.Duration(n)*time.Second).Format(zone.StampLayout), at.Add(time.Duration(n)*time.Second).Format(zone.StampLayout))
			}
			return near
		}),
	},
}

// Ticks of .NET count from the year 1, those of Windows' files from 1601, both in 100 ns.
const (
	ticksTo1970    = 621355968000000000
	fileTimeTo1970 = 116444736000000000
)

// otherCalendars are the time with the years of calendars that count otherwise, and with digits of other scripts, as locales of Taiwan, Japan, Thailand, Iran and China write it.
func otherCalendars(at time.Time, sent string) (all []string) {
	const minguo, buddhist, reiwa, persian, islamic = -1911, 543, -2018, -621, -578
	year := at.Year()
	for _, y := range []string{
		strconv.Itoa(year + minguo), fmt.Sprintf("%04d", year+minguo), strconv.Itoa(year + buddhist), fmt.Sprintf("%04d", year+reiwa), fmt.Sprintf("R%d", year+reiwa), fmt.Sprintf("R%02d", year+reiwa), strconv.Itoa(year + persian), strconv.Itoa(year + islamic), strconv.Itoa(year - 622),
	} {
		all = append(all, y+sent[4:], y+at.Format("/01/02 15:04:05"), y+at.Format("-01-02 15:04:05"), y+at.Format("/1/2 15:04:05"))
	}
	for _, era := range []string{"民國" + strconv.Itoa(year+minguo), "民国" + strconv.Itoa(year+minguo), "令和" + strconv.Itoa(year+reiwa)} {
		all = append(all, era+at.Format("年01月02日 15:04:05"), era+at.Format("年1月2日 15:04:05"), era+at.Format("年01月02日15:04:05"))
	}
	thai := strconv.Itoa(year+buddhist) + sent[4:]
	digits := func(text, zero string) string {
		first, _ := utf8.DecodeRuneInString(zero)
		return strings.Map(func(r rune) rune { return first + r - '0' }, text)
	}
	chinese := strings.NewReplacer("0", "〇", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九")
	return append(all, digits(thai, "๐"), digits(sent, "๐"), digits(sent, "۰"), digits(sent, "०"), chinese.Replace(sent))
}

// arabic is a digit as Java and PHP write it under an Arabic locale.
func arabic(r rune) rune { return r - '0' + '٠' }

// keptRow are stamps that were made long before the one that was sent: once at the start of the program, or with a token that is kept.
var keptRow = guess.Hypothesis{
	Kind: "stamp-drift", In: guess.OfRequests, At: guess.InStamp, Alone: true, Rare: true, What: words.Phrase{En: "an older time_stamp was signed than the one that was sent", Zh: "签名用的是比所发更早的 time_stamp"},
	Fix: words.Phrase{En: "Make time_stamp and the signature anew for each request, from one and the same text", Zh: "每次请求都重新生成 time_stamp 和签名，且两者用同一文本"},
	Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
		at, err := time.ParseInLocation(zone.StampLayout, s.Right.Stamp, zone.Shanghai)
		if err != nil || s.Want == ([md5.Size]byte{}) || !slices.Equal(g.Form, s.Right.Form) || len(g.Data) > wire.Longest {
			return true
		}
		const first, last = -3600, 300 // seconds
		next := g
		if text := timed(s, &next, first, last, func(n int) string { return at.Add(time.Duration(n) * time.Second).Format(zone.StampLayout) }); text != "" {
			next.Stamp = text
			return yield(next)
		}
		return true
	},
}

// stampLayouts are the formats in which clients were seen to sign the time that they sent as yyyyMMddHHmmss.
var stampLayouts = []string{
	time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 03:04:05 PM", "2006-01-02 15:04:05 +0800", "2006-01-02T15:04:05.0000000-07:00", "2006-01-02 15:04:05.000000", "2006-01-02T15:04:05.000000", "2006-01-02T15:04:05.000Z07:00", "2006-01-02T15:04:05.000", "2006-01-02 15:04:05.000", "2006-01-02 15:04:05.0",
	"2006-01-02T15:04:05+0000", "2006-01-02T15:04:05-0700", "2006/01/02 15:04:05", "2006.01.02 15:04:05", "2006-01-02 03:04:05", "20060102030405", "200601021504", "060102150405",
	"2006-01-02 15:04", time.DateOnly, "20060102", "2006-1-2 15:04:05", "2006/1/2 15:04:05", "20060102 150405", "20060102T150405", "20060102T150405Z", "2006010215040500",
	"2006年01月02日 15:04:05", "2006年01月02日15时04分05秒", "02/01/2006 15:04:05", "01/02/2006 15:04:05", "1/2/2006 3:04:05 PM", "2006/1/2 3:04:05 PM", "Jan 2, 2006 3:04:05 PM",
	time.RFC1123, time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 GMT", time.ANSIC, "Mon Jan 02 15:04:05 CST 2006", "Mon Jan 02 2006 15:04:05 GMT+0800", "Mon Jan 02 2006 15:04:05 GMT+0800 (中国标准时间)",
	"20060102030405PM", "20060102030405pm", "2006010203040500", "2006-01-02T15:04", "2006-01-02T15:04:05.000000Z07:00", time.RFC850, "02.01.2006 15:04:05", "02-01-2006 15:04:05", "2006-01-02 15:04:05 CST", "2006-01-02 15:04:05 +0800 CST", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 UTC",
	"2006-01-02 15:04:05 Asia/Shanghai", "1/2/2006, 3:04:05 PM", "01/02/2006, 15:04:05", "02/01/2006, 15:04:05", "2/1/2006, 15:04:05", "2006-01-02-15-04-05", "2006_01_02_15_04_05", "2006 01 02 15 04 05", "150405", "2006002150405", "2006002", "20060102 15:04:05", "20060102-150405", "20060102_150405", "2006-01-02_15:04:05",
	"2006010215", "20060102150000", "20060102000000", "2006-01-02 00:00:00", "200601", "Mon Jan  2 15:04:05 2006", "Jan 2, 2006, 3:04:05 PM", "2 Jan 2006 15:04:05", "2006-01-02T15:04:05+08:00[Asia/Shanghai]", "2006-01-02T15:04:05Z",
	"Mon Jan 02 2006 15:04:05 GMT+0800 (China Standard Time)", "Mon Jan 02 2006 15:04:05 GMT+0800 (CST)", "02012006150405", "20060402150105", "20060402150405", "200601002150405", "15:04:05",
}

// milliseconds are the times of the second that was sent, and of those around it, with their milliseconds. There are thousands: the text up to the
// time is hashed once.
func milliseconds(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	at, err := time.ParseInLocation(zone.StampLayout, s.Right.Stamp, zone.Shanghai)
	if err != nil || s.Want == ([md5.Size]byte{}) || !slices.Equal(g.Form, s.Right.Form) {
		return true
	}
	const second = 1000
	const first, last = -300, 2000 // milliseconds around the second
	for i, c := range []struct {
		form        []string
		first, last int
		before      func(second time.Time) string
		behind      string // the milliseconds
	}{
		{[]string{guess.TheData, guess.TheKey, guess.TheStamp}, first, last, unixSeconds, ""},
		{[]string{guess.TheData, guess.TheStamp, guess.TheKey}, 0, second, unixSeconds, ""},
		{[]string{guess.TheData, guess.TheKey, guess.TheStamp}, 0, second, func(t time.Time) string { return t.Format(zone.StampLayout) }, ""},
		{[]string{guess.TheData, guess.TheKey, guess.TheStamp}, 0, second, func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.") }, "Z"},
		{[]string{guess.TheData, guess.TheKey, guess.TheStamp}, 0, second, func(t time.Time) string { return t.Format("2006-01-02 15:04:05.") }, ""},
	} {
		if i > 0 && len(g.Data) > wire.Longest {
			break
		}
		next := g
		next.Form = c.form
		if text := timed(s, &next, c.first, c.last, inSeconds(at, c.before, c.behind)); text != "" {
			next.Stamp = text
			if next.Form[1] == guess.TheStamp {
				next.Fix = words.Phrase{
					En: "Take the time once, write it as yyyyMMddHHmmss, and use this one text for signing and as time_stamp; the order is data, key, time_stamp (§6)",
					Zh: "只取一次时间，写成 yyyyMMddHHmmss，签名和 time_stamp 都用这同一段文本；顺序是 data、密钥、time_stamp（§6）",
				}
			}
			return yield(next)
		}
	}
	return true
}

func unixSeconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// inSeconds writes a time with so many milliseconds more. What stands before them is written once for each second: to format each of the thousands
// of times took a twentieth of the time of an explanation that finds nothing.
func inSeconds(at time.Time, before func(second time.Time) string, behind string) func(ms int) string {
	known, text := int64(math.MinInt64), ""
	return func(ms int) string {
		t := at.Add(time.Duration(ms) * time.Millisecond)
		if second := t.Unix(); second != known {
			known, text = second, before(t)
		}
		const digits = "0123456789"
		rest := t.Nanosecond() / int(time.Millisecond)
		return text + string([]byte{digits[rest/100], digits[rest/10%10], digits[rest%10]}) + behind
	}
}

// timed is the first of the texts from first to last with which a guess fits as its time, "" where none does. The text up to the time is hashed once.
func timed(s *guess.Case, g *guess.Guess, first, last int, text func(n int) string) string {
	upTo := slices.Index(g.Form, guess.TheStamp)
	if g.Settle(); s.Left < len(g.Data) {
		return ""
	}
	state := s.StateOf(g, g.Form[:upTo])
	const block = 64
	for n := first; n < last; n++ {
		if s.Left -= block; s.Left < 0 {
			return ""
		}
		g.Stamp = text(n)
		if s.Continued(state, g, g.Form[upTo:]) == s.Want {
			return g.Stamp
		}
	}
	return ""
}
