package authz

import (
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
