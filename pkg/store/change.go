package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// parts are the tracks of a case that a change reads and writes together with it.
type parts interface {
	queueLoad(b *pgx.Batch, id casework.ID)
	scanLoad(r pgx.BatchResults) error
	queueSave(b *pgx.Batch, c *casework.Case) error
}

type change struct {
	op      authz.Op
	id      casework.ID
	version int
	parts   parts
	fn      func(*casework.Case) (casework.Event, error)
	ref     func() string
}

// locked is what the first round trip brings: the case, the end of its chain, and the instant of the change, which is
// taken under the lock and later than every entry before.
type locked struct {
	casework.Case
	head []byte
	at   time.Time
	key  []byte
}

const selectLocked = `select ` + caseColumns + `, c.head, greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
	from cases c where c.id = $1 for no key update`

const selectKey = `select w.data_key from worker w join cases c on c.worker_id = w.id where c.id = $1`

const writeEntry = `with entry as (
	select history_hash($2, $1, $3, $4, $5, $6, $7, $8) as hash
), moved as (
	update cases set version = $3, updated_at = $7, head = entry.hash, stage = $9, outcome = $10, officer_id = $11,
		closed_on = $12, due_on = $13, due_for = $14, claim_state = $15, follow_up_on = $16, region = $17
	from entry where id = $1 and version = $3 - 1 returning region
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select $1, $3, moved.region, $4, $5, $6, $7, $8, $2, entry.hash from moved, entry`

// Change implements casework.Store.
func (s *Store) Change(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(*casework.Case) (casework.Event, error)) (casework.State, error) {
	return s.change(ctx, change{op: op, id: id, version: version, fn: fn})
}

// change takes two round trips: one that locks and reads, one that writes and commits. Between them fn decides.
func (s *Store) change(ctx context.Context, ch change) (casework.State, error) {
	if ch.op.Scope.Empty() {
		return casework.State{}, casework.NotFound()
	}
	state, err := s.tryChange(ctx, ch)
	if err != nil {
		return s.replayState(ctx, ch.op, err)
	}
	return state, nil
}

// tryChange has given its connection back when it returns: as many repeats at once as there are connections would
// otherwise each wait for a second one, for ever.
func (s *Store) tryChange(ctx context.Context, ch change) (casework.State, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return casework.State{}, translate(err)
	}
	defer conn.Release()
	state, err := s.changeOn(ctx, conn, ch)
	if err != nil {
		rollback(ctx, conn)
		return casework.State{}, err
	}
	return state, nil
}

func (s *Store) changeOn(ctx context.Context, conn *pgxpool.Conn, ch change) (casework.State, error) {
	at, err := s.lock(ctx, conn, ch)
	if err != nil {
		return casework.State{}, err
	}
	if ch.version != casework.AnyVersion && at.Version != ch.version {
		return casework.State{}, fault.New(fault.Stale, "case.stale", "version", fmt.Sprint(at.Version))
	}
	event, err := ch.fn(&at.Case)
	if err != nil {
		return casework.State{}, err
	}
	if event.Kind == "" {
		return casework.State{}, errors.New("change of a case without an event")
	}
	if !event.Secret.IsZero() {
		if at.key, err = scanKey(conn.QueryRow(ctx, selectKey, uuid.UUID(ch.id))); err != nil {
			return casework.State{}, err
		}
	}
	return s.commit(ctx, conn, ch, at, event)
}

func (s *Store) lock(ctx context.Context, conn *pgxpool.Conn, ch change) (*locked, error) {
	b := &pgx.Batch{}
	s.queueScope(b, ch.op.Scope)
	b.Queue(selectLocked, uuid.UUID(ch.id))
	if ch.parts != nil {
		ch.parts.queueLoad(b, ch.id)
	}
	r := conn.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	for range 2 {
		if _, err := r.Exec(); err != nil {
			return nil, translate(err)
		}
	}
	var at locked
	err := scanCase(r.QueryRow(), &at.Case, &at.head, &at.at)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && !ch.op.Scope.Covers(at.Region):
		return nil, casework.NotFound()
	case err != nil:
		return nil, translate(err)
	}
	if ch.parts != nil {
		if err := ch.parts.scanLoad(r); err != nil {
			return nil, translate(err)
		}
	}
	return &at, nil
}

