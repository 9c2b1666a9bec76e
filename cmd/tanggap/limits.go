package main

import (
	"net/netip"

	"github.com/tanggap/tanggap/api/rest"
)

// limits are the settings of what callers may take; 0 is without limit.
type limits struct {
	OfficerRequests int `env:"TANGGAP_OFFICER_REQUESTS" default:"32" help:"Requests that one officer may have under way."`
	OfficerFiles    int `env:"TANGGAP_OFFICER_FILES" default:"240" help:"Whole files and NIK searches in a minute."`

	AddressRequests int `env:"TANGGAP_ADDRESS_REQUESTS" default:"256" help:"Requests of one address without a session."`

	Proxies []netip.Prefix `env:"TANGGAP_PROXIES" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
}

func (l limits) edge() rest.Limits {
	all := rest.DefaultLimits()
	all.Anonymous, all.Officer.Requests, all.Officer.Files = l.AddressRequests, l.OfficerRequests, l.OfficerFiles
	return all
}
