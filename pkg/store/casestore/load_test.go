package casestore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A load counts each case once: what is overdue is not due soon as well, and the days just beyond count for nothing.
func TestALoadCountsEachDayOnItsSide(t *testing.T) {
	t.Parallel()
	b := setup(t)
	today := storetest.Today
	f := casework.LoadFilter{Today: today, Due: today.AddDays(6), First: today.AddDays(1 - today.Day()),
		Month: time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, calendar.WIB.Location()),
		Roles: []authz.Role{authz.CaseWorker}, Limit: 10}
	worker, idle, elsewhere := b.Colleague(t, "3273"), b.Colleague(t, "3273"), b.Colleague(t, "3204")
	for _, o := range []authz.OfficerID{worker, idle} {
		b.granted(t, o, authz.CaseWorker, "3273", "2020-01-01", "")
	}
	n := 0
	in := func(who authz.OfficerID, set string) {
		n++
		c := b.OpenCase(t, "3273", n)
		officer := "null"
		if who != (authz.OfficerID{}) {
			officer = "'" + who.String() + "'"
		}
		b.Tamper(t, "update cases set due_on = null, due_for = null, follow_up_on = null, updated_at = '2020-01-01'"+
			" where id = '"+c.ID.String()+"'", "update cases set officer_id = "+officer+set+" where id = '"+c.ID.String()+"'")
	}
	day := func(n int) string { return "'" + today.AddDays(n).String() + "'" }
	in(worker, "")                                                                     // open, and nothing else
	in(worker, ", due_on = "+day(-1)+", due_for = 'claim'")                            // overdue
	in(worker, ", follow_up_on = "+day(-1)+", due_on = "+day(3)+", due_for = 'claim'") // overdue, not due as well
	in(worker, ", due_on = "+day(0)+", due_for = 'claim'")                             // due
	in(worker, ", follow_up_on = "+day(6))                                             // due
	in(worker, ", follow_up_on = "+day(7))                                             // neither
	in(authz.OfficerID{}, "")                                                          // nobody's
	in(elsewhere, ", updated_at = '"+f.Month.Format(time.RFC3339)+"'")                 // changed
	in(elsewhere, ", updated_at = '"+f.Month.Add(-time.Second).Format(time.RFC3339)+"'")
	in(worker, ", stage = 'closed', outcome = 'placed', closed_on = '"+f.First.String()+"'")
	in(worker, ", stage = 'closed', outcome = 'placed', closed_on = '"+f.First.AddDays(-1).String()+"'")

	got := map[authz.OfficerID]casework.Load{}
	list, err := b.OfficerLoads(t.Context(), authz.ScopeOver("3273"), f)
	storetest.OK(t, err)
	for _, l := range list {
		got[l.Officer] = l.Load
	}
	for who, want := range map[authz.OfficerID]casework.Load{worker: {Open: 6, Overdue: 2, Due: 2, Closed: 1}, idle: {},
		elsewhere: {Open: 2, Changed: 1}} {
		if load, there := got[who]; !there || load != want {
			t.Errorf("%s has %+v (listed %t), want %+v", who, load, there, want)
		}
	}
	f.Limit = 1
	for seen := 0; ; seen++ { // each page goes on after the one before
		page, err := b.OfficerLoads(t.Context(), authz.ScopeOver("3273"), f)
		storetest.OK(t, err)
		if len(page) == 0 {
			if seen != len(list) {
				t.Errorf("%d of %d officers are on the pages", seen, len(list))
			}
			break
		}
		if seen >= len(list) || page[0] != list[seen] {
			t.Fatalf("page %d is %+v", seen, page[0])
		}
		f.After = page[0].Officer
	}
	offices, err := b.OfficeLoads(t.Context(), authz.ScopeOver("3273", "3204"), f)
	storetest.OK(t, err)
	if len(offices) != 2 || offices[0].Region != "3204" || offices[0].Load != (casework.Load{}) ||
		offices[1].Load != (casework.Load{Open: 9, Overdue: 2, Due: 2, Changed: 1, Closed: 1}) || offices[1].Unassigned != 1 {
		t.Errorf("the offices have %+v", offices)
	}
	if list, err := b.OfficerLoads(t.Context(), authz.ScopeOver("3204"), f); err != nil || len(list) != 0 {
		t.Errorf("another office sees %+v, %v", list, err)
	}
}

// Of those without a case, whoever may work in one of the roles is told: not by a grant that waits for a second person
// or was taken away, nor by another role, nor who is deactivated. Who has cases is told whatever became of their
// rights.
func TestWhoseLoadIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	grant := func(o authz.OfficerID, role authz.Role) string {
		return b.granted(t, o, role, "3273", "2020-01-01", "").String()
	}
	with := func(prepare func(authz.OfficerID)) authz.OfficerID {
		o := b.Colleague(t, "3273")
		prepare(o)
		return o
	}
	ready := with(func(o authz.OfficerID) { grant(o, authz.CaseWorker) })
	busy := with(func(o authz.OfficerID) {
		c := b.OpenCase(t, "3273", 1)
		b.Tamper(t, "update cases set officer_id = '"+o.String()+"' where id = '"+c.ID.String()+"'",
			"update officer set active = false where id = '"+o.String()+"'")
	})
	for name, who := range map[string]authz.OfficerID{
		"waits for a second person": with(
			func(o authz.OfficerID) { b.pending(t, uuid.MustParse(grant(o, authz.CaseWorker))) }),
		"was taken away": with(func(o authz.OfficerID) {
			b.Tamper(t, "update officer_grant set revoked_at = now() where id = '"+grant(o, authz.CaseWorker)+"'")
		}),
		"is of another role": with(func(o authz.OfficerID) { grant(o, authz.Mediator) }),
		"is of nobody active": with(func(o authz.OfficerID) {
			grant(o, authz.CaseWorker)
			b.Tamper(t, "update officer set active = false where id = '"+o.String()+"'")
		}),
		"is none": with(func(authz.OfficerID) {}),
	} {
		t.Run(name, func(t *testing.T) {
			if slices.Contains(b.told(t), who) {
				t.Error("the officer is told")
			}
		})
	}
	if got := b.told(t); !slices.Contains(got, ready) || !slices.Contains(got, busy) || len(got) != 2 {
		t.Errorf("told are %v, want %s and %s", got, ready, busy)
	}
}

// told are the officers of 3273 whose load is told to somebody who looks for case workers.
func (b *bundle) told(t *testing.T) (got []authz.OfficerID) {
	t.Helper()
	list, err := b.OfficerLoads(t.Context(), authz.ScopeOver("3273"), casework.LoadFilter{Today: storetest.Today,
		Due: storetest.Today, First: storetest.Today, Month: storetest.Today.Time(), Roles: []authz.Role{authz.CaseWorker},
		Limit: 99})
	storetest.OK(t, err)
	for _, l := range list {
		got = append(got, l.Officer)
	}
	return got
}
