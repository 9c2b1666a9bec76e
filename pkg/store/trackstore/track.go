package trackstore

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
	"github.com/tanggap/tanggap/pkg/track"
)

// tracks loads and saves the tracks of one case inside a change.
type tracks struct {
	now    track.Tracks
	before track.Tracks
	tasks  []track.Task // before the change
	by     measure.Book // that says when they are due
	all    []binding
}

// selectSteps are the days of the first and the newest step of each part, as the history has them.
var selectSteps = `select (payload::json ->> 'id')::uuid, min(occurred_on), max(occurred_on) from case_history
	h where case_id = $1 and kind in (` + quoted(track.MovedKinds()) + `) and not exists (select from case_history v
		where v.case_id = h.case_id and v.kind = 'entry.voided' and (v.payload::json ->> 'seq')::int = h.seq) group by 1`

// binding is one kind of part of a case: how it came, and how what was altered of it is written.
type binding interface {
	QueueLoad(b *pgx.Batch, id casework.ID)
	read(r pgx.BatchResults) error
	QueueSave(b *pgx.Batch, c *casework.Case)
	queueGone(b *pgx.Batch, c *casework.Case)
	step(a *rowsum.Adder, sum *rowsum.Sum, c *casework.Case)
}

// partTable is a table of any kind of part.
type partTable interface {
	bind(*track.Tracks) binding
}

func newTracks(by measure.Book) *tracks {
	t := &tracks{by: by}
	for _, table := range partTables {
		t.all = append(t.all, table.bind(&t.now))
	}
	return t
}

func (t *tracks) QueueLoad(b *pgx.Batch, id casework.ID) {
	for _, part := range t.all {
		part.QueueLoad(b, id)
	}
	b.Queue(selectSteps, uuid.UUID(id))
}

func (t *tracks) ScanLoad(r pgx.BatchResults) error {
	for _, part := range t.all {
		if err := part.read(r); err != nil {
			return err
		}
	}
	t.tasks, t.before = t.now.Tasks(t.by), t.now.Clone()
	return t.readSteps(r)
}

func (t *tracks) readSteps(r pgx.BatchResults) error {
	rows, err := r.Query()
	if err != nil {
		return err
	}
	t.now.Begun, t.now.Steps = map[uuid.UUID]calendar.Date{}, map[uuid.UUID]calendar.Date{}
	var part uuid.UUID
	var first, last pgtype.Date
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&part), &first, &last}, func() error {
		t.now.Begun[part], t.now.Steps[part] = store.DateOf(first), store.DateOf(last)
		return nil
	})
	return err
}

func (t *tracks) QueueSave(b *pgx.Batch, c *casework.Case) error {
	for _, part := range t.all {
		part.QueueSave(b, c)
	}
	for _, part := range slices.Backward(t.all) {
		part.queueGone(b, c) // first what points at others
	}
	queueTasks(b, c, t.tasks, t.now.Tasks(t.by))
	return nil
}

// Step implements casestore.Stepping.
func (t *tracks) Step(a *rowsum.Adder, sum *rowsum.Sum, c *casework.Case) {
	for _, part := range t.all {
		part.step(a, sum, c)
	}
	before, now := t.tasks, t.now.Tasks(t.by)
	for _, task := range before {
		if !slices.Contains(now, task) {
			a.Take(sum, taskTable, taskRow(c, task))
		}
	}
	for _, task := range now {
		if !slices.Contains(before, task) {
			a.Add(sum, taskTable, taskRow(c, task))
		}
	}
}

var taskTable = rowsum.Named("task")

// taskRow is a task as a row, its columns in the order of the table's.
func taskRow(c *casework.Case, task track.Task) [][]byte {
	return [][]byte{rowsum.Text(uuid.UUID(c.ID)), rowsum.Text(task.DueOn.Time()), rowsum.Text(string(task.Kind)),
		rowsum.Text(task.Part), rowsum.Text(string(c.Region))}
}

// Replaced implements casestore.Parts.
func (t *tracks) Replaced(u *casework.Undo) { track.Replaced(u, &t.before, &t.now) }

// queueTasks writes what has to be done in the case from now on.
func queueTasks(b *pgx.Batch, c *casework.Case, before, now []track.Task) {
	for _, task := range before {
		if !slices.Contains(now, task) {
			b.Queue("delete from task where case_id = $1 and kind = $2 and part = $3", uuid.UUID(c.ID), string(task.Kind),
				task.Part)
		}
	}
	for _, task := range now {
		if !slices.Contains(before, task) {
			b.Queue("insert into task (case_id, region, kind, part, due_on) values ($1, $2, $3, $4, $5)", uuid.UUID(c.ID),
				string(c.Region), string(task.Kind), task.Part, task.DueOn.Time())
		}
	}
}

// ChangeTracks implements track.Store.
func (s *Tracks) ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	t := newTracks(*s.measures.Load())
	return s.cases.ChangeWith(ctx, trackChange(op, id, version, t, t, ref, fn))
}

// withRecord is the tracks with the history of the case.
type withRecord struct {
	*tracks
	cases  *casestore.Cases
	id     casework.ID
	record []casework.Recorded
}

func (w *withRecord) QueueLoad(b *pgx.Batch, id casework.ID) {
	w.tracks.QueueLoad(b, id)
	casestore.QueueRecord(b, id)
}

func (w *withRecord) ScanLoad(r pgx.BatchResults) (err error) {
	if err = w.tracks.ScanLoad(r); err == nil {
		w.record, err = w.cases.ScanRecord(r, w.id)
	}
	return err
}

// ChangeRecord implements track.Store.
func (s *Tracks) ChangeRecord(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(*casework.Case, *track.Tracks, []casework.Recorded) (casework.Event, error)) (casework.State, error) {
	w := &withRecord{tracks: newTracks(*s.measures.Load()), cases: s.cases, id: id}
	return s.cases.ChangeWith(ctx, casestore.Change{Op: op, ID: id, Version: version, Parts: w,
		Fn: func(c *casework.Case) (casework.Event, error) { return fn(c, &w.now, w.record) }})
}

// GetTracks implements track.Store.
func (s *Tracks) GetTracks(ctx context.Context, scope authz.Scope,
	id casework.ID) (casework.Detail, track.Tracks, error) {
	file, _, err := s.cases.Get(ctx, scope, id)
	if err != nil {
		return casework.Detail{}, track.Tracks{}, err
	}
	t := newTracks(*s.measures.Load())
	err = s.Read(ctx, scope, func(b *pgx.Batch) { t.QueueLoad(b, id) }, t.ScanLoad)
	return file, t.now, err
}

// GetRecord implements track.Store.
func (s *Tracks) GetRecord(ctx context.Context, scope authz.Scope, id casework.ID) ([]casework.Recorded, error) {
	if scope.Empty() {
		return nil, casework.NotFound()
	}
	var record []casework.Recorded
	err := s.Read(ctx, scope, func(b *pgx.Batch) { casestore.QueueEntries(b, id) }, func(r pgx.BatchResults) (err error) {
		record, err = s.cases.ScanEntries(r, id)
		return err
	})
	return record, err
}

var _ track.Store = (*Tracks)(nil)
