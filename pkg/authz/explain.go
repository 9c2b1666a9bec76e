package authz

import (
	"slices"
	"time"

	"github.com/tanggap/tanggap/pkg/region"
)

// Reason is what one grant has to say about an action in a region on a day.
type Reason struct {
	Grant  Grant
	Active bool // its period has come and is not over
	Allows bool // its role allows the action
	Covers bool // its region holds the region asked about
}

// Decides tells whether the grant allows the action there.
func (r Reason) Decides() bool { return r.Active && r.Allows && r.Covers }

// Explanation is a decision with what each grant had to say.
type Explanation struct {
	Action  Action
	Region  region.Code
	Allowed bool
	Reasons []Reason
}

// Explain decides as Permit and Covers do, and gives the reasons.
func Explain(m Matrix, grants []Grant, a Action, at region.Code, now time.Time) Explanation {
	e := Explanation{Action: a, Region: at}
	for _, g := range grants {
		r := Reason{Grant: g, Active: g.ActiveAt(now), Allows: m.Allows(g.Role, a), Covers: g.Region.Contains(at)}
		e.Reasons = append(e.Reasons, r)
		e.Allowed = e.Allowed || r.Decides()
	}
	return e
}

// Lack is what a decision comes to: a grant that gives the right, or what the grants lack.
type Lack string

// What decisions come to.
const (
	Allowed  Lack = "allowed"
	NoGrant  Lack = "no_grant"  // the officer has none at all
	NoRole   Lack = "no_role"   // no role of theirs allows the action
	NoRegion Lack = "no_region" // a role does, for other regions
	NoPeriod Lack = "no_period" // a role does here, and not on this day
)

// Lacks tells what the decision comes to: the least that would have to change.
func (e Explanation) Lacks() Lack {
	lack := NoGrant
	for _, r := range e.Reasons {
		switch {
		case r.Decides():
			return Allowed
		case r.Allows && r.Covers:
			lack = NoPeriod
		case r.Allows && lack != NoPeriod:
			lack = NoRegion
		case lack == NoGrant:
			lack = NoRole
		}
	}
	return lack
}

// Allowing lists the roles that allow an action, wherever they are given.
func Allowing(m Matrix, a Action) []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return !m.Allows(r, a) })
}
