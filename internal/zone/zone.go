// Package zone is the time zone of every time on the wire, Asia/Shanghai, and the layouts of the platform's document.
package zone

import "time"

// Shanghai is UTC+8 without daylight saving, so that no zone database is needed.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// The layouts of times, in Shanghai's zone.
const (
	Layout      = "2006-01-02 15:04:05" // yyyy-MM-dd HH:mm:ss
	StampLayout = "20060102150405"      // yyyyMMddHHmmss: the parameter time_stamp (§3.2)
)
