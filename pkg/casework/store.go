package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

// State is what a change answers: where the case stands now, as a list would show it. What is kept of it for replays
// holds no personal data; the Line is read anew.
type State struct {
	ID           ID
	Region       region.Code
	LayoffID     uuid.UUID
	Stage        Stage
	Outcome      Outcome
	DuplicateOf  ID
	Officer      authz.OfficerID
	ClaimState   ClaimState
	TerminatedOn calendar.Date
	OpenedOn     calendar.Date
	ClosedOn     calendar.Date
	DueOn        calendar.Date
	DueFor       string
	FollowUpOn   calendar.Date
	Version      int
	UpdatedAt    time.Time
	Ref          string // id of the part that the change created, if any
	Told         *Told  // nil when there is nothing to tell
	Line         Line   `json:"-"`
}

// Told is what the answer to a change tells beside the state.
type Told struct {
	Warnings []Warning     // what somebody should look at again
	Follows  []Consequence // what a correction changed beside what was corrected
}

// Tell gives what is to be told, or nil when that is nothing.
func Tell(warnings []Warning, follows []Consequence) *Told {
	if len(warnings)+len(follows) == 0 {
		return nil
	}
	return &Told{warnings, follows}
}

// Line is what a list shows of a worker.
type Line struct {
	Name      string
	NIKMasked string
	Employer  string
}

// Opening is a new case.
type Opening struct {
	Case   Case
	Person Person
	Source string
	Told   *Told // for the answer
}

// AnyVersion stands for the version that the case has when it is locked: for a change that carries a version of its
// own.
const AnyVersion = 0

// Store keeps cases. Every method works inside the scope given: what lies outside does not exist (case.not_found).
// Change runs fn on the locked case and commits its new state, its history entry and its answer together; it fails with
// case.stale when version is not the present one, and with idempotency.key_reused when the key was used for another
// request. fn must not fail after it has changed something elsewhere: it is pure.
type Store interface {
	Open(ctx context.Context, op authz.Op, o Opening) (State, error)
	Change(ctx context.Context, op authz.Op, id ID, version int, fn func(*Case) (Event, error)) (State, error)
	// Correct is Change for the case together with its worker. It fails with worker.erased, and with worker.nik_taken or
	// case.registered_elsewhere when the NIK is another worker's.
	Correct(ctx context.Context, op authz.Op, id ID, version int, fn func(*Case, *Person) (Event, error)) (State, error)
	Get(ctx context.Context, scope authz.Scope, id ID) (Detail, []Entry, error)
	ListStore
	DuplicateStore
}

// ListStore finds cases and their workers, many at once.
type ListStore interface {
	List(ctx context.Context, scope authz.Scope, f Filter) ([]Row, error)
	Count(ctx context.Context, scope authz.Scope, f Filter) (map[Stage]int, error)
	Facets(ctx context.Context, scope authz.Scope, f Filter) (Facets, error)
	// People reads the workers of cases, in full; an erased one is left out.
	People(ctx context.Context, scope authz.Scope, ids []ID) (map[ID]Person, error)
	Search(ctx context.Context, scope authz.Scope, q Query) ([]Found, error)
}
