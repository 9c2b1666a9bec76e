package main

import (
	"fmt"
	"net/netip"
	"net/url"

	"github.com/tanggap/tanggap/api/rest"
)

// limits are the settings of what callers may take; 0 is without limit.
type limits struct {
	OfficerRequests int `env:"TANGGAP_OFFICER_REQUESTS" default:"32" help:"Requests that one officer may have under way."`
	OfficerFiles    int `env:"TANGGAP_OFFICER_FILES" default:"240" help:"Whole files and NIK searches in a minute."`

	AddressRequests int `env:"TANGGAP_ADDRESS_REQUESTS" default:"256" help:"Requests of one address without a session."`

	Origins []origin       `env:"TANGGAP_ORIGINS" placeholder:"https://HOST" help:"Origins whose pages may read answers in a browser."`
	Proxies []netip.Prefix `env:"TANGGAP_PROXIES" placeholder:"CIDR" help:"Proxies with TLS whose X-Forwarded-For is believed. Off loopback the pages of the console are offered behind one only."`
}

func (l limits) edge() rest.Limits {
	all := rest.DefaultLimits()
	all.Anonymous, all.Officer.Requests, all.Officer.Files = l.AddressRequests, l.OfficerRequests, l.OfficerFiles
	return all
}

// origin is where pages come from that may read answers: scheme, host and port, and nothing else.
type origin string

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *origin) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.Scheme+"://"+u.Host != string(text) ||
		u.Hostname() == "*" {
		return fmt.Errorf(spoken("%q is not an origin: write https://host or https://host:port"), text)
	}
	*o = origin(text)
	return nil
}

func (l limits) origins() []string {
	var out []string
	for _, o := range l.Origins {
		out = append(out, string(o))
	}
	return out
}
