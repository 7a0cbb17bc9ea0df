package main

// promise is something that is promised, and the test that holds it.
type promise struct {
	subject, text string
	pkg, test     string
	env           []string
}

// promises are all there are.
var promises = []promise{
	{"Nothing is lost", "SIGTERM under load: every request that was answered is in the journal", "reliability", "TestTerminate_underLoadLosesNoAnswer", nil},
	{"Nothing is lost", "A merchant that is killed while it holds a push gets it once it is back, byte for byte, and the attempt is on record", "reliability", "TestMerchantKilled_inTheMiddle", nil},
	{"Nothing is lost", "A full disk under the log costs the log and no answer", "reliability", "TestFullDisk_underTheLog", nil},
	{"Nothing is lost", "In a storm of everything at once every push is delivered, failed or pending, and invariants hold", "mock", "TestControlStorm", nil},
	{"Nothing is lost", "With --data, killed under mixed load: everything that was answered is there again, every push is delivered with one body, and each payment and binding is in the books once", "reliability", "TestKillNine", nil},
	{"Nothing is lost", "With --data, a full disk: 503, nothing of what was refused has happened, and it goes on once there is room", "reliability", "TestData_diskFull", nil},
	{"Nothing is lost", "The newest segment cut at any byte gives a prefix", "mock/internal/ledger/file", "TestCut_atEveryByte", nil},
	{"Nothing is lost", "A flipped bit is refused with file and byte, but for the last record, which is dropped", "mock/internal/ledger/file", "TestFlip_everyByte", nil},
	{"Nothing is lost", "With --data, killed right after any control call that changes something: it holds, and all before it", "reliability", "TestKillNine_betweenWrites", nil},
	{"Several replicas", "Three replicas, one killed every three seconds under load on 50 sandboxes: everything that was answered is there, and the log gives the state again", "reliability", "TestReplicas_killed", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "A replica that was killed has its name again at once; one that lives keeps it", "mock/internal/ledger/postgres", "TestBeat_ofOneThatDied", nil},
	{"Several replicas", "Cut off from the database a replica answers 503 within 3 s; within 10 s another owns what it owned; what was refused has not happened", "reliability", "TestReplicas_cutOff", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "Stopped for ten seconds (SIGSTOP) it is replaced, and answers nothing from its old memory when it goes on", "reliability", "TestReplicas_paused", []string{"ETCP_MOCK_RELIABILITY_LOAD=60s"}},
	{"Several replicas", "What an earlier owner appends is refused and changes nothing", "mock/internal/ledger", "TestTake_fences", nil},
	{"Several replicas", "A stream of events that breaks with its owner is resumed on another replica, every event once and in order", "reliability", "TestReplicas_events", nil},
	{"Several replicas", "The database stops and starts: 503 with a reason, not ready, alive; then everything goes on", "reliability", "TestReplicas_databaseDown", nil},
	{"Several replicas", "The database is slow, or its disk is full: what is refused has not happened", "reliability", "TestReplicas_databaseSlowOrFull", nil},
	{"Several replicas", "Of many that make one merchant number at once on several replicas, one gets it", "reliability", "TestReplicas_oneMerchantAtOnce", nil},
	{"Nobody waits for another", "Hundreds of clients that send a header byte by byte, or a body never, delay nobody else", "reliability", "TestSlowClients_delayNobody", nil},
	{"Nobody waits for another", "A large state is copied in steps, between which others are served, however many read it at once", "mock/internal/sandbox", "TestCopyState_severalAtOnce", nil},
	{"Nobody waits for another", "Ten thousand connections are held at once, and whichever of them asks is answered", "reliability", "TestTenThousandConnections", nil},
	{"Nobody waits for another", "Jumps of the host's clock make no stay and no fee negative, and no request goes unanswered", "reliability", "TestHostClock_jumps", nil},
	{"A failure stays small", "A rule that panics, wherever it draws or pushes, has changed nothing", "mock/internal/platform", "TestApply_aRuleThatPanicsChangesNothing", nil},
	{"A failure stays small", "So has an act of the simulator or the operator", "mock/internal/platform", "TestApply_anActThatPanicsChangesNothing", nil},
	{"A failure stays small", "A panic is code 2, logged once and journaled; the same request succeeds afterwards", "mock", "TestPanic", nil},
	{"A failure stays small", "A handler of the control API that panics answers 500, and the server goes on", "mock", "TestPanic_control", nil},
	{"A failure stays small", "A sender of pushes that panics fails the attempt, and the next is made", "mock/internal/sandbox", "TestDeliver_aSenderThatPanics", nil},
	{"Memory is bounded", "Once everything holds what it may, memory stays where it is", "mock", "TestSoak_memoryIsFlat", nil},
	{"Memory is bounded", "Journal, acts and events keep to their bytes, say what was shortened, and can be searched", "mock/internal/journal", "TestJournal_bytes", nil},
	{"Memory is bounded", "Finished pushes keep to their bytes; pending ones stay", "mock/internal/push", "TestLog_bytes", nil},
	{"It is right, and the same again", "A second statement of the rules gives the same answers and pushes: a million random commands", "mock/internal/platform", "TestWorld_asTheModelSays", []string{"ETCP_MOCK_MODEL_WORLDS=10000"}},
	{"It is right, and the same again", "Another, over HTTP and through faults, with several merchants, counts every push and every yuan; what fails is told as a scenario", "mock", "TestModel_withFaultsOverHTTP", nil},
	{"It is right, and the same again", "Through faults, over HTTP: a request that is cut before changes nothing, one cut after everything", "mock", "TestFault_cut", nil},
	{"It is right, and the same again", "The same fixture, seed and commands give the same bytes, in another process and with one processor or two", "reliability", "TestSameBytes_acrossProcesses", nil},
	{"It is right, and the same again", "So they do over HTTP, through a snapshot in the middle", "mock", "TestSession_sameBytesOverHTTP", nil},
	{"It is right, and the same again", "A long session played again gives every byte again", "mock/internal/platform", "TestSession_everyByteAgain", nil},
}
