package api_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// A role that shows workers, or lets its holder grant, and that a regional administrator gives is nothing until another
// administrator confirms it. One that shows nobody is in force at once, and so is what the ministry gives.
func TestWhatShowsWorkersNeedsASecondAdministrator(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, second, ministry := b.Officer(
		t,
		authz.Administrator,
		"32",
	), b.Officer(
		t,
		authz.Administrator,
		"3273",
	), b.Officer(
		t,
		authz.Administrator,
		"",
	)
	elsewhere := b.Officer(t, authz.Administrator, "33")
	for role, pending := range map[authz.Role]bool{authz.Administrator: true, authz.Supervisor: true,
		authz.CaseWorker: true, authz.Mediator: true, authz.Analyst: false, authz.Auditor: true, authz.Service: true} {
		for by, waits := range map[*apitest.Officer]bool{admin: pending, ministry: false} {
			o := b.Officer(t, role)
			if _, err := b.Database.Admin(t).Exec(t.Context(), "update officer set office = '3273' where id = $1",
				uuid.UUID(o.ID)); err != nil {
				t.Fatal(err)
			}
			g, a := grant(t, by, o.ID.String(), role, "3273")
			if a.Status != http.StatusCreated || g.Pending != waits {
				t.Errorf("%s by %s: pending %t, want %t: %s", role, by.Email, g.Pending, waits, a.Body)
			}
			rights := func() int {
				var s struct{ Rights []any }
				o.Call(t, http.MethodGet, "/v1/session", nil).JSON(t, &s)
				return len(s.Rights)
			}
			actor, err := b.Store.ActorOf(t.Context(), o.ID)
			if err != nil || len(actor.Grants) != map[bool]int{true: 0, false: 1}[waits] || (rights() == 0) != waits {
				t.Errorf("%s: %d grants count, %d rights, %v", role, len(actor.Grants), rights(), err)
			}
			if !waits {
				wantAnswer(
					t,
					"confirmed though in force",
					confirm(t, second, o.ID.String(), g.ID),
					http.StatusConflict,
					"grant.not_pending",
				)
				continue
			}
			wantAnswer(
				t,
				"by its proposer",
				confirm(t, by, o.ID.String(), g.ID),
				http.StatusForbidden,
				"grant.own_proposal",
			)
			wantAnswer(
				t,
				"from elsewhere",
				confirm(t, elsewhere, o.ID.String(), g.ID),
				http.StatusNotFound,
				"officer.not_found",
			)
			wantAnswer(t, "by its holder", confirm(t, o, o.ID.String(), g.ID), http.StatusForbidden, "authz.forbidden")
			wantAnswer(t, "by another", confirm(t, second, o.ID.String(), g.ID), http.StatusOK, "")
			if rights() == 0 {
				t.Errorf("%s: confirmed, and nothing is allowed", role)
			}
			wantAnswer(t, "twice", confirm(t, ministry, o.ID.String(), g.ID), http.StatusConflict, "grant.not_pending")
		}
	}
	o := b.Officer(t, authz.Analyst, "3273")
	for what, call := range map[string]func() apitest.Answer{
		"grant":   func() apitest.Answer { _, a := grant(t, admin, o.ID.String(), authz.CaseWorker, "3273"); return a },
		"confirm": func() apitest.Answer { return confirm(t, admin, o.ID.String(), uuid.NewString()) },
	} {
		stale(t, b, admin)
		wantAnswer(t, what+" with an old password", call(), http.StatusForbidden, "session.confirmation_required")
	}
}

