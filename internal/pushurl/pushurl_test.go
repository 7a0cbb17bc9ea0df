package pushurl_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/pushurl"
)

func TestParse_refuses(t *testing.T) {
	for raw, want := range map[string]string{
		"http://m:0/":                           "want a port from 1 to 65535",
		"http://m:99999/":                       "want a port from 1 to 65535",
		"http://m:-1/":                          "invalid port",
		"http://:80/":                           "has no host",
		"http:///x":                             "has no host",
		"ftp://m/":                              "want an absolute http or https URL",
		"http://m/" + strings.Repeat("x", 2000): "is longer than 2000 bytes",
		"http://m:" + strings.Repeat("9", 1000): "want a port from 1 to 65535",
	} {
		_, err := pushurl.Parse(raw)
		require.ErrorContains(t, err, want)
		require.Less(t, len(err.Error()), 1000)
	}
}

// A URL that is accepted has a host and a scheme that can be sent to.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1:9/x?y=z", "https://u:p@h/", "//h", "http:///x", "ftp://h", "http://[::1]", "http://h:99999", "http://%zz", "HTTP://H", "http://\x7f", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := pushurl.Parse(raw)
		if err != nil {
			require.LessOrEqual(t, len(err.Error()), 2000)
			return
		}
		require.NotEmpty(t, u.Hostname())
		require.Contains(t, []string{"http", "https"}, u.Scheme)
		if port := u.Port(); port != "" {
			n, err := strconv.Atoi(port)
			require.True(t, err == nil && n > 0 && n < 1<<16)
		}
	})
}
