package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// peer is another mock server, as its npm package has it, and how it is started: it answers parkingstatus with a fixed text.
type peer struct {
	name, npm string
	args      func(modules, config, port string) []string
}

var peers = []peer{
	{"WireMock", "wiremock", func(modules, config, port string) []string {
		jars, _ := filepath.Glob(filepath.Join(modules, "wiremock", "build", "*.jar")) // its version is in the name
		return append([]string{"java", "-jar"}, append(jars, "--root-dir", config, "--port", port, "--bind-address", "127.0.0.1", "--disable-banner", "--use-chunked-encoding", "never")...)
	}},
	{"Mockoon", "@mockoon/cli", func(modules, config, port string) []string {
		return []string{"node", filepath.Join(modules, ".bin", "mockoon-cli"), "start", "--data", filepath.Join(config, "openapi.json"), "--port", port, "--hostname", "127.0.0.1", "--disable-log-to-file"}
	}},
	{"Prism", "@stoplight/prism-cli", func(modules, config, port string) []string {
		return []string{"node", filepath.Join(modules, ".bin", "prism"), "mock", filepath.Join(config, "openapi.json"), "-p", port, "--verboseLevel", "silent"}
	}},
}

// What peers answer, and to what.
const (
	peerPath    = "/merchant/open/1.0.0/openapi/parkingstatus"
	peerAnswer  = `{"code":0,"message":"ok","data":{"parkingId":1,"status":"充足"}}`
	peerMapping = `{"request":{"method":"POST","urlPath":"` + peerPath + `"},"response":{"status":200,"headers":{"Content-Type":"application/json"},"jsonBody":` + peerAnswer + `}}`
	peerOpenAPI = `{"openapi":"3.0.3","info":{"title":"parkingstatus","version":"1"},"paths":{"` + peerPath + `":{"post":{
		"requestBody":{"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object"}}}},
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object"},"example":` + peerAnswer + `}}}}}}}}`
)

// peerTurns is what a server came to beside the mock, in the same turns.
type peerTurns struct {
	name, version string
	started       time.Duration // from exec to the first answer
	resident      int64         // bytes after the load
	outcomes      []outcome
}

// measurePeers puts the same load of parkingstatus on the mock and on each peer whose package is in the folder node_modules that -peers names, in turns.
func (f *figures) measurePeers(ctx context.Context) error {
	if f.settings.peers == "" {
		return nil
	}
	config, err := peerConfig()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(config) }()
	var servers []*child
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	request := func() [][]byte { return [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)} }
	begin := func(name, version string, start func() (*child, error)) error {
		began := time.Now()
		c, err := start()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		servers = append(servers, c)
		if err := firstAnswer(ctx, c, request()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.peers = append(f.peers, peerTurns{name: name, version: version, started: time.Since(began)})
		_, err = load(ctx, c, f.settings.connections, 10*f.settings.slice, 0, request()) // a virtual machine needs some time to be fast
		return err
	}
	if err := begin("etcp-mock", "", func() (*child, error) { return startFixture(ctx, "") }); err != nil {
		return err
	}
	for _, p := range peers {
		if err := begin(p.name, versionOf(f.settings.peers, p.npm), func() (*child, error) { return startPeer(ctx, p, f.settings.peers, config) }); err != nil {
			return err
		}
	}
	for range f.settings.rounds {
		for i, c := range servers {
			o, err := load(ctx, c, f.settings.connections, f.settings.slice, 0, request())
			if err != nil {
				return fmt.Errorf("%s: %w", f.peers[i].name, err)
			}
			f.peers[i].outcomes = append(f.peers[i].outcomes, o)
		}
	}
	for i, c := range servers {
		f.peers[i].resident = c.memory().resident
	}
	return nil
}

// peerConfig writes what the peers are started with.
func peerConfig() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "etcp-mock-bench"); err != nil {
		return "", err
	}
	if err = os.Mkdir(filepath.Join(dir, "mappings"), 0o700); err == nil {
		err = errors.Join(os.WriteFile(filepath.Join(dir, "mappings", "parkingstatus.json"), []byte(peerMapping), 0o600),
			os.WriteFile(filepath.Join(dir, "openapi.json"), []byte(peerOpenAPI), 0o600))
	}
	return dir, err
}

func startPeer(ctx context.Context, p peer, modules, config string) (*child, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		return nil, err
	}
	args := p.args(modules, config, strconv.Itoa(addr.Port))
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // of the table above
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &child{cmd: cmd, addr: addr.String()}, nil
}

// firstAnswer waits until a server answers.
func firstAnswer(ctx context.Context, c *child, request [][]byte) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		_, err := load(ctx, c, 1, time.Minute, 1, request)
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// versionOf is the version of an npm package that is installed, "" where its file does not say.
func versionOf(modules, name string) string {
	text, err := os.ReadFile(filepath.Join(modules, filepath.FromSlash(name), "package.json"))
	if err != nil {
		return ""
	}
	_, rest, _ := bytes.Cut(text, []byte(`"version":`))
	_, rest, _ = bytes.Cut(rest, []byte(`"`))
	version, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(version)
}

func (f *figures) reportPeers(say sayer) {
	if len(f.peers) == 0 {
		return
	}
	say("## Beside other mock servers")
	say("")
	say("The same signed requests of parkingstatus to each, in %d turns of %s each, over %d connections; medians of the turns. The others answer a fixed text,", f.settings.rounds, f.settings.slice, f.settings.connections)
	say("out of their npm packages; etcp-mock verifies the signature, looks the car park up, and keeps its journal and log.")
	say("")
	say("| | version | requests/s | p50 µs | p99 µs | memory after the load | from exec to the first answer |")
	say("|---|---|---:|---:|---:|---:|---:|")
	for i := range f.peers {
		p := &f.peers[i]
		var rates []float64
		var p50, p99 []int64
		for _, o := range p.outcomes {
			rates, p50, p99 = append(rates, o.rate()), append(p50, o.quantile(50)), append(p99, o.quantile(99))
		}
		say("| %s | %s | %.0f | %d | %d | %.0f MB | %.0f ms |", p.name, p.version, median(rates), median(p50), median(p99), mb(p.resident), float64(p.started.Microseconds())/1000)
	}
	say("")
}
