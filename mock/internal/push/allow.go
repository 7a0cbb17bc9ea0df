package push

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Allow is where pushes may go; the zero value is anywhere.
type Allow struct {
	names    []target
	networks []netip.Prefix
	limited  bool
}

type target struct {
	host string // lower case; "*." before it is any name below it
	port string // "" is any
}

var errNotAllowed = errors.New("not among the places that pushes may go to (--push-allow)")

// NewAllow reads patterns: a host ("merchant.test", "*.merchant.test", "127.0.0.1"), a host and a port ("merchant.test:9000",
// "[::1]:9000"), or a network ("10.0.0.0/8"). None at all allow everything.
func NewAllow(patterns []string) (Allow, error) {
	a := Allow{limited: len(patterns) > 0}
	for _, pattern := range patterns {
		if strings.Contains(pattern, "/") {
			network, err := netip.ParsePrefix(pattern)
			if err != nil {
				return Allow{}, fmt.Errorf("push allow %q: want a host, host:port or a network such as 10.0.0.0/8", pattern)
			}
			a.networks = append(a.networks, network.Masked())
			continue
		}
		t := target{host: pattern}
		if host, port, err := net.SplitHostPort(pattern); err == nil {
			t = target{host, port}
			if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
				return Allow{}, fmt.Errorf("push allow %q: want a port from 1 to 65535", pattern)
			}
		}
		if t.host = plainHost(t.host); t.host == "" || strings.ContainsAny(t.host, " @?#") {
			return Allow{}, fmt.Errorf("push allow %q: want a host, host:port or a network such as 10.0.0.0/8", pattern)
		}
		a.names = append(a.names, t)
	}
	return a, nil
}

func plainHost(host string) string {
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String()
	}
	return host
}

// named says whether a host may be contacted by its name; if not, its addresses
// may yet lie in a network.
func (a *Allow) named(host, port string) bool {
	if !a.limited {
		return true
	}
	host = plainHost(host)
	for _, t := range a.names {
		if t.port != "" && t.port != port {
			continue
		}
		below, wild := strings.CutPrefix(t.host, "*.")
		if t.host == host || wild && strings.HasSuffix(host, "."+below) {
			return true
		}
	}
	return false
}

// address says whether an address, as it is about to be dialled, lies in an allowed network.
func (a *Allow) address(hostPort string) bool {
	to, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return false
	}
	for _, network := range a.networks {
		if network.Contains(to.Addr().Unmap()) || network.Contains(to.Addr()) {
			return true
		}
	}
	return false
}