// Two administrators who take each other's right away at the same moment, in any way: one of them stays.
func TestARegionKeepsItsLastAdministrator(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry := b.Officer(t, authz.Administrator, "")
	take := map[string]func(by *apitest.Officer, of string) apitest.Answer{
		"deactivation": func(by *apitest.Officer, of string) apitest.Answer {
			return by.Call(t, http.MethodPost, "/v1/officers/"+of+"/deactivation", nil)
		},
		"revocation": func(by *apitest.Officer, of string) apitest.Answer {
			return by.Call(
				t,
				http.MethodPost,
				"/v1/officers/"+of+"/grants/"+officerOf(t, ministry, of).Grants[0].ID+"/revocation",
				nil,
			)
		},
		"new code": func(by *apitest.Officer, of string) apitest.Answer {
			return by.Call(t, http.MethodPost, "/v1/officers/"+of+"/setup-code", nil)
		},
	}
	for what, call := range take {
		for range 4 {
			one, other := b.Officer(t, authz.Administrator, "3273"), b.Officer(t, authz.Administrator, "3273")
			var answers [2]apitest.Answer
			var group sync.WaitGroup
			group.Go(func() { answers[0] = call(one, other.ID.String()) })
			group.Go(func() { answers[1] = call(other, one.ID.String()) })
			group.Wait()
			if (answers[0].Status < 300) == (answers[1].Status < 300) {
				t.Errorf("%s: %d and %d", what, answers[0].Status, answers[1].Status)
			}
			left := one
			if answers[1].Status < 300 {
				left = other
			}
			wantAnswer(
				t,
				"the last one, by the ministry",
				take["revocation"](ministry, left.ID.String()),
				http.StatusConflict,
				"officer.last_administrator",
			)
			if _, err := b.Database.Admin(t).Exec(t.Context(),
				"update officer_grant set revoked_at = now() where region = '3273'"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A right elsewhere is for those who may judge it; with the account all its grants end; and nobody audits their own
// work.
func TestDeactivationAndDuties(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, ministry := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Administrator, "")
	national := b.Officer(t, authz.Auditor, "3273", "")
	end := func(by, of *apitest.Officer) apitest.Answer {
		return by.Call(t, http.MethodPost, "/v1/officers/"+of.ID.String()+"/deactivation", nil)
	}
	wantAnswer(t, "with a right in the nation", end(admin, national), http.StatusConflict, "officer.grants_elsewhere")
	wantAnswer(t, "by the ministry", end(ministry, national), http.StatusOK, "")
	wantAnswer(t, "again", end(ministry, national), http.StatusOK, "")
	for _, g := range officerOf(t, ministry, national.ID.String()).Grants {
		a := ministry.Call(t, http.MethodPost, "/v1/officers/"+national.ID.String()+"/grants/"+g.ID+"/revocation", nil)
		wantAnswer(t, "a grant of a deactivated officer", a, http.StatusNotFound, "officer.not_found")
	}
	_, a := grant(t, ministry, national.ID.String(), authz.Analyst, "32")
	wantAnswer(t, "a grant to a deactivated officer", a, http.StatusConflict, "officer.deactivated")

	for _, c := range []struct {
		held, wanted authz.Role
		at, in       region.Code
		apart        bool
	}{
		{authz.CaseWorker, authz.Auditor, "3273", "3273", false}, {authz.CaseWorker, authz.Auditor, "3273", "32", false},
		{authz.Auditor, authz.CaseWorker, "32", "3273", false},
		{authz.Auditor, authz.Supervisor, "3273", "3273", false}, {authz.Auditor, authz.CaseWorker, "3273", "3204", true},
		{authz.CaseWorker, authz.Supervisor, "3273", "3273", true},
		{authz.Auditor, authz.Analyst, "3273", "3273", true}, {authz.Auditor, authz.Auditor, "3273", "32", true},
	} {
		o := b.Officer(t, c.held, c.at)
		_, a := grant(t, ministry, o.ID.String(), c.wanted, c.in)
		if want := map[bool]string{true: "", false: "grant.duties"}[c.apart]; a.Code() != want {
			t.Errorf("%s of %s and %s of %s: %d %s", c.held, c.at, c.wanted, c.in, a.Status, a.Body)
		}
	}
}
