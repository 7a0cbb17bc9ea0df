package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	floatStamp   = lazyregexp.New(`^\d{10}\.\d{1,9}$`)
	patternStamp = lazyregexp.New(`^(?:[yY]{2,4}[-/]?MM[-/]?[dD]{2}.*|%Y.*|YmdHis)$`)
)

func malformedStamp(stamp string, clocks []time.Time) (Finding, bool) {
	digits := strings.TrimFunc(stamp, func(r rune) bool { return r >= '0' && r <= '9' }) == "" && stamp != ""
	given := words.Visible(words.Cut(stamp, 40))
	found := func(kind string, what, fix words.Phrase) (Finding, bool) {
		return words.Note(kind, what, words.Phrase{En: fmt.Sprintf("`%s` has %s, 14 are wanted", given, words.Characters(len([]rune(stamp)))), Zh: fmt.Sprintf("`%s` 有 %d 个字符，应为 14 位", given, len([]rune(stamp)))}, fix), true
	}
	unix := func(seconds int64) words.Phrase {
		text := time.Unix(seconds, 0).In(zone.Shanghai).Format(zone.StampLayout)
		return words.Phrase{En: "Write the instant as yyyyMMddHHmmss in Asia/Shanghai: " + text, Zh: "请写成 yyyyMMddHHmmss 格式的北京时间：" + text}
	}
	n, _ := strconv.ParseInt(words.First(stamp, 18), 10, 64)
	if f, ok := wordedStamp(stamp, found); ok {
		return f, true
	}
	switch {
	case digits && len(stamp) == 13 && isDayOfYear(stamp, clocks):
		return found("stamp-day-of-year", words.Phrase{En: "the day of the year stands in place of the month and the day (%j, DDD)", Zh: "月和日的位置写成了一年中的第几天（%j、DDD）"}, words.Phrase{En: "Write yyyyMMddHHmmss: the month and the day of the month (MM and dd, %m and %d)", Zh: "请写 yyyyMMddHHmmss：用月份和几号（MM、dd，%m、%d）"})
	case digits && len(stamp) >= 11 && len(stamp) <= 13 && strings.HasPrefix(stamp, "20") && !wholeMinutes(stamp):
		return found("stamp-zeros-missing", words.Phrase{En: "zeros are missing in front of a month, day, hour, minute or second below 10", Zh: "小于 10 的月、日、时、分或秒前缺少 0"}, words.Phrase{En: "Write two digits for each: 07, not 7 (padStart(2, '0'), %02d)", Zh: "每一部分写两位：07 而不是 7（padStart(2, '0')、%02d）"})
	case digits && len(stamp) == 12 && !strings.HasPrefix(stamp, "20"):
		return found("stamp-century-missing", words.Phrase{En: "the year has two digits", Zh: "年份只有两位"}, words.Phrase{En: "Write four digits of the year: yyyy, not yy", Zh: "年份写四位：yyyy 而不是 yy"})
	case digits && len(stamp) == 10:
		return found("stamp-unix-seconds", words.Phrase{En: "It looks like Unix seconds", Zh: "看起来是 Unix 时间戳（秒）"}, unix(n))
	case digits && len(stamp) == 13:
		return found("stamp-unix-milliseconds", words.Phrase{En: "It looks like Unix milliseconds", Zh: "看起来是 Unix 时间戳（毫秒）"}, unix(n/1000))
	case digits && len(stamp) == 16:
		return found("stamp-unix-microseconds", words.Phrase{En: "It looks like Unix microseconds", Zh: "看起来是 Unix 时间戳（微秒）"}, unix(n/1_000_000))
	case floatStamp().MatchString(stamp):
		n, _ := strconv.ParseInt(stamp[:10], 10, 64)
		return found("stamp-unix-seconds", words.Phrase{En: "It looks like Unix seconds with a fraction, as Python's time.time() gives", Zh: "看起来是带小数的 Unix 时间戳（秒），如 Python 的 time.time()"}, unix(n))
	case patternStamp().MatchString(stamp):
		return found("stamp-pattern", words.Phrase{En: "it is the pattern of a format itself, not a time", Zh: "它是格式串本身，而不是时间"}, words.Phrase{En: "Format the present time with this pattern: yyyyMMddHHmmss in Java and .NET, %Y%m%d%H%M%S in C and Python, YmdHis in PHP", Zh: "请用该格式串格式化当前时间：Java、.NET 用 yyyyMMddHHmmss，C、Python 用 %Y%m%d%H%M%S，PHP 用 YmdHis"})
	case digits && len(stamp) == 12:
		return found("stamp-seconds-missing", words.Phrase{En: "the seconds are missing", Zh: "缺少秒"}, words.Phrase{En: "Write all 14 digits: yyyyMMddHHmmss", Zh: "请写满 14 位：yyyyMMddHHmmss"})
	case digits && len(stamp) == 17:
		return found("stamp-milliseconds", words.Phrase{En: "the milliseconds stand behind it (yyyyMMddHHmmssSSS)", Zh: "后面多了毫秒（yyyyMMddHHmmssSSS）"}, words.Phrase{En: "Leave the milliseconds out: " + stamp[:14], Zh: "请去掉毫秒：" + stamp[:14]})
	case digits && len(stamp) == 8:
		return found("stamp-date-only", words.Phrase{En: "it is a date without a time", Zh: "只有日期，没有时间"}, words.Phrase{En: "Write all 14 digits: yyyyMMddHHmmss", Zh: "请写满 14 位：yyyyMMddHHmmss"})
	case digits && len(stamp) == 15:
		if day, err := strconv.Atoi(stamp[6:9]); err == nil && day >= 1 && day <= 366 && dayOfYear(stamp) {
			return found("stamp-day-of-year", words.Phrase{En: "the day of the year stands where the day of the month belongs (DD for dd)", Zh: "日的位置写成了一年中的第几天（dd 写成了 DD）"}, words.Phrase{En: "Write dd, not DD", Zh: "请用 dd，不要用 DD"})
		}
		return found("stamp-length", words.Phrase{En: "it has a digit too many: SS writes milliseconds, ss the seconds", Zh: "多了一位：SS 是毫秒，ss 才是秒"}, words.Phrase{En: "Write all 14 digits: yyyyMMddHHmmss", Zh: "请写满 14 位：yyyyMMddHHmmss"})
	case digits && len(stamp) == 14 && stamp[8:10] == "24":
		return found("stamp-24", words.Phrase{En: "the hour is 24: kk writes 1 to 24", Zh: "小时是 24：kk 是 1 到 24"}, words.Phrase{En: "Write HH, which is 00 to 23", Zh: "请用 HH，即 00 到 23"})
	case digits && len(stamp) == 14 && stamp[4:6] == "00":
		return found("stamp-month", words.Phrase{En: "the month is 00: getMonth() counts from 0", Zh: "月份是 00：getMonth() 从 0 开始计"}, words.Phrase{En: "Add 1 to getMonth() in JavaScript, to Calendar.MONTH in Java, to tm_mon in C", Zh: "JavaScript 的 getMonth()、Java 的 Calendar.MONTH、C 的 tm_mon 都要加 1"})
	case digits && len(stamp) == 14 && stamp[4:6] == stamp[10:12]:
		return found("stamp-minute-for-month", words.Phrase{En: "the minutes stand where the month belongs (mm for MM)", Zh: "月份的位置写成了分钟（MM 写成了 mm）"}, words.Phrase{En: "The format is yyyyMMddHHmmss: MM is the month, mm the minutes", Zh: "格式是 yyyyMMddHHmmss：MM 是月，mm 是分"})
	case digits && len(stamp) == 14 && otherOrder(stamp) != "":
		return found("stamp-order", words.Phrase{En: "its parts stand in another order: " + otherOrder(stamp), Zh: "各部分的顺序不对：" + otherOrder(stamp)}, words.Phrase{En: "The order is yyyyMMddHHmmss", Zh: "顺序是 yyyyMMddHHmmss"})
	case digits && len(stamp) == 14:
		return found("stamp-no-such-time", words.Phrase{En: "It has the right length, but there is no such day or time", Zh: "长度正确，但没有这样的日期或时间"}, stampFix)
	case digits && stamp != "":
		return found("stamp-length", words.Phrase{En: fmt.Sprintf("it has %d digits, not 14", len(stamp)), Zh: fmt.Sprintf("它有 %d 位数字，而不是 14 位", len(stamp))}, words.Phrase{En: "Write all 14 digits: yyyyMMddHHmmss", Zh: "请写满 14 位：yyyyMMddHHmmss"})
	case len(onlyDigits(stamp)) >= 10:
		return found("stamp-characters", noDigit(stamp), stampFix)
	}
	return Finding{}, false
}

