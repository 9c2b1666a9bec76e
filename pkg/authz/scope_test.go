package authz_test

import (
	"errors"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

var (
	today = calendar.MustDate("2026-11-23")
	now   = today.Time().Add(5 * time.Hour) // noon in Jakarta, afternoon in Jayapura
)

var small = authztest.Table{authz.CaseWorker: {authz.CaseRead, authz.CaseAdvance}, authz.Auditor: {authz.CaseRead}}

func anyRegion() *rapid.Generator[region.Code] {
	return rapid.SampledFrom([]region.Code{"", "32", "33", "39", "3273", "3204", "3301", "3299", "9999"})
}

func anyGrants() *rapid.Generator[[]authz.Grant] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) authz.Grant {
		g := authz.Grant{Region: anyRegion().Draw(t, "region"),
			Role: rapid.SampledFrom([]authz.Role{authz.CaseWorker, authz.Auditor, authz.Analyst, "", "root"}).Draw(t, "role")}
		if rapid.Bool().Draw(t, "dated") {
			g.From = today.AddDays(rapid.IntRange(-2, 2).Draw(t, "from"))
			g.Until = g.From.AddDays(rapid.IntRange(0, 2).Draw(t, "days"))
		}
		return g
	}), 0, 6)
}

func TestScopeIsWhereAGrantAllowsTheAction(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants := anyGrants().Draw(t, "grants")
		action := rapid.SampledFrom([]authz.Action{authz.CaseRead, authz.CaseAdvance, authz.GrantCreate}).Draw(t, "action")
		scope := authz.ScopeOf(small, grants, action, now)
		at := anyRegion().Draw(t, "at")
		want := slices.ContainsFunc(grants, func(g authz.Grant) bool {
			inTime := g.From.IsZero() && g.Until.IsZero() || !today.Before(g.From) && !today.After(g.Until)
			return inTime && small.Allows(g.Role, action) && g.Region.Contains(at)
		})
		if scope.Covers(at) != want {
			t.Fatalf("%q: covered %t, want %t", at, scope.Covers(at), want)
		}
		codes := scope.Regions()
		if !slices.IsSorted(codes) || scope.Empty() != (len(codes) == 0) || scope.National() != scope.Covers("") {
			t.Fatalf("got %q", codes)
		}
		for i, a := range codes {
			for j, b := range codes {
				if i != j && a.Contains(b) {
					t.Fatalf("%q holds %q twice", codes, b)
				}
			}
		}
	})
}

func TestMoreGrantsNeverShrinkTheScope(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants, more := anyGrants().Draw(t, "grants"), anyGrants().Draw(t, "more")
		at := anyRegion().Draw(t, "at")
		before := authz.ScopeOf(small, grants, authz.CaseRead, now)
		after := authz.ScopeOf(small, append(slices.Clone(grants), more...), authz.CaseRead, now)
		if before.Covers(at) && !after.Covers(at) {
			t.Fatalf("%q was lost", at)
		}
	})
}

func TestAFilterOnlyNarrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scope := authz.ScopeOf(small, anyGrants().Draw(t, "grants"), authz.CaseRead, now)
		filter, at := anyRegion().Draw(t, "filter"), anyRegion().Draw(t, "at")
		if got, want := scope.Intersect(filter).Covers(at), scope.Covers(at) && filter.Contains(at); got != want {
			t.Fatalf("%q within %q: covered %t, want %t", at, filter, got, want)
		}
	})
}

func TestNothingMeansNowhere(t *testing.T) {
	t.Parallel()
	var zero authz.Scope
	for _, code := range []region.Code{"", "32", "3273"} {
		if zero.Covers(code) {
			t.Errorf("the zero scope covers %q", code)
		}
	}
	if !zero.Empty() || zero.National() || !zero.Intersect("").Empty() {
		t.Error("the zero scope is somewhere")
	}
	_, err := authz.Permit(authz.Actor{Grants: []authz.Grant{{Role: authz.Auditor, Region: ""}}}, small, authz.CaseAdvance,
		now)
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("got %v", err)
	}
}

// What is missing or malformed never widens a right: not in a grant, not in a question, not in a filter.
func TestMalformedIsNowhere(t *testing.T) {
	t.Parallel()
	for _, code := range []region.Code{"3", "327", "32730", "3x", " ", "32 ", "%", "3_", "*", "３２"} {
		grants := []authz.Grant{{Role: authz.CaseWorker, Region: code}}
		if scope := authz.ScopeOf(small, grants, authz.CaseRead, now); !scope.Empty() {
			t.Errorf("a grant in %q is worth %q", code, scope.Regions())
		}
		if authz.Everywhere().Covers(code) || !authz.Everywhere().Intersect(code).Empty() {
			t.Errorf("%q is somewhere in the nation", code)
		}
	}
	for name, g := range map[string]authz.Grant{
		"no role":      {},
		"unknown role": {Role: "supervisor ", Region: "32"},
		"another case": {Role: "Supervisor", Region: "32"},
		"backwards":    {Role: authz.CaseWorker, From: today, Until: today.AddDays(-1)},
	} {
		if !authz.ScopeOf(authztest.AllowAll(), []authz.Grant{g}, authz.CaseRead, now).Empty() {
			t.Errorf("%s: the grant counts", name)
		}
	}
	forever := []authz.Grant{{Role: authz.CaseWorker}}
	if !authz.ScopeOf(small, forever, authz.CaseRead, time.Time{}).Empty() || authz.ScopeOf(small, forever, authz.CaseRead,
		now).Empty() {
		t.Error("a grant must count on a day that is known, and only there")
	}
}

