package casework_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
)

// The officers of the tests of assignment: the caller, two others, and nobody.
var me, colleague, third, none = authz.OfficerID{1}, authz.OfficerID{2}, authz.OfficerID{3}, authz.OfficerID{}

// whereGranted is where an officer works whose every grant is one to work.
func whereGranted(grants []authz.Grant) authz.Scope {
	var codes []region.Code
	for _, g := range grants {
		codes = append(codes, g.Region)
	}
	return authz.ScopeOver(codes...)
}

// Whoever may assign in the region gives any case to anybody; everybody else takes what nobody has and hands over
// their own.
func TestWhoGivesACaseToWhom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		free     region.Code
		from, to authz.OfficerID
		code     string
	}{
		{"a supervisor gives what nobody has", "3273", none, colleague, ""},
		{"a supervisor takes from another", "32", colleague, none, ""},
		{"a supervisor moves it", "", colleague, third, ""},
		{"a supervisor of another office moves it", "3204", colleague, third, "case.assign_other"},
		{"a worker takes what nobody has", "", none, me, ""},
		{"a worker hands back", "3204", me, none, ""},
		{"a worker hands over", "3204", me, colleague, ""},
		{"a worker takes what another has", "3204", colleague, me, "case.assign_other"},
		{"a worker gives what nobody has to another", "3204", none, colleague, "case.assign_other"},
		{"a worker takes it from another", "3204", colleague, none, "case.assign_other"},
	} {
		of := in(casework.Intake)
		of.Officer = c.from
		s, h := serving(of)
		h.to = casework.Assignee{Office: "3273", Active: true, Grants: []authz.Grant{{Region: "3273"}}}
		op := authz.Op{Actor: me, Scope: authz.ScopeOver("3273")}
		_, err := s.Assign(t.Context(), op, casework.ID{}, 1,
			casework.Assignment{To: c.to, Free: authz.ScopeOver(c.free), Works: whereGranted})
		want(t, c.name, err, c.code, "")
		if (h.c.Officer == c.to) != (c.code == "") {
			t.Errorf("%s: it is with %s", c.name, h.c.Officer)
		}
	}
}

// Only an officer who works in the region of the case gets it. One of an office that the caller sees is told apart from
// one who is not there; one elsewhere is not.
func TestWhoGetsACase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		office region.Code
		active bool
		grants []region.Code
		code   string
	}{
		{"works here", "3273", true, []region.Code{"3273"}, ""},
		{"works in the province", "32", true, []region.Code{"32"}, ""},
		{"works here, of another office", "3204", true, []region.Code{"3273"}, ""},
		{"works nowhere", "3273", true, nil, "officer.does_not_work"},
		{"works elsewhere", "3273", true, []region.Code{"3204"}, "officer.does_not_work"},
		{"deactivated", "3273", false, []region.Code{"3273"}, "officer.does_not_work"},
		{"of an office elsewhere", "3204", true, []region.Code{"3204"}, "officer.not_found"},
		{"not there", "", false, nil, "officer.not_found"},
	} {
		s, h := serving(in(casework.Intake))
		h.to = casework.Assignee{Office: c.office, Active: c.active}
		for _, code := range c.grants {
			h.to.Grants = append(h.to.Grants, authz.Grant{Region: code})
		}
		op, field := authz.Op{Actor: me, Scope: authz.ScopeOver("3273")}, ""
		if c.code != "" {
			field = "officer"
		}
		_, err := s.Assign(t.Context(), op, casework.ID{}, 1,
			casework.Assignment{To: colleague, Free: op.Scope, Works: whereGranted})
		want(t, c.name, err, c.code, field)
	}
}