// wordedStamp knows what is no number: white space or quotes around it, separators, a date in words, a variable without a value.
func wordedStamp(stamp string, found func(kind string, what, fix words.Phrase) (Finding, bool)) (Finding, bool) {
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
	if latin, foreign := latinDigits(stamp); foreign && onlyDigits(latin) == latin {
		return found("stamp-foreign-digits", words.Phrase{En: "its digits are those of another script: of an Arabic, Persian, Indian or Thai locale, or Chinese numerals", Zh: "数字是其他文字的数字（阿拉伯、波斯、印度、泰国区域设置，或汉字数字）"}, words.Phrase{En: "Format with Locale.ROOT or CultureInfo.InvariantCulture: " + latin, Zh: "格式化时请用 Locale.ROOT 或 CultureInfo.InvariantCulture：" + latin})
	}
	if f, ok := otherCalendar(stamp, found); ok {
		return f, true
	}
	if f, ok := numberedStamp(stamp, found); ok {
		return f, true
	}
	switch {
	case len(bare) == len(stamp):
		return Finding{}, false
	case len(inner) == 14 && inner == bare:
		if strings.ContainsAny(stamp, "\"'`,;") {
			return found("stamp-padded", words.Phrase{En: "quotes or marks stand around it", Zh: "前后有引号或标点"}, words.Phrase{En: "Send the 14 digits and nothing else", Zh: "只发送 14 位数字，不要带别的字符"})
		}
		return found("stamp-padded", words.Phrase{En: "white space or something invisible stands around it", Zh: "前后有空白或不可见字符"}, words.Phrase{En: "Trim it", Zh: "请去掉空白"})
	case half.String() != stamp && onlyDigits(half.String()) == half.String():
		return found("stamp-full-width", words.Phrase{En: "it has full-width digits", Zh: "其中有全角数字"}, words.Phrase{En: "Write the digits in ASCII (half width): " + half.String(), Zh: "数字请用半角：" + half.String()})
	case scientificStamp().MatchString(stamp):
		return found("stamp-unix-milliseconds", words.Phrase{En: "It looks like Unix time as a floating-point number", Zh: "看起来是浮点数形式的 Unix 时间戳"}, stampFix)
	case unsetStamp().MatchString(stamp):
		return found("stamp-unset", words.Phrase{En: "it is the text of a variable without a value", Zh: "它是未赋值变量的文本"}, stampFix)
	case wordyDate().MatchString(stamp):
		return found("stamp-format", words.Phrase{En: "it is a date in words, as Date.toString() gives", Zh: "它是文字形式的日期，如 Date.toString() 的结果"}, words.Phrase{En: "Format the time with the pattern yyyyMMddHHmmss", Zh: "请用格式串 yyyyMMddHHmmss 格式化时间"})
	case len(bare) >= 14 && strings.HasPrefix(bare, "20") && strings.HasSuffix(stamp, "Z"):
		return found("stamp-format", words.Phrase{En: "it is written with separators, and in UTC (Z)", Zh: "带有分隔符，而且是 UTC（Z）"}, words.Phrase{En: "Format the time in Asia/Shanghai, 8 hours ahead of UTC, as digits only: yyyyMMddHHmmss", Zh: "请按北京时间（比 UTC 快 8 小时）格式化，并只保留数字：yyyyMMddHHmmss"})
	case len(bare) >= 12 && len(bare) <= 26 && strings.HasPrefix(bare, "20"):
		return found("stamp-format", words.Phrase{En: "it is written with separators", Zh: "带有分隔符"}, words.Phrase{En: "Leave out everything but the digits: yyyyMMddHHmmss", Zh: "请只保留数字：yyyyMMddHHmmss"})
	}
	return Finding{}, false
}

