package push

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// An answer counts as delivered exactly where it is a JSON object whose code is the number 0 (§10); what is kept of it is valid
// UTF-8 and bounded.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"code":0,"message":"ok"}`, `{"code":"0"}`, `{"Code":0}`, `{"code":-0.0e5}`, `{"code":1e-400}`, `{"code":null}`, `null`, `[]`, ``, ` {"code":0} `, `{"code":1,"code":0}`, "\xef\xbb\xbf{\"code\":0}", `{"code":0}{}`, "车\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		why := refusal(answer)
		kept := excerpt(answer)
		require.True(t, utf8.ValidString(why) && utf8.ValidString(kept))
		require.LessOrEqual(t, len(why), 400)
		require.LessOrEqual(t, len(kept), maxExcerpt)
		var fields map[string]any
		dec := json.NewDecoder(strings.NewReader(string(answer)))
		dec.UseNumber()
		if why != "" || dec.Decode(&fields) != nil {
			require.NotEmpty(t, why)
			return
		}
		code, is := fields["code"].(json.Number)
		require.True(t, is)
		n, err := code.Float64()
		require.True(t, err == nil && n == 0, code)
	})
}

// A pattern that is taken allows what it names; where patterns are given, nothing else.
func FuzzAllow(f *testing.F) {
	for _, seed := range []string{"merchant.test", "*.merchant.test", "127.0.0.1:9000", "[::1]:9000", "10.0.0.0/8", "::/0", "", "a b", "*.", ":1", "[", "::ffff:10.0.0.0/104", "http://x", "x:0"} {
		f.Add(seed, "sub.merchant.test", "10.1.2.3:80")
	}
	f.Fuzz(func(t *testing.T, pattern, host, address string) {
		a, err := NewAllow([]string{pattern})
		if err != nil {
			require.False(t, a.limited)
			return
		}
		if a.named(host, "80") {
			require.NotEmpty(t, a.names)
			suffix := strings.TrimPrefix(a.names[0].host, "*")
			require.True(t, strings.HasSuffix(plainHost(host), suffix) || plainHost(host) == a.names[0].host)
		}
		if a.address(address) {
			to := netip.MustParseAddrPort(address).Addr()
			require.True(t, a.networks[0].Contains(to) || a.networks[0].Contains(to.Unmap()))
		}
		for _, n := range a.networks {
			require.True(t, a.address(netip.AddrPortFrom(n.Addr(), 1).String()))
		}
	})
}

// A URL that is taken has a host and a scheme that can be sent to.
func FuzzTarget(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1:9/x?y=z", "https://u:p@h/", "//h", "http:///x", "ftp://h", "http://[::1]", "http://h:99999", "http://%zz", "HTTP://H", "http://\x7f", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := Target(raw)
		if err != nil {
			require.LessOrEqual(t, len(err.Error()), 2000)
			return
		}
		require.NotEmpty(t, u.Hostname())
		require.Contains(t, []string{"http", "https"}, u.Scheme)
	})
}
