package inspect

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var stampFix = words.Say("Send the present time as yyyyMMddHHmmss in Asia/Shanghai, 24 hours", "请发送 yyyyMMddHHmmss 格式的当前北京时间，24 小时制")

// Stamp says why a time_stamp (§3.2) is malformed or far from every clock: another format, UTC, a 12-hour clock, another zone, a clock that is wrong. The clocks are those that it
// may agree with; false where nothing is known of it.
func Stamp(stamp string, clocks ...time.Time) (Finding, bool) {
	at, err := time.ParseInLocation(wire.StampLayout, stamp, wire.Shanghai)
	if err != nil || len(stamp) != len(wire.StampLayout) {
		return malformedStamp(stamp)
	}
	near := func(t time.Time) (time.Time, bool) {
		for _, clock := range clocks {
			if off := t.Sub(clock); off.Abs() <= time.Minute*3 {
				return clock, true
			}
		}
		return time.Time{}, false
	}
	evidence := func(clock time.Time, off time.Duration) words.Phrase {
		return words.Say(fmt.Sprintf("%s is %s away from the clock's %s", stamp, off.Abs().Round(time.Minute), clock.In(wire.Shanghai).Format(wire.StampLayout)),
			fmt.Sprintf("%s 与时钟的 %s 相差 %s", stamp, clock.In(wire.Shanghai).Format(wire.StampLayout), off.Abs().Round(time.Minute)))
	}
	for _, c := range []struct {
		off       time.Duration
		kind      string
		what, fix words.Phrase
	}{
		{
			8 * time.Hour, "stamp-utc", words.Say("it is 8 hours behind: UTC instead of Asia/Shanghai", "慢 8 小时：用的是 UTC 而不是北京时间"),
			words.Say("Format the time in Asia/Shanghai: SimpleDateFormat.setTimeZone(TimeZone.getTimeZone(\"GMT+8\")), date_default_timezone_set('Asia/Shanghai'), TZ=Asia/Shanghai in a container", "请按北京时间格式化：SimpleDateFormat.setTimeZone(TimeZone.getTimeZone(\"GMT+8\"))、date_default_timezone_set('Asia/Shanghai')，容器里设置 TZ=Asia/Shanghai"),
		},
		{
			-8 * time.Hour, "stamp-shifted-twice", words.Say("it is 8 hours ahead: Asia/Shanghai's 8 hours were added twice", "快 8 小时：时区的 8 小时加了两次"),
			words.Say("Add the zone once: format the instant in Asia/Shanghai, and do not add 8 hours by hand", "时区只换算一次：按北京时间格式化，不要再手工加 8 小时"),
		},
		{
			12 * time.Hour, "stamp-12-hours", words.Say("it is 12 hours behind: a 12-hour clock (hh, %I)", "慢 12 小时：用了 12 小时制（hh、%I）"),
			words.Say("Write the hours from 00 to 23: HH in Java and .NET, %H in C, Python and PHP (H)", "小时写 00 到 23：Java、.NET 用 HH，C、Python 用 %H，PHP 用 H"),
		},
		{
			-12 * time.Hour, "stamp-12-hours", words.Say("it is 12 hours ahead: a 12-hour clock (hh, %I), at 12 o'clock at night", "快 12 小时：用了 12 小时制（hh、%I），零点写成了 12 点"),
			words.Say("Write the hours from 00 to 23: HH in Java and .NET, %H in C, Python and PHP (H)", "小时写 00 到 23：Java、.NET 用 HH，C、Python 用 %H，PHP 用 H"),
		},
		{20 * time.Hour, "stamp-utc", words.Say("it is 20 hours behind: UTC, and a 12-hour clock", "慢 20 小时：用的是 UTC，而且是 12 小时制"), stampFix},
		{-4 * time.Hour, "stamp-utc", words.Say("it is 4 hours ahead: UTC, and a 12-hour clock", "快 4 小时：用的是 UTC，而且是 12 小时制"), stampFix},
		{24 * time.Hour, "stamp-day", words.Say("it is a day behind", "慢一天"), stampFix},
		{-24 * time.Hour, "stamp-day", words.Say("it is a day ahead", "快一天"), stampFix},
	} {
		if clock, ok := near(at.Add(c.off)); ok {
			return words.Note(c.kind, c.what, evidence(clock, c.off), c.fix), true
		}
	}
	for minutes := 30; minutes <= 16*60; minutes += 30 { // other zones
		for _, off := range []time.Duration{time.Duration(minutes) * time.Minute, -time.Duration(minutes) * time.Minute} {
			if clock, ok := near(at.Add(off)); ok {
				zone := 8*60 - int(off/time.Minute)
				name := fmt.Sprintf("UTC%+03d:%02d", zone/60, (zone%60+60)%60)
				return words.Note("stamp-zone", words.Say("it is the time of the zone "+name+", not of Asia/Shanghai", "它是时区 "+name+" 的时间，而不是北京时间"), evidence(clock, off), stampFix), true
			}
		}
	}
	return otherStamp(at, stamp, near)
}

