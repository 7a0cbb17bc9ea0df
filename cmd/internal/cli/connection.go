package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/mock/inprocess"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// requestTimeout is how long a request may take.
const requestTimeout = 30 * time.Second

// ConnectionFlags say how a target is connected to: --cacert, --insecure and --proxy.
type ConnectionFlags struct {
	cacert, proxy string
	insecure      bool
}

// Register adds the flags.
func (c *ConnectionFlags) Register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.cacert, "cacert", "", "PEM `file` of authorities to trust beside those of the system")
	cmd.Flags().BoolVar(&c.insecure, "insecure", false, "trust any certificate")
	cmd.Flags().StringVar(&c.proxy, "proxy", "", "`URL` of an HTTP proxy (default: HTTP_PROXY, HTTPS_PROXY and NO_PROXY)")
}

// Transport is the transport that the flags ask for.
func (c *ConnectionFlags) Transport() (*http.Transport, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()                                          //nolint:forcetypeassert // it is one
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.insecure} //nolint:gosec // asked for
	if c.cacert != "" {
		pem, err := ReadFile(c.cacert, MostOfFile)
		if err != nil {
			return nil, Usagef("--cacert: %v", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, Usagef("--cacert %s: holds no PEM certificate", c.cacert)
		}
		t.TLSClientConfig.RootCAs = pool
	}
	if c.proxy != "" {
		through, err := url.Parse(c.proxy)
		if err != nil || through.Host == "" {
			return nil, Usagef("--proxy: want a URL such as http://127.0.0.1:3128, got %q", c.proxy)
		}
		t.Proxy = http.ProxyURL(through)
	}
	return t, nil
}

// HTTP is the client that the flags ask for.
func (c *ConnectionFlags) HTTP() (*http.Client, error) {
	t, err := c.Transport()
	return &http.Client{Transport: t, Timeout: requestTimeout}, err
}

// InProcess is a mock inside the command, which ends with it.
func InProcess(seed *uint64) (Target, error) {
	server, err := inprocess.New(inprocess.Options{Seed: seed, Version: Version, Commit: Commit})
	if err != nil {
		return Target{}, err
	}
	out := Target{Target: scenarios.InProcess(server.Handler()), InProcess: true}
	out.Env = scenarios.ProcessEnv
	out.Close = server.Close
	return out, nil
}
