package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/mock"
)

func TestMain(m *testing.M) {
	testscript.Main(commandtest.Tight{Tests: m}, map[string]func(){
		"contract": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
			stop()
			os.Exit(code)
		},
	})
}

// platform is a mock that scripts take for the platform.
var platform = func() http.Handler {
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		panic(err)
	}
	return server.Handler()
}()

// servers are the endpoints that scripts examine, by the name they are started by.
var servers = map[string]http.Handler{
	"platform": platform,
	// It says 6 where 20102 belongs.
	"broken-platform": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held := httptest.NewRecorder()
		platform.ServeHTTP(held, r)
		w.Header().Set("Content-Type", held.Header().Get("Content-Type"))
		_, _ = io.WriteString(w, strings.Replace(held.Body.String(), `"code":20102,"message":"缺少必要参数"`, `"code":6,"message":"参数错误"`, 1))
	}),
	"right-merchant": &client.PushHandler{MerchantNo: "M1", Key: "k-of-M1", Notice: client.KindUnbind},
	// It keeps each entry once, in the file that STORED names.
	"storing-merchant": &client.PushHandler{MerchantNo: "M1", Key: "k-of-M1", Notice: client.KindUnbind, OnEntry: func(_ context.Context, e client.EntryPush) error {
		return storeOnce(e.SynID)
	}},
	"careless-merchant": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	}),
	"login-page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>log in</html>")
	}),
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			env.Setenv("GORACE", "atexit_sleep_ms=0") // else each command under the race detector ends with a second of sleep
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// start NAME: serves one of the servers; its address is $URL.
			"start": func(ts *testscript.TestScript, _ bool, args []string) {
				if args[0] == "storing-merchant" {
					stored.Store(ts.MkAbs("stored.txt"))
				}
				s := httptest.NewServer(servers[args[0]])
				ts.Defer(s.Close)
				ts.Setenv("URL", s.URL)
			},
			// exits N COMMAND…: runs a command that exits with a code; what it says is in out.txt.
			"exits": exits,
		},
	})
}

// stored is the file that storing-merchant writes to.
var stored atomic.Value

func storeOnce(id string) error {
	name, _ := stored.Load().(string)
	text, err := os.ReadFile(name)
	if err == nil && strings.Contains(string(text), id) {
		return nil
	}
	return os.WriteFile(name, append(text, id+"\n"...), 0o600)
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	ts.Check(os.WriteFile(ts.MkAbs("out.txt"), []byte(ts.ReadFile("stdout")+ts.ReadFile("stderr")), 0o600))
	code := "0"
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		code = string(rune('0' + exit.ExitCode()))
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}