// otherStamp knows letters of a format that were mixed up, and a clock that is wrong.
func otherStamp(at time.Time, stamp string, near func(time.Time) (time.Time, bool)) (Finding, bool) {
	if _, ok := near(at.AddDate(1, 0, 0)); ok {
		return words.Note("stamp-year", words.Say("it is a year behind", "慢一年"), words.Say("the year is "+stamp[:4], "年份是 "+stamp[:4]), stampFix), true
	}
	if _, ok := near(at.AddDate(-1, 0, 0)); ok {
		return words.Note("stamp-year", words.Say("it is a year ahead: the week's year (YYYY) instead of the year (yyyy)", "快一年：用了周所在的年份（YYYY）而不是 yyyy"), words.Say("the year is "+stamp[:4], "年份是 "+stamp[:4]), words.Say("Write yyyy, not YYYY", "请用 yyyy，不要用 YYYY")), true
	}
	if stamp[10:12] == stamp[4:6] { // MM where mm belongs
		for minute := range 60 {
			if _, ok := near(time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), minute, at.Second(), 0, wire.Shanghai)); ok {
				return words.Note("stamp-month-for-minute", words.Say("the month stands where the minutes belong (MM for mm)", "分钟的位置写成了月份（mm 写成了 MM）"),
					words.Say("digits 11 and 12 are the month, "+stamp[4:6], "第 11、12 位是月份 "+stamp[4:6]), words.Say("The format is yyyyMMddHHmmss: MM is the month, mm the minutes", "格式是 yyyyMMddHHmmss：MM 是月，mm 是分")), true
			}
		}
	}
	return Finding{}, false
}

var (
	floatStamp   = regexp.MustCompile(`^\d{10}\.\d{1,9}$`)
	patternStamp = regexp.MustCompile(`^(?:[yY]{2,4}[-/]?MM[-/]?[dD]{2}.*|%Y.*|YmdHis)$`)
)

func malformedStamp(stamp string) (Finding, bool) {
	digits := strings.TrimFunc(stamp, func(r rune) bool { return r >= '0' && r <= '9' }) == "" && stamp != ""
	given := words.Visible(words.Cut(stamp, 40))
	is := func(kind string, what, fix words.Phrase) (Finding, bool) {
		return words.Note(kind, what, words.Say(fmt.Sprintf("`%s` has %d characters, 14 are wanted", given, len([]rune(stamp))), fmt.Sprintf("`%s` 有 %d 个字符，应为 14 位", given, len([]rune(stamp)))), fix), true
	}
	unix := func(seconds int64) words.Phrase {
		text := time.Unix(seconds, 0).In(wire.Shanghai).Format(wire.StampLayout)
		return words.Say("Write the instant as yyyyMMddHHmmss in Asia/Shanghai: "+text, "请写成 yyyyMMddHHmmss 格式的北京时间："+text)
	}
	n, _ := strconv.ParseInt(words.First(stamp, 18), 10, 64)
	switch {
	case digits && len(stamp) == 10:
		return is("stamp-unix-seconds", words.Say("It looks like Unix seconds", "看起来是 Unix 时间戳（秒）"), unix(n))
	case digits && len(stamp) == 13:
		return is("stamp-unix-milliseconds", words.Say("It looks like Unix milliseconds", "看起来是 Unix 时间戳（毫秒）"), unix(n/1000))
	case digits && len(stamp) == 16:
		return is("stamp-unix-microseconds", words.Say("It looks like Unix microseconds", "看起来是 Unix 时间戳（微秒）"), unix(n/1_000_000))
	case floatStamp.MatchString(stamp):
		n, _ := strconv.ParseInt(stamp[:10], 10, 64)
		return is("stamp-unix-seconds", words.Say("It looks like Unix seconds with a fraction, as Python's time.time() gives", "看起来是带小数的 Unix 时间戳（秒），如 Python 的 time.time()"), unix(n))
	case patternStamp.MatchString(stamp):
		return is("stamp-pattern", words.Say("it is the pattern of a format itself, not a time", "它是格式串本身，而不是时间"), words.Say("Format the present time with this pattern: yyyyMMddHHmmss in Java and .NET, %Y%m%d%H%M%S in C and Python, YmdHis in PHP", "请用该格式串格式化当前时间：Java、.NET 用 yyyyMMddHHmmss，C、Python 用 %Y%m%d%H%M%S，PHP 用 YmdHis"))
	case digits && len(stamp) == 12:
		return is("stamp-seconds-missing", words.Say("the seconds are missing, or the century", "缺少秒，或年份只有两位"), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	case digits && len(stamp) == 17:
		return is("stamp-milliseconds", words.Say("the milliseconds stand behind it (yyyyMMddHHmmssSSS)", "后面多了毫秒（yyyyMMddHHmmssSSS）"), words.Say("Leave the milliseconds out: "+stamp[:14], "请去掉毫秒："+stamp[:14]))
	case digits && len(stamp) == 8:
		return is("stamp-date-only", words.Say("it is a date without a time", "只有日期，没有时间"), words.Say("Write all 14 digits: yyyyMMddHHmmss", "请写满 14 位：yyyyMMddHHmmss"))
	case digits && len(stamp) == 14:
		return is("stamp-no-such-time", words.Say("It has the right length, but there is no such day or time", "长度正确，但没有这样的日期或时间"), stampFix)
	case len(stamp) >= 19 && (stamp[4] == '-' || stamp[4] == '/'):
		return is("stamp-format", words.Say("it is written with separators", "带有分隔符"), words.Say("Leave out everything but the digits: yyyyMMddHHmmss", "请只保留数字：yyyyMMddHHmmss"))
	case strings.TrimSpace(stamp) != stamp && len(strings.TrimSpace(stamp)) == 14:
		return is("stamp-padded", words.Say("white space stands around it", "前后有空白"), words.Say("Trim it", "请去掉空白"))
	}
	return Finding{}, false
}
