package authz

import (
	"slices"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Scope is the part of the country in which an action is allowed: regions of which none contains another, sorted. The
// zero Scope is nowhere.
type Scope struct {
	codes []region.Code
}

// ScopeOf is where the grants of a moment allow an action.
func ScopeOf(m Matrix, grants []Grant, a Action, now time.Time) Scope {
	codes := make([]region.Code, 0, len(grants))
	for _, g := range grants {
		if g.ActiveAt(now) && m.Allows(g.Role, a) {
			codes = append(codes, g.Region)
		}
	}
	return scopeOver(codes)
}

// scopeOver sorts the codes, in place, and leaves out those inside another one. In sorted order everything inside a
// region follows it directly, so that the last one kept is the only one to ask.
func scopeOver(codes []region.Code) Scope {
	slices.Sort(codes)
	kept := codes[:0]
	for _, code := range codes {
		if len(kept) == 0 || !kept[len(kept)-1].Contains(code) {
			kept = append(kept, code)
		}
	}
	return Scope{kept}
}

// Everywhere is the scope of work that acts for the ministry as a whole, such as the verification of all histories.
func Everywhere() Scope { return Scope{[]region.Code{""}} }

// ScopeOver is the scope of exactly these regions, for a change that two offices agreed on.
func ScopeOver(codes ...region.Code) Scope { return scopeOver(slices.Clone(codes)) }

// Permit is ScopeOf for an actor; authz.forbidden when no role allows the action anywhere. What concerns nobody but the
// actor needs no role.
func Permit(actor Actor, m Matrix, a Action, now time.Time) (Scope, error) {
	scope := ScopeOf(m, actor.Grants, a, now)
	if scope.Empty() && !a.Own() {
		return Scope{}, fault.New(fault.Forbidden, "authz.forbidden", "action", string(a))
	}
	return scope, nil
}

// Regions lists the regions of the scope; none contains another.
func (s Scope) Regions() []region.Code { return slices.Clone(s.codes) }

// Empty tells whether the scope is nowhere.
func (s Scope) Empty() bool { return len(s.codes) == 0 }

// National tells whether the scope is the whole country.
func (s Scope) National() bool { return len(s.codes) == 1 && s.codes[0] == "" }

// Covers tells whether all of a region lies in the scope. A text that is no region lies nowhere, not even in the
// nation.
func (s Scope) Covers(code region.Code) bool {
	return isRegion(code) && slices.ContainsFunc(s.codes, func(k region.Code) bool { return k.Contains(code) })
}

// Intersect is the part of the scope that lies in a region: what a filter by region leaves. It may be nowhere.
func (s Scope) Intersect(code region.Code) Scope {
	if s.Covers(code) {
		return Scope{[]region.Code{code}}
	}
	var inside []region.Code
	for _, k := range s.codes {
		if code.Contains(k) {
			inside = append(inside, k)
		}
	}
	return Scope{inside}
}

// Widest is the smallest half-open range of codes around the scope, for an index or row security; the zero Scope's is
// empty. With several regions it also holds what lies between them: it bounds a decision and is never one by itself.
func (s Scope) Widest() (lo, hi string) {
	for i, code := range s.codes {
		from, to := code.Range()
		if i == 0 {
			lo = from
		}
		hi = max(hi, to)
	}
	return lo, hi
}
