package cli

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// CheckAddr refuses what is no address to listen on: host:port. An address is free or not; that is found out by listening.
func CheckAddr(flag, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return Usagef("--%s: want host:port, such as 127.0.0.1:0, got %q", flag, addr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return Usagef("--%s: want a port from 0 to 65535, got %q", flag, addr)
	}
	return nil
}

// CheckAddrOrSocket is [CheckAddr] where unix:/path will do as well.
func CheckAddrOrSocket(flag, addr string) error {
	path, isSocket := strings.CutPrefix(addr, "unix:")
	switch {
	case !isSocket:
		return CheckAddr(flag, addr)
	case path == "":
		return Usagef("--%s: want host:port or unix:/path/of/a/socket, got %q", flag, addr)
	}
	return nil
}

// IsSocket reports whether an address is a socket's, unix:/path.
func IsSocket(addr string) bool { return strings.HasPrefix(addr, "unix:") }

// HTTPURL is the value of a flag that is the URL of a server.
func HTTPURL(flag, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, Usagef("--%s: want an http or https URL, got %q", flag, text)
	}
	return u, nil
}
