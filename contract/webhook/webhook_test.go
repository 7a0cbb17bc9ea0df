package webhook_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/contract/webhook/webhooktest"
	"github.com/etcp-mock/etcp-mock/sign"
)

func webhookOf(h http.Handler) webhook.Endpoint {
	return webhook.Endpoint{
		URL: "/etcp", Handler: h, MerchantNo: merchantNo, Key: merchantKey, Seed: 1,
		Kinds: map[client.Kind]string{client.KindUnbind: "/etcp/unbind", client.KindCertificationInvalid: "/etcp/certification-invalid"},
	}
}

func broken(r *report.Report) (ids []string) {
	for _, c := range r.Cases {
		if len(c.Failures) > 0 {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func TestChecks(t *testing.T) {
	seen := map[string]bool{}
	chinese := webhook.Checks("zh")
	for i, c := range webhook.Checks("en") {
		require.False(t, seen[c.ID], "%s is there twice", c.ID)
		require.Contains(t, []string{report.Must, report.Should}, c.Level, c.ID)
		require.True(t, strings.HasPrefix(c.Section, "§"), c.ID)
		for _, text := range []string{c.Title, c.Sent, c.Expected, c.Fix} {
			require.NotEmpty(t, text, c.ID)
			require.NotContains(t, text, "%!", c.ID)
		}
		zh := chinese[i]
		require.Equal(t, c.ID, zh.ID)
		for _, text := range []string{zh.Title, zh.Sent, zh.Fix} {
			require.Regexp(t, `\p{Han}`, text, c.ID)
			require.NotContains(t, text, "%!", c.ID)
		}
		require.NotEqual(t, c.Title, zh.Title, c.ID)
		require.NotEqual(t, c.Fix, zh.Fix, c.ID)
		for _, need := range c.Needs {
			require.True(t, seen[need], "%s needs %s, which does not stand before it", c.ID, need)
		}
		seen[c.ID] = true
	}
	require.Greater(t, len(seen), 60)
}

// A report in Chinese is Chinese throughout: titles, reasons, failures and fixes.
func TestExamine_chinese(t *testing.T) {
	e := webhookOf(wrongMerchants["sorts the keys"].new())
	e.Language = "zh"
	r, err := e.Examine(t.Context())
	require.NoError(t, err)
	require.Contains(t, r.Cases[0].Failures[0].Message, "正确的推送未被接受：code 为 4")
	require.Contains(t, r.Cases[0].Failures[0].Fix, "字段被排序了（field-order）")
	require.Contains(t, r.Cases[1].Reason, "未判断：正确的推送未被接受")
}

// The client's own handler passes all, in each of the forms a push may have.
func TestExamine_rightMerchant(t *testing.T) {
	for _, encoding := range []webhook.Encoding{"", webhook.EncodingForm, webhook.EncodingFormParam} {
		for _, how := range []sign.PushData{sign.JSON, sign.Values, sign.Query} {
			t.Run(string(encoding)+" "+string(how), func(t *testing.T) {
				h := &client.PushHandler{MerchantNo: merchantNo, Key: merchantKey, SignData: how, Notice: client.KindUnbind}
				w := webhook.Endpoint{URL: "/", MerchantNo: merchantNo, Key: merchantKey, Encoding: encoding, SignData: how}
				r := webhooktest.Examine(t, h, w)
				require.Empty(t, broken(r))
				require.Equal(t, report.ExitPassed, r.ExitCode())
				require.GreaterOrEqual(t, r.Count(report.Passed), 60)
			})
		}
	}
}

func TestExamine_overASocket(t *testing.T) {
	server := httptest.NewServer(rightMerchant())
	defer server.Close()
	w := webhookOf(nil)
	w.Kinds = map[client.Kind]string{client.KindUnbind: "/etcp/unbind", client.KindCertificationInvalid: webhook.NotReceived}
	r := webhooktest.Examine(t, server.URL+"/etcp", w)
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.Equal(t, 4, r.Count(report.Skipped), "what sends certification-invalid")
}

// Each wrong merchant is found by the checks that show what is wrong with it, and by no other.
func TestExamine_wrongMerchants(t *testing.T) {
	for _, table := range wrongTables {
		for name, m := range table {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r, err := webhookOf(m.new()).Examine(t.Context())
					require.NoError(t, err)
					require.Nil(t, r.Outage)
					require.Equal(t, m.breaks, broken(r))
					time.Sleep(time.Minute) // what answers late comes to its end
				})
			})
		}
	}
}

// Every check has a merchant in which it finds a fault.
func TestChecks_eachFindsAFault(t *testing.T) {
	var found []string
	for _, table := range wrongTables {
		for _, m := range table {
			found = append(found, m.breaks...)
		}
	}
	for _, c := range webhook.Checks("en") {
		require.Contains(t, found, c.ID, "no wrong merchant breaks this check")
	}
}

