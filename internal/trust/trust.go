// Package trust has an HTTP client trust other authorities than the system's.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

// Roots is a client like h that trusts these authorities in place of the system's. What else h and its transport do stays: the transport, or the
// default one, is cloned. A transport that is no [http.Transport] decides itself whom it trusts, and is left as it is.
func Roots(h *http.Client, roots *x509.CertPool) *http.Client {
	next := http.DefaultTransport
	if h.Transport != nil {
		next = h.Transport
	}
	own, ok := next.(*http.Transport)
	if !ok {
		return h
	}
	own = own.Clone()
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.RootCAs = roots
	out := *h
	out.Transport = own
	return &out
}