// commit writes everything and commits in one batch. From here on the client's impatience must not matter: an
// interrupted commit may have happened.
func (s *Store) commit(ctx context.Context, conn *pgxpool.Conn, ch change, at *locked, event casework.Event) (casework.State, error) {
	payload, err := s.payload(at, event)
	if err != nil {
		return casework.State{}, err
	}
	at.Version++
	at.UpdatedAt = at.at
	state := stateOf(&at.Case)
	if ch.ref != nil {
		state.Ref = ch.ref()
	}
	b := &pgx.Batch{}
	b.Queue(writeEntry, uuid.UUID(at.ID), at.head, at.Version, string(event.Kind), uuid.UUID(ch.op.Actor), event.OccurredOn.Time(), at.at, payload,
		string(at.Stage), nullText(string(at.Outcome)), nullID(uuid.UUID(at.Officer)), nullDate(at.ClosedOn), nullDate(at.DueOn), nullText(at.DueFor), string(at.ClaimState),
		nullDate(at.FollowUpOn), string(at.Region))
	if ch.parts != nil {
		if err := ch.parts.queueSave(b, &at.Case); err != nil {
			return casework.State{}, err
		}
	}
	if err := queueAnswer(b, ch.op, state); err != nil {
		return casework.State{}, err
	}
	b.Queue("commit")
	ctx, cancel := uncancelled(ctx)
	defer cancel()
	if err := finish(conn.SendBatch(ctx, b), b.Len()); err != nil {
		return casework.State{}, err
	}
	return state, nil
}

// finish reads every result of a writing batch: the first statement must have written its row, and the last one must
// have committed rather than rolled back.
func finish(r pgx.BatchResults, n int) error {
	defer func() { _ = r.Close() }()
	for i := range n {
		tag, err := r.Exec()
		if err != nil {
			return translate(err)
		}
		if i == 0 && tag.RowsAffected() == 0 {
			return fault.New(fault.Stale, "case.stale")
		}
		if i == n-1 && tag.String() != "COMMIT" {
			return errors.New("transaction was rolled back")
		}
	}
	return nil
}

// payload is the JSON text that is stored and hashed; what is personal stands in it only sealed.
func (s *Store) payload(at *locked, event casework.Event) (string, error) {
	plain, err := json.Marshal(event.Payload)
	if err != nil {
		return "", fmt.Errorf("encode payload of %s: %w", event.Kind, err)
	}
	if event.Secret.IsZero() {
		return string(plain), nil
	}
	key, err := s.vault.Unwrap(at.key, at.WorkerID.String())
	if err != nil {
		return "", fmt.Errorf("open data key of case %s: %w", at.ID, err)
	}
	sealed := key.Seal([]byte(event.Secret.Reveal()), noteBinding(at.ID, at.Version+1))
	return withSealed(plain, sealed), nil
}

// noteBinding ties a sealed text to its entry: moved to another one it does not open.
func noteBinding(id casework.ID, seq int) string {
	return fmt.Sprintf("case_history.payload|%s|%d", id, seq)
}

func withSealed(object, sealed []byte) string {
	field := `"sealed":"` + base64.StdEncoding.EncodeToString(sealed) + `"`
	if len(object) == 2 {
		return "{" + field + "}"
	}
	return string(object[:len(object)-1]) + "," + field + "}"
}

func stateOf(c *casework.Case) casework.State {
	return casework.State{ID: c.ID, Region: c.Region, Stage: c.Stage, Outcome: c.Outcome, Officer: c.Officer,
		ClaimState: c.ClaimState, DueOn: c.DueOn, DueFor: c.DueFor, FollowUpOn: c.FollowUpOn, Version: c.Version, UpdatedAt: c.UpdatedAt}
}

func rollback(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := uncancelled(ctx)
	defer cancel()
	if _, err := conn.Exec(ctx, "rollback"); err != nil {
		_ = conn.Conn().Close(ctx) // never give a connection back inside a transaction
	}
}

func scanKey(row pgx.Row) ([]byte, error) {
	var key []byte
	if err := row.Scan(&key); err != nil {
		return nil, translate(err)
	}
	if key == nil {
		return nil, fault.New(fault.Conflict, "worker.erased")
	}
	return key, nil
}

func nullText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func nullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func nullDate(d calendar.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := d.Time()
	return &t
}

var _ casework.Store = (*Store)(nil)
