package control

import "slices"

// route is one line of the tables of docs/control-api.md.
type route struct {
	method, path string
	handle       handler

	mostBody  int64 // bytes
	keeps     bool  // its texts are kept and shown again, so that no key may be hidden in them
	showsKeys bool  // merchants are in its answer with their keys, and what was set is shown as it is, to be changed and put back
}

// trait is what sets a route apart from most others.
type trait func(*route)

func keeps(r *route)     { r.keeps = true }
func showsKeys(r *route) { r.showsKeys = true }

func takes(most int64) trait { return func(r *route) { r.mostBody = most } }

func on(method, path string, handle handler, traits ...trait) route {
	r := route{method: method, path: path, handle: handle, mostBody: maxBody}
	for _, apply := range traits {
		apply(&r)
	}
	return r
}

const of = Prefix + "/sandboxes/:id"

// routes are all, by method and path once.
func (a *Control) routes() []route {
	return slices.Concat(a.serverRoutes(), a.sandboxRoutes(), a.subjectRoutes(), a.recordRoutes())
}

// serverRoutes are about no sandbox, or about all.
func (a *Control) serverRoutes() []route {
	return []route{
		on("GET", "/healthz", a.health),
		on("HEAD", "/healthz", a.health),
		on("GET", "/readyz", a.ready),
		on("HEAD", "/readyz", a.ready),
		on("GET", Prefix+"/version", func(*call) (reply, error) { return ok(a.version) }),
		on("GET", Prefix+"/replicas", a.listReplicas),
		on("GET", Prefix+"/sandboxes", a.listSandboxes, showsKeys),
		on("POST", Prefix+"/sandboxes", a.createSandbox, takes(maxFixtureBody), keeps, showsKeys),
		on("GET", Prefix+"/scenarios", a.listScenarios),
		on("GET", Prefix+"/scenarios/:scenario", a.getScenario),
		on("POST", Prefix+"/scenarios/run", a.runScenario),
		on("POST", Prefix+"/scenarios/validate", a.validateScenario),
		on("POST", Prefix+"/scenarios/reload", a.reloadScenarios),
		on("GET", Prefix+"/runs", a.listRuns),
		on("GET", Prefix+"/runs/:run", a.getRun),
		on("DELETE", Prefix+"/runs/:run", a.stopRun),

		on("POST", Prefix+"/sign/explain", a.explainSign, takes(maxSignBody)),
		on("GET", Prefix+"/reasons", a.listReasons),
		on("GET", Prefix+"/lints", a.listLints),
	}
}

// sandboxRoutes are about a sandbox as a whole.
func (a *Control) sandboxRoutes() []route {
	return []route{
		on("GET", of, a.getSandbox, showsKeys),
		on("DELETE", of, a.deleteSandbox, showsKeys),
		on("POST", of+"/reset", a.resetSandbox, showsKeys),
		on("GET", of+"/state", a.getState),
		on("PUT", of+"/state", a.putState, takes(maxStateBody)),
		on("POST", of+"/fork", a.fork),
		on("GET", of+"/diff", a.diff),
		on("POST", of+"/undo", a.undo),
		on("GET", of+"/log", a.inputs),
		on("GET", of+"/rules", a.getRules),
		on("PATCH", of+"/rules", a.patchRules, keeps),
	}
}

// subjectRoutes are about what a sandbox holds: its clock, merchants, car parks, vehicles, users and stays.
func (a *Control) subjectRoutes() []route {
	return []route{
		on("GET", of+"/clock", a.getClock),
		on("PUT", of+"/clock", a.putClock),
		on("POST", of+"/clock/advance", a.advanceClock),
		on("GET", of+"/merchants", a.listMerchants, showsKeys),
		on("PUT", of+"/merchants/:no", a.putMerchant, keeps, showsKeys),
		on("DELETE", of+"/merchants/:no", a.deleteMerchant, showsKeys),
		on("POST", of+"/merchants/:no/examine", a.examine),
		on("GET", of+"/parkings", a.listParkings),
		on("GET", of+"/parkings/:parking", a.getParking),
		on("PUT", of+"/parkings/:parking", a.putParking, keeps),
		on("DELETE", of+"/parkings/:parking", a.deleteParking),
		on("GET", of+"/vehicles", a.listVehicles),
		on("GET", of+"/vehicles/:plate", a.getVehicle),
		on("PUT", of+"/vehicles/:plate", a.putVehicle, keeps),
		on("DELETE", of+"/vehicles/:plate", a.deleteVehicle),
		on("GET", of+"/users", a.listUsers),
		on("GET", of+"/users/:phone", a.getUser),
		on("GET", of+"/sms", a.listSMS),
		on("GET", of+"/sms/:phone", a.getSMS),
		on("POST", of+"/cars/enter", a.enter),
		on("POST", of+"/cars/exit", a.exit),
		on("GET", of+"/orders", a.listOrders),
		on("GET", of+"/orders/:order/fee", a.orderFee),
		on("GET", of+"/stays/:order", a.getStay),
	}
}

// recordRoutes are about what a sandbox was asked and has pushed, and what is to go wrong in it.
func (a *Control) recordRoutes() []route {
	return []route{
		on("GET", of+"/pushes", a.listPushes),
		on("POST", of+"/pushes", a.triggerPush, keeps),
		on("POST", of+"/pushes/drain", a.drainPushes),
		on("POST", of+"/pushes/verify", a.verifyPushes),
		on("GET", of+"/pushes/:push", a.getPush),
		on("POST", of+"/pushes/:push/redeliver", a.redeliverPush),

		on("GET", of+"/requests", a.listRequests),
		on("DELETE", of+"/requests", a.clearRequests),
		on("POST", of+"/requests/verify", a.verifyRequests),
		on("GET", of+"/requests/:request", a.getRequest),
		on("POST", of+"/verify/sequence", a.verifySequence),
		on("GET", of+"/recording", a.recording),
		on("GET", of+"/events", a.events),

		on("GET", of+"/faults", a.listFaults),
		on("POST", of+"/faults", a.addFault, keeps),
		on("DELETE", of+"/faults", a.clearFaults),
		on("DELETE", of+"/faults/:fault", a.deleteFault),
	}
}
