package diagnose

import (
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// stamps makes a row's try of a function that gives other texts of the instant.
func stamps(of func(at time.Time, sent string, few bool) []string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, few bool, yield func(guess) bool) bool {
		at, err := time.ParseInLocation(zone.StampLayout, s.right.stamp, zone.Shanghai)
		if err != nil {
			return true
		}
		for _, stamp := range of(at, s.right.stamp, few) {
			if g.stamp = stamp; stamp != s.right.stamp && !yield(g) {
				return false
			}
		}
		return true
	}
}

var stampRows = []hypothesis{
	{
		kind: "stamp-format", in: ofRequests, at: inStamp, what: words.Say("time_stamp was signed in another format than it was sent in", "签名用的 time_stamp 与发送的格式不同"),
		fix: words.Say("Sign the very text that is sent as time_stamp, yyyyMMddHHmmss (§6)", "签名要用与所发 time_stamp 完全相同的文本，yyyyMMddHHmmss（§6）"),
		try: stamps(func(at time.Time, sent string, few bool) []string {
			seconds := strconv.FormatInt(at.Unix(), 10)
			if few {
				return []string{at.Format(time.DateTime), seconds, seconds + "000"}
			}
			formats := []string{seconds, seconds + "000"}
			formats = append(formats, sent+"000")
			for _, layout := range []string{
				time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02T15:04:05.000Z07:00", "2006/01/02 15:04:05", "20060102030405",
				"200601021504", "060102150405", "2006-01-02 15:04", time.DateOnly, "20060102", "2006-1-2 15:04:05", "2006/1/2 15:04:05",
			} {
				formats = append(formats, at.Format(layout), at.UTC().Format(layout))
			}
			formats = slices.DeleteFunc(formats, func(f string) bool { return f == at.UTC().Format(zone.StampLayout) }) // that is stamp-zone
			return formats
		}),
	},
	{
		kind: "stamp-zone", in: ofRequests, at: inStamp, what: words.Say("time_stamp was signed in another time zone than it was sent in", "签名用的 time_stamp 与发送的时区不同"),
		fix: words.Say("Sign the very text that is sent as time_stamp, in Asia/Shanghai", "签名要用与所发 time_stamp 完全相同的文本，北京时间"),
		try: stamps(func(at time.Time, _ string, few bool) (zones []string) {
			if few {
				return []string{at.UTC().Format(zone.StampLayout)}
			}
			for hour := -12; hour <= 14; hour++ {
				zones = append(zones, at.In(time.FixedZone("", hour*60*60)).Format(zone.StampLayout))
			}
			return zones
		}),
	},
	{
		kind: "stamp-drift", in: ofRequests, at: inStamp, what: words.Say("time_stamp was signed with another second than it was sent with", "签名用的 time_stamp 与发送的相差几秒"),
		fix: words.Say("The clock was asked twice; keep one time_stamp, sign it and send it", "取了两次当前时间；请只取一次 time_stamp，既用于签名也用于发送"),
		try: stamps(func(at time.Time, _ string, few bool) (near []string) {
			most := 10
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
