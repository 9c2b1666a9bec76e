package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Door says which addresses may be called: those of the public internet, over https, at the usual ports. Networks are
// those of one's own receivers, which may be private and may take plain http, at any port.
type Door struct {
	Networks []netip.Prefix
	// Lookup finds the addresses of a name; the system's resolver when nil.
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

var errClosed = errors.New("this address must not be called")

// lookupFor bounds the look at the name of a webhook that is registered.
const lookupFor = 3 * time.Second

// publicPorts are where public receivers take https.
var publicPorts = []uint16{443, 8443}

// notPublic are the networks that are no receiver's, beside those that netip knows: of operators, of tests and of
// documentation, and those that stand for an address of the other family.
var notPublic = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

// globalUnicast holds every public address of IPv6.
var globalUnicast = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// public tells whether an address belongs to the public internet.
func public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !globalUnicast.Contains(a) {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// own tells whether an address lies in one of the networks of one's own receivers.
func (d *Door) own(a netip.Addr) bool {
	return slices.ContainsFunc(d.Networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// open tells whether an address may be called over a scheme. A v4 address that is written as v6 is the v4 address.
func (d *Door) open(scheme string, at netip.AddrPort) bool {
	a := at.Addr().Unmap()
	if d.own(a) {
		return true
	}
	return scheme == "https" && public(a) && slices.Contains(publicPorts, at.Port())
}

// Check refuses an address that could not be called: webhook.url_invalid for one that is none, and
// webhook.address_refused for one that must not be called or has no address, which are told alike, because the answer
// must not map a network. What is true at the registration is looked at again at every connection.
func (d *Door) Check(ctx context.Context, text string) error {
	u, port, err := parse(text)
	if err != nil {
		return fault.New(fault.Invalid, "webhook.url_invalid").At("url").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupFor)
	defer cancel()
	lookup := d.Lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	addresses, err := lookup(ctx, "ip", u.Hostname())
	closed := slices.ContainsFunc(addresses, func(a netip.Addr) bool {
		return !d.open(u.Scheme, netip.AddrPortFrom(a, port))
	})
	if err != nil || closed || len(addresses) == 0 {
		return fault.New(fault.Invalid, "webhook.address_refused").At("url").Because(err)
	}
	return nil
}

// parse reads the address of a receiver: a scheme, a host, perhaps a port, path and query, and nothing else.
func parse(text string) (*url.URL, uint16, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, 0, err
	}
	usual := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	if usual == "" || u.Hostname() == "" || u.User != nil || u.Opaque != "" || strings.Contains(text, "#") {
		return nil, 0, fmt.Errorf("scheme %q with more or less than a host", u.Scheme)
	}
	port := u.Port()
	if port == "" {
		port = usual
	}
	at, err := net.LookupPort("tcp", port)
	if err != nil || at < 1 || strings.HasSuffix(u.Host, ":") {
		return nil, 0, errors.New("no port")
	}
	return u, uint16(at), nil
}

// schemeKey is where the context of a request has its scheme.
type schemeKey struct{}

// control looks at the address that a connection is about to be made to, whatever its name meant before.
func (d *Door) control(ctx context.Context, _, address string, _ syscall.RawConn) error {
	scheme, _ := ctx.Value(schemeKey{}).(string)
	at, err := netip.ParseAddrPort(address)
	if err != nil || !d.open(scheme, at) {
		return errClosed
	}
	return nil
}
