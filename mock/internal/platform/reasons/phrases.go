package reasons

// phrases are the values of explanations that are sentences of their own, in Chinese: the other half of the catalogue. What
// depends on a value says both itself, through [Refusal.Say].
var phrases = map[string]string{
	// Of body-malformed.
	"it broke off": "它在中途断开",

	// Of missing-parameter.
	"the request":              "请求",
	"lacks it, or it is empty": "没有该参数，或其值为空",
	"is not in data":           "data 中没有该参数",
	"is null":                  "值为 null",
	"is empty":                 "值为空字符串",

	// Of data-malformed.
	"not valid UTF-8":   "不是合法的 UTF-8",
	"not a JSON object": "不是 JSON 对象",

	// Of malformed-parameter, by the form of the parameter.
	"want a string, got an object":                   "应为字符串，实际为对象",
	"want a string, got an array":                    "应为字符串，实际为数组",
	"want a string, got a boolean":                   "应为字符串，实际为布尔值",
	"want 11 digits, the first 1, the second 3 to 9": "应为 11 位数字，首位是 1，第二位是 3 到 9",
	"want a province's character, a letter, then letters and digits without I and O, 7 characters in all or 8 for new energy (§9.4)": "应为省份简称、一个字母，再加不含 I 和 O 的字母或数字，共 7 位，新能源车 8 位（§9.4）",
	"want 1 blue, 2 black, 3 yellow or 4 white (§9.4)":                                        "应为 1 蓝、2 黑、3 黄或 4 白（§9.4）",
	"want a plain decimal of yuan above 0 with at most two places, such as 8 or 10.34 (§9.8)": "应为大于 0 的金额（元），最多两位小数，如 8 或 10.34（§9.8）",
	"want at most 64 characters":                                                              "最多 64 个字符",
	"want yyyy-MM-dd HH:mm:ss (§9.8)":                                                         "应为 yyyy-MM-dd HH:mm:ss（§9.8）",
	"want 17 upper-case letters and digits without I, O and Q (§9.9)":                         "应为 17 位大写字母和数字，不含 I、O、Q（§9.9）",
	"want a plain decimal from -90 to 90 (§9.10)":                                             "应为 -90 到 90 之间的小数（§9.10）",
	"want a plain decimal from -180 to 180 (§9.10)":                                           "应为 -180 到 180 之间的小数（§9.10）",
	"want whole metres from 500 to 5000 (§9.10)":                                              "应为 500 到 5000 之间的整数，单位米（§9.10）",
	"want 1, car parks with electronic payment (§9.10)":                                       "应为 1，即支持电子支付的停车场（§9.10）",

	// Of verification-info-invalid.
	"it was not made by this sandbox, or was changed on the way": "它不是本沙箱签发的，或在途中被改动",
}
