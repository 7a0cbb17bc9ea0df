package scenarios_test

import "github.com/etcp-mock/etcp-mock/client/control"

var pageOf control.Page
