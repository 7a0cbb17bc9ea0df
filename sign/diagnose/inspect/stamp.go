package inspect

import (
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var stampFix = words.Phrase{En: "Send the present time as yyyyMMddHHmmss in Asia/Shanghai, 24 hours", Zh: "请发送 yyyyMMddHHmmss 格式的当前北京时间，24 小时制"}

// Stamp says why a time_stamp (§3.2) is malformed or far from every clock: another format, UTC, a 12-hour clock, another zone, a clock that is wrong. The clocks are those that it
// may agree with; false where nothing is known of it.
func Stamp(stamp string, clocks ...time.Time) (Finding, bool) {
	at, err := time.ParseInLocation(zone.StampLayout, stamp, zone.Shanghai)
	if err != nil || len(stamp) != len(zone.StampLayout) {
		return malformedStamp(stamp, clocks)
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
		return agoOf(stamp, off.Round(time.Minute), clock)
	}
	for _, c := range []struct {
		off       time.Duration
		kind      string
		what, fix words.Phrase
	}{
		{
			8 * time.Hour, "stamp-utc",
			words.Phrase{En: "it is 8 hours behind: UTC instead of Asia/Shanghai", Zh: "慢 8 小时：用的是 UTC 而不是北京时间"},
			words.Phrase{En: "Format the time in Asia/Shanghai: SimpleDateFormat.setTimeZone(TimeZone.getTimeZone(\"GMT+8\")), date_default_timezone_set('Asia/Shanghai'), datetime.now(ZoneInfo(\"Asia/Shanghai\")), toLocaleString('sv-SE', {timeZone: 'Asia/Shanghai'}), time.Now().In(shanghai), TZ=CST-8 date in a shell, TZ=Asia/Shanghai in a container", Zh: "请按北京时间格式化：SimpleDateFormat.setTimeZone(TimeZone.getTimeZone(\"GMT+8\"))、date_default_timezone_set('Asia/Shanghai')、datetime.now(ZoneInfo(\"Asia/Shanghai\"))、toLocaleString('sv-SE', {timeZone: 'Asia/Shanghai'})、time.Now().In(shanghai)，shell 里用 TZ=CST-8 date，容器里设置 TZ=Asia/Shanghai"},
		},
		{
			-8 * time.Hour, "stamp-shifted-twice",
			words.Phrase{En: "it is 8 hours ahead: Asia/Shanghai's 8 hours were added twice", Zh: "快 8 小时：时区的 8 小时加了两次"},
			words.Phrase{En: "Add the zone once: format the instant in Asia/Shanghai, and do not add 8 hours by hand", Zh: "时区只换算一次：按北京时间格式化，不要再手工加 8 小时"},
		},
		{
			12 * time.Hour, "stamp-12-hours",
			words.Phrase{En: "it is 12 hours behind: a 12-hour clock (hh, %I)", Zh: "慢 12 小时：用了 12 小时制（hh、%I）"},
			words.Phrase{En: "Write the hours from 00 to 23: HH in Java and .NET, %H in C, Python and PHP (H)", Zh: "小时写 00 到 23：Java、.NET 用 HH，C、Python 用 %H，PHP 用 H"},
		},
		{
			-12 * time.Hour, "stamp-12-hours",
			words.Phrase{En: "it is 12 hours ahead: a 12-hour clock (hh, %I), at 12 o'clock at night", Zh: "快 12 小时：用了 12 小时制（hh、%I），零点写成了 12 点"},
			words.Phrase{En: "Write the hours from 00 to 23: HH in Java and .NET, %H in C, Python and PHP (H)", Zh: "小时写 00 到 23：Java、.NET 用 HH，C、Python 用 %H，PHP 用 H"},
		},
		{20 * time.Hour, "stamp-utc", words.Phrase{En: "it is 20 hours behind: UTC, and a 12-hour clock", Zh: "慢 20 小时：用的是 UTC，而且是 12 小时制"}, stampFix},
		{-4 * time.Hour, "stamp-utc", words.Phrase{En: "it is 4 hours ahead: UTC, and a 12-hour clock", Zh: "快 4 小时：用的是 UTC，而且是 12 小时制"}, stampFix},
		{24 * time.Hour, "stamp-day", words.Phrase{En: "it is a day behind", Zh: "慢一天"}, stampFix},
		{-24 * time.Hour, "stamp-day", words.Phrase{En: "it is a day ahead", Zh: "快一天"}, stampFix},
	} {
		if clock, ok := near(at.Add(c.off)); ok {
			return words.Note(c.kind, c.what, evidence(clock, c.off), c.fix), true
		}
	}
	for minutes := 30; minutes <= 16*60; minutes += 30 { // other zones
		for _, off := range []time.Duration{time.Duration(minutes) * time.Minute, -time.Duration(minutes) * time.Minute} {
			if clock, ok := near(at.Add(off)); ok {
				name := clock.In(time.FixedZone("", int((8*time.Hour-off)/time.Second))).Format("UTC-07:00")
				return words.Note("stamp-zone", words.Phrase{En: "it is the time of the zone " + name + ", not of Asia/Shanghai", Zh: "它是时区 " + name + " 的时间，而不是北京时间"}, evidence(clock, off), stampFix), true
			}
		}
	}
	return otherStamp(at, stamp, clocks, near)
}

// otherStamp knows letters of a format that were mixed up, and a clock that is wrong.
func otherStamp(at time.Time, stamp string, clocks []time.Time, near func(time.Time) (time.Time, bool)) (Finding, bool) {
	if _, ok := near(at.AddDate(1, 0, 0)); ok {
		return words.Note("stamp-year", words.Phrase{En: "it is a year behind", Zh: "慢一年"}, words.Phrase{En: "the year is " + stamp[:4], Zh: "年份是 " + stamp[:4]}, stampFix), true
	}
	if _, ok := near(at.AddDate(-1, 0, 0)); ok {
		return words.Note("stamp-year", words.Phrase{En: "it is a year ahead: the week's year (YYYY) instead of the year (yyyy)", Zh: "快一年：用了周所在的年份（YYYY）而不是 yyyy"}, words.Phrase{En: "the year is " + stamp[:4], Zh: "年份是 " + stamp[:4]}, words.Phrase{En: "Write yyyy, not YYYY", Zh: "请用 yyyy，不要用 YYYY"}), true
	}
	if stamp[10:12] == stamp[4:6] { // MM where mm belongs
		for minute := range 60 {
			if _, ok := near(time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), minute, at.Second(), 0, zone.Shanghai)); ok {
				return words.Note("stamp-month-for-minute", words.Phrase{En: "the month stands where the minutes belong (MM for mm)", Zh: "分钟的位置写成了月份（mm 写成了 MM）"},
					words.Phrase{En: "digits 11 and 12 are the month, " + stamp[4:6], Zh: "第 11、12 位是月份 " + stamp[4:6]}, words.Phrase{En: "The format is yyyyMMddHHmmss: MM is the month, mm the minutes", Zh: "格式是 yyyyMMddHHmmss：MM 是月，mm 是分"}), true
			}
		}
	}
	if f, ok := wrongDate(at, stamp, near); ok {
		return f, true
	}
	return staleStamp(at, stamp, clocks)
}

