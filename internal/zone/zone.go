// Package zone is the time zone of every time on the wire, Asia/Shanghai, and the layouts of the platform's document.
package zone

import (
	"fmt"
	"strings"
	"time"
)

// Shanghai is UTC+8 without daylight saving, so that no zone database is needed.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// The layouts of times, in Shanghai's zone.
const (
	Layout      = "2006-01-02 15:04:05" // yyyy-MM-dd HH:mm:ss
	StampLayout = "20060102150405"      // yyyyMMddHHmmss: the parameter time_stamp (§3.2)
)

// Parse reads a time as people give it to the control API and to the commands: yyyy-MM-dd HH:mm:ss in Shanghai's zone, or RFC 3339
// (2026-11-28T12:00:00+08:00). What it gives is in Shanghai's zone. It is a whole second where the text has no fraction of one.
func Parse(text string) (at time.Time, whole bool, err error) {
	if at, err = time.ParseInLocation(Layout, text, Shanghai); err == nil && at.Format(Layout) == text { // it takes looser ones
		return at, true, nil
	}
	if at, err = time.Parse(time.RFC3339, text); err != nil {
		return time.Time{}, false, fmt.Errorf("time %q: neither yyyy-MM-dd HH:mm:ss nor RFC 3339", text)
	}
	return at.In(Shanghai), !strings.ContainsAny(text, ".,"), nil
}
