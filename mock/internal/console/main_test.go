package console_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/gin-gonic/gin"
)

// browser is the one browser of all tests.
var browser *chromium

func TestMain(m *testing.M) {
	gin.DefaultWriter = io.Discard
	gin.SetMode(gin.ReleaseMode)
	flag.Parse()
	if workers := flag.Lookup("test.parallel"); workers.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) { // not asked for: a page waits more than it works
		_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
	var err error
	if browser, err = startChromium(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	browser.stop()
	os.Exit(code)
}
