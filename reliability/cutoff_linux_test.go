package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// namespace is a network namespace that reaches the test by two links: one for its database, one for all else.
type namespace struct {
	t    *testing.T
	name string
}

// The addresses of the links (RFC 5737): the test's side and the namespace's.
const (
	dataOutside, dataInside = "192.0.2.1", "192.0.2.2"
	restOutside, restInside = "192.0.2.5", "192.0.2.6"
)

// newNamespace makes a namespace, or skips the test where that is not allowed.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	n := &namespace{t: t, name: fmt.Sprintf("etcp%d", os.Getpid()%100000)}
	if out, err := exec.CommandContext(t.Context(), "ip", "netns", "add", n.name).CombinedOutput(); err != nil {
		t.Skipf("no network namespace can be made here (root and iproute2 are wanted): %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.CommandContext(context.Background(), "ip", "netns", "delete", n.name).Run() })
	for link, address := range map[string][2]string{"d": {dataOutside, dataInside}, "r": {restOutside, restInside}} {
		outside, inside := link+n.name, link+"in"
		n.run("ip", "link", "add", outside, "type", "veth", "peer", "name", inside, "netns", n.name)
		t.Cleanup(func() { _ = exec.CommandContext(context.Background(), "ip", "link", "delete", outside).Run() })
		n.run("ip", "addr", "add", address[0]+"/30", "dev", outside)
		n.run("ip", "link", "set", outside, "up")
		n.run("ip", "-n", n.name, "addr", "add", address[1]+"/30", "dev", inside)
		n.run("ip", "-n", n.name, "link", "set", inside, "up")
	}
	n.run("ip", "-n", n.name, "link", "set", "lo", "up")
	n.run("ip", "link", "set", "lo", "up")
	return n
}

func (n *namespace) run(name string, args ...string) {
	n.t.Helper()
	if out, err := exec.CommandContext(n.t.Context(), name, args...).CombinedOutput(); err != nil {
		n.t.Skipf("no network namespace can be made here: %s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// cut takes the link to the database down, and heal up again.
func (n *namespace) cut()  { n.run("ip", "link", "set", "d"+n.name, "down") }
func (n *namespace) heal() { n.run("ip", "link", "set", "d"+n.name, "up") }

// inside runs a test again in a network namespace of its own, where nothing filters what its links carry; ok is true in there.
func inside(t *testing.T) (ok bool) {
	t.Helper()
	if os.Getenv("RELIABILITY_INSIDE") != "" {
		return true
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "RELIABILITY_INSIDE=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, os.ErrPermission) {
		t.Skip("no network namespace can be made here: root is wanted")
	}
	require.NoError(t, err, "%s", out)
	if at := strings.Index(string(out), "--- SKIP"); at >= 0 {
		t.Skip(string(out[:at]))
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if _, figure, found := strings.Cut(line, "_test.go:"); found {
			_, figure, _ = strings.Cut(figure, ": ")
			t.Log(figure)
		}
	}
	return false
}

// relay hands connections to an address on to another until the test ends.
func relay(t *testing.T, at, to string) string {
	t.Helper()
	listener, err := net.Listen("tcp", at)
	require.NoError(t, err)
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			closeBoth := sync.OnceFunc(func() { _, _ = near.Close(), far.Close() })
			context.AfterFunc(ctx, closeBoth)
			wg.Go(func() { _, _ = io.Copy(near, far); closeBoth() })
			wg.Go(func() { _, _ = io.Copy(far, near); closeBoth() })
		}
	})
	return listener.Addr().String()
}

// A replica that is cut off from the database answers 503 within three seconds; within ten another owns what it owned; and when
// the network is whole again, it answers through that one, and nothing that it refused has happened.
func TestReplicas_cutOff(t *testing.T) {
	if !inside(t) {
		return
	}
	n := newNamespace(t)
	server := sharedDatabase(t)
	database := server.Database(t)
	u, err := url.Parse(database)
	require.NoError(t, err)
	u.Host = relay(t, dataOutside+":0", server.Addr())
	f := newFleet(t, database)
	for _, r := range []*replica{
		{name: "a", addr: restInside + ":0", env: []string{"RELIABILITY_DATA=" + u.String(), "RELIABILITY_PEER=" + restInside + ":0"}, in: n.name},
		{name: "b", addr: freeAddress(t), env: []string{"RELIABILITY_PEER=" + restOutside + ":0"}},
		{name: "c", addr: freeAddress(t), env: []string{"RELIABILITY_PEER=" + restOutside + ":0"}},
	} {
		f.replicas = append(f.replicas, r)
		f.start(r)
	}
	lost := f.the("a")
	s := f.ownedBy(lost, f.shops(12))
	var ids []string
	ask := func(at *replica) (int, string) {
		status, reason, id := f.ask(t.Context(), at, s)
		if status == http.StatusOK {
			ids = append(ids, id)
		}
		return status, reason
	}
	f.within(5*time.Second, "it is answered", func() bool { status, _ := ask(f.the("b")); return status == http.StatusOK })
	_, faults := f.call(lost, http.MethodGet, "/sandboxes/"+s.id+"/faults", "")
	n.cut()
	began := time.Now()
	status, reason := ask(lost)
	refused := time.Since(began)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, []string{"storage-unavailable", "storage-uncertain"}, reason)
	require.Less(t, refused, limit(3*time.Second))
	status, _ = f.call(lost, http.MethodPost, "/sandboxes/"+s.id+"/faults", `{"on":{"endpoint":"carnum"},"do":{"code":2}}`)
	require.Equal(t, http.StatusServiceUnavailable, status)
	taken := f.within(10*time.Second-time.Since(began), "another owns it", func() bool { status, _ := ask(f.the("b")); return status == http.StatusOK }) + refused
	status, _ = ask(lost)
	require.Equal(t, http.StatusServiceUnavailable, status, "cut off, it answers for nothing")
	require.False(t, f.ready(lost))
	n.heal()
	f.within(20*time.Second, "it answers through the new owner", func() bool { status, _ := ask(lost); return status == http.StatusOK })
	for _, id := range ids {
		for _, r := range f.replicas {
			status, text := f.call(r, http.MethodGet, "/sandboxes/"+s.id+"/requests/"+id, "")
			require.Equal(t, http.StatusOK, status, "%s at %s: %s", id, r.name, text)
		}
	}
	_, after := f.call(lost, http.MethodGet, "/sandboxes/"+s.id+"/faults", "")
	require.Equal(t, string(faults), string(after), "what was refused has not happened")
	t.Logf("figure: 503 after %v, another owned it after %v", refused.Round(10*time.Millisecond), taken.Round(10*time.Millisecond))
}
