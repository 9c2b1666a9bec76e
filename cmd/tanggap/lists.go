package main

import (
	"strings"

	"github.com/alecthomas/kong"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/export"
)

// lists gives the flags the closed lists of the domain, for their help and their checks.
func lists() kong.Vars {
	enum := func(texts []string) string { return strings.Join(texts, ",") }
	return kong.Vars{"roles": codelist.Join(authz.Roles()), "formats": enum(codelist.Texts(export.CSV.Values())),
		"profiles": enum(codelist.Texts(export.Sealed.Values())), "lang": tongue}
}