var (
	weekStamp       = lazyregexp.New(`^\d{4}-?W\d{2}(?:-?\d)?(?:T?[\d:]*)?$`)
	hexStamp        = lazyregexp.New(`^(?:0x)?(?:[0-9a-f]{8}|[0-9a-f]{11})$`)
	excelStamp      = lazyregexp.New(`^[34567]\d{4}(?:\.\d+)?$`)
	callStamp       = lazyregexp.New(`^\w+(?:\.\w+)*\(.*\)$`)
	localeStamp     = lazyregexp.New(`^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}[, ]`)
	scientificStamp = lazyregexp.New(`^\d\.\d+[eE]\+?\d+$`)
	unsetStamp      = lazyregexp.New(`^(?i:null|undefined|none|nil|(?:nan)+|invalid date|\$?\{+.*\}+|\[object .*\])$`)
	wordyDate       = lazyregexp.New(`(?i)\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`)
)

var (
	minguoStamp   = lazyregexp.New(`^(?:中[華华])?民[國国]\s*\d{1,3}|^1[0-4]\d(?:[/.-]|\s*年)\s*[01]?\d[/.月-]`)
	reiwaStamp    = lazyregexp.New(`^(?:令和|平成|[RH])\s*\d{1,2}`)
	buddhistStamp = lazyregexp.New(`^(?:พ\.ศ\.\s*)?25[5-9]\d[/.-]`)
)

