package lawbook

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// State is how far a release came.
type State string

// The states of a release.
const (
	Proposed  State = "proposed"
	Approved  State = "approved" // it holds, from its effective date on
	Withdrawn State = "withdrawn"
)

// Values lists the states.
func (State) Values() []State { return []State{Proposed, Approved, Withdrawn} }

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// The kinds of entries in the history of a release.
const (
	KindProposed  = "law.proposed"
	KindApproved  = "law.approved"
	KindWithdrawn = "law.withdrawn"
)

// Release is a file of the law that an officer put in.
type Release struct {
	ID        uuid.UUID
	Programme string
	Kind      string
	Name      string // id of the version
	Effective calendar.Date
	Reason    string
	Content   string
	State     State
	Version   int
	PutInBy   authz.OfficerID
	PutInAt   time.Time
	// ApprovedBy let it hold; WithdrawnBy took it back.
	ApprovedBy  authz.OfficerID
	ApprovedAt  time.Time
	WithdrawnBy authz.OfficerID
	// Tampered says that the content is not the one whose digest the history holds: it is no law.
	Tampered bool
	// Settled says that the days which it moves stand in the histories; Layoffs and Cases count them.
	Settled bool
	Layoffs int
	Cases   int
}

// Digest is the SHA-256 of the content, in hexadecimal. The history of the release holds it.
func (r *Release) Digest() string {
	sum := sha256.Sum256([]byte(r.Content))
	return hex.EncodeToString(sum[:])
}

// Event is one entry of the history of a release.
type Event struct {
	Kind    string
	Payload any
}

// told is what the entries say of a release.
type told struct {
	Programme string        `json:"programme"`
	Name      string        `json:"name"`
	Effective calendar.Date `json:"effective_from"`
	Digest    string        `json:"digest"`
	Reason    string        `json:"reason,omitempty"`
}

// Propose is the first entry.
func (r *Release) Propose() Event {
	return Event{KindProposed, told{r.Programme, r.Name, r.Effective, r.Digest(), r.Reason}}
}

// Approve lets a release hold. Who put it in cannot approve it.
func (r *Release) Approve(by authz.OfficerID, at time.Time) (Event, error) {
	switch {
	case r.State != Proposed:
		return Event{}, fault.New(fault.Conflict, "law.not_proposed", "state", string(r.State))
	case by == r.PutInBy:
		return Event{}, fault.New(fault.Forbidden, "law.own")
	}
	r.State, r.ApprovedBy, r.ApprovedAt = Approved, by, at
	return Event{KindApproved, told{r.Programme, r.Name, r.Effective, r.Digest(), ""}}, nil
}

// Withdraw takes a release back: one that nobody approved, or an approved one before it takes effect. Who approved it
// cannot take it back alone.
func (r *Release) Withdraw(by authz.OfficerID, reason string, today calendar.Date) (Event, error) {
	switch {
	case r.State == Withdrawn:
		return Event{}, fault.New(fault.Conflict, "law.withdrawn")
	case r.State == Approved && !today.Before(r.Effective):
		return Event{}, fault.New(fault.Conflict, "law.in_force", "effective", r.Effective.String())
	case r.State == Approved && by == r.ApprovedBy:
		return Event{}, fault.New(fault.Forbidden, "law.own")
	}
	r.State, r.WithdrawnBy = Withdrawn, by
	return Event{KindWithdrawn, told{r.Programme, r.Name, r.Effective, r.Digest(), reason}}, nil
}

// NotFound is the refusal of a release that is not there.
func NotFound() error { return fault.New(fault.NotFound, "law.not_found") }

// withdrawer is who took the release back, for the entries of what moves back; "" while it holds.
func (r *Release) withdrawer() string {
	if r.State != Withdrawn {
		return ""
	}
	return r.WithdrawnBy.String()
}
