//go:build unix

// Package postgrestest starts a PostgreSQL server for tests: its own, on a free port of the loopback address, in a
// folder that is removed.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/internal/freeport"
)

// Server is a PostgreSQL server of the tests of one process.
type Server struct {
	dir  string
	bin  string
	port int
	as   *syscall.Credential

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan error
	schemas atomic.Int64
}

// Start makes a server and starts it. It needs the server's programs (Debian: postgresql), and where it is root another
// user to run it as, for the server refuses to be root. Stop removes it.
func Start() (*Server, error) {
	s := &Server{}
	var err error
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "etcp-mock-postgres-"); err != nil {
		return nil, err
	}
	if err := s.make(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if err := s.Run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// programs is the folder with initdb and postgres, which Debian does not have in the path.
func programs() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		if path, err := filepath.EvalSymlinks(found); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("there is no PostgreSQL server here; .ci/packages installs one (Debian: postgresql)")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func (s *Server) make() error {
	if os.Getuid() == 0 {
		account, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, _ := strconv.Atoi(account.Uid)
		gid, _ := strconv.Atoi(account.Gid)
		s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(s.dir, uid, gid); err != nil {
			return err
		}
	}
	made := s.command("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync", "-D", filepath.Join(s.dir, "data"))
	if out, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	address, err := freeport.Address() // which nobody takes while the server is stopped
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		s.port, err = strconv.Atoi(port)
	}
	return err
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = sysProcAttr(s.as)
	return cmd
}

// Run starts the server again after Stop or Kill, and returns when it answers.
func (s *Server) Run() error {
	cmd := s.command("postgres", "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port), "-k", s.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB", "-c", "logging_collector=off")
	ended, started := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the server ends with the thread that started it, and so with the process
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	s.mu.Lock()
	s.cmd, s.ended = cmd, ended
	s.mu.Unlock()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		c, err := pgconn.Connect(ctx, s.URL())
		if err == nil {
			err = c.Close(ctx)
			cancel()
			return err
		}
		cancel()
		select {
		case <-ended:
			return fmt.Errorf("the server ended: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL is the server's database postgres.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

// UID is the user that the server runs as.
func (s *Server) UID() int {
	if s.as == nil {
		return os.Getuid()
	}
	return int(s.as.Uid)
}

// Addr is where the server listens.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Database is the URL of a place for tables of a test's own.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	schema := fmt.Sprintf("test_%d", s.schemas.Add(1))
	s.Exec(t, "CREATE SCHEMA "+schema)
	return s.URL() + "&search_path=" + url.QueryEscape(schema)
}

// Exec runs statements as the superuser.
func (s *Server) Exec(t testing.TB, sql string) {
	t.Helper()
	c, err := pgconn.Connect(context.Background(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Exec(context.Background(), sql).ReadAll()
	if err = errors.Join(err, c.Close(context.Background())); err != nil {
		t.Fatal(err)
	}
}

// Signal sends a signal to the server's first process.
func (s *Server) Signal(signal os.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmd.Process.Signal(signal)
}

// Halt ends the server, and returns when it has ended: at once, without a word to its clients where kill is given.
func (s *Server) Halt(kill bool) error {
	signal := syscall.SIGINT // "fast": connections are ended, the database is consistent
	if kill {
		signal = syscall.SIGQUIT // "immediate": as in a crash
	}
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.mu.Unlock()
	if err := cmd.Process.Signal(signal); err != nil {
		if errors.Is(err, os.ErrProcessDone) {
			return nil
		}
		return err
	}
	err := <-ended
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil
	}
	return err
}

// Main runs the tests of a package that share a server, which they find where into points, and exits. They fail where a goroutine is left behind.
func Main(m *testing.M, into **Server) {
	server, err := Start()
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	*into = server
	code := m.Run()
	if err := errors.Join(server.Stop(), goleak.Find()); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		code = max(code, 1)
	}
	os.Exit(code)
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error { return errors.Join(s.Halt(true), os.RemoveAll(s.dir)) }
