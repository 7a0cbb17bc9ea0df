package control

import "slices"

// route is one line of the tables of docs/control-api.md.
type route struct {
	method, path string
	handle       handler
}

const of = Prefix + "/sandboxes/:id"

func (a *Control) routes() []route {
	return slices.Concat(a.serverRoutes(), a.sandboxRoutes(), a.subjectRoutes(), a.recordRoutes())
}

// serverRoutes are about no sandbox, or about all.
func (a *Control) serverRoutes() []route {
	return []route{
		{"GET", "/healthz", a.health},
		{"HEAD", "/healthz", a.health},
		{"GET", "/readyz", a.ready},
		{"HEAD", "/readyz", a.ready},
		{"GET", Prefix + "/version", func(*call) (reply, error) { return ok(a.version) }},
		{"GET", Prefix + "/replicas", a.listReplicas},
		{"GET", Prefix + "/sandboxes", a.listSandboxes},
		{"POST", Prefix + "/sandboxes", a.createSandbox},
		{"GET", Prefix + "/scenarios", a.listScenarios},
		{"GET", Prefix + "/scenarios/:scenario", a.getScenario},
		{"POST", Prefix + "/scenarios/run", a.runScenario},
		{"POST", Prefix + "/scenarios/validate", a.validateScenario},
		{"POST", Prefix + "/scenarios/reload", a.reloadScenarios},
		{"GET", Prefix + "/runs", a.listRuns},
		{"GET", Prefix + "/runs/:run", a.getRun},
		{"DELETE", Prefix + "/runs/:run", a.stopRun},

		{"POST", Prefix + "/sign/explain", a.explainSign},
		{"GET", Prefix + "/reasons", a.listReasons},
		{"GET", Prefix + "/lints", a.listLints},
	}
}

// sandboxRoutes are about a sandbox as a whole.
func (a *Control) sandboxRoutes() []route {
	return []route{
		{"GET", of, a.getSandbox},
		{"DELETE", of, a.deleteSandbox},
		{"POST", of + "/reset", a.resetSandbox},
		{"GET", of + "/state", a.getState},
		{"PUT", of + "/state", a.putState},
		{"POST", of + "/fork", a.fork},
		{"GET", of + "/diff", a.diff},
		{"POST", of + "/undo", a.undo},
		{"GET", of + "/log", a.inputs},
		{"GET", of + "/rules", a.getRules},
		{"PATCH", of + "/rules", a.patchRules},
	}
}

// subjectRoutes are about what a sandbox holds: its clock, merchants, car parks, vehicles, users and stays.
func (a *Control) subjectRoutes() []route {
	return []route{
		{"GET", of + "/clock", a.getClock},
		{"PUT", of + "/clock", a.putClock},
		{"POST", of + "/clock/advance", a.advanceClock},
		{"GET", of + "/merchants", a.listMerchants},
		{"PUT", of + "/merchants/:no", a.putMerchant},
		{"DELETE", of + "/merchants/:no", a.deleteMerchant},
		{"POST", of + "/merchants/:no/examine", a.examine},
		{"GET", of + "/parkings", a.listParkings},
		{"GET", of + "/parkings/:parking", a.getParking},
		{"PUT", of + "/parkings/:parking", a.putParking},
		{"DELETE", of + "/parkings/:parking", a.deleteParking},
		{"GET", of + "/vehicles", a.listVehicles},
		{"GET", of + "/vehicles/:plate", a.getVehicle},
		{"PUT", of + "/vehicles/:plate", a.putVehicle},
		{"DELETE", of + "/vehicles/:plate", a.deleteVehicle},
		{"GET", of + "/users", a.listUsers},
		{"GET", of + "/users/:phone", a.getUser},
		{"GET", of + "/sms", a.listSMS},
		{"GET", of + "/sms/:phone", a.getSMS},
		{"POST", of + "/cars/enter", a.enter},
		{"POST", of + "/cars/exit", a.exit},
		{"GET", of + "/orders", a.listOrders},
		{"GET", of + "/orders/:order/fee", a.orderFee},
		{"GET", of + "/stays/:order", a.getStay},
	}
}

// recordRoutes are about what a sandbox was asked and has pushed, and what is to go wrong in it.
func (a *Control) recordRoutes() []route {
	return []route{
		{"GET", of + "/pushes", a.listPushes},
		{"POST", of + "/pushes", a.triggerPush},
		{"POST", of + "/pushes/drain", a.drainPushes},
		{"POST", of + "/pushes/verify", a.verifyPushes},
		{"GET", of + "/pushes/:push", a.getPush},
		{"POST", of + "/pushes/:push/redeliver", a.redeliverPush},

		{"GET", of + "/requests", a.listRequests},
		{"DELETE", of + "/requests", a.clearRequests},
		{"POST", of + "/requests/verify", a.verifyRequests},
		{"GET", of + "/requests/:request", a.getRequest},
		{"POST", of + "/verify/sequence", a.verifySequence},
		{"GET", of + "/recording", a.recording},
		{"GET", of + "/events", a.events},

		{"GET", of + "/faults", a.listFaults},
		{"POST", of + "/faults", a.addFault},
		{"DELETE", of + "/faults", a.clearFaults},
		{"DELETE", of + "/faults/:fault", a.deleteFault},
	}
}