func TestExamine_saysWhatAnAcceptedPushMeans(t *testing.T) {
	r, err := webhookOf(wrongMerchants["sorts the keys"].new()).Examine(t.Context())
	require.NoError(t, err)
	require.Equal(t, report.ExitBroken, r.ExitCode())
	require.Contains(t, r.Cases[0].Failures[0].Fix, "the fields were sorted (field-order)")
	require.Equal(t, len(r.Cases)-1, r.Count(report.Skipped), "nothing else is judged")

	w := webhookOf(rightMerchant())
	w.SignData = sign.Query
	r, err = w.Examine(t.Context())
	require.NoError(t, err)
	require.Contains(t, r.Cases[0].Failures[0].Fix, "--sign-data json")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// What cannot be reached, or is no such endpoint, is an outage: nothing is said of the contract.
func TestExamine_outage(t *testing.T) {
	page := func(status int, header, value, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(header, value)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	plain := httptest.NewServer(rightMerchant())
	defer plain.Close()
	secure := httptest.NewTLSServer(rightMerchant())
	secure.Config.ErrorLog = nil
	defer secure.Close()
	short := httptest.NewServer(page(200, "Content-Length", "100", `{"code":0`))
	defer short.Close()
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer cut.Close()
	html := strings.Repeat("<html>欢迎登录", 100)
	login := httptest.NewServer(page(200, "Content-Type", "text/html", html))
	defer login.Close()
	moved := httptest.NewServer(page(302, "Location", "/login", "moved"))
	defer moved.Close()
	for _, tt := range []struct{ kind, url, head string }{
		{"unreachable", "http://127.0.0.1:1/etcp", ""},
		{"tls", "https" + strings.TrimPrefix(plain.URL, "http"), ""},
		{"tls", secure.URL, ""},
		{"truncated", short.URL, `{"code":0`},
		{"truncated", cut.URL, ""},
		{"html", login.URL, "<html>欢迎登录"},
		{"redirect", moved.URL, "moved"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			w := webhookOf(nil)
			w.URL, w.Timeout = tt.url, time.Minute
			r, err := w.Examine(t.Context())
			require.NoError(t, err)
			require.NotNil(t, r.Outage)
			require.Equal(t, tt.kind, r.Outage.Kind, r.Outage.Detail)
			require.Equal(t, report.ExitUnreachable, r.ExitCode())
			require.Empty(t, broken(r))
			require.True(t, strings.HasPrefix(r.Outage.Head, tt.head))
			require.LessOrEqual(t, len(r.Outage.Head), 200)
			require.NotEmpty(t, r.Outage.Fix)
		})
	}
}

// An endpoint that takes no more connections once it has accepted a right push has a fault: what it was sent last, in the check that sent it.
func TestExamine_stops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := webhookOf(nil)
		w.URL = "http://merchant.test/etcp"
		w.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if n++; n > 20 {
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			}
			rec := httptest.NewRecorder()
			rightMerchant().ServeHTTP(rec, r)
			return rec.Result(), nil
		})
		r, err := w.Examine(t.Context())
		require.NoError(t, err)
		require.Nil(t, r.Outage)
		require.Equal(t, report.ExitBroken, r.ExitCode())
		require.Len(t, broken(r), 1)
		require.Equal(t, report.Skipped, r.Cases[len(r.Cases)-1].Status)
	})
}

func TestExamine_neverTellsTheKey(t *testing.T) {
	echo := merchant{answer: func(w http.ResponseWriter, code int, _ string) {
		_, _ = w.Write([]byte(`{"code":` + string(rune('1'+code)) + `,"message":"want MD5(` + merchantKey + `) ` + url.QueryEscape(merchantKey) + `"}`))
	}}
	w := webhookOf(echo)
	w.URL = "/etcp?key=" + merchantKey
	w.Probe = func(context.Context, webhook.Probed) error { return errors.New(merchantKey) }
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, broken(r))
	for _, format := range []report.Format{report.JSON, report.JUnit, report.TAP, report.HTML, report.GitHub} {
		var text strings.Builder
		require.NoError(t, report.Write(&text, format, r))
		require.NotContains(t, text.String(), merchantKey, format)
	}
}

func TestExamine_probe(t *testing.T) {
	w := webhookOf(rightMerchant())
	w.Only = []string{"twice-exit"}
	asked := map[string]int{}
	w.Probe = func(_ context.Context, p webhook.Probed) error {
		asked[p.Check] = len(p.Pushes)
		if p.Check == "twice-exit" {
			require.True(t, p.Pushes[0].Accepted)
			return errors.New("two rows for one exit")
		}
		return nil
	}
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"twice-exit"}, broken(r))
	require.Equal(t, 2, asked["twice-exit"])
	require.Contains(t, asked, "control-right-push")
}

func TestExamine_usage(t *testing.T) {
	for name, change := range map[string]func(*webhook.Endpoint){
		"no merchant":     func(w *webhook.Endpoint) { w.MerchantNo = "" },
		"no key":          func(w *webhook.Endpoint) { w.Key = "" },
		"no URL":          func(w *webhook.Endpoint) { w.Handler, w.URL = nil, "ftp://x" },
		"a kind unknown":  func(w *webhook.Endpoint) { w.Kinds = map[client.Kind]string{"x": "/"} },
		"no entry":        func(w *webhook.Endpoint) { w.Kinds = map[client.Kind]string{"entry": webhook.NotReceived} },
		"a check unknown": func(w *webhook.Endpoint) { w.Only = []string{"x"} },
		"an encoding":     func(w *webhook.Endpoint) { w.Encoding = "xml" },
		"a sign data":     func(w *webhook.Endpoint) { w.SignData = "xml" },
	} {
		t.Run(name, func(t *testing.T) {
			w := webhookOf(rightMerchant())
			change(&w)
			_, err := w.Examine(t.Context())
			require.ErrorIs(t, err, webhook.ErrUsage)
		})
	}
}

// An examination that is broken off says nothing of what it did not see, and waits for nothing more.
func TestExamine_cancelled(t *testing.T) { synctest.Test(t, examineCancelled) }

func examineCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := webhookOf(rightMerchant())
	w.Progress = func(c *report.Case) {
		if c.ID == "exit" {
			cancel()
		}
	}
	r, err := w.Examine(ctx)
	require.NoError(t, err)
	require.Equal(t, 3, r.Ran())
	require.Empty(t, broken(r))
	require.Less(t, time.Duration(r.Duration), time.Second)
}
