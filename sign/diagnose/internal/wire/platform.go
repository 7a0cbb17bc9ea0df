package wire

// Characters of plates (§9.4): what a province's begins with, and what may stand at the end.
const (
	PlateProvinces = "渝京津沪冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
	PlateLast      = "学警港澳挂领试超"
	PlateEnds      = PlateLast + "急应"
)

// Endpoints are the names of the endpoints of §9, the last parts of their paths.
var Endpoints = []string{
	"uservalidatecode", "userlogin", "usersigin", "bindcar", "unbindcar", "orderhistory", "orderunpay", "orderpaid", "carretrieve", "surroundingparking", "parkingstatus", "carnum",
}

// Fields are the names that data has at the endpoints of §9.
var Fields = []string{
	"mobilePhone", "code", "appId", "carNumber", "token", "plateNumber", "plateColor", "orderId", "externalOrderId", "payment", "payTime", "verificationInfo",
	"carFrameNum", "carEngineNum", "lat", "lon", "radius", "city", "payType", "scrollId", "parkingId",
}
