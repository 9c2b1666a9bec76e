package webhook

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
)

// What is not the public internet's is never called, in whatever way it is written.
func TestWhatIsPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "103.10.66.1": true, "2001:4860:4860::8888": true, "2400:cb00::1": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"172.15.255.255": true, "172.32.0.1": true, "11.0.0.1": true, "9.255.255.255": true, "192.169.0.1": true,
		"100.64.0.1": false, "100.127.255.255": false, "100.63.255.255": true, "100.128.0.1": true,
		"169.254.169.254": false, "169.254.0.1": false, "224.0.0.1": false, "239.255.255.255": false,
		"240.0.0.1": false, "255.255.255.255": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false,
		"203.0.113.1": false, "192.0.0.192": false, "192.88.99.1": false,
		"::": false, "::1": false, "fe80::1": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
		"3fff::1": false, "100::1": false, "4000::1": false, "fe80::1%eth0": false, "2400:cb00::1%eth0": false,
	} {
		a := netip.MustParseAddr(address)
		if got := public(a.Unmap()); got != want {
			t.Errorf("%s is public: %t", address, got)
		}
	}
}

// A network of one's own is open to plain http and any port; nothing beside it is.
func TestWhatADoorLetsThrough(t *testing.T) {
	t.Parallel()
	own := &Door{Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	for _, c := range []struct {
		door         *Door
		scheme, at   string
		want, closed bool
	}{
		{&Door{}, "https", "8.8.8.8:443", true, false}, {&Door{}, "https", "8.8.8.8:8443", true, false},
		{&Door{}, "https", "8.8.8.8:22", false, true}, {&Door{}, "http", "8.8.8.8:443", false, true},
		{&Door{}, "", "8.8.8.8:443", false, true}, {&Door{}, "https", "10.1.0.1:443", false, true},
		{own, "http", "10.1.0.1:8080", true, false}, {own, "http", "[::ffff:10.1.0.1]:8080", true, false},
		{own, "https", "10.2.0.1:443", false, true}, {own, "http", "8.8.8.8:80", false, true},
		{own, "https", "[2400:cb00::1]:443", true, false},
	} {
		if got := c.door.open(c.scheme, netip.MustParseAddrPort(c.at)); got != c.want {
			t.Errorf("%s to %s with %v: %t", c.scheme, c.at, c.door.Networks, got)
		}
		ctx := context.WithValue(t.Context(), schemeKey{}, c.scheme)
		if err := c.door.control(ctx, "tcp", c.at, nil); errors.Is(err, errClosed) != c.closed {
			t.Errorf("a connection to %s over %s: %v", c.at, c.scheme, err)
		}
	}
	if err := (&Door{}).control(t.Context(), "tcp", "8.8.8.8:443", nil); !errors.Is(err, errClosed) {
		t.Errorf("a connection of no request: %v", err)
	}
}

// An address is refused at the registration when any of its meanings is closed; that one is closed and that there is
// none are told alike.
func TestAddressesAtTheRegistration(t *testing.T) {
	t.Parallel()
	names := map[string][]string{"umum.contoh.id": {"8.8.8.8", "2400:cb00::1"}, "dalam.contoh.id": {"10.0.0.1"},
		"dua.contoh.id": {"8.8.8.8", "127.0.0.1"}, "kosong.contoh.id": {}}
	door := &Door{Lookup: func(_ context.Context, _, host string) (list []netip.Addr, err error) {
		all, known := names[host]
		if a, err := netip.ParseAddr(host); err == nil {
			return []netip.Addr{a}, nil
		}
		if !known {
			return nil, errors.New("no such host")
		}
		for _, text := range all {
			list = append(list, netip.MustParseAddr(text))
		}
		return list, nil
	}}
	for text, want := range map[string]string{
		"https://umum.contoh.id/x?y=z": "", "https://umum.contoh.id:8443": "", "https://8.8.8.8/": "",
		"https://umum.contoh.id:22": "webhook.address_refused", "http://umum.contoh.id": "webhook.address_refused",
		"http://umum.contoh.id:443": "webhook.address_refused", "https://dalam.contoh.id": "webhook.address_refused",
		"https://dua.contoh.id": "webhook.address_refused", "https://kosong.contoh.id": "webhook.address_refused",
		"https://tidak.contoh.id": "webhook.address_refused", "https://127.0.0.1": "webhook.address_refused",
		"https://[::1]": "webhook.address_refused", "https://169.254.169.254/latest": "webhook.address_refused",
		"https://user@umum.contoh.id": "webhook.url_invalid", "https://u:p@umum.contoh.id": "webhook.url_invalid",
		"https://umum.contoh.id/#a": "webhook.url_invalid", "https://umum.contoh.id#": "webhook.url_invalid",
		"ftp://umum.contoh.id": "webhook.url_invalid", "file:///etc/passwd": "webhook.url_invalid",
		"umum.contoh.id": "webhook.url_invalid", "https://": "webhook.url_invalid", "https:umum": "webhook.url_invalid",
		"https://umum.contoh.id:": "webhook.url_invalid", "https://umum.contoh.id:0": "webhook.url_invalid",
		"https://umum.contoh.id:99999": "webhook.url_invalid", "//umum.contoh.id": "webhook.url_invalid",
	} {
		err := door.Check(t.Context(), text)
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%s: %q, want %q (%v)", text, got, want, err)
		}
	}
}
