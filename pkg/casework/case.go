package casework

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/ids"
	"github.com/tanggap/tanggap/pkg/region"
)

// ID names a case.
type ID uuid.UUID

// String is the canonical text form.
func (id ID) String() string { return uuid.UUID(id).String() }

// ParseID reads the canonical text form; everything else is a case that does not exist.
func ParseID(text string) (ID, error) {
	parsed, ok := ids.Parse(text)
	if !ok {
		return ID{}, NotFound()
	}
	return ID(parsed), nil
}

// NotFound is the one answer for a case that is not there and for one that the caller may not see.
func NotFound() error { return fault.New(fault.NotFound, "case.not_found") }

// ClaimState is what the list of cases needs to know of the JKP claim inside.
type ClaimState string

// The states of a claim as its case shows them.
const (
	ClaimNone      ClaimState = "none"
	ClaimApplied   ClaimState = "applied"
	ClaimRefused   ClaimState = "refused"
	ClaimRunning   ClaimState = "running"
	ClaimCompleted ClaimState = "completed"
	ClaimStopped   ClaimState = "stopped"
	ClaimWithdrawn ClaimState = "withdrawn" // by the worker, before it was decided
)

// Values lists every state, and that there is no claim.
func (ClaimState) Values() []ClaimState {
	return []ClaimState{ClaimNone, ClaimApplied, ClaimRefused, ClaimRunning, ClaimCompleted, ClaimStopped, ClaimWithdrawn}
}

// Stored lists the states of a claim that there is.
func (ClaimState) Stored() []ClaimState { return ClaimNone.Values()[1:] }

// Valid tells whether s is one of the states.
func (s ClaimState) Valid() bool { return codelist.Has(s) }

// Live tells whether the claim still awaits a decision or payments.
func (s ClaimState) Live() bool { return s == ClaimApplied || s == ClaimRunning }

// Case is one laid-off worker's way through the response. Dates are civil dates of the custodian office's zone.
type Case struct {
	ID           ID
	Region       region.Code // the regency office that has custody
	WorkerID     uuid.UUID
	LayoffID     uuid.UUID // zero when the worker came without a layoff report
	Officer      authz.OfficerID
	Stage        Stage
	Outcome      Outcome
	DuplicateOf  ID            // the case that this one doubles, of one closed as a duplicate
	TerminatedOn calendar.Date // date of the PHK
	OpenedOn     calendar.Date
	ClosedOn     calendar.Date
	DueOn        calendar.Date // next deadline, zero when none runs
	DueFor       string        // which deadline, such as "claim" or "month_3"
	FollowUpOn   calendar.Date // when the officer wants to see the case again, zero when not set
	ClaimState   ClaimState
	Version      int // number of the newest history entry
	UpdatedAt    time.Time
}

// Person is the worker as this case knows them. Full values leave the service only through the read of one case.
type Person struct {
	Name        string
	NIK         identity.NIK
	BirthDate   calendar.Date
	Sex         identity.Sex
	Position    string
	Employer    string
	Phone       identity.Phone
	Email       identity.Email
	KPJ         identity.KPJ
	Address     identity.Secret
	Residence   region.Code   // regency where the worker lives; empty when not said
	Wage        identity.Wage // last monthly wage, rupiah
	Bank        identity.Secret
	BankAccount identity.BankAccount
	Employment  Employment
}

// Erased tells whether the worker's data were erased: nobody else is without a NIK.
func (p *Person) Erased() bool { return p.NIK.IsZero() }

// Row is one line of a list: enough to choose a case by, with the NIK masked.
type Row struct {
	Case
	Name      string
	NIKMasked string
	Employer  string
	Key       string // its place in the order that was asked for; empty for the newest first
}

// Detail is a whole case: its worker and its history entries, newest last.
type Detail struct {
	Case
	Person Person
}

// Note records what an officer learnt or did. The text is personal data: it is sealed before it enters the history.
func (c *Case) Note(text identity.Secret, on calendar.Date) (Event, error) {
	return Event{Kind: CaseNoted, OccurredOn: on, Payload: Noted{}, Secret: text}, nil
}

// FollowUp sets the next date on which the officer wants to see the case again; no date takes it back. The deadline of
// the case stays what it is.
func (c *Case) FollowUp(due calendar.Date, on calendar.Date) (Event, error) {
	if err := c.MustBeOpen(); err != nil {
		return Event{}, err
	}
	if !due.IsZero() && due.Before(on) {
		return Event{}, fault.New(fault.Invalid, "case.follow_up_past", "today", on.String()).At("on")
	}
	change := FollowUpSet{From: c.FollowUpOn, To: due}
	c.FollowUpOn = due
	return Event{Kind: CaseFollowUp, OccurredOn: on, Payload: change}, nil
}
