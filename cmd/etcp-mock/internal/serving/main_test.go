package serving

import (
	"os"
	"testing"
)

// The tests read English, whatever language the machine has.
func TestMain(m *testing.M) {
	_ = os.Setenv("ETCP_MOCK_LANG", "en")
	os.Exit(m.Run())
}
