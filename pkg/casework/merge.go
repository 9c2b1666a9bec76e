package casework

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// The kinds of entries that say that two cases are of one person, and that they are not. Each case gets its own.
const (
	CaseMerged    Kind = "case.merged"
	CaseSeparated Kind = "case.separated"
)

// Paired is the payload of case.merged and case.separated; the reason is sealed beside it. Outcome and stage are those
// of this case, when the entry changed them.
type Paired struct {
	With    uuid.UUID `json:"with"`
	From    Stage     `json:"from,omitempty"`
	To      Stage     `json:"to,omitempty"`
	Outcome Outcome   `json:"outcome,omitempty"`
}

// Pair is two cases that are changed together. That they are of one person is a link between them: nothing of either
// case or its history is rewritten.
type Pair struct {
	This, Other Case
	Linked      bool  // to each other
	SamePerson  bool  // by one record, or by links, whatever cases lie between
	ClosedFrom  Stage // where This stood when the link closed it; empty when it did not
	Undo        *Undo // what closing it replaced; nil for a link whose entry does not say
}

// Merge says that both cases are of one person. When both are open, This is closed as the duplicate of the other.
func (p *Pair) Merge(why identity.Secret, on calendar.Date) (this, other Event, err error) {
	switch {
	case why.IsZero():
		return this, other, fault.New(fault.Invalid, "case.reason_required").At("reason")
	case p.This.ID == p.Other.ID:
		return this, other, fault.New(fault.Invalid, "merge.same_case").At("with")
	case p.SamePerson:
		return this, other, fault.New(fault.Conflict, "merge.same_person")
	}
	change := Paired{With: uuid.UUID(p.Other.ID)}
	if p.This.Stage != Closed && p.Other.Stage != Closed {
		if err := p.This.close(Advance{To: Closed, Outcome: Duplicate, DuplicateOf: p.Other.ID, OccurredOn: on}); err != nil {
			return this, other, err
		}
		change.From, change.To, change.Outcome = p.This.Stage, Closed, Duplicate
		p.ClosedFrom, p.This.Stage = p.This.Stage, Closed
	}
	p.Linked, p.SamePerson = true, true
	return paired(CaseMerged, on, change, why), paired(CaseMerged, on, Paired{With: uuid.UUID(p.This.ID)}, why), nil
}

// Separate takes a merge back. The case that it closed is what it was, unless it was reopened meanwhile, or closed for
// something else.
func (p *Pair) Separate(why identity.Secret, on calendar.Date) (this, other Event, err error) {
	switch {
	case why.IsZero():
		return this, other, fault.New(fault.Invalid, "case.reason_required").At("reason")
	case !p.Linked:
		return this, other, fault.New(fault.Conflict, "merge.not_merged")
	}
	change := Paired{With: uuid.UUID(p.Other.ID)}
	closed := p.This.Stage == Closed && p.This.Outcome == Duplicate && p.This.DuplicateOf == p.Other.ID
	if p.ClosedFrom != "" && closed {
		change.From, change.To = Closed, p.ClosedFrom
		p.This.Stage, p.This.Outcome, p.This.ClosedOn = p.ClosedFrom, "", calendar.Date{}
		p.This.DuplicateOf = ID{}
		if p.Undo != nil {
			if err := p.This.Restore(*p.Undo); err != nil {
				return this, other, err
			}
		}
	}
	p.Linked = false
	return paired(CaseSeparated, on, change, why), paired(CaseSeparated, on, Paired{With: uuid.UUID(p.This.ID)}, why), nil
}

func paired(kind Kind, on calendar.Date, change Paired, why identity.Secret) Event {
	return Event{Kind: kind, OccurredOn: on, Payload: change, Secret: why}
}

// PairStore keeps links between cases. Both cases are inside the scope, or there is no such case; the version is that
// of the first one.
type PairStore interface {
	// ChangePair runs fn on the two locked cases and commits both entries and the link together. When a link closed one
	// of them, that one is This, whichever was named first. It fails with merge.open_elsewhere when the person would have
	// two open cases.
	ChangePair(ctx context.Context, op authz.Op, id ID, version int, with ID,
		fn func(*Pair) (this, other Event, err error)) (State, error)
	// LinkedCases lists, of each of the cases, those that are linked to it and inside the scope.
	LinkedCases(ctx context.Context, scope authz.Scope, ids []ID) (map[ID][]ID, error)
}

// Merger says which cases are of one person, for callers whose permission is already established.
type Merger struct {
	Store PairStore
	Cases *Service
}

// Merge links two cases; see Pair.Merge.
func (m *Merger) Merge(ctx context.Context, op authz.Op, id ID, version int, with ID, why string) (State, error) {
	return m.Store.ChangePair(ctx, op, id, version, with, func(p *Pair) (this, other Event, err error) {
		if this, other, err = p.Merge(identity.NewSecret(why), m.Cases.Today(p.This.Region)); err == nil {
			p.This.Derive(m.Cases.JKP)
		}
		return this, other, err
	})
}

// Separate takes the link back; see Pair.Separate.
func (m *Merger) Separate(ctx context.Context, op authz.Op, id ID, version int, with ID, why string) (State, error) {
	return m.Store.ChangePair(ctx, op, id, version, with, func(p *Pair) (this, other Event, err error) {
		if this, other, err = p.Separate(identity.NewSecret(why), m.Cases.Today(p.This.Region)); err != nil {
			return this, other, err
		}
		p.This.Derive(m.Cases.JKP)
		return this, other, nil
	})
}
