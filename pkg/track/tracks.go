package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

//go:generate go run gen.go
//go:generate go test -run TestThePicture -update .

// List is the list of parts of a type.
func List[P any](t *Tracks) *[]P {
	for _, list := range t.lists() {
		if parts, is := list.(*[]P); is {
			return parts
		}
	}
	panic("go generate has not been run: there is no list of these parts")
}

// step takes note that a part moves on a day, which is not before the day of its step before, nor before the first day
// on which it could move (its start, its application).
func (t *Tracks) step(part uuid.UUID, first, on calendar.Date) error {
	if last := t.Steps[part]; last.After(first) {
		first = last
	}
	if on.Before(first) {
		return fault.New(fault.Invalid, "step.before_last", "last", first.String()).At("occurred_on")
	}
	if t.Steps == nil {
		t.Steps = map[uuid.UUID]calendar.Date{}
	}
	t.Steps[part] = on
	return nil
}

// Store reads and changes the tracks of a case. ChangeTracks follows the contract of casework.Store.Change; what fn
// adds to or alters in the tracks is saved in the same transaction. ref gives the id of the part that fn made, if any.
type Store interface {
	ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
		fn func(*casework.Case, *Tracks) (casework.Event, error)) (casework.State, error)
	// ChangeClaims is ChangeTracks with the claims of the same person elsewhere, whom nobody else pays meanwhile.
	ChangeClaims(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
		fn func(*casework.Case, *Tracks) (casework.Event, error)) (casework.State, error)
	// ChangeRecord is ChangeTracks for who must look at the history, too. A worker whose data was erased has none that
	// could be given back (worker.erased).
	ChangeRecord(ctx context.Context, op authz.Op, id casework.ID, version int,
		fn func(*casework.Case, *Tracks, []casework.Recorded) (casework.Event, error)) (casework.State, error)
	// GetRecord reads the history of a case whose worker was not erased, as ChangeRecord gives it.
	GetRecord(ctx context.Context, scope authz.Scope, id casework.ID) ([]casework.Recorded, error)
	// GetElsewhere reads the claims of the case's person in other cases, wherever they are.
	GetElsewhere(ctx context.Context, scope authz.Scope, id casework.ID) ([]Elsewhere, error)
	GetTracks(ctx context.Context, scope authz.Scope, id casework.ID) (casework.Detail, Tracks, error)
}
