package outgoing

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// allow is where connections may go; the zero value is anywhere.
type allow struct {
	names    []target
	networks []netip.Prefix
	limited  bool
	private  bool // private addresses are denied unless the list has them
}

type target struct {
	host string // lower case; "*." before it is any name below it
	port string // "" is any
}

// DeniedError is the error of a connection that may not be made.
type DeniedError struct{ Why string }

func (e *DeniedError) Error() string { return e.Why }

// PatternError is the error of a list that holds what is no pattern.
type PatternError struct {
	Pattern string
	Want    string // what a pattern is
}

func (e *PatternError) Error() string { return fmt.Sprintf("%s, got %q", e.Want, e.Pattern) }

var (
	errNotAllowed = &DeniedError{"not among the places that pushes may go to (--push-allow)"}
	errPrivate    = &DeniedError{"at a private address, where no pushes go (--push-deny-private; --push-allow makes an exception)"}
)

// newAllow reads patterns: a host ("merchant.test", "*.merchant.test", "127.0.0.1"), a host and a port ("merchant.test:9000",
// "[::1]:9000"), or a network ("10.0.0.0/8"). None at all allow everything.
func newAllow(patterns []string, denyPrivate bool) (allow, error) {
	a := allow{limited: len(patterns) > 0, private: denyPrivate}
	for _, pattern := range patterns {
		if strings.Contains(pattern, "/") {
			network, err := netip.ParsePrefix(pattern)
			if err != nil {
				return allow{}, &PatternError{pattern, "want a host, host:port or a network such as 10.0.0.0/8"}
			}
			a.networks = append(a.networks, network.Masked())
			continue
		}
		t := target{host: pattern}
		if host, port, err := net.SplitHostPort(pattern); err == nil {
			t = target{host, port}
			if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
				return allow{}, &PatternError{pattern, "want a port from 1 to 65535"}
			}
		}
		if t.host = plainHost(t.host); t.host == "" || strings.ContainsAny(t.host, " @?#") {
			return allow{}, &PatternError{pattern, "want a host, host:port or a network such as 10.0.0.0/8"}
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

// anywhere says that nothing was said about where connections may go.
func (a *allow) anywhere() bool { return !a.limited && !a.private }

// named says whether the list has a host by its name; if not, its addresses may yet lie in a network.
func (a *allow) named(host, port string) bool {
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

// address says whether an address, as it is about to be dialled, may be contacted.
func (a *allow) address(hostPort string) error {
	to, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return errNotAllowed
	}
	ip := to.Addr().Unmap()
	behind, relay := carried(ip)
	for _, network := range a.networks {
		if network.Contains(ip) || network.Contains(to.Addr()) || network.Contains(behind) {
			return nil
		}
	}
	switch {
	case a.limited:
		return errNotAllowed
	case a.private && slices.ContainsFunc([]netip.Addr{ip, behind, relay}, func(ip netip.Addr) bool { return isPrivate(ip) || isOwn(ip) }):
		return errPrivate
	}
	return nil
}

// isOwn says whether an address is one of this machine's, which may be any.
func isOwn(ip netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(own, func(a net.Addr) bool {
		network, ok := a.(*net.IPNet)
		if !ok {
			return false
		}
		address, ok := netip.AddrFromSlice(network.IP)
		return ok && address.Unmap() == ip.WithZone("")
	})
}

var (
	// What carriers share (RFC 6598); clouds have services of their own there.
	sharedSpace = netip.MustParsePrefix("100.64.0.0/10")
	// Networks of one's own behind NAT64 (RFC 8215): their addresses are private ones whatever they hold.
	local64 = netip.MustParsePrefix("64:ff9b:1::/48")
	// What goes to these is sent on to an IPv4 address that they hold.
	carriers = []carrier{
		{prefix: netip.MustParsePrefix("64:ff9b::/96"), at: 12},                        // NAT64 (RFC 6052)
		{prefix: netip.MustParsePrefix("2002::/16"), at: 2},                            // 6to4 (RFC 3056)
		{prefix: netip.MustParsePrefix("2001::/32"), at: 12, inverted: true, relay: 4}, // Teredo (RFC 4380): its client, by way of its server
		{prefix: netip.MustParsePrefix("::ffff:0:0:0/96"), at: 12},                     // SIIT (RFC 2765)
		{prefix: netip.MustParsePrefix("::/96"), at: 12},                               // IPv4-compatible (RFC 4291, 2.5.5.1)
	}
)

// carrier is a network whose addresses hold IPv4 addresses.
type carrier struct {
	prefix   netip.Prefix
	at       int  // the byte at which the address begins
	inverted bool // its bits are
	relay    int  // the byte at which that of a server begins which has to help; 0: none has
}

// carried is the IPv4 address to which what goes to an address is sent on, and that of the server that helps with it; else none.
func carried(ip netip.Addr) (to, relay netip.Addr) {
	for _, c := range carriers {
		if !c.prefix.Contains(ip) || ip.IsLoopback() || ip.IsUnspecified() { // ::1 and :: hold none
			continue
		}
		bytes := ip.As16()
		four := [4]byte(bytes[c.at:])
		for i := range four {
			if c.inverted {
				four[i] = ^four[i]
			}
		}
		if c.relay > 0 {
			relay = netip.AddrFrom4([4]byte(bytes[c.relay:]))
		}
		return netip.AddrFrom4(four), relay
	}
	return netip.Addr{}, netip.Addr{}
}

// isPrivate says whether an address is this machine's or of a network that is not the Internet.
func isPrivate(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || sharedSpace.Contains(ip) || local64.Contains(ip)
}
