package api_test

import (
	"net/http"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// listed counts the cases that an officer finds under a filter.
func listed(t *testing.T, o *apitest.Officer, query string) int {
	t.Helper()
	var list struct{ Items []struct{ ID string } }
	a := o.Call(t, http.MethodGet, "/v1/cases?"+query, nil)
	if a.JSON(t, &list); a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	return len(list.Items)
}

// Whoever gives it, a case comes only to an officer who reads and works on cases of its region: of every role in every
// region, a case worker or a supervisor there or above.
func TestACaseIsGivenToWhoWorksThere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	for _, from := range []region.Code{"", "32", "3273"} {
		by := b.Officer(t, authz.Supervisor, from)
		c := by.Open(t, "3273", 1+len(from), "Siti Bagi")
		for _, role := range authz.Roles() {
			for _, at := range []region.Code{"3273", "32", "", "3204", "35"} {
				o := b.Officer(t, role, at)
				a := by.Change(t, &c, "/assignment", map[string]any{"officer": o.ID.String()})
				works := (role == authz.CaseWorker || role == authz.Supervisor) && at.Contains("3273")
				if (a.Status == http.StatusOK) != works || !works && a.Code() != "officer.not_found" && a.Code() != "officer.does_not_work" {
					t.Errorf("by one of %q, to a %s of %q: %d %s", from, role, at, a.Status, a.Body)
				}
				if works && listed(t, o, "officer=me") != 1 {
					t.Errorf("a %s of %q does not find their case", role, at)
				}
			}
		}
	}
}

// A case worker takes what nobody has, hands it back, and moves nobody else's.
func TestACaseWorkerTakesACase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	supervisor, worker, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := supervisor.Open(t, "3273", 1, "Siti Ambil")
	if n := listed(t, worker, "officer=none"); n != 1 {
		t.Errorf("%d cases that nobody has", n)
	}
	for _, step := range []struct {
		by   *apitest.Officer
		to   string
		code string
	}{
		{worker, "me", ""}, {other, "me", "case.assign_other"}, {other, "", "case.assign_other"}, {worker, "", ""},
		{worker, other.ID.String(), "case.assign_other"}, {worker, "me", ""}, {worker, other.ID.String(), ""},
		{supervisor, worker.ID.String(), ""},
	} {
		a := step.by.Change(t, &c, "/assignment", map[string]any{"officer": step.to})
		if a.Code() != step.code {
			t.Errorf("to %q: %d %s, want %q", step.to, a.Status, a.Body, step.code)
		}
	}
	if n := listed(t, worker, "officer=none"); n != 0 || listed(t, worker, "officer=me") != 1 {
		t.Errorf("%d cases that nobody has", n)
	}
}

// Who loses the right leaves cases behind: the answer counts them, a list finds them, one request hands them over.
func TestCasesOfAnOfficerWhoLeaves(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, supervisor := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Supervisor, "3273")
	gone, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	for n := range 3 {
		c := supervisor.Open(t, "3273", n+1, "Siti Tinggal")
		supervisor.Change(t, &c, "/assignment", map[string]any{"officer": gone.ID.String()})
	}
	var left struct {
		Open  int `json:"open_cases"`
		Cases int
	}
	if n := listed(t, supervisor, "officer=absent"); n != 0 {
		t.Errorf("%d cases of who is there are told as left behind", n)
	}
	grant := officerOf(t, admin, gone.ID.String()).Grants[0].ID
	a := admin.Call(t, http.MethodPost, "/v1/officers/"+gone.ID.String()+"/grants/"+grant+"/revocation", nil)
	if a.JSON(t, &left); a.Status != http.StatusOK || left.Open != 3 {
		t.Errorf("revoked: %d %s", a.Status, a.Body)
	}
	a = admin.Call(t, http.MethodPost, "/v1/officers/"+gone.ID.String()+"/deactivation", nil)
	if a.JSON(t, &left); a.Status != http.StatusOK || left.Open != 3 {
		t.Errorf("deactivated: %d %s", a.Status, a.Body)
	}
	if n := listed(t, supervisor, "officer=absent"); n != 3 {
		t.Errorf("%d cases are left behind", n)
	}
	handover := func(by *apitest.Officer, to string) apitest.Answer {
		return by.Call(t, http.MethodPost, "/v1/officers/"+gone.ID.String()+"/handover", map[string]any{"officer": to})
	}
	wantAnswer(t, "by a case worker", handover(other, other.ID.String()), http.StatusForbidden, "authz.forbidden")
	wantAnswer(t, "to who works elsewhere", handover(supervisor, b.Officer(t, authz.CaseWorker, "3204").ID.String()), http.StatusNotFound, "officer.not_found")
	wantAnswer(t, "by another office", handover(b.Officer(t, authz.Supervisor, "3204"), ""), http.StatusNotFound, "officer.not_found")
	a = handover(supervisor, other.ID.String())
	if a.JSON(t, &left); a.Status != http.StatusOK || left.Cases != 3 {
		t.Errorf("handed over: %d %s", a.Status, a.Body)
	}
	if listed(t, supervisor, "officer=absent") != 0 || listed(t, other, "officer=me") != 3 {
		t.Error("the cases are not with the other officer")
	}
	third := b.Officer(t, authz.CaseWorker, "3273")
	for _, way := range [][2]*apitest.Officer{{other, third}, {third, other}} { // the second one undoes the first
		a := supervisor.Call(t, http.MethodPost, "/v1/officers/"+way[0].ID.String()+"/handover",
			map[string]any{"officer": way[1].ID.String()})
		if a.JSON(t, &left); a.Status != http.StatusOK || left.Cases != 3 || listed(t, way[0], "officer=me") != 0 ||
			listed(t, way[1], "officer=me") != 3 {
			t.Errorf("handed on: %d %s", a.Status, a.Body)
		}
	}
}
