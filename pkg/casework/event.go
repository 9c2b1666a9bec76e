package casework

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
)

// Kind names what a history entry records, "resource.happened".
type Kind string

// The kinds that casework itself writes; tracks add their own.
const (
	CaseOpened   Kind = "case.opened"
	CaseAssigned Kind = "case.assigned"
	CaseNoted    Kind = "case.noted"
	CaseFollowUp Kind = "case.follow_up_set"
	CaseAdvanced Kind = "case.advanced"
	CaseClosed   Kind = "case.closed"
	CaseReopened Kind = "case.reopened"

	CaseCorrected   Kind = "case.corrected"
	WorkerCorrected Kind = "worker.corrected"
)

// Event is one thing that happened to a case, before it becomes a history entry. Payload is plain data without personal
// values; what is personal goes into Secret, which the store seals under the worker's key and hashes only sealed.
type Event struct {
	Kind       Kind
	OccurredOn calendar.Date
	Payload    any
	Secret     identity.Secret
	Told       *Told // for the answer
}

// Entry is one line of a case's history as its reader sees it.
type Entry struct {
	Seq        int
	Kind       Kind
	Actor      authz.OfficerID
	ActorName  string
	OccurredOn calendar.Date
	RecordedAt time.Time
	Payload    string // JSON exactly as stored and hashed
	Note       identity.Secret
	Changes    []FieldChange // of a corrected worker
	Hash       [32]byte
	VoidedBy   int // number of the entry that voided this one, 0 when it stands
}

// Opened is the payload of case.opened.
type Opened struct {
	TerminatedOn calendar.Date `json:"terminated_on"`
	Layoff       *uuid.UUID    `json:"layoff,omitempty"`
	Source       string        `json:"source"`
}

// StageChanged is the payload of case.advanced, case.closed and case.reopened.
type StageChanged struct {
	From    Stage   `json:"from"`
	To      Stage   `json:"to"`
	Outcome Outcome `json:"outcome,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	// The case that this one doubles, and the parts that ended with it.
	DuplicateOf *uuid.UUID `json:"duplicate_of,omitempty"`
	Ended       []Ended    `json:"ended,omitempty"`
}

// Ended is a part of a case that was open and ended with it.
type Ended struct {
	Kind string    `json:"kind"`
	ID   uuid.UUID `json:"id"`
	From string    `json:"from"`
}

// Assigned is the payload of case.assigned; the zero id is nobody.
type Assigned struct {
	From authz.OfficerID `json:"from"`
	To   authz.OfficerID `json:"to"`
}

// Noted is the payload of case.noted, whose text is sealed beside it.
type Noted struct{}

// FollowUpSet is the payload of case.follow_up_set.
type FollowUpSet struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to"`
}
