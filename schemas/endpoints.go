package schemas

import "slices"

// PathPrefix stands before every endpoint's name in its URL: the document
// leaves {version} open in most sections, and fixes it to 1.0.0 in §7.
const PathPrefix = "/merchant/open/1.0.0/openapi/"

// endpoints holds §9 in the document's order. Params are in the order of the
// document's own tables, because the first malformed one answers (docs/protocol.md, Checks);
// where a table and an example differ, the table decides.
var endpoints = []Endpoint{
	{
		Name: "uservalidatecode", Method: "GET", Section: "§9.1", Title: "获取手机验证码", Does: "sends an SMS code to a phone",
		// It writes although it is a GET: it sends an SMS and voids the code before.
		Writes: true,
		Params: []Param{
			{Name: "mobilePhone", Required: true, Form: FormPhone},
		},
		Codes: []int{CodeBadPhone, CodeSMSFailed},
	},
	{
		Name: "userlogin", Method: "POST", Section: "§9.2", Title: "手机号验证码登录", Does: "logs a user in with that code",
		Writes: true,
		Params: []Param{
			{Name: "mobilePhone", Required: true, Form: FormPhone},
			{Name: "code", Required: true, Form: FormKeptText},
			{Name: "appId", Required: true, Form: FormKeptText},
		},
		Codes: []int{CodeBadPhone, CodeWrongSMSCode},
	},
	{
		// The name is the platform's. carNumber is missing from the table of
		// §9.3.1, but its introduction and its example have it.
		Name: "usersigin", Method: "POST", Section: "§9.3", Title: "联合登录", Does: "logs a user in whom the merchant vouches for",
		Writes: true,
		Params: []Param{
			{Name: "mobilePhone", Required: true, Form: FormPhone},
			{Name: "appId", Required: true, Form: FormKeptText},
			{Name: "carNumber", Form: FormPlate},
		},
		Codes: []int{CodeBadPhone},
		// Rule signin.binds_car: true.
		CodesByRule: []int{CodeBoundByOther, CodeTooManyBound, CodeTooManyBoundInAMonth},
	},
	{
		Name: "bindcar", Method: "POST", Section: "§9.4", Title: "车牌绑定", Does: "binds a plate to the user",
		Token: true, Writes: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
			{Name: "plateNumber", Required: true, Form: FormPlate},
			{Name: "plateColor", Form: FormPlateColor, Mixed: true},
		},
		Codes: []int{CodeInvalidToken, CodeBoundByOther, CodeTooManyBound, CodeTooManyBoundInAMonth},
	},
	{
		Name: "unbindcar", Method: "POST", Section: "§9.5", Title: "车牌解绑", Does: "unbinds a plate",
		Token: true, Writes: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
			{Name: "plateNumber", Required: true, Form: FormPlate},
		},
		Codes: []int{CodeOperationFailed, CodeInvalidToken},
	},
	{
		Name: "orderhistory", Method: "GET", Section: "§9.6", Title: "查询用户历史停车记录", Does: "lists the user's stays of the last seven days",
		Token: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
		},
		Codes: []int{CodeInvalidToken},
	},
	{
		// It does not write: the quote is sealed into verificationInfo.
		Name: "orderunpay", Method: "GET", Section: "§9.7", Title: "查询停车费", Does: "asks what a car owes",
		Token: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
			{Name: "plateNumber", Required: true, Form: FormPlate},
			{Name: "appId", Form: FormKeptText},
		},
		Codes: []int{CodeInvalidToken},
	},
	{
		Name: "orderpaid", Method: "POST", Section: "§9.8", Title: "用户支付完成通知(第三方通知 ETCP)", Does: "says that the user has paid",
		Token: true, Writes: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
			{Name: "orderId", Required: true, Form: FormText},
			{Name: "externalOrderId", Required: true, Form: FormKeptText},
			// A decimal by the table, a string by the example.
			{Name: "payment", Required: true, Form: FormPayment, Mixed: true},
			{Name: "payTime", Required: true, Form: FormTime},
			{Name: "verificationInfo", Required: true, Form: FormText},
			{Name: "appId", Form: FormKeptText},
		},
		Codes: []int{CodeOrderUpdateFailed, CodeOrderCreateFailed, CodeInvalidToken, CodeWrongAmount},
	},
	{
		Name: "carretrieve", Method: "POST", Section: "§9.9", Title: "车牌找回", Does: "proves to own a vehicle, by its frame and engine numbers",
		Token: true, Writes: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
			{Name: "carFrameNum", Required: true, Form: FormVIN},
			{Name: "plateNumber", Required: true, Form: FormPlate},
			{Name: "carEngineNum", Required: true, Form: FormText},
			// An Integer by the table, a string by the example.
			{Name: "plateColor", Form: FormPlateColor, Mixed: true},
		},
		Codes: []int{CodeOperationFailed, CodeInvalidToken, CodeTooManyBound, CodeTooManyBoundInAMonth},
		// Rule retrieve.takes_over: false.
		CodesByRule: []int{CodeBoundByOther},
	},
	{
		Name: "surroundingparking", Method: "POST", Section: "§9.10", Title: "获取停车场数据接口", Does: "lists car parks",
		Params: []Param{
			{Name: "lat", Form: FormLatitude},
			{Name: "lon", Form: FormLongitude},
			{Name: "radius", Form: FormRadius},
			{Name: "payType", Form: FormPayType},
			{Name: "city", Form: FormText},
			{Name: "scrollId", Form: FormText},
		},
		// Coordinates stand first: where both are sent they win.
		Either: [][]string{{"lat", "lon", "radius"}, {"city"}},
		Alone:  "scrollId",
	},
	{
		Name: "parkingstatus", Method: "POST", Section: "§9.11", Title: "查询停车场实时状态", Does: "asks how full a car park is",
		Params: []Param{
			// Text, for an id that is no number is not malformed, but unknown: 1.
			{Name: "parkingId", Required: true, Form: FormText},
		},
		Codes: []int{CodeFailed},
	},
	{
		Name: "carnum", Method: "GET", Section: "§9.12", Title: "查询用户在 ETCP 已绑车辆数量", Does: "asks how many plates the user has bound",
		Token: true,
		Params: []Param{
			{Name: "token", Required: true, Form: FormText},
		},
		Codes: []int{CodeInvalidToken},
	},
}

var endpointByName = func() map[string]*Endpoint {
	m := make(map[string]*Endpoint, len(endpoints))
	for i := range endpoints {
		m[endpoints[i].Name] = &endpoints[i]
	}
	return m
}()

// Endpoints lists the calls of the platform in the document's order, §9.1 to
// §9.12. The slice is the caller's; what its rows point to is shared, and is
// not to be written.
func Endpoints() []Endpoint { return slices.Clone(endpoints) }

// Lookup finds an endpoint by the last element of its path. It does not
// allocate, for it stands on the way of every request. The row is shared, and
// is not to be written.
func Lookup(name string) (*Endpoint, bool) {
	e, ok := endpointByName[name]
	return e, ok
}
