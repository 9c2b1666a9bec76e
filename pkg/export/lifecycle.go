package export

import (
	"slices"
	"strconv"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// cameFrom lists the states from which an officer takes an export to a state. What a worker does to it, and the clock,
// is not theirs to do.
var cameFrom = map[State][]State{
	Queued:    {Awaiting},
	Refused:   {Awaiting},
	Cancelled: {Awaiting, Queued, Running, Ready},
}

// UnderWay are the states that count against MostUnderWay.
var UnderWay = []State{Awaiting, Queued, Running}

// MayOrder refuses an order of somebody who has as many exports under way as they may have.
func MayOrder(have int) error {
	if have >= MostUnderWay {
		return fault.New(fault.TooMany, "export.too_many", "most", strconv.Itoa(MostUnderWay))
	}
	return nil
}

// Move takes an export to another state for an officer who sees a scope. It is cancelled by who ordered it alone, until
// it has ended; and let run, or refused, while it waits, by somebody else who may see all of it. What is not theirs to
// see is not there for them. Whoever works on it is overtaken, for the attempt is another one.
func (x *Export) Move(by authz.OfficerID, scope authz.Scope, to State) error {
	own := x.Officer == by
	theirs := own
	if to != Cancelled {
		theirs = x.DecidableIn(scope)
	}
	switch {
	case !theirs:
		return NotFound()
	case own && to != Cancelled:
		return fault.New(fault.Forbidden, "export.own")
	case !slices.Contains(cameFrom[to], x.State):
		return fault.New(fault.Conflict, "export.state", "state", string(x.State))
	}
	if x.State, x.ReadyAt = to, (time.Time{}); !own {
		x.DecidedBy = by
	}
	x.Attempt++
	x.Version++
	return nil
}

// StateAt is where an export stands at a moment: a file whose time is over has expired, whether or not anything has
// swept since.
func (x Export) StateAt(now time.Time) State {
	if x.State == Ready && !now.Before(x.ExpiresAt) {
		return Expired
	}
	return x.State
}

// Idle is how long an export may be silent before another worker may take it.
const Idle = 10 * time.Second

// DecidableIn tells whether who sees a scope sees all that an export would hold. Of no regions nobody can say so.
func (x Export) DecidableIn(scope authz.Scope) bool {
	return len(x.Scope) > 0 && coversAll(scope, x.Scope)
}
