package outgoing

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Private addresses are denied where that is wanted, unless the list has them; a list denies everything else.
func TestAllow_address(t *testing.T) {
	for _, row := range []struct {
		list    []string
		private bool
		address string
		want    error
	}{
		{nil, true, "127.0.0.1:80", errPrivate},
		{nil, true, "[::1]:80", errPrivate},
		{nil, true, "[::ffff:10.1.2.3]:80", errPrivate},
		{nil, true, "192.168.0.1:80", errPrivate},
		{nil, true, "172.31.255.255:80", errPrivate},
		{nil, true, "169.254.169.254:80", errPrivate},
		{nil, true, "100.64.0.1:80", errPrivate},
		{nil, true, "0.0.0.0:80", errPrivate},
		{nil, true, "[fd00::1]:80", errPrivate},
		{nil, true, "[fe80::1%eth0]:80", errPrivate},
		{nil, true, "8.8.8.8:80", nil},
		{nil, true, "172.32.0.1:80", nil},
		{nil, true, "[2001:db8::1]:80", nil},
		{nil, true, "[64:ff9b::a01:203]:80", errPrivate}, // 10.1.2.3 behind NAT64
		{nil, true, "[64:ff9b::127.0.0.1]:80", errPrivate},
		{nil, true, "[64:ff9b::169.254.169.254]:80", errPrivate},
		{nil, true, "[64:ff9b::100.64.0.1]:80", errPrivate},
		{nil, true, "[64:ff9b::8.8.8.8]:80", nil},
		{nil, true, "[64:ff9b:1::8.8.8.8]:80", errPrivate}, // a network of one's own
		{nil, true, "[64:ff9b:1:ffff::1]:80", errPrivate},
		{nil, true, "[64:ff9b:2::a01:203]:80", nil},
		{nil, true, "[64:ff9b:0:0:0:1:a01:203]:80", nil},
		{nil, true, "[2002:a01:203::1]:80", errPrivate}, // 10.1.2.3 by 6to4
		{nil, true, "[2002:7f00:1::]:80", errPrivate},
		{nil, true, "[2002:a9fe:a9fe:1::2]:80", errPrivate}, // 169.254.169.254
		{nil, true, "[2002:808:808::1]:80", nil},            // 8.8.8.8
		{nil, true, "[2003:a01:203::1]:80", nil},
		{nil, true, "[2001:0:808:808:8000:63bf:f5fe:fdfc]:80", errPrivate}, // 10.1.2.3 by Teredo, its bits inverted
		{nil, true, "[2001:0:808:808:8000:63bf:80ff:fffe]:80", errPrivate}, // 127.0.0.1
		{nil, true, "[2001:0:a01:203:8000:63bf:f7f7:f7f7]:80", errPrivate}, // 8.8.8.8 by way of 10.1.2.3
		{nil, true, "[2001:0:808:808:8000:63bf:f7f7:f7f7]:80", nil},
		{nil, true, "[2001:1:808:808:8000:63bf:f5fe:fdfc]:80", nil},
		{nil, true, "[::ffff:0:10.1.2.3]:80", errPrivate},
		{nil, true, "[::10.1.2.3]:80", errPrivate},
		{nil, true, "[::8.8.8.8]:80", nil},
		{[]string{"0.0.0.0/0"}, true, "[::1]:80", errNotAllowed},
		{[]string{"2002::/16"}, true, "[2002:a01:203::1]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "[2002:a01:203::1]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "[2001:0:808:808:8000:63bf:f5fe:fdfc]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "[2001:0:a01:203:8000:63bf:f7f7:f7f7]:80", errNotAllowed},
		{[]string{"10.0.0.0/8"}, true, "[2002:c0a8:1::1]:80", errNotAllowed},
		{[]string{"64:ff9b::/96"}, true, "[64:ff9b::a01:203]:80", nil},
		{[]string{"64:ff9b:1::/48"}, true, "[64:ff9b:1::a01:203]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "[64:ff9b::a01:203]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "[64:ff9b::192.168.0.1]:80", errNotAllowed},
		{[]string{"8.8.8.0/24"}, false, "[64:ff9b::8.8.8.8]:80", nil},
		{nil, false, "[64:ff9b::a01:203]:80", nil},
		{[]string{"10.0.0.0/8"}, true, "10.1.2.3:80", nil},
		{[]string{"10.0.0.0/8"}, true, "192.168.0.1:80", errNotAllowed},
		{[]string{"10.0.0.0/8"}, false, "8.8.8.8:80", errNotAllowed},
		{nil, false, "127.0.0.1:80", nil},
	} {
		a, err := newAllow(row.list, row.private)
		require.NoError(t, err)
		if err := a.address(row.address); row.want == nil {
			require.NoError(t, err, row.address)
		} else {
			require.Equal(t, row.want, err, row.address)
		}
	}
}

// This machine's addresses are denied, whatever network they are of.
func TestAllow_ownAddresses(t *testing.T) {
	t.Parallel()
	own, err := net.InterfaceAddrs()
	require.NoError(t, err)
	require.NotEmpty(t, own)
	for _, address := range own {
		network, ok := address.(*net.IPNet)
		require.True(t, ok)
		ip, ok := netip.AddrFromSlice(network.IP)
		require.True(t, ok)
		require.True(t, isOwn(ip.Unmap()), ip)
		a, err := newAllow(nil, true)
		require.NoError(t, err)
		require.Equal(t, errPrivate, a.address(netip.AddrPortFrom(ip, 80).String()), ip)
	}
	require.False(t, isOwn(netip.MustParseAddr("203.0.113.9")))
}

// A pattern that is accepted allows what it names; where patterns are given, nothing else.
func FuzzAllow(f *testing.F) {
	for _, seed := range []string{"merchant.test", "*.merchant.test", "127.0.0.1:9000", "[::1]:9000", "10.0.0.0/8", "::/0", "", "a b", "*.", ":1", "[", "::ffff:10.0.0.0/104", "http://x", "x:0"} {
		f.Add(seed, "sub.merchant.test", "10.1.2.3:80")
	}
	f.Fuzz(func(t *testing.T, pattern, host, address string) {
		a, err := newAllow([]string{pattern}, false)
		if err != nil {
			require.False(t, a.limited)
			return
		}
		if a.named(host, "80") {
			require.NotEmpty(t, a.names)
			suffix := strings.TrimPrefix(a.names[0].host, "*")
			require.True(t, strings.HasSuffix(plainHost(host), suffix) || plainHost(host) == a.names[0].host)
		}
		if a.address(address) == nil {
			to := netip.MustParseAddrPort(address).Addr()
			behind, _ := carried(to)
			require.True(t, a.networks[0].Contains(to) || a.networks[0].Contains(to.Unmap()) || a.networks[0].Contains(behind))
		}
		for _, n := range a.networks {
			require.NoError(t, a.address(netip.AddrPortFrom(n.Addr(), 1).String()))
		}
	})
}
