package stay_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// controlled is a started server with the words of these tests.
type controlled struct{ *servertest.Server }

// newControlled starts a server whose sandbox default is servertest.Fixture.
func newControlled(tb testing.TB, opts ...mock.Option) *controlled {
	tb.Helper()
	return &controlled{servertest.New(tb, opts...)}
}
