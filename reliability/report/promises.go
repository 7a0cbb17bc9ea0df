package main

// promise is something that is promised, and the test that holds it.
type promise struct {
	subject, text string // in English
	zh            string // the text in Chinese
	pkg, test     string
	env           []string
}

// promises are all there are.
var promises = []promise{
	{"Nothing is lost", "SIGTERM under load: every request that was answered is in the journal", "负载下收到 SIGTERM：每个已应答的请求都在请求日志里", "reliability", "TestTerminate_underLoadLosesNoAnswer", nil},
	{"Nothing is lost", "A merchant that is killed while it holds a push gets it once it is back, byte for byte, and the attempt is on record", "商户在持有一条推送时被杀死，恢复后会逐字节收到它，那次尝试也有记录", "reliability", "TestMerchantKilled_inTheMiddle", nil},
	{"Nothing is lost", "A full disk under the log costs the log and no answer", "日志所在磁盘写满，只损失日志，不影响任何应答", "reliability", "TestFullDisk_underTheLog", nil},
	{"Nothing is lost", "In a storm of everything at once every push is delivered, failed or pending, and invariants hold", "所有操作同时涌来：每条推送要么送达，要么失败，要么待送达，不变量始终成立", "mock/internal/control", "TestControlStorm", nil},
	{"Nothing is lost", "With --data, killed under mixed load: everything that was answered is there again, every push is delivered with one body, and each payment and binding is in the books once", "使用 --data，在混合负载下被 kill -9：已应答的一切都在，每条推送都以同一内容送达，每笔支付和每次绑定恰好记录一次", "reliability", "TestKillNine", nil},
	{"Nothing is lost", "With --data, a full disk: 503, nothing of what was refused has happened, and it goes on once there is room", "使用 --data，磁盘写满：返回 503，被拒绝的没有发生，腾出空间后自动继续", "reliability", "TestData_diskFull", nil},
	{"Nothing is lost", "The newest segment cut at any byte gives a prefix; without its first input, which was synced before it was answered, a sandbox is refused", "最新的日志段在任意字节处被截断，得到的都是一段完整的前缀；连第一个输入（应答之前已同步）都缺失的沙箱会被拒绝", "mock/internal/ledger/file", "TestCut_atEveryByte", nil},
	{"Nothing is lost", "A flipped bit is refused with the file and, in a log, the byte, but for the last record, which is dropped", "任何一位翻转都会被发现：拒绝读取，并指出文件，日志还指出字节；最后一条记录除外，它会被丢弃", "mock/internal/ledger/file", "TestFlip_everyByte", nil},
	{"Nothing is lost", "With --data, killed right after any control call that changes something: it holds, and all before it", "使用 --data，每一种会改变状态的控制调用之后立即被杀死：该调用及其之前的一切都保住了", "reliability", "TestKillNine_betweenWrites", nil},
	{"Nothing is lost", "With --data, the directory or a file of it removed, moved or replaced under the server: within 100 ms nothing is accepted any more (503 with the reason), and it is not ready", "使用 --data，数据目录或其中的文件在运行中被删除、移走或替换：100 毫秒之内不再接受任何写入（503 并说明原因），就绪检查也不通过", "mock/internal/ledger/file", "TestRemoved", nil},
	{"Nothing is lost", "With --data, sandboxes that nobody uses keep no file open: a server starts with more of them than it may have descriptors, and each can be used", "使用 --data，闲置的沙箱不占用文件描述符：沙箱数超过描述符上限时也能启动，每个沙箱都可用", "mock/internal/ledger/file", "TestDescriptors_moreSandboxes", nil},
	{"Several replicas", "Three replicas, one killed every three seconds under load on 50 sandboxes: everything that was answered is there, and the log gives the state again", "三个副本，50 个沙箱有负载，每三秒杀死一个副本：已应答的一切都在，重放日志得到相同的状态", "reliability", "TestReplicas_killed", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "A replica that was killed has its name again at once; one that lives keeps it", "被杀死的副本可以立即重新使用自己的名字；仍存活的副本保有自己的名字", "mock/internal/ledger/postgres", "TestBeat_ofOneThatDied", nil},
	{"Several replicas", "Cut off from the database a replica answers 503 within 3 s; within 10 s another owns what it owned; what was refused has not happened", "与数据库断开的副本在 3 秒内开始返回 503；10 秒内由其他副本接管它的沙箱；被拒绝的没有发生", "reliability", "TestReplicas_cutOff", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "Stopped for ten seconds (SIGSTOP) it is replaced, and answers nothing from its old memory when it goes on", "被暂停十秒（SIGSTOP）的副本会被取代；恢复运行后，不会凭旧的内存应答任何请求", "reliability", "TestReplicas_paused", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "Who waits for a replica that stands still, or follows a stream through it, is let go once it counts as dead", "副本停住不动时，等它应答的请求和经由它的事件流，在它被判定失效后即断开，不会一直等下去", "mock/internal/cluster", "TestForward_aPeerThatStandsStill", nil},
	{"Several replicas", "What an earlier owner appends is refused and changes nothing", "旧的所有者追加的内容会被拒绝，不改变任何东西", "mock/internal/ledger", "TestTake_fences", nil},
	{"Several replicas", "A stream of events that breaks with its owner is resumed on another replica, every event once and in order", "事件流随所有者中断后，可在另一个副本上续接，每个事件恰好一次，顺序不变", "reliability", "TestReplicas_events", nil},
	{"Several replicas", "The database stops and starts: 503 with a reason, not ready, alive; then everything goes on", "数据库停止又启动：期间返回 503 和原因，未就绪但存活；之后一切继续", "reliability", "TestReplicas_databaseDown", nil},
	{"Several replicas", "The database is slow, or its disk is full: what is refused has not happened", "数据库很慢，或其磁盘写满：被拒绝的没有发生", "reliability", "TestReplicas_databaseSlowOrFull", nil},
	{"Several replicas", "A replica with another peer token is refused at its start, and owns nothing", "令牌不一致的副本在启动时被拒绝，不拥有任何沙箱", "reliability", "TestReplicas_otherToken", nil},
	{"Several replicas", "Of many that make one merchant number at once on several replicas, one gets it", "多个请求在不同副本上同时创建同一个商户号，只有一个成功", "reliability", "TestReplicas_oneMerchantAtOnce", nil},
	{"Nobody waits for another", "Hundreds of clients that send a header byte by byte, or a body never, delay nobody else", "数百个客户端逐字节发送请求头，或一直不发请求体，不耽误其他任何人", "reliability", "TestSlowClients_delayNobody", nil},
	{"Nobody waits for another", "A large state is copied in steps, between which others are served, however many read it at once", "较大的状态分步复制，各步之间照常服务其他请求，不论多少人同时读取", "mock/internal/sandbox", "TestCopyState_severalAtOnce", nil},
	{"Nobody waits for another", "Ten thousand connections are held at once, and whichever of them asks is answered", "同时保持一万个连接，其中任何一个发来请求都会得到应答", "reliability", "TestTenThousandConnections", nil},
	{"Nobody waits for another", "Jumps of the host's clock make no stay and no fee negative, and no request goes unanswered", "主机时钟跳变，不会使停车时长或费用变成负数，也没有请求得不到应答", "reliability", "TestHostClock_jumps", nil},
	{"A failure stays small", "A rule that panics, wherever it draws or pushes, has changed nothing", "规则执行中 panic，无论在取随机数还是在发推送时，都没有改变任何东西", "mock/internal/platform", "TestApply_aRuleThatPanicsChangesNothing", nil},
	{"A failure stays small", "So has an act of the simulator or the operator", "模拟平台或操作者的操作中 panic，也是如此", "mock/internal/platform", "TestApply_anActThatPanicsChangesNothing", nil},
	{"A failure stays small", "A panic is code 2, logged once and journaled; the same request succeeds afterwards", "panic 返回 code 2，写一次日志并记入请求日志；同样的请求随后可以成功", "mock", "TestPanic", nil},
	{"A failure stays small", "A handler of the control API that panics answers 500, and the server goes on", "控制接口的处理函数 panic 时返回 500，服务继续运行", "mock", "TestPanic_control", nil},
	{"A failure stays small", "A sender of pushes that panics fails the attempt, and the next is made", "推送的发送过程 panic，只算这次尝试失败，随后会再次尝试", "mock/internal/sandbox", "TestDeliver_aSenderThatPanics", nil},
	{"Memory is bounded", "Once everything holds what it may, memory stays where it is", "各项保留达到上限之后，内存占用不再增长", "mock", "TestSoak_memoryIsFlat", nil},
	{"Memory is bounded", "Ten thousand sandboxes that nobody uses take less than 100 MB, and what a server that rests does not use is given back to the system", "一万个闲置的沙箱占用不到 100 MB 内存；服务空闲后，用不到的内存归还系统", "reliability", "TestTenThousandSandboxes", nil},
	{"Memory is bounded", "Journal, acts and events keep to their bytes, say what was shortened, and can be searched", "请求日志、操作记录和事件不超过各自的字节上限，被截短的会注明，仍可检索", "mock/internal/journal", "TestJournal_bytes", nil},
	{"Memory is bounded", "Finished pushes keep to their bytes; pending ones stay", "已结束的推送不超过字节上限；待送达的保留", "mock/internal/push", "TestLog_bytes", nil},
	{"It is right, and the same again", "A second statement of the rules gives the same answers and pushes: a million random commands", "用另一份独立写成的规则对照，应答和推送完全一致：一百万条随机命令", "mock/internal/platform", "TestState_asTheModelSays", []string{"ETCP_MOCK_MODEL_STATES=10000"}},
	{"It is right, and the same again", "Another, over HTTP and through faults, with several merchants, counts every push and every yuan; what fails is told as a scenario", "另一份模型，通过 HTTP、注入故障、多个商户，核对每一条推送和每一元钱；失败时打印成场景", "mock", "TestModel_withFaultsOverHTTP", nil},
	{"It is right, and the same again", "Through faults, over HTTP: a request that is cut before changes nothing, one cut after everything", "注入故障、通过 HTTP：执行之前断开的请求什么都没有改变，执行之后断开的全部生效", "mock/internal/fault", "TestFault_cut", nil},
	{"It is right, and the same again", "The same fixture, seed and commands give the same bytes, in another process and with one processor or two", "fixture、种子、命令相同，得到的字节就相同，换一个进程、用一个或两个处理器都一样", "reliability", "TestSameBytes_acrossProcesses", nil},
	{"It is right, and the same again", "So they do over HTTP, through a snapshot in the middle", "通过 HTTP，中途经过一次快照恢复，也是如此", "mock/internal/api", "TestSession_sameBytesOverHTTP", nil},
	{"It is right, and the same again", "A long session played again gives every byte again", "一段很长的会话重放一遍，每个字节都相同", "mock/internal/platform", "TestSession_everyByteAgain", nil},
}

// subjectsZh are the subjects in Chinese.
var subjectsZh = map[string]string{
	"Nothing is lost":                 "不丢失",
	"Several replicas":                "多个副本",
	"Nobody waits for another":        "互不等待",
	"A failure stays small":           "故障不扩散",
	"Memory is bounded":               "内存有上限",
	"It is right, and the same again": "正确且可重现",
}
