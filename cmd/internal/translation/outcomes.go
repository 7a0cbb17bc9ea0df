package translation

// outcomes are what commands say of what they have done, and of where it was done.
func outcomes() map[string]string {
	return map[string]string{
		"there are no cases in %s: a file of scenarios is named *.yaml, *.yml or *.json": "%s 中没有用例：场景文件的扩展名为 .yaml、.yml 或 .json",
		"no scenario is in %s: a file of scenarios is named *.yaml, *.yml or *.json":     "%s 中没有场景：场景文件的扩展名为 .yaml、.yml 或 .json",
		"%s has %d lines, and no line %d":                                                "%s 只有 %d 行，没有第 %d 行",

		"the commands read it from ETCP_MOCK_ADMIN_TOKEN, and the console asks for it; the next start makes another, unless ETCP_MOCK_ADMIN_TOKEN is set for serve": "命令从 ETCP_MOCK_ADMIN_TOKEN 读取它，控制台会要求输入它；下次启动会另生成一个，除非启动 serve 时设置了 ETCP_MOCK_ADMIN_TOKEN",

		"%s, in sandbox %s": "%s，在沙箱 %s 中",

		"the scenarios: etcp-mock scenario list":                                                         "现有的场景：etcp-mock scenario list",
		"the pushes: etcp-mock pushes":                                                                   "现有的推送：etcp-mock pushes",
		"the requests: etcp-mock requests":                                                               "现有的请求：etcp-mock requests",
		"the points of the log: etcp-mock sandbox log":                                                   "日志中的位置：etcp-mock sandbox log",
		"the sandboxes: etcp-mock sandbox list; this one anew: etcp-mock sandbox reset":                  "现有的沙箱：etcp-mock sandbox list；恢复到初始数据：etcp-mock sandbox reset",
		"set one: etcp-mock merchants set-url, or receive the pushes here: etcp-mock listen":             "设置地址：etcp-mock merchants set-url；或在本机接收推送：etcp-mock listen",
		"the sandboxes and their merchants: etcp-mock sandbox list; load goes into the one of --sandbox": "现有的沙箱及其商户：etcp-mock sandbox list；load 载入的是 --sandbox 指定的沙箱",
		"--tls-cert and --tls-key: %v":                                                                   "--tls-cert 和 --tls-key：%v",
	}
}
