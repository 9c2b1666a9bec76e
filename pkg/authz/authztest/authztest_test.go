package authztest_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

func TestAllowAllKnowsRolesAndActionsOnly(t *testing.T) {
	t.Parallel()
	m := authztest.AllowAll()
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if !m.Allows(r, a) {
				t.Errorf("%s may not %s", r, a)
			}
		}
	}
	if m.Allows("", authz.CaseRead) || m.Allows("root", authz.CaseRead) || m.Allows(authz.Supervisor, "") ||
		m.Allows(authz.Supervisor, "case.*") {
		t.Error("what is no role or no action was allowed")
	}
}

func TestOfficerHasTheRoleInTheRegions(t *testing.T) {
	t.Parallel()
	m := authztest.Table{authz.CaseWorker: {authz.CaseRead}}
	on := calendar.MustDate("2026-11-23").Time()
	actor := authztest.Officer("bandung", authz.CaseWorker, "3273", "33")
	scope, err := authz.Permit(actor, m, authz.CaseRead, on)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[region.Code]bool{"3273": true, "3301": true, "3204": false, "": false} {
		if scope.Covers(code) != want {
			t.Errorf("%q: want %t", code, want)
		}
	}
	if actor.Officer != authztest.Officer("bandung", authz.Auditor).Officer || actor.Officer == authztest.Officer("cimahi",
		authz.CaseWorker).Officer {
		t.Error("officers are not told apart by their names alone")
	}
	if _, err := authz.Permit(authztest.Officer("nobody", authz.CaseWorker), m, authz.CaseRead, on); err == nil {
		t.Error("an officer without a region was permitted")
	}
}
