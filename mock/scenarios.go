package mock

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// JudgeScenario says what a server of this version would refuse of a scenario, for [scenarios.Library.JudgedBy].
var JudgeScenario scenarios.Judge = control.Judge(time.Now)

// WithScenarios serves the scenarios of a folder beside the built-in ones. What is wrong in it is logged, and stops nothing.
func WithScenarios(dir string) Option { return func(o *options) { o.scenarios = dir } }

// ReloadScenarios reads the folder of [WithScenarios] anew and says what is wrong in it, each thing on a line.
func (s *Server) ReloadScenarios() []string { return s.core.Runs.Reload() }
