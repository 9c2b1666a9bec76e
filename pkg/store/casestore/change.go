package casestore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// Parts are the tracks of a case that a change reads and writes together with it.
type Parts interface {
	QueueLoad(b *pgx.Batch, id casework.ID)
	ScanLoad(r pgx.BatchResults) error
	QueueSave(b *pgx.Batch, c *casework.Case) error
	Replaced(u *casework.Undo) // adds what the change of the parts replaced
}

// Change is one change of a case together with parts of it.
type Change struct {
	Op      authz.Op
	ID      casework.ID
	Version int
	Parts   Parts
	Fn      func(*casework.Case) (casework.Event, error) // decides under the lock; it yields an event or refuses
	Ref     func() string                                // id of the part that Fn made; nil when it makes none
	// Between asks the database what Fn could not, before all is written; nil for nearly every change.
	Between func(context.Context, *pgxpool.Conn, *casework.Case) error
	// Line is what a list shows of the worker from now on; nil when that has not changed.
	Line func() casework.Line
	// OfPerson tells whether the change reaches the other cases of the same record of a worker; nil for never.
	OfPerson func() bool
}

// erased tells of a closed case whether its worker has been erased; one that is open has a worker.
const erased = `c.closed_on is not null and (select w.data_key is null from worker w where w.id = c.worker_id)`

// locked is what the first round trip brings: the case, the end of its chain, and the instant of the change, which is
// taken under the lock and later than every entry before.
type locked struct {
	casework.Case
	was    casework.Case // before the change
	line   casework.Line
	head   []byte
	at     time.Time
	erased bool
	of     uuid.UUID // the worker before the change, whose key seals its entry
	key    []byte
	undo   casework.Undo
	step   []byte        // what the entry changes of the rows
	watch  *rowsum.Watch // that makes the step instead, where it cannot be known before
}

const selectSeveral = `select ` + CaseColumns + `, c.head,
	greatest(clock_timestamp(), c.updated_at + interval '1 microsecond'), w.name, w.nik_tail, w.employer, ` + erased + `
	from cases c join case_worker w on w.case_id = c.id where `

const selectLocked = selectSeveral + `c.id = $1 for no key update of c`

const selectKey = `select w.data_key from worker w join cases c on c.worker_id = w.id where c.id = $1`

// writeEntry is the hot statement: the case and its entry hold the same hash, which the database makes, and pgx sends
// both together with the parts, the answer and the commit.
const writeEntry = `with entry as (
	select history_hash($2, $1, $3, $4, $5, $6, $7, $8) as hash
), moved as (
	update cases set version = $3, updated_at = $7, head = entry.hash, stage = $9, outcome = $10, officer_id = $11,
		closed_on = $12, due_on = $13, due_for = $14, claim_state = $15, follow_up_on = $16, region = $17,
		terminated_on = $18, worker_id = $19, layoff_id = $20, duplicate_of = $21
	from entry where id = $1 and version = $3 - 1 returning region
), stepped as (
	insert into state_step (of, seq, step) select $1, $3, $22 from moved where $22::bytea is not null
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select $1, $3, moved.region, $4, $5, $6, $7, $8, $2, entry.hash from moved, entry`

// Change implements casework.Store.
func (s *Cases) Change(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(*casework.Case) (casework.Event, error)) (casework.State, error) {
	return s.ChangeWith(ctx, Change{Op: op, ID: id, Version: version, Fn: fn})
}

// ChangeWith takes two round trips: one that locks and reads, one that writes and commits. Between them fn decides.
func (s *Cases) ChangeWith(ctx context.Context, ch Change) (casework.State, error) {
	if ch.Op.Scope.Empty() {
		return casework.State{}, casework.NotFound()
	}
	state, err := s.tryChange(ctx, ch)
	if err != nil {
		return s.replayState(ctx, ch.Op, err)
	}
	return state, nil
}

// tryChange has given its connection back when it returns: as many repeats at once as there are connections would
// otherwise each wait for a second one, for ever.
func (s *Cases) tryChange(ctx context.Context, ch Change) (casework.State, error) {
	conn, err := s.Pool.Acquire(ctx)
	if err != nil {
		return casework.State{}, store.Translate(err)
	}
	defer conn.Release()
	state, err := s.changeOn(ctx, conn, ch)
	if err != nil {
		rollback(ctx, conn)
		return casework.State{}, err
	}
	return state, nil
}

