package casestore

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// Chosen is the query for the ids and versions of the cases that a filter leaves in a scope, up to most, whatever the
// order of their list.
func (s *Cases) Chosen(scope authz.Scope, f casework.Filter, most int) (string, []any) {
	args := []any{s.Regencies(scope.Regions())}
	return "select c.id, c.version from " + store.EachOffice("$1", officeCases("c.id, c.version", f, &args)) +
		fmt.Sprintf(" limit %d", most), args
}
