package inspect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	floatStamp   = lazyregexp.New(`^\d{10}\.\d{1,9}$`)
	patternStamp = lazyregexp.New(`^(?:[yY]{2,4}[-/]?MM[-/]?[dD]{2}.*|%Y.*|YmdHis)$`)
)

func malformedStamp(stamp string) (Finding, bool) {
	digits := strings.TrimFunc(stamp, func(r rune) bool { return r >= '0' && r <= '9' }) == "" && stamp != ""
	given := words.Visible(words.Cut(stamp, 40))
	is := func(kind string, what, fix words.Phrase) (Finding, bool) {
		return words.Note(kind, what, words.Say(fmt.Sprintf("`%s` has %d characters, 14 are wanted", given, len([]rune(stamp))), fmt.Sprintf("`%s` 有 %d 个字符，应为 14 位", given, len([]rune(stamp)))), fix), true
	}
	unix := func(seconds int64) words.Phrase {
		text := time.Unix(seconds, 0).In(zone.Shanghai).Format(zone.StampLayout)
		return words.Say("Write the instant as yyyyMMddHHmmss in Asia/Shanghai: "+text, "请写成 yyyyMMddHHmmss 格式的北京时间："+text)
	}
	n, _ := strconv.ParseInt(words.First(stamp, 18), 10, 64)
	if f, ok := wordedStamp(stamp, is); ok {
		return f, true
	}
	switch {
	case digits && len(stamp) >= 11 && len(stamp) <= 13 && strings.HasPrefix(stamp, "20") && !wholeMinutes(stamp):
		return is("stamp-zeros-missing", words.Say("zeros are missing in front of a month, day, hour, minute or second below 10", "小于 10 的月、日、时、分或秒前缺少 0"), words.Say("Write two digits for each: 07, not 7 (padStart(2, '0'), %02d)", "每一部分写两位：07 而不是 7（padStart(2, '0')、%02d）"))
	case digits && len(stamp) == 12 && !strings.HasPrefix(stamp, "20"):
		return is("stamp-century-missing", words.Say("the year has two digits", "年份只有两位"), words.Say("Write four digits of the year: yyyy, not yy", "年份写四位：yyyy 而不是 yy"))
	case digits && len(stamp) == 10:
		return is("stamp-unix-seconds", words.Say("It looks like Unix seconds", "看起来是 Unix 时间戳（秒）"), unix(n))
	case digits && len(stamp) == 13:
		return is("stamp-unix-milliseconds", words.Say("It looks like Unix milliseconds", "看起来是 Unix 时间戳（毫秒）"), unix(n/1000))
	case digits && len(stamp) == 16:
		return is("stamp-unix-microseconds", words.Say("It looks like Unix microseconds", "看起来是 Unix 时间戳（微秒）"), unix(n/1_000_000))
	case floatStamp().MatchString(stamp):
		n, _ := strconv.ParseInt(stamp[:10], 10, 64)
		return is("stamp-unix-seconds", words.Say("It looks like Unix seconds with a fraction, as Python's time.time() gives", "看起来是带小数的 Unix 时间戳（秒），如 Python 的 time.time()"), unix(n))
	case patternStamp().MatchString(stamp):
		return is("stamp-pattern", words.Say("it is the pattern of a format itself, not a time", "它是格式串本身，而不是时间"), words.Say("Format the present time with this pattern: yyyyMMddHHmmss in Java and .NET, %Y%m%d%H%M%S in C and Python, YmdHis in PHP", "请用该格式串格式化当前时间：Java、.NET 用 yyyyMMddHHmmss，C、Python 用 %Y%m%d%H%M%S，PHP 用 YmdHis"))
	case digits && len(stamp) == 12:
		return is("stamp-seconds-missing", words.Say("the seconds are missing", "缺少秒"), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	case digits && len(stamp) == 17:
		return is("stamp-milliseconds", words.Say("the milliseconds stand behind it (yyyyMMddHHmmssSSS)", "后面多了毫秒（yyyyMMddHHmmssSSS）"), words.Say("Leave the milliseconds out: "+stamp[:14], "请去掉毫秒："+stamp[:14]))
	case digits && len(stamp) == 8:
		return is("stamp-date-only", words.Say("it is a date without a time", "只有日期，没有时间"), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	case digits && len(stamp) == 15:
		if day, err := strconv.Atoi(stamp[6:9]); err == nil && day >= 1 && day <= 366 && dayOfYear(stamp) {
			return is("stamp-day-of-year", words.Say("the day of the year stands where the day of the month belongs (DD for dd)", "日的位置写成了一年中的第几天（dd 写成了 DD）"), words.Say("Write dd, not DD", "请用 dd，不要用 DD"))
		}
		return is("stamp-length", words.Say("it has a digit too many: SS writes milliseconds, ss the seconds", "多了一位：SS 是毫秒，ss 才是秒"), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	case digits && len(stamp) == 14 && stamp[8:10] == "24":
		return is("stamp-24", words.Say("the hour is 24: kk writes 1 to 24", "小时是 24：kk 是 1 到 24"), words.Say("Write HH, which is 00 to 23", "请用 HH，即 00 到 23"))
	case digits && len(stamp) == 14 && stamp[4:6] == "00":
		return is("stamp-month", words.Say("the month is 00: getMonth() counts from 0", "月份是 00：getMonth() 从 0 开始计"), words.Say("Add 1 to getMonth() in JavaScript, to Calendar.MONTH in Java, to tm_mon in C", "JavaScript 的 getMonth()、Java 的 Calendar.MONTH、C 的 tm_mon 都要加 1"))
	case digits && len(stamp) == 14 && stamp[4:6] == stamp[10:12]:
		return is("stamp-minute-for-month", words.Say("the minutes stand where the month belongs (mm for MM)", "月份的位置写成了分钟（MM 写成了 mm）"), words.Say("The format is yyyyMMddHHmmss: MM is the month, mm the minutes", "格式是 yyyyMMddHHmmss：MM 是月，mm 是分"))
	case digits && len(stamp) == 14 && otherOrder(stamp) != "":
		return is("stamp-order", words.Say("its parts stand in another order: "+otherOrder(stamp), "各部分的顺序不对："+otherOrder(stamp)), words.Say("The order is yyyyMMddHHmmss", "顺序是 yyyyMMddHHmmss"))
	case digits && len(stamp) == 14:
		return is("stamp-no-such-time", words.Say("It has the right length, but there is no such day or time", "长度正确，但没有这样的日期或时间"), stampFix)
	case digits && stamp != "":
		return is("stamp-length", words.Say(fmt.Sprintf("it has %d digits, not 14", len(stamp)), fmt.Sprintf("它有 %d 位数字，而不是 14 位", len(stamp))), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	}
	return Finding{}, false
}

// wordedStamp knows what is no number: white space or quotes around it, separators, a date in words, a variable without a value.
func wordedStamp(stamp string, is func(kind string, what, fix words.Phrase) (Finding, bool)) (Finding, bool) {
	bare := onlyDigits(stamp)
	inner := strings.TrimFunc(stamp, func(r rune) bool {
		return unicode.IsSpace(r) || words.Invisible(r) || strings.ContainsRune("\"'`,;", r)
	})
	var half strings.Builder
	for _, r := range stamp {
		if r >= '０' && r <= '９' {
			r += '0' - '０'
		}
		half.WriteRune(r)
	}
	switch {
	case len(bare) == len(stamp):
		return Finding{}, false
	case len(inner) == 14 && inner == bare:
		if strings.ContainsAny(stamp, "\"'`,;") {
			return is("stamp-padded", words.Say("quotes or marks stand around it", "前后有引号或标点"), words.Say("Send the 14 digits and nothing else", "只发送 14 位数字，不要带别的字符"))
		}
		return is("stamp-padded", words.Say("white space or something invisible stands around it", "前后有空白或不可见字符"), words.Say("Trim it", "请去掉空白"))
	case half.String() != stamp && onlyDigits(half.String()) == half.String():
		return is("stamp-full-width", words.Say("it has full-width digits", "其中有全角数字"), words.Say("Write the digits in ASCII (half width): "+half.String(), "数字请用半角："+half.String()))
	case scientificStamp().MatchString(stamp):
		return is("stamp-unix-milliseconds", words.Say("It looks like Unix time as a floating-point number", "看起来是浮点数形式的 Unix 时间戳"), stampFix)
	case unsetStamp().MatchString(stamp):
		return is("stamp-unset", words.Say("it is the text of a variable without a value", "它是未赋值变量的文本"), stampFix)
	case wordyDate().MatchString(stamp):
		return is("stamp-format", words.Say("it is a date in words, as Date.toString() gives", "它是文字形式的日期，如 Date.toString() 的结果"), words.Say("Format the time with the pattern yyyyMMddHHmmss", "请用格式串 yyyyMMddHHmmss 格式化时间"))
	case len(bare) >= 14 && strings.HasPrefix(bare, "20") && strings.HasSuffix(stamp, "Z"):
		return is("stamp-format", words.Say("it is written with separators, and in UTC (Z)", "带有分隔符，而且是 UTC（Z）"), words.Say("Format the time in Asia/Shanghai, 8 hours ahead of UTC, as digits only: yyyyMMddHHmmss", "请按北京时间（比 UTC 快 8 小时）格式化，并只保留数字：yyyyMMddHHmmss"))
	case len(bare) >= 12 && len(bare) <= 26 && strings.HasPrefix(bare, "20"):
		return is("stamp-format", words.Say("it is written with separators", "带有分隔符"), words.Say("Leave out everything but the digits: yyyyMMddHHmmss", "请只保留数字：yyyyMMddHHmmss"))
	}
	return Finding{}, false
}

var (
	scientificStamp = lazyregexp.New(`^\d\.\d+[eE]\+?\d+$`)
	unsetStamp      = lazyregexp.New(`^(?i:null|undefined|none|nil|nan|invalid date|\$?\{+.*\}+|\[object .*\])$`)
	wordyDate       = lazyregexp.New(`(?i)\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`)
)

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// wholeMinutes says of 12 digits that they are a time without its seconds.
func wholeMinutes(stamp string) bool {
	_, err := time.Parse("200601021504", stamp)
	return err == nil
}

// dayOfYear says of 15 digits that the three behind the month are the day of the year, in that month.
func dayOfYear(stamp string) bool {
	at, err := time.Parse("2006002150405", stamp[:4]+stamp[6:])
	return err == nil && at.Format("01") == stamp[4:6]
}

// otherOrder is the order of parts in which 14 digits are a time of these years.
func otherOrder(stamp string) string {
	for _, c := range []struct{ layout, name string }{
		{"02012006150405", "ddMMyyyyHHmmss"}, {"01022006150405", "MMddyyyyHHmmss"}, {"20060201150405", "yyyyddMMHHmmss"}, {"15040520060102", "HHmmssyyyyMMdd"},
	} {
		if at, err := time.Parse(c.layout, stamp); err == nil && at.Year() >= 2000 && at.Year() < 2100 {
			return c.name
		}
	}
	return ""
}
