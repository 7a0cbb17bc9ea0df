package inspect_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// A field of data under another name is found by case and separators, by what others call it, and by one slip.
func TestField(t *testing.T) {
	for _, c := range []struct{ name, other string }{
		{"plateNumber", "plate_number"},
		{"plateNumber", "PlateNumber"},
		{"plateNumber", "carNumber"},
		{"plateNumber", "plateNo"},
		{"plateNumber", "platNumber"},
		{"mobilePhone", "phone"},
		{"mobilePhone", "mobile"},
		{"mobilePhone", "mobliePhone"},
		{"token", "Token"},
		{"token", "access_token"},
		{"payment", "amount"},
		{"externalOrderId", "out_trade_no"},
		{"orderId", "order_id"},
		{"carFrameNum", "vin"},
		{"lon", "lng"},
		{"parkingId", "parkId"},
	} {
		f, ok := inspect.Field(c.name, []string{"unrelated", c.other})
		require.True(t, ok, c.other)
		saying{c.other, "", "field-name", "`" + c.other + "` is there; the name is " + c.name, c.other, c.name}.check(t, f)
	}
	_, ok := inspect.Field("token", []string{"plateColor", "x"})
	require.False(t, ok)
	saying{"nested", "", "field-nested", "inside of params", "params 里面", "without params"}.check(t, inspect.Nested("token", "params"))
}

