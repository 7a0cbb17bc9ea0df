package webhook_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
)

// Merchants in other languages, with mistakes that are their languages' own: what is found, and words of the fix. A right one breaks nothing.
var otherLanguages = []struct {
	program   string
	command   []string
	merchants map[string]finding
}{
	{"python3", []string{"python3", "-B", "testdata/merchant.py"}, map[string]finding{
		"right": {}, "right-slow": {}, "right-more": {},
		"dumps":        {[]string{"raw-number", "raw-escapes", "raw-white-space"}, "(number-rewritten)"},
		"ascii-dumps":  {[]string{"control-right-push"}, "(json-"},
		"twelve-hours": {[]string{"time-hour-00", "time-hour-12"}, "HTTP 500"},
		"narrow-plate": {[]string{"plate-masked", "plate-new-energy", "plate-suffixes"}, "HTTP 500"},
		"days":         {[]string{"empty-remaining-days"}, "HTTP 500"},
		"falsy":        {[]string{"exit-at-once"}, "HTTP 500"},
	}},
	{"node", []string{"node", "testdata/merchant.mjs"}, map[string]finding{
		"right": {}, "right-slow": {}, "right-more": {},
		"stringify":   {[]string{"raw-number", "raw-escapes", "raw-white-space"}, "(number-rewritten)"},
		"lower":       {[]string{"control-right-push"}, "(lower-case)"},
		"any-case":    {[]string{"signature-lower-case"}, ""},
		"text-code":   {[]string{"control-right-push"}, `"code":0`},
		"hours":       {[]string{"time-hour-00"}, "HTTP 500"},
		"known-first": {[]string{"signature-known-entry", "signature-known-exit"}, ""},
	}},
	{"java", []string{"java", "-Dsun.net.httpserver.nodelay=true", "-XX:TieredStopAtLevel=1", "testdata/Merchant.java"}, map[string]finding{
		"right": {}, "right-slow": {},
		"ignore-case": {[]string{"signature-lower-case"}, ""},
		"if-there":    {[]string{"signature-missing"}, ""},
		"gbk":         {[]string{"control-right-push"}, "(decoded-as-gbk)"},
		"url-decode":  {[]string{"text-percent-plus"}, "(values-url-decoded). Hash the body as received"},
		"hh":          {[]string{"time-hour-00", "time-hour-12"}, "HTTP 500"},
		"int-fee":     {[]string{"exit-fee-decimal", "exit-fee-text"}, "HTTP 500"},
		"short-id":    {[]string{"park-id-large", "park-id-text"}, "HTTP 500"},
	}},
}

type finding struct {
	breaks []string
	fix    string // of the first failure
}

func TestExamine_otherLanguages(t *testing.T) {
	for _, language := range otherLanguages {
		t.Run(language.program, func(t *testing.T) {
			if _, err := exec.LookPath(language.program); err != nil {
				t.Skipf("no %s here: `make setup-packages`", language.program)
			}
			base := listening(t, language.command)
			for name, want := range language.merchants {
				t.Run(name, func(t *testing.T) {
					w := webhook.Endpoint{
						URL: base + "/" + name, MerchantNo: merchantNo, Key: merchantKey, Seed: 1, Timeout: time.Minute, Burst: 20,
						Kinds: map[client.Kind]string{client.KindCertificationInvalid: webhook.NotReceived},
					}
					r, err := w.Examine(t.Context())
					require.NoError(t, err)
					require.Nil(t, r.Outage)
					require.Equal(t, want.breaks, broken(r))
					for _, c := range r.Cases {
						if len(c.Failures) > 0 {
							require.Contains(t, c.Failures[0].Fix, want.fix)
							break
						}
					}
					if want.breaks == nil {
						require.Equal(t, report.ExitPassed, r.ExitCode())
					}
				})
			}
		})
	}
}

// listening starts a program and gives the address that it prints first. It ends when its standard input does.
func listening(t *testing.T, command []string) string {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // its code says nothing
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}
