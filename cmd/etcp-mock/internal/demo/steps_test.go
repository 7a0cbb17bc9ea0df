package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
	"github.com/etcp-mock/etcp-mock/sign"
)

// printed is a demo that prints into a buffer and speaks to a server.
func printed(t *testing.T, url string) (*demo, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return &demo{
		Printer: &show.Printer{Printer: &cli.Printer{Out: &out}}, ctx: t.Context(), merchant: &demoMerchant{}, platform: client.New(url, demoNo, demoKey), sandbox: control.New(url).Sandbox(control.Default),
	}, &out
}

// The whole demo is as the document says, in both languages; however narrow the terminal, no line is wider but for what is not broken.
func TestRunDemo(t *testing.T) {
	t.Parallel()
	for language, end := range map[string]string{"en": "All 12 steps are as the document says", "zh": "全部 12 步均与文档一致"} {
		got := commandtest.Run(t, NewCommand(), "--lang", language)
		require.Equal(t, cli.ExitOK, got.Code, got.Out+got.Err)
		require.Contains(t, got.Out, end)
		require.Equal(t, len(demoSteps()), strings.Count(got.Out, "✓"))
		require.NotContains(t, got.Out, "✗")
	}
	for _, width := range []int{20, 40, 60} {
		var out bytes.Buffer
		require.NoError(t, runDemo(t.Context(), &show.Printer{Printer: &cli.Printer{Out: &out, Width: width}}))
		require.Contains(t, strings.Join(strings.Fields(out.String()), " "), "All 12 steps are as")
		require.Regexp(t, `SMS\s+code\s+§9\.1`, out.String(), "a section stands apart")
		if width >= 60 {
			for line := range strings.SplitSeq(out.String(), "\n") {
				require.LessOrEqual(t, wrap.Width(line), max(width, wrap.Longest(line)+10), line)
			}
		}
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	require.Equal(t, cli.ExitFailed, commandtest.RunIn(ended, NewCommand(), "").Code, "who interrupts it has not seen it all")
}

// The first step that is not as the document says ends the demo with what is wrong about it; what comes after is not tried.
func TestPlay_ends(t *testing.T) {
	t.Parallel()
	d, out := printed(t, "http://127.0.0.1:1")
	tried := 0
	step := func(err error) demoStep {
		return demoStep{"§9.1", "A step", "一步", func(d *demo) error { tried++; d.note("·", "a note"); return err }}
	}
	require.Equal(t, cli.ExitCode(cli.ExitFailed), d.play([]demoStep{step(nil), step(errors.New("the fee: want 10.0, got 8.0")), step(nil)}))
	require.Equal(t, 2, tried)
	require.Regexp(t, `(?s)✓  1  A step +§9\.1\n       ·  a note\n.*✗  2  A step.*not as the document says: the fee: want 10\.0, got 8\.0\n$`, out.String())
	d.Chinese = true
	out.Reset()
	require.Error(t, d.play([]demoStep{step(errors.New("x"))}))
	require.Contains(t, out.String(), "一步")
	require.Contains(t, out.String(), "与文档不符：x")
}

// An answer is held against its schema and the code that is wanted; a platform that answers wrongly is found out in every step that asks it.
func TestAsk_wrongAnswers(t *testing.T) {
	t.Parallel()
	answering := func(body string) *commandtest.Server {
		const prefix = "/merchant/open/1.0.0/openapi/"
		answers := map[string]string{}
		for _, name := range []string{"userlogin", "bindcar", "unbindcar", "orderpaid", "carretrieve"} {
			answers["POST "+prefix+name] = body
		}
		for _, name := range []string{"uservalidatecode", "orderhistory", "orderunpay"} {
			answers["GET "+prefix+name] = body
		}
		for _, path := range []string{"POST /cars/enter", "POST /cars/exit", "POST /clock/advance", "POST /pushes/drain", "GET /sms/" + demoPhone} {
			answers[path] = `{}`
		}
		return commandtest.Answering(t, answers)
	}
	for body, want := range map[string]string{`{"code":7,"message":"更新订单失败"}`: "", `{"code":"0","message":"ok"}`: "", "<html>": "", "cut": "EOF", `{"code":0,"message":"ok","data":[]}`: ""} {
		s := answering(body)
		for _, step := range demoSteps() {
			d, _ := printed(t, s.URL)
			d.order.OrderID = "O1"
			err := step.do(d)
			if body == `{"code":0,"message":"ok","data":[]}` && (step.section == "§9.1" || step.section == "§9.4" || step.section == "§9.9") {
				continue // whose answers hold no data
			}
			require.Error(t, err, "%s %s: %s", step.section, step.en, body)
			if strings.HasPrefix(step.section, "§9") && step.section != "§9.2" {
				require.ErrorContains(t, err, want)
			}
		}
	}
	d, _ := printed(t, answering(`{"code":7,"message":"更新订单失败"}`).URL)
	_, err := d.ask(client.EndpointBindCar, client.Binding{Token: "d970cff4-3811-438b-9a3e-0d1d4a2f8b11", PlateNumber: demoPlate}, client.CodeOK)
	require.Error(t, err)
	require.Len(t, d.lines, 2, "what was asked, and what came")
}

// Just one push is wanted, of its kind, rightly signed, and as its schema says.
func TestPushed(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{"POST /pushes/drain": `{}`})
	data := `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`
	body := strings.TrimSuffix(data, "}") + `,"signment":"` + sign.Push(demoNo, data, demoKey) + `"}`
	right := demoPush{kind: client.KindUnbind, body: body, plate: demoPlate}
	for want, got := range map[string][]demoPush{
		"": {right}, "want one push, got 0": nil, "want one push, got 2": {right, right}, "the kind of push: want unbind, got exit": {{kind: client.KindExit, body: body}}, "wrong signment": {{kind: client.KindUnbind, body: body, refused: errors.New("wrong signment")}}, "missing": {{kind: client.KindUnbind, body: `{}`}},
	} {
		d, _ := printed(t, s.URL)
		d.merchant.got = got
		_, err := d.pushed(client.KindUnbind)
		if want == "" {
			require.NoError(t, err)
			require.Contains(t, strings.Join(d.lines, "\n"), "signature verified")
		} else {
			require.ErrorContains(t, err, want)
		}
		require.Empty(t, d.merchant.take())
	}
	d, _ := printed(t, "http://127.0.0.1:1")
	_, err := d.pushed(client.KindUnbind)
	require.ErrorContains(t, err, "connection refused")
}

// The merchant of the demo listens until it is closed, and takes no push that is too long.
func TestNewDemoMerchant(t *testing.T) {
	t.Parallel()
	m, err := newDemoMerchant()
	require.NoError(t, err)
	res, err := http.Post(m.url, "application/json", strings.NewReader(strings.Repeat("x", client.MaxPush+1))) //nolint:noctx // a loopback address
	if err == nil {
		require.NoError(t, res.Body.Close())
	}
	require.Empty(t, m.take())
	m.close()
	_, err = http.Get(m.url) //nolint:noctx,bodyclose // nobody is there
	require.Error(t, err)
	fixture, err := json.Marshal(demoFixture("http://h/etcp"))
	require.NoError(t, err)
	require.Contains(t, string(fixture), "http://h/etcp/unbind")
}