// Values of §9 in the wrong form say what is wrong with them, and what was probably meant.
func TestValues(t *testing.T) {
	latitude := func(s string) (inspect.Finding, bool) { return inspect.Coordinate(s, 90) }
	longitude := func(s string) (inspect.Finding, bool) { return inspect.Coordinate(s, 180) }
	for _, c := range []struct {
		of func(string) (inspect.Finding, bool)
		saying
	}{
		{inspect.VIN, saying{"a Cyrillic letter", "LVSHВFDC7RF414158", "vin-letter", "U+0412", "U+0412", "ASCII"}},
		{inspect.VIN, saying{"a hyphen", "LVSHB-FDC7RF414158", "vin-separated", "separators", "分隔符", "LVSHBFDC7RF414158"}},
		{inspect.VIN, saying{"Chinese in it", "车架LVSHBFDC7RF41", "vin-length", "15 characters, not 17", "15 位", "17"}},
		{inspect.Moment, saying{"two spaces", "2017-08-20  13:30:00", "value-padded", "white space", "空白", "2017-08-20 13:30:00"}},
		{inspect.Moment, saying{"a no-break space", "2017-08-20\u00a013:30:00", "value-padded", "white space", "空白", "2017-08-20 13:30:00"}},
		{inspect.Moment, saying{"the 30th of February", "2017-02-30 13:30:00", "time-format", "no such day", "没有这一天", "yyyy-MM-dd"}},
		{inspect.Moment, saying{"24 o'clock", "2017-08-20 24:00:00", "time-format", "kk", "kk", "yyyy-MM-dd"}},
		{inspect.Moment, saying{"an American date", "08/20/2017 13:30:00", "time-format", "American", "美式", "2017-08-20 13:30:00"}},
		{inspect.Phone, saying{"the country's prefix", "+8613800000001", "phone-prefix", "+86", "+86", "13800000001"}},
		{inspect.Phone, saying{"the prefix in zeros", "008613800000001", "phone-prefix", "0086", "0086", "13800000001"}},
		{inspect.Phone, saying{"the prefix with a space", "86 138 0000 0001", "phone-prefix", "prefix 86", "86", "13800000001"}},
		{inspect.Phone, saying{"hyphens", "138-0000-0001", "phone-separated", "separators", "分隔符", "13800000001"}},
		{inspect.Phone, saying{"white space", " 13800000001", "value-padded", "white space", "空白", "13800000001"}},
		{inspect.Phone, saying{"a left-to-right mark", "\u202d13800000001", "value-padded", "invisible", "不可见", "13800000001"}},
		{inspect.Phone, saying{"full width", "１３８０００００００１", "full-width", "full-width", "全角", "13800000001"}},
		{inspect.Phone, saying{"a double", "1.3800000001E10", "phone-as-number", "floating-point", "浮点数", "text"}},
		{inspect.Phone, saying{"masked", "138****0001", "phone-masked", "masked", "脱敏", "11 digits"}},
		{inspect.Phone, saying{"ten digits", "1380000000", "phone-length", "10, not 11 digits", "10 位", "11 digits"}},
		{inspect.Phone, saying{"a landline", "02388888888", "phone-not-mobile", "no mobile", "不是手机号", "landline"}},
		{inspect.Phone, saying{"an object", `{"a":1}`, "value-structured", "an object or a list", "对象或数组", "alone"}},
		{inspect.Phone, saying{"a list", `["13800000001"]`, "value-structured", "an object or a list", "对象或数组", "alone"}},
		{inspect.Phone, saying{"an object's text", "[object Object]", "value-structured", "an object or a list", "对象或数组", "alone"}},
		{inspect.Phone, saying{"a placeholder", "${phone}", "value-unset", "without a value", "未赋值", "value"}},
		{inspect.Phone, saying{"undefined", "undefined", "value-unset", "without a value", "未赋值", "value"}},
		{inspect.Payment, saying{"a currency", "¥8.00", "amount-unit", "currency", "货币", "8.00"}},
		{inspect.Payment, saying{"yuan in words", "8元", "amount-unit", "currency", "货币", "8.00"}},
		{inspect.Payment, saying{"three places", "8.000", "amount-places", "two places", "两位", "8.00"}},
		{inspect.Payment, saying{"no digit before the point", ".5", "amount-places", "lacks a digit", "缺少数字", "0.50"}},
		{inspect.Payment, saying{"a double's rest", "5.500000000000001", "amount-places", "floating-point", "浮点数", "BigDecimal"}},
		{inspect.Payment, saying{"an exponent", "8e0", "amount-exponent", "scientific", "科学计数法", "8.00"}},
		{inspect.Payment, saying{"a sign", "+8", "amount-sign", "plus sign", "加号", "8.00"}},
		{inspect.Payment, saying{"below zero", "-8", "amount-negative", "below 0", "小于 0", "above 0"}},
		{inspect.Payment, saying{"zero", "0.00", "amount-zero", "it is 0", "它是 0", "orderpaid"}},
		{inspect.Payment, saying{"thousands", "1,000.00", "amount-comma", "comma", "逗号", "thousands"}},
		{inspect.Payment, saying{"a comma for the point", "5,50", "amount-comma", "comma", "逗号", "point"}},
		{inspect.Payment, saying{"full width", "８．００", "full-width", "full-width", "全角", "8.00"}},
		{inspect.Payment, saying{"words", "eight", "amount-not-a-number", "no number", "不是数字", "decimal"}},
		{inspect.Payment, saying{"NaN", "NaN", "value-unset", "without a value", "未赋值", "value"}},
		{inspect.Moment, saying{"slashes", "2017/10/27 09:30:00", "time-format", "slashes", "斜杠", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"no zeros", "2017-8-7 9:5:0", "time-format", "zeros", "缺少 0", "2017-08-07 09:05:00"}},
		{inspect.Moment, saying{"a T", "2017-10-27T09:30:00", "time-format", "a T stands", "是 T", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"ISO in UTC", "2017-10-27T01:30:00Z", "time-format", "ISO 8601", "ISO 8601", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"JSON of a Date", "2017-10-27T01:30:00.000Z", "time-format", "ISO 8601", "ISO 8601", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"a Timestamp", "2017-10-27 09:30:00.0", "time-format", "fractions", "毫秒", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"no seconds", "2017-10-27 09:30", "time-format", "seconds are missing", "缺少秒", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"a date", "2017-10-27", "time-format", "time of day", "只有日期", "yyyy-MM-dd HH:mm:ss"}},
		{inspect.Moment, saying{"a stamp", "20171027093000", "time-format", "time_stamp", "time_stamp", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"milliseconds", "1509067800000", "time-unix", "Unix time", "Unix", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"the PDF's spaces", "2017-10-27 09: 30: 00", "value-padded", "PDF", "PDF", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"full-width colons", "2017-10-27 09：30：00", "value-padded", "full-width", "全角", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"in Chinese", "2017年10月27日 09:30:00", "time-format", "Chinese", "年月日", "2017-10-27 09:30:00"}},
		{inspect.Moment, saying{"no such day", "2017-02-30 09:30:00", "time-format", "no such time", "没有这样的时间", "yyyy-MM-dd"}},
		{inspect.Color, saying{"in words", "蓝色", "color-in-words", "in words", "文字", "number: 1"}},
		{inspect.Color, saying{"a zero before it", "01", "color-number", "otherwise", "写法不同", "1 blue"}},
		{inspect.Color, saying{"green", "5", "color-unknown", "no such colour", "没有这种颜色", "1 blue"}},
		{inspect.VIN, saying{"lower case", "lsvau2180n2183294", "vin-case", "lower-case", "小写", "LSVAU2180N2183294"}},
		{inspect.VIN, saying{"an O", "LSVAU218ON2183294", "vin-letter", "no I, O and Q", "没有字母", "digits"}},
		{inspect.VIN, saying{"too short", "LSVAU2180N21832", "vin-length", "15 characters, not 17", "15 位", "17"}},
		{inspect.VIN, saying{"spaces", "LSVAU2180 N2183294", "value-padded", "white space", "空白", "LSVAU2180N2183294"}},
		{latitude, saying{"swapped", "106.551", "coordinate-swapped", "swapped", "写反", "latitude"}},
		{latitude, saying{"both", "29.56,106.55", "coordinate-pair", "both", "两个坐标", "apart"}},
		{latitude, saying{"degrees", "29°33'", "coordinate-degrees", "degrees", "度分秒", "29.563"}},
		{longitude, saying{"millionths", "106551000", "coordinate-unit", "millionths", "百万分之一", "29.563"}},
		{longitude, saying{"nothing", "null", "value-unset", "without a value", "未赋值", "value"}},
		{inspect.Radius, saying{"kilometres", "2", "radius-kilometres", "kilometres", "公里", "2000"}},
		{inspect.Radius, saying{"a unit", "1000m", "radius-unit", "unit", "单位", "whole metres"}},
		{inspect.Radius, saying{"a fraction", "1000.0", "radius-fraction", "fraction", "小数", "1000"}},
		{inspect.Radius, saying{"too large", "10000", "radius-range", "outside", "不在", "5000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ok := c.of(c.given)
			require.True(t, ok)
			c.check(t, f)
		})
	}
}
