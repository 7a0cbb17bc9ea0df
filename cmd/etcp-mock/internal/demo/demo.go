// Package demo leads a merchant and a car through the whole platform, and holds every answer against the document.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/serving"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// The sandbox of the demo. Its seed and clock are fixed, so that it reads the same each time.
const (
	demoSeed    = 2017
	demoTimeout = time.Minute
	demoWidth   = 100
	demoPhone   = "13800000001"
	demoPlate   = "渝ATX061"
	demoMasked  = "渝****61"
	demoVIN     = "LVSHBFDC7RF414158"
	demoEngine  = "DA01991"
	demoAppID   = "wechat"
	demoNo      = "demo"
	demoKey     = "demo-key"
)

// NewCommand is the command demo.
func NewCommand() *cobra.Command {
	return &cobra.Command{
		Use: "demo", Short: "Show the whole platform at work: a merchant, a car, a payment that is refused, one that is not", Args: cli.NoArgs,
		Long: "Start the mock and a sample merchant on free ports and lead them, over real HTTP, from the SMS code to the paid stay. Every\n" +
			"answer and every push is held against the platform's document; exits 1 if one is not as it says. Needs no network and no files.",
		Example: "  etcp-mock demo\n  etcp-mock demo --lang zh",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), demoTimeout)
			defer cancel()
			return serving.Blame(cmd, runDemo(ctx, show.Of(cmd)))
		},
	}
}

// demo is a merchant's day at the mock.
type demo struct {
	*show.Printer
	ctx      context.Context //nolint:containedctx // lives as long as the command
	platform *client.Client
	sandbox  *control.Sandbox
	merchant *demoMerchant

	token string
	order control.Order
	quote client.UnpaidOrder
	lines []string // of the step at hand
}

func runDemo(ctx context.Context, p *show.Printer) (err error) {
	merchant, err := newDemoMerchant()
	if err != nil {
		return err
	}
	defer merchant.close()
	fixture, err := json.Marshal(demoFixture(merchant.url))
	if err != nil {
		return err
	}
	server, err := serving.NewMock(mock.WithSeed(demoSeed), mock.WithFixture(fixture))
	if err != nil {
		return err
	}
	if err := server.Start("127.0.0.1:0"); err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), serving.StopTimeout)
		defer cancel()
		err = errors.Join(err, server.Close(stopping))
	}()
	d := &demo{
		Printer: p, ctx: ctx, merchant: merchant,
		platform: client.New(server.URL(), demoNo, demoKey),
		sandbox:  control.New(server.URL()).Sandbox(control.Default),
	}
	d.Card(
		cli.Field{d.say("the mock", "模拟平台"), d.Cyan(server.URL())},
		cli.Field{d.say("the merchant", "示例商户"), d.Cyan(merchant.url) + d.say("   receives pushes and verifies them", "   接收推送并验签")},
		cli.Field{d.say("the clock", "沙箱时钟"), "2017-08-20 12:00:00" + d.say(", frozen until it is moved", "，冻结，只在推进时走动")},
	)
	return d.play(demoSteps())
}

func demoFixture(pushURL string) control.Fixture {
	minutes, hour, spaces := 15, 60, 114
	price, most := 5*client.Yuan, 50*client.Yuan
	noon, _ := client.ParseTime("2017-08-20 12:00:00")
	return control.Fixture{
		Clock: &control.FixtureClock{Now: noon, Mode: control.ClockFrozen},
		Merchants: []control.Merchant{{No: demoNo, Key: demoKey, Name: "示例商户", Push: &control.PushHook{
			URL: pushURL, URLs: map[client.Kind]string{client.KindUnbind: pushURL + "/unbind"},
		}}},
		Parkings: []control.Parking{{
			ID: "1", Name: "ETCP 智慧停车场", City: "重庆市", Lat: "29.563010", Lon: "106.551557", TotalSpace: &spaces,
			Tariff: &control.Tariff{FreeMinutes: &minutes, UnitMinutes: &hour, UnitPrice: &price, DailyCap: &most},
		}},
		Vehicles: []control.Vehicle{{PlateNumber: demoPlate, VIN: demoVIN, Engine: demoEngine}},
	}
}

// demoStep is one thing that happens, and where the document tells of it.
type demoStep struct {
	section, en, zh string
	do              func(*demo) error
}

