package casestore

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
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// Parts are the tracks of a case that a change reads and writes together with it.
type Parts interface {
	QueueLoad(b *pgx.Batch, id casework.ID)
	ScanLoad(r pgx.BatchResults) error
	QueueSave(b *pgx.Batch, c *casework.Case) error
}

// Change is one change of a case together with parts of it.
type Change struct {
	Op      authz.Op
	ID      casework.ID
	Version int
	Parts   Parts
	Fn      func(*casework.Case) (casework.Event, error) // decides under the lock; it yields an event or refuses
	Ref     func() string                                // id of the part that Fn made; nil when it makes none
}

// erased tells of a closed case whether its worker has been erased; one that is open has a worker.
const erased = `c.closed_on is not null and (select w.data_key is null from worker w where w.id = c.worker_id)`

// locked is what the first round trip brings: the case, the end of its chain, and the instant of the change, which is
// taken under the lock and later than every entry before.
type locked struct {
	casework.Case
	head   []byte
	at     time.Time
	erased bool
	key    []byte
}

const selectSeveral = `select ` + CaseColumns + `, c.head, greatest(clock_timestamp(), c.updated_at + interval '1 microsecond'),
	` + erased + `
	from cases c where `

const selectLocked = selectSeveral + `c.id = $1 for no key update`

const selectKey = `select w.data_key from worker w join cases c on c.worker_id = w.id where c.id = $1`

// writeEntry is the hot statement: the case and its entry hold the same hash, which the database makes, and pgx sends both
// together with the parts, the answer and the commit.
const writeEntry = `with entry as (
	select history_hash($2, $1, $3, $4, $5, $6, $7, $8) as hash
), moved as (
	update cases set version = $3, updated_at = $7, head = entry.hash, stage = $9, outcome = $10, officer_id = $11,
		closed_on = $12, due_on = $13, due_for = $14, claim_state = $15, follow_up_on = $16, region = $17, duplicate_of = $18
	from entry where id = $1 and version = $3 - 1 returning region
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
	if !event.Secret.IsZero() {
		if at.key, err = scanKey(conn.QueryRow(ctx, selectKey, uuid.UUID(ch.ID))); err != nil {
			return casework.State{}, err
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
	var at locked
	err := scanCase(r.QueryRow(), &at.Case, &at.head, &at.at, &at.erased)
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
	return &at, nil
}

// commit writes everything and commits in one batch. From here on the client's impatience must not matter: an
// interrupted commit may have happened.
func (s *Cases) commit(ctx context.Context, conn *pgxpool.Conn, ch Change, at *locked, event casework.Event) (casework.State, error) {
	payload, err := s.payload(at, event)
	if err != nil {
		return casework.State{}, err
	}
	at.Version++
	at.UpdatedAt = at.at
	state := stateOf(&at.Case)
	if ch.Ref != nil {
		state.Ref = ch.Ref()
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
	b.Queue("commit")
	ctx, cancel := store.Uncancelled(ctx)
	defer cancel()
	if err := finish(conn.SendBatch(ctx, b), b.Len()); err != nil {
		return casework.State{}, err
	}
	return state, nil
}

// queueEntry writes the case as it is now, and the entry that says what happened.
func queueEntry(b *pgx.Batch, actor authz.OfficerID, at *locked, event casework.Event, payload string) {
	b.Queue(writeEntry, uuid.UUID(at.ID), at.head, at.Version, string(event.Kind), uuid.UUID(actor), event.OccurredOn.Time(), at.at, payload,
		string(at.Stage), store.NullText(string(at.Outcome)), store.NullID(uuid.UUID(at.Officer)), store.NullDate(at.ClosedOn), store.NullDate(at.DueOn), store.NullText(at.DueFor), string(at.ClaimState),
		store.NullDate(at.FollowUpOn), string(at.Region), store.NullID(uuid.UUID(at.DuplicateOf)))
}

// finish reads every result of a writing batch: the first statement must have written its row, and the last one must
// have committed rather than rolled back.
func finish(r pgx.BatchResults, n int) error {
	defer func() { _ = r.Close() }()
	for i := range n {
		tag, err := r.Exec()
		if err != nil {
			return store.Translate(err)
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
func (s *Cases) payload(at *locked, event casework.Event) (string, error) {
	plain, err := json.Marshal(event.Payload)
	if err != nil {
		return "", fmt.Errorf("encode payload of %s: %w", event.Kind, err)
	}
	if event.Secret.IsZero() {
		return string(plain), nil
	}
	key, err := s.Vault.Unwrap(at.key, at.WorkerID.String())
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
	return casework.State{ID: c.ID, Region: c.Region, Stage: c.Stage, Outcome: c.Outcome, DuplicateOf: c.DuplicateOf, Officer: c.Officer,
		ClaimState: c.ClaimState, DueOn: c.DueOn, DueFor: c.DueFor, FollowUpOn: c.FollowUpOn, Version: c.Version, UpdatedAt: c.UpdatedAt}
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
