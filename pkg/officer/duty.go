package officer

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// needsSecond tells whether the caller's grant of a role waits for another administrator: the role shows workers, or
// lets its holder grant, and the caller is not the ministry's. Alone, and through a second account of their own making,
// nobody reaches what they may not hold.
func (s *Service) needsSecond(op authz.Op, r authz.Role) bool {
	if op.Scope.National() {
		return false
	}
	if s.Matrix == nil || len(s.Shows) == 0 {
		return true
	}
	return s.Matrix.Allows(r, authz.GrantCreate) ||
		slices.ContainsFunc(s.Shows, func(a authz.Action) bool { return s.Matrix.Allows(r, a) })
}

// keepsDutiesApart refuses that one person works on cases and audits them in the same place, from whenever: a finding
// on one's own work is none.
func (s *Service) keepsDutiesApart(at Standing, g Grant, now time.Time) error {
	if s.Matrix == nil {
		return nil
	}
	audits := func(r authz.Role) bool { return s.Matrix.Allows(r, authz.FindingRecord) }
	works := func(r authz.Role) bool {
		return s.Matrix.Allows(r, authz.CaseAdvance) || s.Matrix.Allows(r, authz.FindingAnswer)
	}
	for _, held := range at.those(func(h Grant) bool { return h.stands(now) }) {
		opposed := audits(held.Role) && works(g.Role) || works(held.Role) && audits(g.Role)
		if opposed && (held.Region.Contains(g.Region) || g.Region.Contains(held.Region)) {
			return fault.New(fault.Conflict, "grant.duties", "role", string(held.Role)).At("role")
		}
	}
	return nil
}

// byOffice lets an officer be seen whose office is in the scope.
func byOffice(op authz.Op) func(Officer) error {
	return func(o Officer) error {
		if !op.Scope.Covers(o.Office) {
			return NotFound()
		}
		return nil
	}
}

// byGrant lets an officer be seen who holds, or held, a grant in the scope.
func byGrant(op authz.Op, grant uuid.UUID) func(Officer) error {
	return func(o Officer) error {
		if !slices.ContainsFunc(o.Grants, func(g Grant) bool { return g.ID == grant && op.Scope.Covers(g.Region) }) {
			return NotFound()
		}
		return nil
	}
}

// grant finds a grant that is not revoked.
func (at Standing) grant(id uuid.UUID) (Grant, bool) {
	for _, g := range at.Officer.Grants {
		if g.ID == id && g.RevokedAt.IsZero() {
			return g, true
		}
	}
	return Grant{}, false
}

// those are the officer's grants of which a condition holds.
func (at Standing) those(holds func(Grant) bool) []Grant {
	var out []Grant
	for _, g := range at.Officer.Grants {
		if holds(g) {
			out = append(out, g)
		}
	}
	return out
}

func ids(grants []Grant) []uuid.UUID {
	out := make([]uuid.UUID, len(grants))
	for i, g := range grants {
		out[i] = g.ID
	}
	return out
}

// within refuses what would take more than the caller may give: a deactivated officer has nothing, and one who holds a
// right outside of the scope is for those who may judge that right.
func (at Standing) within(scope authz.Scope, now time.Time) error {
	if !at.Officer.Active {
		return fault.New(fault.Conflict, "officer.deactivated")
	}
	return at.inside(scope, now)
}

// inside is within for what may be done to a deactivated officer, too.
func (at Standing) inside(scope authz.Scope, now time.Time) error {
	if len(at.those(func(g Grant) bool { return g.stands(now) && !scope.Covers(g.Region) })) > 0 {
		return fault.New(fault.Conflict, "officer.grants_elsewhere")
	}
	return nil
}

// leavesNoneAlone refuses to take from a region the last administrator of its own. Somebody else must be one there now,
// and for at least as long as the one who goes would have been.
func (at Standing) leavesNoneAlone(lost []Grant, now time.Time) error {
	for _, g := range lost {
		stays := func(h Grant) bool {
			return h.Region == g.Region && h.counts(now) &&
				(h.Until.IsZero() || !g.Until.IsZero() && !h.Until.Before(g.Until))
		}
		if g.Role == authz.Administrator && g.counts(now) && !slices.ContainsFunc(at.Administrators, stays) {
			return fault.New(fault.Conflict, "officer.last_administrator", "region", string(g.Region))
		}
	}
	return nil
}