// play goes through the steps and prints each when it is over. The first that is not as the document says ends it.
func (d *demo) play(steps []demoStep) error {
	started := time.Now()
	for i, step := range steps {
		d.lines = nil
		err := step.do(d)
		mark := d.Green("✓")
		if err != nil {
			mark = d.Red("✗")
		}
		title := d.Bold(d.say(step.en, step.zh))
		if step.section != "" {
			title = cli.Pad(title+" ", d.width()-14) + d.Dim(step.section)
		}
		d.Line("\n%s %s  %s", mark, d.Dim(fmt.Sprintf("%2d", i+1)), title)
		for _, line := range d.lines {
			d.Line("%s", strings.TrimRight(line, " "))
		}
		if err != nil {
			d.Line("       %s", d.Red(d.say("not as the document says: ", "与文档不符：")+err.Error()))
			return cli.ExitCode(cli.ExitFailed)
		}
	}
	took := time.Since(started).Round(time.Millisecond)
	d.Line("\n%s", d.Green(fmt.Sprintf(d.say("All %d steps are as the document says (%s).", "全部 %d 步均与文档一致（%s）。"), len(steps), took)))
	d.Line("%s", d.say("\nNow yourself:\n", "\n接下来自己试试：\n"))
	d.Line("  etcp-mock serve          %s", d.say("# the platform: merchant demo, key demo-key, on http://127.0.0.1:8787", "# 平台：商户 demo，密钥 demo-key，地址 http://127.0.0.1:8787"))
	d.Line("  etcp-mock listen         %s", d.say("# a merchant that receives the pushes", "# 接收推送的示例商户"))
	d.Line("  etcp-mock call bindcar --as %s plateNumber=%s", demoPhone, demoPlate)
	d.Line("  etcp-mock enter %s", demoPlate)
	d.Line("  etcp-mock requests       %s", d.say("# what was asked, and why anything was refused", "# 收到的请求，以及被拒的原因"))
	return nil
}

// width is how wide the demo is: no wider than its terminal.
func (d *demo) width() int {
	if d.Width > 0 {
		return min(demoWidth, d.Width)
	}
	return demoWidth
}

// say chooses a language.
func (d *demo) say(en, zh string) string {
	if d.Chinese {
		return zh
	}
	return en
}

// note adds a line to the step at hand; what is too long goes on below itself.
func (d *demo) note(mark, format string, args ...any) {
	for i, part := range wrapJSON(fmt.Sprintf(format, args...), d.width()-10) {
		if i > 0 {
			mark = " "
		}
		d.lines = append(d.lines, "       "+mark+"  "+part)
	}
}

// wrapJSON cuts a text behind the commas between JSON's values, so that no line is wider than it must be.
func wrapJSON(s string, width int) []string {
	var lines []string
	line, inString, escaped := "", false, false
	last := 0
	parts := []string{}
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && inString:
			escaped = true
		case r == '"':
			inString = !inString
		case r == ',' && !inString:
			parts, last = append(parts, s[last:i+1]), i+1
		}
	}
	parts = append(parts, s[last:])
	for _, part := range parts {
		if line != "" && text.StringWidthWithoutEscSequences(line+part) > width {
			lines, line = append(lines, line), strings.TrimLeft(part, " ")
			continue
		}
		line += part
	}
	return append(lines, line)
}

// ask calls an endpoint, shows what was asked and answered, and holds the answer against the document.
func (d *demo) ask(endpoint string, data any, wantCode int) (*client.Answer, error) {
	sent, err := input.JSON(data)
	if err != nil {
		return nil, err
	}
	d.note(d.Cyan("→"), "%s %s  %s", client.Method(endpoint), d.Bold(endpoint), abridged(string(sent)))
	got, err := d.platform.Do(d.ctx, endpoint, data)
	if err != nil {
		return nil, err
	}
	code := d.Green(strconv.Itoa(got.Code) + " " + got.Message)
	if got.Code != 0 {
		code = d.Red(strconv.Itoa(got.Code) + " " + got.Message)
	}
	d.note(d.Cyan("←"), "%s  %s", code, abridged(string(got.Data)))
	if err := schemas.ValidateRequest(endpoint, sent); err != nil {
		return nil, err
	}
	if err := schemas.ValidateAnswer(endpoint, got.Raw); err != nil {
		return nil, err
	}
	if got.Code != wantCode {
		return nil, fmt.Errorf("want code %d, got %d %s (%s)", wantCode, got.Code, got.Message, got.Reason)
	}
	return got, nil
}

