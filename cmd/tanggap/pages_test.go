package main

import (
	"net"
	"net/netip"
	"testing"
)

// Where others could listen, people are not asked for their passwords, unless a proxy with TLS was declared.
func TestPagesAreOfferedWhereNobodyListens(t *testing.T) {
	t.Parallel()
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		at      net.Addr
		proxies []netip.Prefix
		offered bool
	}{
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, nil, true},
		{&net.TCPAddr{IP: net.IPv6loopback}, nil, true},
		{&net.TCPAddr{IP: net.IPv4(127, 8, 8, 8)}, nil, true},
		{&net.TCPAddr{IP: net.IPv4(192, 168, 1, 7)}, nil, false},
		{&net.TCPAddr{IP: net.IPv4zero}, nil, false},
		{&net.TCPAddr{IP: net.IPv6unspecified}, nil, false},
		{&net.TCPAddr{}, nil, false},
		{&net.UnixAddr{Name: "/tmp/x"}, nil, false},
		{&net.TCPAddr{IP: net.IPv4zero}, proxy, true},
		{&net.TCPAddr{IP: net.IPv4(192, 168, 1, 7)}, proxy, true},
	} {
		s := serveCommand{limits: limits{Proxies: c.proxies}}
		if got := s.offersPages(c.at); got != c.offered {
			t.Errorf("at %v behind %v: %v", c.at, c.proxies, got)
		}
	}
}