var localeFix = words.Phrase{En: "Format with Locale.ROOT or CultureInfo.InvariantCulture", Zh: "格式化时请用 Locale.ROOT 或 CultureInfo.InvariantCulture"}

// exampleStamp is the one of the document's example (§6).
const exampleStamp = "20170721132452"

// wrongDate knows a date whose parts were taken from the wrong function or calendar.
func wrongDate(at time.Time, stamp string, near func(time.Time) (time.Time, bool)) (Finding, bool) {
	date := words.Phrase{En: "the date is " + stamp[:8], Zh: "日期是 " + stamp[:8]}
	for _, c := range []struct {
		meant     time.Time
		kind      string
		what, fix words.Phrase
	}{
		{
			at.AddDate(0, 1, 0), "stamp-month",
			words.Phrase{En: "it is a month behind: getMonth() counts from 0", Zh: "慢一个月：getMonth() 从 0 开始计"},
			words.Phrase{En: "Add 1 to getMonth() in JavaScript, to Calendar.MONTH in Java, to tm_mon in C", Zh: "JavaScript 的 getMonth()、Java 的 Calendar.MONTH、C 的 tm_mon 都要加 1"},
		},
		{at.AddDate(0, -1, 0), "stamp-month", words.Phrase{En: "it is a month ahead: 1 was added to the month twice", Zh: "快一个月：月份加了两次 1"}, words.Phrase{En: "Add 1 to the month once, and only where it counts from 0", Zh: "月份只在从 0 开始计时加一次 1"}},
		{at.AddDate(621, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Persian calendar", Zh: "年份是波斯历"}, localeFix},
		{at.AddDate(578, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Islamic calendar", Zh: "年份是伊斯兰历"}, localeFix},
		{at.AddDate(579, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Islamic calendar", Zh: "年份是伊斯兰历"}, localeFix},
		{at.AddDate(2018, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Japanese calendar (Reiwa)", Zh: "年份是日本年号（令和）"}, localeFix},
		{at.AddDate(-543, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Buddhist calendar, of a Thai locale", Zh: "年份是佛历（泰国区域设置）"}, localeFix},
		{at.AddDate(1911, 0, 0), "stamp-year", words.Phrase{En: "its year is that of the Minguo calendar, of a Taiwanese locale", Zh: "年份是民国纪年（台湾区域设置）"}, localeFix},
		{at.AddDate(1900, 0, 0), "stamp-year", words.Phrase{En: "its year counts from 1900: getYear() or tm_year", Zh: "年份从 1900 起计：用了 getYear() 或 tm_year"}, words.Phrase{En: "Use getFullYear(), or add 1900 to tm_year", Zh: "请用 getFullYear()，或给 tm_year 加 1900"}},
		{
			time.Date(at.Year(), time.Month(at.Day()), int(at.Month()), at.Hour(), at.Minute(), at.Second(), 0, zone.Shanghai), "stamp-order",
			words.Phrase{En: "the day stands before the month", Zh: "日写在了月的前面"},
			words.Phrase{En: "The order is yyyyMMddHHmmss: the month, then the day", Zh: "顺序是 yyyyMMddHHmmss：先月后日"},
		},
	} {
		if _, ok := near(c.meant); ok {
			return words.Note(c.kind, c.what, date, c.fix), true
		}
	}
	for day := 1; day <= 31; day++ {
		meant := time.Date(at.Year(), at.Month(), day, at.Hour(), at.Minute(), at.Second(), 0, zone.Shanghai)
		if _, ok := near(meant); ok && int(meant.Weekday()) == at.Day()%7 && at.Day() <= 7 {
			return words.Note("stamp-weekday", words.Phrase{En: "the day of the week stands where the day of the month belongs: getDay() for getDate()", Zh: "日的位置写成了星期几：应用 getDate() 而不是 getDay()"}, date, words.Phrase{En: "Use getDate(): it gives the day of the month", Zh: "请用 getDate()，它返回几号"}), true
		}
	}
	return Finding{}, false
}

// staleStamp says of a stamp that nothing else explains how it may have come about: the document's example, one that was kept, a clock that is wrong.
func staleStamp(at time.Time, stamp string, clocks []time.Time) (Finding, bool) {
	if stamp == exampleStamp {
		return words.Note("stamp-example", words.Phrase{En: "it is the time_stamp of the document's example", Zh: "它是文档示例中的 time_stamp"}, words.Phrase{En: "§6 has " + exampleStamp, Zh: "§6 的示例是 " + exampleStamp}, stampFix), true
	}
	if stamp == zone.StampLayout {
		return words.Note("stamp-pattern", words.Phrase{En: "it is Go's layout of a time, not a time", Zh: "它是 Go 的时间格式串，而不是时间"}, words.Phrase{En: "Go's layout is " + zone.StampLayout, Zh: "Go 的格式串是 " + zone.StampLayout}, words.Phrase{En: "Send time.Now().In(shanghai).Format(\"20060102150405\")", Zh: "请发送 time.Now().In(shanghai).Format(\"20060102150405\")"}), true
	}
	if len(clocks) == 0 {
		return Finding{}, false
	}
	off := at.Sub(clocks[0])
	if off.Abs() > farthest {
		return distantStamp(at, stamp)
	}
	if off < 0 {
		return words.Note("stamp-old", words.Phrase{En: "it is old: it was made once and kept, or the client's clock is slow", Zh: "它太旧：只生成了一次并一直沿用，或客户端时钟偏慢"}, agoOf(stamp, off, clocks[0]),
			words.Phrase{En: "Make a new time_stamp for each request (and for each retry), and set the client's clock (NTP)", Zh: "每次请求（包括重试）都重新生成 time_stamp，并校准客户端时钟（NTP）"}), true
	}
	return words.Note("stamp-ahead", words.Phrase{En: "it lies in the future: the client's clock is fast", Zh: "它在未来：客户端时钟偏快"}, agoOf(stamp, off, clocks[0]), words.Phrase{En: "Set the client's clock (NTP)", Zh: "请校准客户端时钟（NTP）"}), true
}

// farthest is how far from the clock a stamp may be that was kept, or that a wrong clock has given.
const farthest = 366 * 24 * time.Hour

// distantStamp knows stamps of years that nobody has meant: the beginning of Unix time and seconds taken for milliseconds, and a year of another age.
func distantStamp(at time.Time, stamp string) (Finding, bool) {
	date := words.Phrase{En: "the year is " + stamp[:4], Zh: "年份是 " + stamp[:4]}
	switch {
	case at.Year() == 1970 || at.Year() == 1969:
		return words.Note("stamp-epoch", words.Phrase{En: "it lies at the beginning of Unix time: the time was 0, or seconds were taken for milliseconds", Zh: "它在 Unix 时间的起点附近：时间为 0，或把秒当成了毫秒"}, date,
			words.Phrase{En: "Take the present time: new Date(seconds * 1000) in JavaScript and Java, or the clock itself", Zh: "请取当前时间：JavaScript、Java 用 new Date(秒数 * 1000)，或直接读时钟"}), true
	case at.Year() < 1900 || at.Year() > 2200:
		return words.Note("stamp-year", words.Phrase{En: "its year is none of these times: that of another calendar, or a number cut out wrongly", Zh: "年份不合理：是其他历法的年份，或截取数字时出错"}, date, localeFix), true
	}
	return words.Note("stamp-year", words.Phrase{En: "its year is far from every clock's", Zh: "年份与任何时钟都相差很远"}, date, stampFix), true
}

func agoOf(stamp string, off time.Duration, clock time.Time) words.Phrase {
	off = off.Abs().Round(time.Second)
	return words.Phrase{
		En: fmt.Sprintf("%s is %s away from the clock's %s", stamp, duration.Prose(off), clock.In(zone.Shanghai).Format(zone.StampLayout)),
		Zh: fmt.Sprintf("%s 与时钟的 %s 相差 %s", stamp, clock.In(zone.Shanghai).Format(zone.StampLayout), duration.Chinese(off)),
	}
}