// abridged shortens the values that nobody reads: the token, and the sealed quote of 128 characters.
func abridged(s string) string {
	for _, name := range []string{`"token":"`, `"verificationInfo":"`} {
		head, rest, found := strings.Cut(s, name)
		value, tail, closed := strings.Cut(rest, `"`)
		if found && closed && len(value) > 12 {
			s = head + name + value[:8] + `…"` + tail
		}
	}
	return s
}

// want compares what was told with what the document says.
func want(what string, wanted, got any) error {
	if wanted != got {
		return fmt.Errorf("%s: want %v, got %v", what, wanted, got)
	}
	return nil
}

// pushed waits until nothing is due any more, takes the one push that was received, shows it and holds it against the document.
func (d *demo) pushed(kind client.Kind) (demoPush, error) {
	if err := d.sandbox.DrainPushes(d.ctx, 10*time.Second); err != nil {
		return demoPush{}, err
	}
	got := d.merchant.take()
	if len(got) != 1 {
		return demoPush{}, fmt.Errorf("want one push, got %d", len(got))
	}
	push := got[0]
	verdict := d.Green(d.say("signature verified", "验签通过"))
	if push.refused != nil {
		verdict = d.Red(push.refused.Error())
	}
	d.note(d.Blue("⇐"), "%s  %s", d.Bold(d.say("push ", "推送 ")+string(kind)), verdict)
	d.note(" ", "%s", push.body)
	if push.refused != nil {
		return push, push.refused
	}
	if err := want("the kind of push", kind, push.kind); err != nil {
		return push, err
	}
	return push, schemas.ValidatePush(string(kind), []byte(push.body))
}

// demoPush is a push as the merchant has received it.
type demoPush struct {
	kind    client.Kind
	body    string
	refused error
	exit    client.ExitPush
	plate   string
}

// demoMerchant receives pushes with the client's handler, as a merchant would.
type demoMerchant struct {
	url    string
	server *httpserver.Server
	done   <-chan error

	mu  sync.Mutex
	got []demoPush
}

func newDemoMerchant() (*demoMerchant, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a loopback address does not wait
	if err != nil {
		return nil, err
	}
	m := &demoMerchant{url: "http://" + listener.Addr().String() + "/etcp"}
	mux := http.NewServeMux()
	mux.Handle("/etcp", m.handler(""))
	mux.Handle("/etcp/unbind", m.handler(client.KindUnbind))
	m.server, m.done = httpserver.Start(listener, mux, httpserver.Usual) // ends with close
	return m, nil
}

func (m *demoMerchant) close() {
	_ = m.server.Close()
	<-m.done //nolint:errcheck // it was closed here
}

func (m *demoMerchant) handler(kind client.Kind) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, client.MaxPush))
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		push := demoPush{body: string(body)}
		h := client.NewPushHandler(demoNo, demoKey, "")
		h.OnEntry = func(_ context.Context, p client.EntryPush) error {
			push.kind, push.plate = client.KindEntry, p.PlateNumber
			return nil
		}
		h.OnExit = func(_ context.Context, p client.ExitPush) error {
			push.kind, push.plate, push.exit = client.KindExit, p.PlateNumber, p
			return nil
		}
		h.OnUnbind = func(_ context.Context, p client.UnbindPush) error {
			push.kind, push.plate = client.KindUnbind, p.PlateNumber
			return nil
		}
		h.OnRefuse = func(_ *http.Request, err error) { push.refused = err }
		var handler http.Handler = h
		if kind != "" {
			handler = h.ForKind(kind)
		}
		answer := handlertransport.NewAnswer()
		handler.ServeHTTP(answer, r)
		m.mu.Lock()
		m.got = append(m.got, push) // before the answer: with it the push is delivered
		m.mu.Unlock()
		answer.Give(w)
	})
}

func (m *demoMerchant) take() []demoPush {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := m.got
	m.got = nil
	return got
}
