package console_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/gin-gonic/gin"
)

// browser is the one browser of all tests.
var browser *chromium

func TestMain(m *testing.M) {
	gin.DefaultWriter = io.Discard
	gin.SetMode(gin.ReleaseMode)
	var err error
	if browser, err = startChromium(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	browser.stop()
	os.Exit(code)
}
