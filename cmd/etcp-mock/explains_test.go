package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

const explainedKey = "5f4dcc3b5aa765d6"

// explained is what a command prints, its exit code aside: what is explained is a request that is refused.
func explained(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
	require.Empty(t, stderr.String(), args)
	require.NotContains(t, stdout.String(), explainedKey)
	return stdout.String()
}

// colons are how the languages separate a kind from its detail.
var colons = map[string]string{"en": ": ", "zh": "："}

// printsFindings holds a card to each finding: its kind and detail, its evidence and its fix, in the language.
func printsFindings(t *testing.T, printed, language string, findings []diagnose.Finding) {
	t.Helper()
	for _, f := range findings {
		detail, evidence, fix := f.Detail, f.Evidence, f.Fix
		if language == "zh" {
			detail, evidence, fix = f.DetailZh, f.EvidenceZh, f.FixZh
		}
		for _, want := range []string{f.Kind + colons[language] + cli.Clean(detail), cli.Clean(evidence), cli.Clean(fix)} {
			require.Contains(t, printed, want, f.Kind)
		}
	}
}

// sign explain names every kind of mistake that a request can have, with its fix, in both languages, without a server.
func TestSignExplain_namesEveryMistakeOfARequest(t *testing.T) {
	const stamp = "20171027093000"
	for _, r := range diagnosetest.OneOfEach(diagnosetest.Requests("M1", explainedKey, stamp)) {
		args := []string{
			"sign", "explain", "--merchant-no", "M1", "--merchant-key", explainedKey, "--time-stamp", stamp, "--sign=" + r.Sign,
			"--raw=" + r.Query + r.Body,
		}
		var out control.SignExplanation
		require.NoError(t, json.Unmarshal([]byte(explained(t, append(args, "-o", "json", "--", r.Data)...)), &out))
		var kinds []string
		var findings []diagnose.Finding
		for _, d := range out.Diagnosis {
			kinds, findings = append(kinds, d.Kind), append(findings, diagnose.Finding(d))
		}
		require.Equal(t, r.Kinds, kinds, r.Name)
		for language, fix := range map[string]string{"en": r.Fix, "zh": r.FixZh} {
			printed := explained(t, append(args, "--lang", language, "--", r.Data)...)
			require.Contains(t, printed, fix, r.Name)
			printsFindings(t, printed, language, findings)
		}
	}
}

// The same of every kind of mistake that a push can have.
func TestSignExplain_namesEveryMistakeOfAPush(t *testing.T) {
	for _, p := range diagnosetest.OneOfEach(diagnosetest.Pushes("M1", explainedKey)) {
		args := []string{"sign", "explain", "--merchant-no", "M1", "--merchant-key", explainedKey, "--push=" + p.Body(p.Signment)}
		found, err := diagnose.Push{MerchantNo: "M1", Key: explainedKey, Body: []byte(p.Body(p.Signment))}.Examine()
		require.NoError(t, err)
		var kinds []string
		for _, f := range found.Findings {
			kinds = append(kinds, f.Kind)
		}
		require.Equal(t, p.Kinds, kinds, p.Name)
		for _, language := range []string{"en", "zh"} {
			printsFindings(t, explained(t, append(args, "--lang", language)...), language, found.Findings)
		}
	}
}

// sign explain, given what was sent and nothing else, names what is wrong with the envelope and data, in both languages, without a server.
func TestSignExplain_namesWhatWasSent(t *testing.T) {
	named := 0
	for _, e := range diagnosetest.Envelopes("M1", explainedKey, time.Now()) {
		query, body := e.Sent()
		if query+body == "" || e.NeedsHead() || strings.ContainsRune(body, 0) {
			continue
		}
		named++
		kind := e.Kind
		if e.Lint != "" {
			kind = e.Lint
		}
		args := []string{"sign", "explain", "--merchant-no", "M1", "--merchant-key", explainedKey, "--raw=" + query + body}
		for language, fix := range map[string]string{"en": e.Fix, "zh": e.FixZh} {
			printed := explained(t, append(args, "--lang", language)...)
			require.Contains(t, printed, kind+colons[language], e.Name)
			if kind != "data-cut" { // whether it was a query or a body that was cut is not known, and the fix follows from it
				require.Contains(t, printed, fix, e.Name)
			}
		}
	}
	require.Greater(t, named, 60)
}

// instead is a server in front of a mock: in place of each request of a merchant it sends what body holds at that time.
func instead(t *testing.T, target string, body *diagnosetest.Request) string {
	t.Helper()
	to, err := url.Parse(target)
	require.NoError(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		if strings.HasPrefix(r.In.URL.Path, "/__admin") {
			return
		}
		if body.Query != "" {
			r.Out.Method, r.Out.Body, r.Out.ContentLength = http.MethodGet, http.NoBody, 0
			r.Out.URL.Path, r.Out.URL.RawQuery = strings.Replace(r.In.URL.Path, "bindcar", "carnum", 1), body.Query
			return
		}
		r.Out.Body, r.Out.ContentLength = io.NopCloser(strings.NewReader(body.Body)), int64(len(body.Body))
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// call shows of a request that was refused what the server found, whatever kind it is: the evidence and the fix
// in both languages, and as JSON the kind.
func TestCall_showsEveryMistakeOfARequest(t *testing.T) {
	server, err := mock.New(mock.WithSeed(7), mock.WithFixture([]byte(`{"merchants": [{"no": "M1", "key": "`+explainedKey+`", "name": "M"}]}`)))
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	t.Cleanup(func() { require.NoError(t, server.Close(context.Background())) })
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	var sent diagnosetest.Request
	front := instead(t, server.URL(), &sent)
	stamp := time.Now().In(client.Zone).Format(client.StampLayout)
	for _, r := range diagnosetest.OneOfEach(diagnosetest.Requests("M1", explainedKey, stamp)) {
		sent = r
		args := []string{"call", "bindcar", "--server", front, "--merchant-no", "M1", "--merchant-key", explainedKey, "--data", "{}"}
		var out struct{ Diagnosis []control.Diagnosis }
		require.NoError(t, json.Unmarshal([]byte(explained(t, append(args, "-o", "json")...)), &out))
		var kinds []string
		for _, d := range out.Diagnosis {
			kinds = append(kinds, d.Kind)
		}
		require.Equal(t, r.Kinds, kinds, r.Name)
		for language, fix := range map[string]string{"en": r.Fix, "zh": r.FixZh} {
			printed := explained(t, append(args, "--lang", language)...)
			require.Contains(t, printed, "sign-mismatch", r.Name)
			require.Contains(t, printed, strings.Join(r.Kinds, ", "), r.Name)
			require.Contains(t, printed, fix, r.Name)
			for _, d := range out.Diagnosis {
				evidence, fix := d.Evidence, d.Fix
				if language == "zh" {
					evidence, fix = d.EvidenceZh, d.FixZh
				}
				require.Contains(t, strings.ToLower(printed), strings.ToLower(cli.Clean(evidence)), r.Name)
				require.Contains(t, printed, cli.Clean(fix), r.Name)
			}
		}
	}
}
