package translation

// sharedHelp are what the helps of both programs say.
func sharedHelp() map[string]string {
	return map[string]string{
		"auto (on a terminal), always or never; NO_COLOR turns auto off":                                                                  "auto（仅终端）、always 或 never；设置 NO_COLOR 时 auto 不着色",
		"YAML `file` with flags, as NAME: VALUE for all commands that have one, or COMMAND: {NAME: VALUE} for one command":                "存放参数的 YAML 文件`file`：“参数名: 值”用于所有有此参数的命令，“命令: {参数名: 值}”只用于该命令",
		"`language` of explanations: en, zh, or auto (the terminal's)":                                                                    "界面与说明的语言`language`：en、zh 或 auto（随终端）",
		"`file` that holds the merchant's key (- is stdin)":                                                                               "存放商户密钥的文件`file`（- 为标准输入）",
		"the merchant's `key`; better in ETCP_MOCK_MERCHANT_KEY or a file, where others do not see it":                                    "商户密钥`key`；最好放在 ETCP_MOCK_MERCHANT_KEY 或文件里，以免他人看到",
		"stop at the first case that fails":                                                                                               "遇到第一个失败的用例就停止",
		"only `FILE:LINE`: the row of the matrix there, or the steps up to the one there; FILE:LINE as an argument is the same":           "只运行 `FILE:LINE`：矩阵中的该行，或运行到该行所在的步骤；直接把 FILE:LINE 作为参数也一样",
		"leave the sandboxes on the server":                                                                                               "把沙箱留在服务器上",
		"`file` that keeps the last run (default: in the user's cache); empty: it is not kept":                                            "保存上次运行结果的文件`file`（默认：在用户缓存目录中）；为空：不保存",
		"show what would run, and run nothing":                                                                                            "只显示会运行什么，不实际运行",
		"only cases whose name is, holds or matches (*, ?) one of these `names`":                                                          "只运行名称等于、包含或匹配（*、?）其中一个名称`names`的用例",
		"show what failed only, and the summary":                                                                                          "只显示失败的和汇总",
		"keep what was sent and came in this `file`, keys masked: contract run --target FILE judges it again, contract diff compares two": "把收发的内容保存到此文件`file`（密钥已隐藏）：contract run --target FILE 重新判定，contract diff 比较两份",
		"run each case so many times":                                                                                                     "每个用例运行这么多次",
		"also write `FORMAT=FILE`, several with commas between: junit, json, tap and html; github needs no file":                          "另外写出报告`FORMAT=FILE`，多个用逗号分隔：junit、json、tap、html；github 不需要文件",
		"run only what failed in the last run":                                                                                            "只运行上次失败的",
		"seed of everything made up (default: another each time)":                                                                         "所有生成内容的种子（默认：每次不同）",
		"run in another order, from the seed":                                                                                             "按种子打乱顺序运行",
		"max, or how much faster than real time sleeps and advances are: 10x":                                                             "max，或 sleep 和时钟推进比真实时间快多少：10x",
		"only cases with one of these `tags`; !tag: without it":                                                                           "只运行带有其中一个标签`tags`的用例；!tag：不带该标签的",
		"of a case (10m with --speed)":                                                                                                    "每个用例的时限（有 --speed 时为 10m）",
		"`name=value` of a variable, of the type it has in the file; name:=json for any other":                                            "变量`name=value`，类型同文件中的变量；其他类型用 name:=json",
		"YAML or JSON `file` of variables; they are masked in all output":                                                                 "存放变量的 YAML 或 JSON 文件`file`；这些变量在所有输出中隐藏",
		"go on, and run again what a changed file touches":                                                                                "继续等待，文件改变后重新运行受影响的用例",
		"cases that run at once (default: three a processor)":                                                                             "同时运行的用例数（默认：每个处理器三个）",
	}
}
