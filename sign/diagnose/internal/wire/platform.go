package wire

import (
	"time"
)

// StampLayout is the format of a time_stamp (§3.2).
const StampLayout = "20060102150405"

// Shanghai is the time zone of every time of the platform (§3.2); it has no summer time.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Characters of plates (§9.4): what a province's begins with, and what may stand at the end.
const (
	PlateProvinces = "渝京津沪冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
	PlateEnds      = "学警港澳挂领试超急应"
)
