package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// MostAtOnce is how many cases one call changes.
const MostAtOnce = 500

// Picked is one of many cases, with the version that the change is for.
type Picked struct {
	Case    ID
	Version int
}

// Done is what came of one of many cases: its version now, or why it was refused.
type Done struct {
	Case    ID
	Version int
	Refusal *fault.Error `json:",omitempty"`
}

// ManyStore keeps what came of many cases for the repeat of the request.
type ManyStore interface {
	// BeginMany binds the key to the request, and gives the answer when there is one already.
	BeginMany(ctx context.Context, op authz.Op) (done []Done, ended bool, err error)
	// EndMany keeps the answer, or gives the one that a repeat beside this call has kept.
	EndMany(ctx context.Context, op authz.Op, done *[]Done) error
}

// ChangeOne is a change of one of many cases, under a request of its own.
type ChangeOne func(context.Context, authz.Op, Picked) (State, error)

// ChangeMany makes a change of each of many cases, in the order given and each in a transaction of its own: one that is
// refused keeps no other back. A call that breaks off is repeated with its key: what was done is not done again, and
// the rest follows.
func (s *Service) ChangeMany(ctx context.Context, op authz.Op, picked []Picked, change ChangeOne) ([]Done, error) {
	if err := EachOnce(picked, MostAtOnce); err != nil {
		return nil, err
	}
	done, ended, err := s.Many.BeginMany(ctx, op)
	if err != nil || ended {
		return done, err
	}
	done = make([]Done, len(picked))
	for i, p := range picked {
		state, err := change(ctx, op.Part(p.Case.String()), p)
		if done[i], err = CameOf(p, state, err); err != nil {
			return nil, err
		}
	}
	return done, s.Many.EndMany(ctx, op, &done)
}

// EachOnce refuses no cases, more than most, and one that is listed twice: the second change would be of a version that
// the first one has ended.
func EachOnce(picked []Picked, most int) error {
	if len(picked) == 0 || len(picked) > most {
		return fault.New(fault.Invalid, "case.how_many", "most", fmt.Sprint(most)).At("cases")
	}
	seen := make(map[ID]bool, len(picked))
	for i, p := range picked {
		if seen[p.Case] {
			return fault.New(fault.Invalid, "case.listed_twice").At(fmt.Sprintf("cases[%d].case", i))
		}
		seen[p.Case] = true
	}
	return nil
}

// CameOf tells a refusal, which is an answer, from what keeps the call from going on.
func CameOf(p Picked, state State, err error) (Done, error) {
	if err == nil {
		return Done{Case: p.Case, Version: state.Version}, nil
	}
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return Done{}, err
	}
	switch refusal.Kind {
	case fault.Forbidden, fault.NotFound, fault.Conflict, fault.Stale, fault.Invalid, fault.Malformed:
		kept := *refusal
		kept.Err = nil // is for the log, and no JSON
		return Done{Case: p.Case, Refusal: &kept}, nil
	default:
		return Done{}, err
	}
}
