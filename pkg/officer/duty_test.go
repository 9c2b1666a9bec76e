package officer

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

var (
	today = calendar.MustDate("2026-11-23")
	noon  = today.Time().Add(5 * time.Hour) // in Jakarta
)

func held(role authz.Role, code region.Code, from, until calendar.Date) Grant {
	return Grant{ID: uuid.New(), Role: role, Region: code, From: from, Until: until}
}

// Who stays in place of an administrator must be one of the same region, today, and for as long.
func TestWhoStaysForAnAdministrator(t *testing.T) {
	t.Parallel()
	const role = authz.Administrator
	var ever calendar.Date
	before, after, yesterday, tomorrow := today.AddDays(-30), today.AddDays(30), today.AddDays(-1), today.AddDays(1)
	pending, revoked := held(role, "3273", before, ever), held(role, "3273", before, ever)
	pending.Pending, revoked.RevokedAt = true, noon
	open := held(role, "3273", before, ever)
	for name, c := range map[string]struct {
		lost  Grant
		stays []Grant
		alone bool
	}{
		"nobody":               {open, nil, true},
		"another one":          {open, []Grant{held(role, "3273", before, ever)}, false},
		"one from today on":    {open, []Grant{held(role, "3273", today, ever)}, false},
		"one from tomorrow on": {open, []Grant{held(role, "3273", tomorrow, ever)}, true},
		"one of the province":  {open, []Grant{held(role, "32", before, ever)}, true},
		"one of the nation":    {open, []Grant{held(role, "", before, ever)}, true},
		"one who waits":        {open, []Grant{pending}, true},
		"one for a time":       {open, []Grant{held(role, "3273", before, after)}, true},
		"one for the same time": {held(role, "3273", before, after), []Grant{held(role, "3273", before, after)},
			false},
		"one for a day longer": {held(role, "3273", before, after), []Grant{held(role, "3273", before,
			after.AddDays(1))}, false},
		"one for a day less": {held(role, "3273", before, after), []Grant{held(role, "3273", before,
			after.AddDays(-1))}, true},
		"the last of the nation": {held(role, "", before, ever), nil, true},
		"until today":            {held(role, "3273", before, today), nil, true},
		"over since yesterday":   {held(role, "3273", before, yesterday), nil, false},
		"not yet begun":          {held(role, "3273", tomorrow, ever), nil, false},
		"waits itself":           {pending, nil, false},
		"revoked before":         {revoked, nil, false},
		"not an administrator":   {held(authz.Supervisor, "3273", before, ever), nil, false},
		"until today, one until today": {held(role, "3273", before, today), []Grant{held(role, "3273", before, today)},
			false},
		"in Jayapura it is over at ten": {held(role, "9103", before, today), nil, true},
	} {
		err := Standing{
			Administrators: c.stays,
		}.leavesNoneAlone(
			[]Grant{held(authz.Analyst, "3273", before, ever), c.lost},
			noon,
		)
		if got := fault.CodeOf(err) == "officer.last_administrator"; got != c.alone {
			t.Errorf("%s: got %v", name, err)
		}
	}
	late := today.Time().Add(15 * time.Hour) // 22:00 in Jakarta, midnight in Jayapura
	if err := (Standing{}).leavesNoneAlone([]Grant{held(role, "9103", before, today)}, late); err != nil {
		t.Errorf("what is over in Jayapura: %v", err)
	}
	if err := (Standing{}).leavesNoneAlone([]Grant{held(role, "3273", before, today)}, late); err == nil {
		t.Error("what is not over in Bandung is taken")
	}
}

// Which roles need a second person follows from the policy and the routes; without them all do, and for the ministry
// none.
func TestWhichRolesNeedASecondPerson(t *testing.T) {
	t.Parallel()
	matrix, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	regional, national := authz.Op{Scope: authz.ScopeOver("32")}, authz.Op{Scope: authz.Everywhere()}
	s := &Service{Matrix: matrix, Shows: []authz.Action{authz.CaseRead}}
	for _, r := range authz.Roles() {
		if got, want := s.needsSecond(regional, r), r != authz.Analyst; got != want {
			t.Errorf("%s: %t", r, got)
		}
		if !(&Service{}).needsSecond(regional, r) || !(&Service{Matrix: matrix}).needsSecond(regional, r) {
			t.Errorf("%s: without the routes nobody is asked", r)
		}
		if s.needsSecond(national, r) {
			t.Errorf("%s: the ministry is asked", r)
		}
	}
	if (&Service{Matrix: matrix, Shows: []authz.Action{authz.ExportApprove}}).needsSecond(regional, authz.CaseWorker) {
		t.Error("a role that allows nothing of what shows workers needs a second person")
	}
}

// What is pending is not in force, in no way in which it is asked.
func TestPendingGrantsGiveNothing(t *testing.T) {
	t.Parallel()
	g := held(authz.Supervisor, "3273", today, calendar.Date{})
	if o := (Officer{Grants: []Grant{g}}); len(InForce(o)) != 1 || !g.counts(noon) {
		t.Fatal("a grant in force does not count")
	}
	g.Pending = true
	if o := (Officer{Grants: []Grant{g}}); len(InForce(o)) != 0 || g.counts(noon) || !g.stands(noon) {
		t.Error("a pending grant counts, or is over")
	}
}
