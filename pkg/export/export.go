// Package export makes files of case histories, as jobs: one snapshot at a published checkpoint, under the rights of
// whoever asked, at the moment it runs and again when it is fetched.
//
//	awaiting ─► queued ─► running ─► ready ─► expired
//	   │           └─────────┴─► cancelled, failed
//	   └─► refused, cancelled
//
// A bundle is a ZIP, encrypted with age: the histories in the form of pkg/audit, the proof that they stand in the log,
// what of the workers the profile shows, a manifest and its signature. A spreadsheet carries its own password instead.
// A file is whole or it is not there: it gets its name when its last byte is on disk, and its state after that.
package export

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Format is the form of the file.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	JSONL   Format = "jsonl"
	XLSX    Format = "xlsx"
	Dossier Format = "dossier" // PDF of one case, with its history and proof
)

// Values lists the formats.
func (Format) Values() []Format {
	return []Format{CSV, JSONL, XLSX, Dossier}
}

// Valid tells whether f is one of the formats.
func (f Format) Valid() bool { return codelist.Has(f) }

// MediaType is what the file of a format is sent as: a workbook has its own password, everything else is encrypted with
// age.
func (f Format) MediaType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/age"
}

// Profile says what of the workers an export shows.
type Profile string

// The profiles.
const (
	Sealed Profile = "sealed" // histories only: nothing personal in clear
	Masked Profile = "masked" // names and masked NIK beside them, as in a list
	Full   Profile = "full"   // everything, notes too; somebody else must approve
)

// Values lists the profiles, the one that shows least first.
func (Profile) Values() []Profile {
	return []Profile{Sealed, Masked, Full}
}

// Valid tells whether p is one of the profiles.
func (p Profile) Valid() bool { return codelist.Has(p) }

// State is where an export stands.
type State string

// The states of an export.
const (
	Awaiting  State = "awaiting" // a second officer's approval
	Queued    State = "queued"
	Running   State = "running"
	Ready     State = "ready"
	Failed    State = "failed"
	Refused   State = "refused" // by the second officer
	Cancelled State = "cancelled"
	Expired   State = "expired"
)

// Values lists every state of an export.
func (State) Values() []State {
	return []State{Awaiting, Queued, Running, Ready, Failed, Refused, Cancelled, Expired}
}

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// The rules of exports, as policies/security.md states them.
const (
	MostUnderWay = 3      // per officer
	MostRows     = 50_000 // entries in a spreadsheet
	MostAttempts = 3      // that may fail for a reason that could pass
	MostStarts   = 10     // with those that were cut off
)

// Request is what somebody wants to have. Zero fields do not filter. From and Until are the first and last day, in
// WIB, of a period in which an entry of a case was recorded: the whole history of such a case is in the export, for a
// part of a chain proves nothing. AsOf is the size of the log at a published checkpoint, as a manifest states it; 0 is
// now. Recipient is an age public key; without one a passphrase is made.
type Request struct {
	Format    Format              `json:"format"`
	Region    region.Code         `json:"region,omitempty"`
	Stage     casework.Stage      `json:"stage,omitempty"`
	Outcome   casework.Outcome    `json:"outcome,omitempty"`
	Claim     casework.ClaimState `json:"claim,omitempty"`
	Officer   string              `json:"officer,omitempty"` // in charge of the case
	Layoff    string              `json:"layoff,omitempty"`
	Case      string              `json:"case,omitempty"`
	From      calendar.Date       `json:"from,omitzero"`
	Until     calendar.Date       `json:"until,omitzero"`
	AsOf      int64               `json:"as_of,omitempty"`
	Recipient string              `json:"recipient,omitempty"`
	Language  string              `json:"language,omitempty"`
}

// Export is one export on its way.
type Export struct {
	ID        uuid.UUID
	Officer   authz.OfficerID
	Asked     Request
	Profile   Profile
	Scope     []region.Code // that it was made under, known from running on
	State     State
	Failure   string // code of the fault
	Reason    string // why everything must be shown
	DecidedBy authz.OfficerID
	Attempt   int
	Entries   int // written so far
	Total     int
	Manifest  string
	Signature string
	FileName  string
	Bytes     int64
	SHA256    []byte
	CreatedAt time.Time
	ReadyAt   time.Time
	ExpiresAt time.Time
	Version   int
	Again     bool // the answer to an order that was answered before
}

// For is the export as its owner may see it now. What was made of regions that are no longer theirs is not there for
// them; of one that has no file they see where it stands and why, and not how much it would hold.
func (x Export) For(scope authz.Scope) (Export, bool) {
	if coversAll(scope, x.Scope) {
		return x, true
	}
	if x.State == Ready || x.State == Expired {
		return Export{}, false
	}
	x.Entries, x.Total, x.Manifest, x.Signature = 0, 0, "", ""
	return x, true
}