// otherCalendar knows the years of other calendars where they show by how they are written; those of four digits behind which 10 more stand are times, and Stamp knows them by a clock.
func otherCalendar(stamp string, found func(kind string, what, fix words.Phrase) (Finding, bool)) (Finding, bool) {
	minguo := minguoStamp().MatchString(stamp)
	if len(stamp) == 13 && stamp[:2] >= "10" && stamp[:2] <= "14" && onlyDigits(stamp) == stamp { // 115 and ten digits; as milliseconds it is of 2001 to 2016
		_, err := time.Parse("0102150405", stamp[3:])
		minguo = err == nil
	}
	switch {
	case minguo:
		return found("stamp-year", words.Phrase{En: "its year is that of the Minguo calendar, of a Taiwanese locale", Zh: "年份是民国纪年（台湾区域设置）"}, localeFix)
	case reiwaStamp().MatchString(stamp):
		return found("stamp-year", words.Phrase{En: "its year is that of the Japanese calendar", Zh: "年份是日本年号"}, localeFix)
	case buddhistStamp().MatchString(stamp):
		return found("stamp-year", words.Phrase{En: "its year is that of the Buddhist calendar, of a Thai locale", Zh: "年份是佛历（泰国区域设置）"}, localeFix)
	}
	return Finding{}, false
}

