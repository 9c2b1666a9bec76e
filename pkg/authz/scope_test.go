package authz_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

var today = calendar.MustDate("2026-11-23")

// table is a small independent matrix.
type table map[authz.Role][]authz.Action

func (m table) Allows(r authz.Role, a authz.Action) bool { return slices.Contains(m[r], a) }

var small = table{authz.CaseWorker: {authz.CaseRead, authz.CaseAdvance}, authz.Auditor: {authz.CaseRead}}

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
		scope := authz.ScopeOf(small, grants, action, today)
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
		before := authz.ScopeOf(small, grants, authz.CaseRead, today)
		after := authz.ScopeOf(small, append(slices.Clone(grants), more...), authz.CaseRead, today)
		if before.Covers(at) && !after.Covers(at) {
			t.Fatalf("%q was lost", at)
		}
	})
}

func TestAFilterOnlyNarrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scope := authz.ScopeOf(small, anyGrants().Draw(t, "grants"), authz.CaseRead, today)
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
	_, err := authz.Permit(authz.Actor{Grants: []authz.Grant{{Role: authz.Auditor, Region: ""}}}, small, authz.CaseAdvance, today)
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("got %v", err)
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