func (s *Cases) changeOn(ctx context.Context, conn *pgxpool.Conn, ch Change) (casework.State, error) {
	at, err := s.lock(ctx, conn, ch)
	if err != nil {
		return casework.State{}, err
	}
	if ch.Version != casework.AnyVersion && at.Version != ch.Version {
		return casework.State{}, fault.New(fault.Stale, "case.stale", "version", fmt.Sprint(at.Version))
	}
	event, err := ch.Fn(&at.Case)
	if err != nil {
		return casework.State{}, err
	}
	if event.Kind == "" {
		return casework.State{}, errors.New("change of a case without an event")
	}
	at.undo.Replaced(&at.was, &at.Case)
	if ch.Parts != nil {
		ch.Parts.Replaced(&at.undo)
	}
	if !event.Secret.IsZero() || len(at.undo.Personal) > 0 {
		if at.key, err = scanKey(conn.QueryRow(ctx, selectKey, uuid.UUID(ch.ID))); err != nil {
			return casework.State{}, err
		}
	}
	if at.watch, err = s.watch(ctx, conn, ch, at); err != nil {
		return casework.State{}, store.Translate(err)
	}
	if ch.Between != nil {
		if err := ch.Between(ctx, conn, &at.Case); err != nil {
			return casework.State{}, store.Translate(err)
		}
	}
	return s.commit(ctx, conn, ch, at, event)
}

func (s *Cases) lock(ctx context.Context, conn *pgxpool.Conn, ch Change) (*locked, error) {
	b := &pgx.Batch{}
	s.QueueScope(b, ch.Op.Scope)
	b.Queue(selectLocked, uuid.UUID(ch.ID))
	if ch.Parts != nil {
		ch.Parts.QueueLoad(b, ch.ID)
	}
	r := conn.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	for range 2 {
		if _, err := r.Exec(); err != nil {
			return nil, store.Translate(err)
		}
	}
	at, err := scanLocked(r.QueryRow())
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && !ch.Op.Scope.Covers(at.Region):
		return nil, casework.NotFound()
	case err != nil:
		return nil, store.Translate(err)
	}
	if at.erased {
		return nil, fault.New(fault.Conflict, "worker.erased")
	}
	if ch.Parts != nil {
		if err := ch.Parts.ScanLoad(r); err != nil {
			return nil, store.Translate(err)
		}
	}
	return at, nil
}

// scanLocked reads a row of selectSeveral.
func scanLocked(row pgx.Row) (*locked, error) {
	at := &locked{}
	var tail string
	err := scanCase(row, &at.Case, &at.head, &at.at, &at.line.Name, &tail, &at.line.Employer, &at.erased)
	at.line.NIKMasked, at.of, at.was = identity.MaskedNIK(tail), at.WorkerID, at.Case
	return at, err
}

// commit writes everything and commits in one batch. From here on the client's impatience must not matter: an
// interrupted commit may have happened.
func (s *Cases) commit(ctx context.Context, conn *pgxpool.Conn, ch Change, at *locked,
	event casework.Event) (casework.State, error) {
	payload, err := s.payload(at, event)
	if err != nil {
		return casework.State{}, err
	}
	at.Version++
	at.UpdatedAt = at.at
	state := stateOf(&at.Case, at.line)
	state.Told = event.Told
	if ch.Line != nil {
		state.Line = ch.Line()
	}
	if ch.Ref != nil {
		state.Ref = ch.Ref()
	}
	if at.watch == nil {
		at.step = s.stepOf(at, ch.Parts)
	}
	b := &pgx.Batch{}
	queueEntry(b, ch.Op.Actor, at, event, payload)
	if ch.Parts != nil {
		if err := ch.Parts.QueueSave(b, &at.Case); err != nil {
			return casework.State{}, err
		}
	}
	if err := store.QueueAnswer(b, ch.Op, state); err != nil {
		return casework.State{}, err
	}
	ctx, cancel := store.Uncancelled(ctx)
	defer cancel()
	return state, at.finish(ctx, conn, b)
}

// finish writes what is queued and commits.
func (at *locked) finish(ctx context.Context, conn *pgxpool.Conn, b *pgx.Batch) error {
	if at.watch != nil {
		if err := written(conn.SendBatch(ctx, b), b.Len()); err != nil {
			return err
		}
		if err := at.watch.Write(ctx); err != nil {
			return store.Translate(err)
		}
		b = &pgx.Batch{}
	}
	b.Queue("commit")
	return committed(conn.SendBatch(ctx, b), b.Len())
}

// entry is what writeEntry takes.
func (at *locked) entry(actor authz.OfficerID, event casework.Event, payload string) []any {
	return []any{uuid.UUID(at.ID), at.head, at.Version, string(event.Kind), uuid.UUID(actor),
		event.OccurredOn.Time(), at.at, payload, string(at.Stage), store.NullText(string(at.Outcome)),
		store.NullID(uuid.UUID(at.Officer)), store.NullDate(at.ClosedOn), store.NullDate(at.DueOn), store.NullText(at.DueFor),
		string(at.ClaimState), store.NullDate(at.FollowUpOn), string(at.Region), at.TerminatedOn.Time(), at.WorkerID,
		store.NullID(at.LayoffID), store.NullID(uuid.UUID(at.DuplicateOf)), at.step}
}