// numberedStamp knows a week of the year, a number that counts otherwise than Unix time, a call that was not made, and the date of a locale.
func numberedStamp(stamp string, found func(kind string, what, fix words.Phrase) (Finding, bool)) (Finding, bool) {
	switch {
	case weekStamp().MatchString(stamp):
		return found("stamp-week", words.Phrase{En: "it has the week of the year in place of the month and the day", Zh: "其中是一年中的第几周，而不是月和日"}, words.Phrase{En: "Write yyyyMMddHHmmss: the month and the day, not the week (ww, %V, W)", Zh: "请写 yyyyMMddHHmmss：用月和日，不要用周（ww、%V、W）"})
	case hexStamp().MatchString(stamp) && onlyDigits(stamp) != stamp:
		return found("stamp-hex", words.Phrase{En: "It looks like Unix time in hex", Zh: "看起来是十六进制的 Unix 时间戳"}, stampFix)
	case excelStamp().MatchString(stamp):
		return found("stamp-serial", words.Phrase{En: "It looks like the serial number of a date in a spreadsheet, in days since 1900", Zh: "看起来是电子表格的日期序列号（自 1900 年起的天数）"}, stampFix)
	case callStamp().MatchString(stamp):
		return found("stamp-pattern", words.Phrase{En: "it is the text of a call that was not made, not a time", Zh: "它是没有执行的函数调用的文本，而不是时间"}, stampFix)
	case localeStamp().MatchString(stamp):
		return found("stamp-format", words.Phrase{En: "it is a date as a locale writes it", Zh: "它是按区域设置书写的日期"}, words.Phrase{En: "Format the time with the pattern yyyyMMddHHmmss", Zh: "请用格式串 yyyyMMddHHmmss 格式化时间"})
	case strings.HasPrefix(stamp, "-") && onlyDigits(stamp[1:]) == stamp[1:]:
		return found("stamp-negative", words.Phrase{En: "it is a number below 0: a function that failed, or a variable without a value", Zh: "它是负数：函数调用失败，或变量未赋值"}, stampFix)
	case len(stamp) == 18 && onlyDigits(stamp) == stamp:
		return found("stamp-ticks", words.Phrase{En: "It looks like .NET's Ticks or the time of a Windows file, in steps of 100 ns", Zh: "看起来是 .NET 的 Ticks 或 Windows 文件时间（100 纳秒为单位）"}, stampFix)
	case len(stamp) == 19 && onlyDigits(stamp) == stamp:
		return found("stamp-unix-nanoseconds", words.Phrase{En: "It looks like Unix nanoseconds", Zh: "看起来是 Unix 时间戳（纳秒）"}, stampFix)
	}
	return Finding{}, false
}

// latinDigits are digits of any script in ASCII; foreign where there was one that is not, full-width ones aside.
func latinDigits(text string) (latin string, foreign bool) {
	latin = strings.Map(func(r rune) rune {
		for digit, chinese := range []rune("〇一二三四五六七八九") {
			if r == chinese {
				foreign = true
				return []rune("0123456789")[digit]
			}
		}
		for _, zero := range "٠۰०০๐" {
			if r >= zero && r <= zero+9 {
				foreign = true
				return '0' + r - zero
			}
		}
		return r
	}, text)
	return latin, foreign
}

// noDigit says which character of a stamp is the first that is no digit.
func noDigit(stamp string) words.Phrase {
	at := strings.IndexFunc(stamp, func(r rune) bool { return r < '0' || r > '9' })
	odd, n := firstOf(stamp[at:]), 1+utf8.RuneCountInString(stamp[:at])
	return words.Phrase{En: fmt.Sprintf("character %d is `%s`, which is no digit", n, odd), Zh: fmt.Sprintf("第 %d 个字符是 `%s`，不是数字", n, odd)}
}

// firstOf is the first character of a text, made visible.
func firstOf(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return words.Visible(text[:size])
}

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

// isDayOfYear says of 13 digits that they are a year, a day of it, and a time, of today by one of the clocks.
func isDayOfYear(stamp string, clocks []time.Time) bool {
	at, err := time.ParseInLocation("2006002150405", stamp, zone.Shanghai)
	return err == nil && slices.ContainsFunc(clocks, func(clock time.Time) bool { return at.Sub(clock).Abs() < 24*time.Hour })
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
