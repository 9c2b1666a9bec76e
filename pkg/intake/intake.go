// Package intake takes an employer's list of laid-off workers from an uploaded file to one case per worker.
//
//	checking ─► checked ─► applying ─► applied
//	   │           └─► cancelled ◄──┘
//	   └─► refused (the file cannot be read)
//
// Checking and applying become failed when no further attempt can help; what was applied can be gone on with.
//
// Checking is the dry run: every row is judged and reported, nothing else happens. Applying opens the cases of the
// usable rows, a few hundred at a time, each few in one transaction with the marks that they are done: however often
// the work is interrupted, no row is lost and none is done twice. Rows that were refused stay in the report, to be
// mended and loaded again; a worker who has an open case keeps it.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
)

// State is where an intake stands.
type State string

// The states of an intake.
const (
	Checking  State = "checking"
	Checked   State = "checked"
	Refused   State = "refused"
	Applying  State = "applying"
	Applied   State = "applied"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Values lists every state of an intake.
func (State) Values() []State {
	return []State{Checking, Checked, Refused, Applying, Applied, Cancelled, Failed}
}

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// Form is what the officer states beside the file.
type Form struct {
	EmployerName   string        `json:"employer_name"`
	EmployerNIB    string        `json:"employer_nib,omitempty"`
	EmployerRegion region.Code   `json:"employer_region"`
	Reference      string        `json:"reference,omitempty"`
	Reason         string        `json:"reason,omitempty"`
	PlannedOn      calendar.Date `json:"planned_on"`
	// Titles are columns of this employer's list that the officer has named: the title, and the field or "" for none.
	Titles map[string]string `json:"titles,omitempty"`
}

// Layoff is the report that the form makes.
func (f Form) Layoff() layoff.Layoff {
	return layoff.Layoff{Reference: f.Reference, Reason: f.Reason, PlannedOn: f.PlannedOn,
		Employer: layoff.Employer{Name: f.EmployerName, NIB: f.EmployerNIB, Region: f.EmployerRegion}}
}

// Intake is one file on its way. Region is the reach of the officer who brought it.
type Intake struct {
	ID        uuid.UUID
	Region    region.Code
	Officer   authz.OfficerID
	FileName  string
	Form      Form
	State     State
	Refusal   Refusal
	Reading   Reading
	Layoff    uuid.UUID
	Counts    Counts
	Attempts  int // in a row that got nothing done
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int
}

// Refusal is why a file was refused, or its work failed: the code of a fault, and what its sentence names.
type Refusal struct {
	Code string
	Args map[string]string
}

// RefusalOf is what is kept of a fault.
func RefusalOf(err error) Refusal {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return Refusal{}
	}
	return Refusal{Code: f.Code, Args: f.Args}
}

// Reading is what the reader made of a file, and all of it that it did not use.
type Reading struct {
	Sheets    []sheet.Sheet `json:"sheets,omitempty"`
	Notes     []sheet.Note  `json:"notes,omitempty"`
	Encoding  string        `json:"encoding,omitempty"`
	Separator string        `json:"separator,omitempty"`
	Known     int           `json:"known,omitempty"` // usable rows whose worker had an open case when they were checked
}

// Check is what came of judging a file: rows and what was read, or a refusal.
type Check struct {
	Rows    []sheet.Row
	Reading Reading
	Refusal Refusal
}

// Counts are the rows of an intake. Done grows while it is applied: Opened cases, workers Known to have an open one,
// and those registered elsewhere.
type Counts struct {
	Total, Valid, Warned, Refused, Skipped int
	Done, Opened, Known                    int
}

// Usable is how many rows can become cases.
func (c Counts) Usable() int { return c.Valid + c.Warned }

// Result is what became of a usable row.
type Result string

// The results of a row.
const (
	RowOpened    Result = "opened"
	RowKnown     Result = "known"                // the worker has an open case in the officer's scope
	RowElsewhere Result = "registered_elsewhere" // and here not: refer to the ministry
)

// Values lists the results of a row.
func (Result) Values() []Result {
	return []Result{RowOpened, RowKnown, RowElsewhere}
}

// Valid tells whether r is one of the results.
func (r Result) Valid() bool { return codelist.Has(r) }

// Row is one row of the report. Of the worker it shows a name and a masked NIK.
type Row struct {
	Key       int    // place in the whole list
	Sheet     string // empty for CSV
	Number    int    // as the sheet numbers it
	Status    sheet.Status
	Reasons   []sheet.Reason
	Name      string
	NIKMasked string
	Regency   region.Code
	Result    Result
	Case      casework.ID
}

// RowFilter narrows a report. What is nil does not filter.
type RowFilter struct {
	Status *sheet.Status
	After  int
	Limit  int
}

// NotFound is the one answer for an intake that is not there and for one outside the caller's scope.
func NotFound() error { return fault.New(fault.NotFound, "intake.not_found") }

// Store keeps intakes: what is asked of them, and what is done with them in the background.
type Store interface {
	RequestStore
	WorkStore
}

// RequestStore answers requests about intakes. CreateIntake gives the live intake of the same file, form and officer
// when there is one (made is false), and both it and StartIntake enqueue their work in the transaction that records it.
type RequestStore interface {
	CreateIntake(ctx context.Context, op authz.Op, in Intake, file []byte) (kept Intake, made bool, err error)
	GetIntake(ctx context.Context, scope authz.Scope, id uuid.UUID) (Intake, error)
	ListIntakes(ctx context.Context, scope authz.Scope, after uuid.UUID, limit int) ([]Intake, error)
	ListRows(ctx context.Context, scope authz.Scope, id uuid.UUID, f RowFilter) ([]Row, error)
	StartIntake(ctx context.Context, op authz.Op, id uuid.UUID, to State) (Intake, error)
}

// WorkStore is what the work on an intake reads and writes.
type WorkStore interface {
	OpenFile(ctx context.Context, scope authz.Scope, id uuid.UUID) (Intake, []byte, error)
	SaveCheck(ctx context.Context, scope authz.Scope, id uuid.UUID, found Check) error
	// FailIntake counts a failed attempt that got nothing done; with the most-th the intake has failed, of code.
	FailIntake(ctx context.Context, id uuid.UUID, code string, most int) error
	ApplyRows(ctx context.Context, op authz.Op, id uuid.UUID, most int,
		opening func(Intake, sheet.Worker) casework.Opening) (left bool, err error)
}

// CheckJob is the work of judging the rows of an intake.
type CheckJob struct {
	Intake uuid.UUID `json:"intake" river:"unique"`
}

// Kind names the job.
func (CheckJob) Kind() string { return "intake_check" }

// ApplyJob is the work of opening the cases of an intake.
type ApplyJob struct {
	Intake uuid.UUID `json:"intake" river:"unique"`
}

// Kind names the job.
func (ApplyJob) Kind() string { return "intake_apply" }

// EncodeForm is the canonical text of a form, by which the same upload is recognised.
func EncodeForm(f Form) (string, error) {
	text, err := json.Marshal(f)
	return string(text), err
}