// The ends of a grant's period are days on which it counts.
func TestPeriodsIncludeTheirEnds(t *testing.T) {
	t.Parallel()
	g := authz.Grant{Role: authz.CaseWorker, Region: "32", From: today.AddDays(-1), Until: today.AddDays(1)}
	for days, want := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if g.Active(today.AddDays(days)) != want {
			t.Errorf("day %d: want %t", days, want)
		}
	}
}

// A grant begins and ends at midnight where its region is: the same instant is another day in Bandung, Denpasar and
// Jayapura. The nation's days are Jakarta's.
func TestDaysOfAGrantAreThoseOfItsRegion(t *testing.T) {
	t.Parallel()
	for code, offset := range map[region.Code]time.Duration{"": 7, "3273": 7, "32": 7, "5171": 8, "73": 8, "9103": 9,
		"81": 9} {
		midnight := today.Time().Add(-offset * time.Hour)
		begins := []authz.Grant{{Role: authz.CaseWorker, Region: code, From: today}}
		ends := []authz.Grant{{Role: authz.CaseWorker, Region: code, Until: today.AddDays(-1)}}
		for at, started := range map[time.Time]bool{midnight.Add(-time.Second): false, midnight: true} {
			if got := !authz.ScopeOf(small, begins, authz.CaseRead, at).Empty(); got != started {
				t.Errorf("%q from the day on, at %s: counts %t", code, at, got)
			}
			if got := !authz.ScopeOf(small, ends, authz.CaseRead, at).Empty(); got == started {
				t.Errorf("%q until the day before, at %s: counts %t", code, at, got)
			}
			if x := authz.Explain(small, begins, authz.CaseRead, code, at); x.Allowed != started {
				t.Errorf("%q, explained at %s: %t", code, at, x.Allowed)
			}
		}
	}
}

// Whoever has no role at all may still see and end their own session, and nothing else.
func TestOnesOwnSessionNeedsNoRole(t *testing.T) {
	t.Parallel()
	for _, a := range authz.Actions() {
		scope, err := authz.Permit(authz.Actor{}, small, a, now)
		if (err == nil) != (a == authz.SessionManage) || !scope.Empty() {
			t.Errorf("%s: %v in %q", a, err, scope.Regions())
		}
	}
}

// The widest range holds every region of the scope, begins and ends with one, and is empty for the zero scope.
func TestWidestHoldsTheScopeTightly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scope := authz.ScopeOf(small, anyGrants().Draw(t, "grants"), authz.CaseRead, now)
		lo, hi := scope.Widest()
		at := string(anyRegion().Draw(t, "at"))
		if scope.Covers(region.Code(at)) && (at < lo || at >= hi) {
			t.Fatalf("%q is outside of [%q, %q)", at, lo, hi)
		}
		var begins, ends bool
		for _, code := range scope.Regions() {
			from, to := code.Range()
			begins, ends = begins || from == lo, ends || to == hi
		}
		if scope.Empty() != (lo >= hi) || !scope.Empty() && (!begins || !ends) {
			t.Fatalf("%q: got [%q, %q)", scope.Regions(), lo, hi)
		}
	})
}

func TestRegionsAreTheCallersCopy(t *testing.T) {
	t.Parallel()
	scope := authz.ScopeOf(small, []authz.Grant{{Role: authz.Auditor, Region: "32"}}, authz.CaseRead, now)
	scope.Regions()[0] = ""
	if scope.National() || !scope.Covers("32") {
		t.Error("the scope was widened through its list of regions")
	}
}

func TestRefusalNamesTheAction(t *testing.T) {
	t.Parallel()
	_, err := authz.Permit(authztest.Officer("a", authz.Auditor, ""), small, authz.CaseAdvance, now)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != "authz.forbidden" || f.Args["action"] != "case.advance" {
		t.Errorf("got %v", err)
	}
}

func TestRolesAndActionsAreClosedLists(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
	seen := make(map[authz.Action]bool)
	for _, a := range authz.Actions() {
		if !a.Valid() || seen[a] || !shape.MatchString(string(a)) {
			t.Errorf("%q", a)
		}
		seen[a] = true
	}
	for _, text := range []string{"", "case.*", "case.read ", "Case.read", "*", "case"} {
		if authz.Action(text).Valid() || authz.Role(text).Valid() {
			t.Errorf("%q is valid", text)
		}
	}
	authz.Actions()[0] = "root"
	if authz.Action("root").Valid() {
		t.Error("the list can be changed from outside")
	}
}

func TestOfficerIDsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var id, back authz.OfficerID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text, err := id.MarshalText()
		if err != nil || back.UnmarshalText(text) != nil || back != id {
			t.Fatalf("%s came back as %s", id, back)
		}
	})
	var id authz.OfficerID
	if err := id.UnmarshalText([]byte("x")); fault.CodeOf(err) != "officer.id_invalid" {
		t.Errorf("got %v", err)
	}
}

func BenchmarkScopeOf(b *testing.B) {
	grants := []authz.Grant{{Role: authz.CaseWorker, Region: "3273"}, {Role: authz.CaseWorker, Region: "3204"},
		{Role: authz.Auditor, Region: "33"}}
	for b.Loop() {
		authz.ScopeOf(small, grants, authz.CaseRead, now)
	}
}