func coversAll(scope authz.Scope, codes []region.Code) bool {
	for _, code := range codes {
		if !scope.Covers(code) {
			return false
		}
	}
	return true
}

// NotFound is the one answer for an export that is not there and for one that is not the caller's.
func NotFound() error { return fault.New(fault.NotFound, "export.not_found") }

// Person is a worker beside their case, as much of them as the profile shows.
type Person struct {
	casework.Case
	casework.Person
	NIKMasked string
	Notes     []Note
}

// Note is an opened note of a history.
type Note struct {
	Seq  int
	Text string
}

// Snapshot is the data at one instant. Its methods are called one after the other, but for Places.
type Snapshot interface {
	At() time.Time
	// Total is about how many entries are to come, never fewer.
	Total() (entries int, err error)
	// Histories writes the histories in the form of pkg/audit and gives their counts.
	Histories(f Format, w io.Writer) (entries, cases int, err error)
	Proofs
	// Cases calls each with the id of every case that is in it.
	Cases(each func(uuid.UUID)) error
	// People calls each with every worker; full opens what is sealed.
	People(full bool, each func(*Person) error) error
	// Officers are those that a history may name, by their ids.
	Officers() (map[uuid.UUID]Officer, error)
	// Entries calls each with every entry, for a form that is not a stream of text.
	Entries(each func(*audit.Entry) error) error
}

// Proofs says where entries stand in the log, and proves it.
type Proofs interface {
	// Places calls each with the place in the log of every entry, in the order of Histories, beside which it may be
	// called.
	Places(each func(index int64)) error
	// Prove gives the proof for places in ascending order.
	Prove(places []int64) ([]tlog.Hash, error)
}

// Store keeps exports. What belongs to somebody else is not found.
type Store interface {
	CreateExport(ctx context.Context, op authz.Op, x Export) (Export, error)
	GetExport(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (Export, error)
	ListExports(ctx context.Context, officer authz.OfficerID, after uuid.UUID, limit int) ([]Export, error)
	// AwaitingExports lists those of other officers, inside the scope, that wait for a second one.
	AwaitingExports(ctx context.Context, scope authz.Scope, not authz.OfficerID) ([]Export, error)
	// OrderedExport is an export of whomever, for those who decide on it.
	OrderedExport(ctx context.Context, id uuid.UUID) (Export, error)
	// MoveExport changes the state, decided by somebody other than who asked, or by who asked when it is cancelled.
	MoveExport(ctx context.Context, op authz.Op, id uuid.UUID, to State) (Export, error)
	Reach
}

// Reach tells what lies in a scope, for orders that name it.
type Reach interface {
	// LayoffInReach tells whether a layoff, or a case of it, lies in the scope.
	LayoffInReach(ctx context.Context, scope authz.Scope, layoff string) (bool, error)
	// OfficerInReach tells whether an officer is in charge of a case in the scope.
	OfficerInReach(ctx context.Context, scope authz.Scope, officer string) (bool, error)
	// LeftCustody tells whether a case that the export holds has gone to an office outside the scope since it was made.
	LeftCustody(ctx context.Context, scope authz.Scope, x Export) (bool, error)
}

// WorkStore is what making an export needs. Start gives the attempt a number, which Beat and Finish carry, so that a
// worker that was given up cannot disturb the one after it: they fail with export.overtaken.
type WorkStore interface {
	StartExport(ctx context.Context, id uuid.UUID) (Export, error)
	BeatExport(ctx context.Context, x Export) error
	// FinishExport keeps how an attempt ended; a file is there for a while.
	FinishExport(ctx context.Context, x Export, while time.Duration) error
	// ReleaseExport gives a failed attempt's export back to be started again.
	ReleaseExport(ctx context.Context, x Export) error
	KeepSubjects(ctx context.Context, id uuid.UUID, cases []uuid.UUID) error
	// Snapshot runs fn on one snapshot of the scope at a size of the log.
	Snapshot(ctx context.Context, scope authz.Scope, x Export, asOf audit.Checkpoint, fn func(Snapshot) error) error
	// ExpireExports ends those whose time is over and gives their ids.
	ExpireExports(ctx context.Context) ([]uuid.UUID, error)
}

// Job makes one export. Like every job it carries ids only.
type Job struct {
	Export uuid.UUID `json:"export"`
}

// Kind names the job.
func (Job) Kind() string { return "export_make" }
