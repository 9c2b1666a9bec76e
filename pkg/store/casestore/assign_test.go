package casestore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// granted gives an officer a role in a region over days, and tells the id of the grant.
func (b *bundle) granted(t *testing.T, to authz.OfficerID, role authz.Role, code region.Code, from,
	until string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	b.Do(t, `insert into officer_grant (id, officer_id, role, region, valid_from, valid_until)
		values ($1, $2, $3, $4, $5::date, nullif($6, '')::date)`, id, uuid.UUID(to), string(role), string(code), from, until)
	return id
}

// pending makes a grant wait for a second person.
func (b *bundle) pending(t *testing.T, grant uuid.UUID) {
	t.Helper()
	b.Do(t, "update officer_grant set proposed_by = $2, confirmed_at = null where id = $1", grant, uuid.UUID(b.Officer))
}

// give is the change that puts an officer in charge who has any grant.
func give(to authz.OfficerID) func(*casework.Case, casework.Assignee) (casework.Event, error) {
	return func(c *casework.Case, a casework.Assignee) (casework.Event, error) {
		if to != (authz.OfficerID{}) && (!a.Active || len(a.Grants) == 0) {
			return casework.Event{}, fault.New(fault.Invalid, "officer.does_not_work")
		}
		return c.Assign(to, storetest.Today)
	}
}

// An officer is absent from a case when no grant of theirs lets them work on it on the day of the grant's region;
// closed cases are nobody's work.
func TestCasesWhoseOfficerIsAbsent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	roles := []authz.Role{authz.CaseWorker, authz.Supervisor}
	at := time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC) // the 23rd in WIB, the 24th in WITA and WIT
	n := 0
	in := func(code region.Code, prepare func(authz.OfficerID)) casework.ID {
		n++
		c, o := b.OpenCase(t, code, n), b.Colleague(t, code)
		b.Tamper(t, "update cases set officer_id = '"+o.String()+"' where id = '"+c.ID.String()+"'")
		prepare(o)
		return c.ID
	}
	grant := func(role authz.Role, code region.Code, from, until string) func(authz.OfficerID) {
		return func(o authz.OfficerID) { b.granted(t, o, role, code, from, until) }
	}
	var absent, there []casework.ID
	for _, c := range []struct {
		away    bool
		code    region.Code
		prepare func(authz.OfficerID)
	}{
		{true, "3273", func(authz.OfficerID) {}},
		{false, "3273", grant(authz.CaseWorker, "3273", "2026-01-01", "")},
		{false, "3273", grant(authz.Supervisor, "32", "2026-01-01", "")},
		{false, "3273", grant(authz.Supervisor, "", "2026-01-01", "")},
		{true, "3273", grant(authz.Mediator, "3273", "2026-01-01", "")},
		{true, "3273", grant(authz.CaseWorker, "3204", "2026-01-01", "")},
		{false, "3273", grant(authz.CaseWorker, "3273", "2026-01-01", "2026-11-23")},
		{true, "3273", grant(authz.CaseWorker, "3273", "2026-01-01", "2026-11-22")},
		{true, "7371", grant(authz.CaseWorker, "7371", "2026-01-01", "2026-11-23")},
		{false, "3273", grant(authz.CaseWorker, "3273", "2026-11-23", "")},
		{true, "3273", grant(authz.CaseWorker, "3273", "2026-11-24", "")},
		{false, "7371", grant(authz.CaseWorker, "7371", "2026-11-24", "")},
		{true, "3273", func(o authz.OfficerID) {
			b.granted(t, o, authz.CaseWorker, "3273", "2026-01-01", "")
			b.Tamper(t, "update officer set active = false where id = '"+o.String()+"'")
		}},
		{true, "3273", func(o authz.OfficerID) {
			g := b.granted(t, o, authz.CaseWorker, "3273", "2026-01-01", "")
			b.Tamper(t, "update officer_grant set revoked_at = now() where id = '"+g.String()+"'")
		}},
		{true, "3273", func(o authz.OfficerID) {
			b.pending(t, b.granted(t, o, authz.CaseWorker, "3273", "2026-01-01", ""))
		}},
	} {
		id := in(c.code, c.prepare)
		if c.away {
			absent = append(absent, id)
		} else {
			there = append(there, id)
		}
	}
	closed := in("3273", func(authz.OfficerID) {})
	b.Tamper(t, "update cases set stage = 'closed', outcome = 'placed', closed_on = '2026-11-20' where id = '"+closed.String()+"'")
	slices.Reverse(absent)
	for scope, want := range map[region.Code]int{"": len(absent), "32": len(absent) - 1, "71": 0, "73": 1} {
		f := casework.Filter{Absent: &casework.Absence{Roles: roles, At: at}, Limit: 50}
		rows, err := b.List(t.Context(), authz.ScopeOver(scope), f)
		storetest.OK(t, err)
		counts, err := b.Count(t.Context(), authz.ScopeOver(scope), f)
		storetest.OK(t, err)
		if len(rows) != want || counts[casework.Intake] != want || counts[casework.Closed] != 0 {
			t.Errorf("%q: %d listed and %v counted, want %d", scope, len(rows), counts, want)
		}
		for i, r := range rows {
			if slices.Contains(there, r.ID) || scope == "" && r.ID != absent[i] {
				t.Errorf("%q: place %d has %s", scope, i, r.ID)
			}
		}
	}
}

