package trust_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/trust"
)

// A server is trusted by its own authority, and by that alone; the client that was given stays as it was.
func TestRoots(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	own := x509.NewCertPool()
	own.AddCert(server.Certificate())

	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13}}
	given := &http.Client{Transport: transport, Timeout: time.Minute}
	get := func(h *http.Client) error {
		defer h.CloseIdleConnections()
		resp, err := h.Get(server.URL)
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	trusting := trust.Roots(given, own)
	require.NoError(t, get(trusting))
	require.Error(t, get(trust.Roots(given, x509.NewCertPool())))
	require.Error(t, get(given))
	require.Nil(t, transport.TLSClientConfig.RootCAs)
	require.Equal(t, time.Minute, trusting.Timeout, "its other settings stay")
	require.EqualValues(t, tls.VersionTLS13, trusting.Transport.(*http.Transport).TLSClientConfig.MinVersion)
	require.NoError(t, get(trust.Roots(&http.Client{}, own)), "without a transport of its own it has the default one's")
}

type own struct{ http.RoundTripper }

// A transport of another type decides itself whom it trusts.
func TestRoots_otherTransport(t *testing.T) {
	given := &http.Client{Transport: own{}}
	require.Same(t, given, trust.Roots(given, x509.NewCertPool()))
}