// queueEntry writes the case as it is now, and the entry that says what happened.
func queueEntry(b *pgx.Batch, actor authz.OfficerID, at *locked, event casework.Event, payload string) {
	b.Queue(writeEntry, at.entry(actor, event, payload)...)
}

// written reads n results of a writing batch: the first statement must have written its row.
func written(r pgx.BatchResults, n int) error {
	defer func() { _ = r.Close() }()
	return readWritten(r, n)
}

func readWritten(r pgx.BatchResults, n int) error {
	for i := range n {
		tag, err := r.Exec()
		if err != nil {
			return store.Translate(err)
		}
		if i == 0 && tag.RowsAffected() == 0 {
			return fault.New(fault.Stale, "case.stale")
		}
	}
	return nil
}

// committed reads every result of a batch that ends in a commit, which must not have rolled back. All before it is what
// the change wrote, where that was not read already.
func committed(r pgx.BatchResults, n int) error {
	defer func() { _ = r.Close() }()
	if err := readWritten(r, n-1); err != nil {
		return err
	}
	tag, err := r.Exec()
	if err != nil {
		return store.Translate(err)
	}
	if tag.String() != "COMMIT" {
		return errors.New("transaction was rolled back")
	}
	return nil
}

// payload is the JSON text that is stored and hashed; what is personal stands in it only sealed.
func (s *Cases) payload(at *locked, event casework.Event) (string, error) {
	plain, err := json.Marshal(event.Payload)
	if err != nil {
		return "", fmt.Errorf("encode payload of %s: %w", event.Kind, err)
	}
	if !at.undo.Empty() {
		undo, err := json.Marshal(at.undo)
		if err != nil {
			return "", fmt.Errorf("encode what %s replaced: %w", event.Kind, err)
		}
		plain = with(plain, "undo", undo)
	}
	if event.Secret.IsZero() && len(at.undo.Personal) == 0 {
		return string(plain), nil
	}
	return s.sealedPayload(at, event, plain)
}

func (s *Cases) sealedPayload(at *locked, event casework.Event, plain []byte) (string, error) {
	key, err := s.Vault.Unwrap(at.key, at.of.String())
	if err != nil {
		return "", fmt.Errorf("open data key of case %s: %w", at.ID, err)
	}
	if len(at.undo.Personal) > 0 {
		values, err := json.Marshal(at.undo.Personal)
		if err != nil {
			return "", fmt.Errorf("encode what %s replaced: %w", event.Kind, err)
		}
		plain = with(plain, "undo_sealed", quoted(key.Seal(values, undoBinding(at.ID, at.Version+1))))
	}
	if !event.Secret.IsZero() {
		plain = with(plain, "sealed", quoted(key.Seal([]byte(event.Secret.Reveal()), noteBinding(at.ID, at.Version+1))))
	}
	return string(plain), nil
}

// noteBinding ties a sealed text to its entry: moved to another one it does not open.
func noteBinding(id casework.ID, seq int) string {
	return fmt.Sprintf("case_history.payload|%s|%d", id, seq)
}

// undoBinding ties sealed values before an entry to it.
func undoBinding(id casework.ID, seq int) string {
	return fmt.Sprintf("case_history.undo|%s|%d", id, seq)
}

func quoted(sealed []byte) []byte {
	return []byte(`"` + base64.StdEncoding.EncodeToString(sealed) + `"`)
}

// with adds a field behind the others of an object.
func with(object []byte, name string, value []byte) []byte {
	out := slices.Clone(object[:len(object)-1])
	if len(object) > 2 {
		out = append(out, ',')
	}
	return append(append(append(out, `"`+name+`":`...), value...), '}')
}

func stateOf(c *casework.Case, line casework.Line) casework.State {
	return casework.State{ID: c.ID, Region: c.Region, LayoffID: c.LayoffID, Stage: c.Stage, Outcome: c.Outcome,
		DuplicateOf: c.DuplicateOf, Officer: c.Officer, ClaimState: c.ClaimState, TerminatedOn: c.TerminatedOn,
		OpenedOn: c.OpenedOn, ClosedOn: c.ClosedOn, DueOn: c.DueOn, DueFor: c.DueFor, FollowUpOn: c.FollowUpOn,
		Version: c.Version, UpdatedAt: c.UpdatedAt, Line: line}
}

func rollback(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := store.Uncancelled(ctx)
	defer cancel()
	if _, err := conn.Exec(ctx, "rollback"); err != nil {
		_ = conn.Conn().Close(ctx) // never give a connection back inside a transaction
	}
}

func scanKey(row pgx.Row) ([]byte, error) {
	var key []byte
	if err := row.Scan(&key); err != nil {
		return nil, store.Translate(err)
	}
	if key == nil {
		return nil, fault.New(fault.Conflict, "worker.erased")
	}
	return key, nil
}

var _ casework.Store = (*Cases)(nil)