// All open cases of an officer in the scope change hands at once, an entry each; what is closed, another's or out of
// the scope stays, and one refusal keeps everything as it was.
func TestCasesAreHandedOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	from, to := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	var ids []casework.ID
	for n, code := range []region.Code{"3273", "3273", "3204", "3273", "3273"} {
		ids = append(ids, b.OpenCase(t, code, n+1).ID)
	}
	b.Tamper(t, "update cases set officer_id = '"+from.String()+"' where id <> '"+ids[4].String()+"'",
		"update cases set stage = 'closed', outcome = 'placed', closed_on = '2026-11-20' where id = '"+ids[3].String()+"'")
	if n, err := b.HandOver(t.Context(), b.Request("", "3273"), from, to,
		give(to)); fault.CodeOf(err) != "officer.does_not_work" || n != 0 {
		t.Errorf("to somebody without a grant: %d, %v", n, err)
	}
	b.granted(t, to, authz.CaseWorker, "3273", "2026-01-01", "")
	for again := range 2 {
		n, err := b.HandOver(t.Context(), b.Request("satu", "3273"), from, to, give(to))
		if err != nil || n != 2 {
			t.Errorf("time %d: %d, %v", again, n, err)
		}
	}
	for i, want := range []authz.OfficerID{to, to, from, from, {}} {
		file, entries, err := b.Get(t.Context(), authz.Everywhere(), ids[i])
		storetest.OK(t, err)
		if file.Officer != want || len(entries) != map[bool]int{true: 2, false: 1}[i < 2] {
			t.Errorf("case %d is with %s after %d entries", i, file.Officer, len(entries))
		}
	}
	if n := b.CountRows(t, `select count(*) from case_history where kind = 'case.assigned' and payload like '%'||$1||'%'`,
		to.String()); n != 2 {
		t.Errorf("%d entries name the new officer", n)
	}
	if n, err := b.HandOver(t.Context(), b.Request("", ""), from, authz.OfficerID{},
		give(authz.OfficerID{})); err != nil || n != 1 {
		t.Errorf("to nobody, in the nation: %d, %v", n, err)
	}
	for scope, want := range map[region.Code]int{"3273": 2, "": 2, "3204": 0} {
		counts, err := b.InCharge(t.Context(), authz.ScopeOver(scope), to)
		if err != nil || counts["3273"] != want || len(counts) > 1 {
			t.Errorf("%q: %v, %v", scope, counts, err)
		}
	}
}

// A right that is taken away while a case is being given waits until it is given: it is then among those left behind.
func TestARightEndsBesideAnAssignment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	to, c := b.Colleague(t, "3273"), b.OpenCase(t, "3273", 1)
	g := b.granted(t, to, authz.CaseWorker, "3273", "2026-01-01", "")
	revoked := make(chan error, 1)
	_, err := b.Assign(t.Context(), b.Request("", "3273"), c.ID, c.Version, to,
		func(c *casework.Case, a casework.Assignee) (casework.Event, error) {
			conn := storetest.ConnectTo(t, b.Database.AppDSN)
			go func() {
				_, err := conn.Exec(t.Context(), "update officer_grant set revoked_at = now() where id = $1", g)
				revoked <- err
			}()
			b.AwaitLock(t)
			return give(to)(c, a)
		})
	storetest.OK(t, err)
	storetest.OK(t, <-revoked)
	counts, err := b.InCharge(t.Context(), authz.ScopeOver("3273"), to)
	if err != nil || counts["3273"] != 1 {
		t.Errorf("left behind are %v, %v", counts, err)
	}
	c = b.OpenCase(t, "3273", 2)
	_, err = b.Assign(t.Context(), b.Request("", "3273"), c.ID, c.Version, to, give(to))
	storetest.WantCode(t, err, "officer.does_not_work")
}

// Who is given a case is told with the grants that count for somebody: their own, in force or not of today, and none
// that was taken away or waits for a second person.
func TestWhichGrantsAnAssigneeHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	to, c := b.Colleague(t, "3204"), b.OpenCase(t, "3273", 1)
	b.granted(t, to, authz.Supervisor, "32", "2026-01-01", "2026-11-20")
	b.granted(t, b.Officer, authz.CaseWorker, "3273", "2026-01-01", "")
	b.pending(t, b.granted(t, to, authz.CaseWorker, "3273", "2026-01-01", ""))
	b.Tamper(t, "update officer_grant set revoked_at = now() where id = '"+b.granted(t, to, authz.Mediator, "3273",
		"2026-01-01", "").String()+"'")
	look := func(want int, active bool) func(*casework.Case, casework.Assignee) (casework.Event, error) {
		return func(_ *casework.Case, a casework.Assignee) (casework.Event, error) {
			if a.Office != "3204" || a.Active != active || len(a.Grants) != want || want > 0 &&
				a.Grants[0].Role != authz.Supervisor {
				t.Errorf("told of %+v", a)
			}
			return casework.Event{}, fault.New(fault.Conflict, "looked")
		}
	}
	_, err := b.Assign(t.Context(), b.Request("", "3273"), c.ID, c.Version, to, look(1, true))
	storetest.WantCode(t, err, "looked")
	b.Tamper(t, "update officer set active = false where id = '"+to.String()+"'")
	_, err = b.Assign(t.Context(), b.Request("", "3273"), c.ID, c.Version, to, look(1, false))
	storetest.WantCode(t, err, "looked")
}
