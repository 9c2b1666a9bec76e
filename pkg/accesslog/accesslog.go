// Package accesslog records who was shown whose data, before it is shown: no record, no data. One answer is one record,
// which names all workers in it by their cases. UU 27/2022 (PDP) art. 31: the controller keeps a record of all
// processing.
package accesslog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Outcome tells whether anything was shown.
type Outcome string

// The outcomes of an access.
const (
	Shown   Outcome = "shown"
	Refused Outcome = "refused" // no role of the caller allows it, the case is not theirs, or what was asked cannot be
)

// Values lists both outcomes.
func (Outcome) Values() []Outcome {
	return []Outcome{Shown, Refused}
}

// Valid tells whether o is one of the outcomes.
func (o Outcome) Valid() bool { return codelist.Has(o) }

// Kind is how much an answer shows of the workers in it. It belongs to the route, and every kind has its alarm.
type Kind string

// The kinds.
const (
	NoWorkers Kind = ""     // nobody: the audit itself
	File      Kind = "file" // a worker's file, or a part of it
	Lines     Kind = "list" // workers line by line
)

// Values lists the kinds of an answer that shows somebody.
func (Kind) Values() []Kind {
	return []Kind{File, Lines}
}

// Valid tells whether k is one of the kinds; nobody is none.
func (k Kind) Valid() bool { return codelist.Has(k) }

// Record is one answer that shows workers, or one decision not to give it.
type Record struct {
	ID        int64
	At        time.Time // set by the database
	Officer   authz.OfficerID
	Name      string // of the officer, when read
	Action    authz.Action
	Route     string
	Request   string // id of the request, which the answer carried too
	Outcome   Outcome
	Emergency uuid.UUID // the opened emergency access under which it was, if any
	Subjects  []uuid.UUID
	Shows     Kind
	Lines     int // workers shown of the list or the export that Subjects names; 0 when Subjects names the workers
}

// Seen is one worker in the report on a breach: what somebody has seen of them, and when.
type Seen struct {
	Case     uuid.UUID
	Region   string
	Files    int // whole files opened
	Lists    int // lines of lists and searches
	Exports  int
	First    time.Time
	Last     time.Time
	InAnswer int // records that name them
}

// AlarmKind is of what there was unusually much.
type AlarmKind string

// The kinds of alarms.
const (
	ManyFiles    AlarmKind = "files"
	ManyLists    AlarmKind = "lists"
	ManyRefusals AlarmKind = "refusals"
)

// Values lists the kinds of alarms.
func (AlarmKind) Values() []AlarmKind { return []AlarmKind{ManyFiles, ManyLists, ManyRefusals} }

// Valid tells whether k is one of the kinds.
func (k AlarmKind) Valid() bool { return codelist.Has(k) }

// Alarm says that an officer has looked at unusually many workers within an hour.
type Alarm struct {
	Officer  authz.OfficerID
	Name     string
	Hour     time.Time
	Kind     AlarmKind
	Subjects int
	Most     int // the limit that was passed
	RaisedAt time.Time
}

// The limits of an hour, beyond which an alarm is raised: different workers of whose file anything was opened, by
// whatever route; different workers seen line by line; and refusals, among them ids and NIKs that were guessed.
const (
	MostFiles    = 200
	MostLines    = 5_000
	MostRefusals = 100
)

// Filter narrows a list of records. What is nil does not filter; what is there does, whatever its value. After is the
// position: the last record of the page before, 0 at the start.
type Filter struct {
	Subject *uuid.UUID
	Officer *authz.OfficerID
	Outcome *Outcome
	From    *time.Time
	Until   *time.Time
	After   int64
	Limit   int
}

// Store keeps the records. Reading shows subjects inside the scope only; an officer or a case outside of it is not
// there.
type Store interface {
	RecordAccess(ctx context.Context, records []Record) error
	ListAccess(ctx context.Context, scope authz.Scope, f Filter) ([]Record, error)
	// ListSeen lists the workers that an officer was shown, by case; of the filter it takes the days and the limit.
	ListSeen(ctx context.Context, scope authz.Scope, who authz.OfficerID, f Filter, after uuid.UUID) ([]Seen, error)
	ListAlarms(ctx context.Context, scope authz.Scope, limit int) ([]Alarm, error)
}

// patience bounds how long an answer waits to be recorded.
const patience = 1800 * time.Millisecond

// mostTogether bounds how many records one statement writes.
const mostTogether = 512

// Recorder writes records, those of requests that come together in one transaction. It is safe for concurrent use.
type Recorder struct {
	store Store
	queue chan waiting
}

type waiting struct {
	record Record
	done   chan error
}

// NewRecorder starts a recorder; it ends with ctx, and records nothing from then on.
func NewRecorder(ctx context.Context, store Store) *Recorder {
	r := &Recorder{store: store, queue: make(chan waiting)}
	go r.run(ctx)
	return r
}

// Record returns when the record is durable. It fails with access.unrecorded when that takes too long: what was to be
// shown must not be shown then.
func (r *Recorder) Record(ctx context.Context, record Record) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w := waiting{record, make(chan error, 1)}
	select {
	case r.queue <- w:
	case <-ctx.Done():
		return unrecorded(ctx.Err())
	}
	select {
	case err := <-w.done:
		if err != nil {
			return unrecorded(err)
		}
		return nil
	case <-ctx.Done():
		return unrecorded(ctx.Err())
	}
}

func unrecorded(err error) error {
	return fault.New(fault.Unavailable, "access.unrecorded").Because(err)
}

func (r *Recorder) run(ctx context.Context) {
	for {
		var together []waiting
		select {
		case <-ctx.Done():
			return
		case w := <-r.queue:
			together = append(together, w)
		}
		for more := true; more && len(together) < mostTogether; {
			select {
			case w := <-r.queue:
				together = append(together, w)
			default:
				more = false
			}
		}
		records := make([]Record, len(together))
		for i, w := range together {
			records[i] = w.record
		}
		err := r.store.RecordAccess(ctx, records)
		for _, w := range together {
			w.done <- err
		}
	}
}
