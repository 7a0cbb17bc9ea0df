package inspect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// A stamp that is no 14 digits, or no time, says what it is instead (§3.2).
func TestStamp_malformed(t *testing.T) {
	t.Parallel()
	for _, s := range []saying{
		{"no zeros before digits", "2017872130", "stamp-unix-seconds", "Unix seconds", "秒", "yyyyMMddHHmmss"}, // ten digits are more often those
		{"zeros missing", "2017872213000", "stamp-zeros-missing", "zeros are missing", "缺少 0", "padStart"},
		{"two digits of the year", "171027213000", "stamp-century-missing", "two digits", "两位", "yyyy, not yy"},
		{"microseconds", "1509111000000000", "stamp-unix-microseconds", "microseconds", "微秒", "20171027213000"},
		{"time.time()", "1509111000.25", "stamp-unix-seconds", "fraction", "带小数", "20171027213000"},
		{"the pattern itself", "yyyyMMddHHmmss", "stamp-pattern", "the pattern", "格式串", "Format the present time"},
		{"strftime's pattern", "%Y%m%d%H%M%S", "stamp-pattern", "the pattern", "格式串", "Format the present time"},
		{"a year of Taiwan", "1151128143656", "stamp-year", "Minguo", "民国", "Locale.ROOT"},
		{"a date of Taiwan", "115/11/28 14:36:56", "stamp-year", "Minguo", "民国", "Locale.ROOT"},
		{"a date of Taiwan in words", "民國115年11月28日14:36:56", "stamp-year", "Minguo", "民国", "Locale.ROOT"},
		{"a year of Japan", "R81128143656", "stamp-year", "Japanese", "日本年号", "Locale.ROOT"},
		{"a date of Thailand", "2569-11-28 14:36:56", "stamp-year", "Buddhist", "佛历", "Locale.ROOT"},
		{"Chinese numerals", "二〇一七一〇二七二一三〇〇〇", "stamp-foreign-digits", "Chinese numerals", "汉字数字", "20171027213000"},
		{"NaN for each part", "NaNNaNNaNNaNNaNNaN", "stamp-unset", "without a value", "未赋值", "yyyyMMddHHmmss"},
		{"the letter O", "2O171027213000", "stamp-characters", "character 2 is `O`", "第 2 个字符是 `O`", "yyyyMMddHHmmss"},
		{"a date", "20171027", "stamp-date-only", "without a time", "只有日期", "14 digits"},
		{"DD for dd", "201710300213000", "stamp-day-of-year", "day of the year", "第几天", "dd, not DD"},
		{"SS for ss", "201710272130001", "stamp-length", "digit too many", "多了一位", "14 digits"},
		{"kk for HH", "20171027241500", "stamp-24", "hour is 24", "小时是 24", "HH"},
		{"getMonth() in January", "20170027213000", "stamp-month", "month is 00", "月份是 00", "Add 1"},
		{"mm for MM", "20173027213000", "stamp-minute-for-month", "minutes stand where the month", "写成了分钟", "MM is the month"},
		{"day, month and year", "27102017213000", "stamp-order", "ddMMyyyyHHmmss", "ddMMyyyyHHmmss", "yyyyMMddHHmmss"},
		{"the day before the month", "20172710213000", "stamp-order", "yyyyddMMHHmmss", "yyyyddMMHHmmss", "yyyyMMddHHmmss"},
		{"the time before the date", "21304520171027", "stamp-order", "HHmmssyyyyMMdd", "HHmmssyyyyMMdd", "yyyyMMddHHmmss"},
		{"a few digits", "2017", "stamp-length", "4 digits, not 14", "4 位数字", "14 digits"},
		{"quotes", `"20171027213000"`, "stamp-padded", "quotes", "引号", "nothing else"},
		{"white space", " 20171027213000\t", "stamp-padded", "white space", "空白", "Trim"},
		{"something invisible", "\u200b20171027213000", "stamp-padded", "invisible", "不可见", "Trim"},
		{"full width", "２０１７１０２７２１３０００", "stamp-full-width", "full-width", "全角", "20171027213000"},
		{"a double", "1.509111E12", "stamp-unix-milliseconds", "floating-point", "浮点数", "yyyyMMddHHmmss"},
		{"null", "null", "stamp-unset", "without a value", "未赋值", "yyyyMMddHHmmss"},
		{"a template", "${timestamp}", "stamp-unset", "without a value", "未赋值", "yyyyMMddHHmmss"},
		{"Date.toString()", "Fri Oct 27 21:30:00 CST 2017", "stamp-format", "in words", "文字", "pattern"},
		{"ISO 8601 in UTC", "2017-10-27T13:30:00Z", "stamp-format", "in UTC (Z)", "UTC", "Asia/Shanghai"},
		{"ISO 8601 with its zone", "2017-10-27T21:30:00+08:00", "stamp-format", "separators", "分隔符", "digits"},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f, ok := inspect.Stamp(s.given)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	for _, stamp := range []string{"", "soon", "2017-10"} {
		_, ok := inspect.Stamp(stamp)
		require.False(t, ok, stamp)
	}
}

// A stamp that is a time and far from the clock says which slip leads from the one to the other.
func TestStamp_shifted(t *testing.T) {
	t.Parallel()
	clock := time.Date(2017, 10, 11, 21, 31, 0, 0, zone.Shanghai) // a Wednesday
	at := func(shift func(time.Time) time.Time) string { return shift(clock).Format(zone.StampLayout) }
	add := func(d time.Duration) string { return clock.Add(d).Format(zone.StampLayout) }
	for _, s := range []saying{
		{"hh at midnight", add(12 * time.Hour), "stamp-12-hours", "12 hours ahead", "零点", "HH"},
		{"UTC, hh", add(-20 * time.Hour), "stamp-utc", "20 hours behind", "慢 20 小时", "24 hours"},
		{"UTC, hh, in the morning", add(4 * time.Hour), "stamp-utc", "4 hours ahead", "快 4 小时", "24 hours"},
		{"yesterday", add(-24 * time.Hour), "stamp-day", "a day behind", "慢一天", "present time"},
		{"tomorrow", add(24 * time.Hour), "stamp-day", "a day ahead", "快一天", "present time"},
		{"a zone of half hours behind UTC", add(-(8*time.Hour + 3*time.Hour + 30*time.Minute)), "stamp-zone", "UTC-03:30", "UTC-03:30", "Asia/Shanghai"},
		{"a year ago", at(func(t time.Time) time.Time { return t.AddDate(-1, 0, 0) }), "stamp-year", "a year behind", "慢一年", "present time"},
		{"getMonth()", at(func(t time.Time) time.Time { return t.AddDate(0, -1, 0) }), "stamp-month", "a month behind", "慢一个月", "Add 1"},
		{"one month too many", at(func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }), "stamp-month", "a month ahead", "快一个月", "once"},
		{"a Thai locale", at(func(t time.Time) time.Time { return t.AddDate(543, 0, 0) }), "stamp-year", "Buddhist", "佛历", "Locale.ROOT"},
		{"a Taiwanese locale", at(func(t time.Time) time.Time { return t.AddDate(-1911, 0, 0) }), "stamp-year", "Minguo", "民国", "Locale.ROOT"},
		{"tm_year", at(func(t time.Time) time.Time { return t.AddDate(-1900, 0, 0) }), "stamp-year", "counts from 1900", "从 1900 起", "getFullYear"},
		{"the day before the month", "20171110213100", "stamp-order", "day stands before the month", "日写在了月的前面", "month, then the day"},
		{"getDay()", "20171003213100", "stamp-weekday", "day of the week", "星期几", "getDate"},
		{"the document's example", "20170721132452", "stamp-example", "example", "示例", "present time"},
		{"an old one", add(-400 * time.Minute), "stamp-old", "6h40m away", "相差 6 小时 40 分", "new time_stamp"},
		{"one to come", add(400 * time.Minute), "stamp-ahead", "in the future", "在未来", "NTP"},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f, ok := inspect.Stamp(s.given, clock)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	f, ok := inspect.Stamp(add(-8*time.Hour), clock.AddDate(0, 0, -3), clock)
	require.True(t, ok)
	require.Equal(t, "stamp-utc", f.Kind, "of several clocks the one that it may agree with")
	_, ok = inspect.Stamp(add(0))
	require.False(t, ok, "nothing is known of a time without a clock")
}

// Whatever the zone of a client is, its name is that of its offset, to the half hour and within three minutes.
func TestStamp_zones(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := time.Date(2017, 10, 27, 21, 30, 0, 0, zone.Shanghai)
		halves := rapid.IntRange(-16, 28).Draw(t, "half hours from UTC")
		drift := time.Duration(rapid.IntRange(-179, 179).Draw(t, "drift")) * time.Second
		off := time.Duration(halves)*30*time.Minute - 8*time.Hour
		f, ok := inspect.Stamp(clock.Add(off+drift).Format(zone.StampLayout), clock)
		require.True(t, ok)
		if slices.Contains([]time.Duration{0, -8 * time.Hour, 8 * time.Hour, -12 * time.Hour, 12 * time.Hour, 4 * time.Hour}, off) {
			return // what explains more
		}
		require.Equal(t, "stamp-zone", f.Kind, off)
		name := time.Date(2017, 1, 1, 0, 0, 0, 0, time.FixedZone("", halves*1800)).Format("UTC-07:00")
		require.Contains(t, f.Detail, name+",")
	})
}

// Thirteen digits that are today's day of the year and a time are that, where the clock says so, and a stamp without its zeros elsewhere.
func TestStamp_dayOfYear(t *testing.T) {
	at := time.Date(2026, 11, 28, 4, 46, 36, 0, zone.Shanghai)
	f, ok := inspect.Stamp("2026332044636", at)
	require.True(t, ok)
	require.Equal(t, "stamp-day-of-year", f.Kind)
	require.Contains(t, f.Fix, "%m and %d")
	require.Contains(t, f.DetailZh, "第几天")
	f, _ = inspect.Stamp("2026332044636")
	require.Equal(t, "stamp-zeros-missing", f.Kind)
}
