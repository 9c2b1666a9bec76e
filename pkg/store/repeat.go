package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

const insertAnswer = `insert into idempotency (caller, route, key, digest, body) values ($1, $2, $3, $4, $5)`

// QueueAnswer keeps the answer of a request in the transaction that does its work: either both are there or neither.
func QueueAnswer(b *pgx.Batch, op authz.Op, answer any) error {
	if op.Request.Key == "" {
		return nil
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	b.Queue(insertAnswer, uuid.UUID(op.Actor), op.Request.Route, op.Request.Key, op.Request.Digest, string(body))
	return nil
}

// mayBeRepeat tells whether a retry of an acknowledged request could have met this refusal: its own work stands in its
// way, or the caller has lost the scope meanwhile. What passes says nothing of the kind.
func mayBeRepeat(op authz.Op, err error) bool {
	return op.Request.Key != "" && fault.KindOf(err) != fault.Unavailable && !errors.Is(err, context.Canceled)
}

// Replay finds the kept answer of the same request into answer. Without one it returns the refusal that led here; when
// the key belongs to another request it refuses that. Either says what has been done, and is confirmed like a commit.
func (s *DB) Replay(ctx context.Context, op authz.Op, refusal error, answer any) error {
	if !mayBeRepeat(op, refusal) {
		return unconfirmed(refusal)
	}
	var digest []byte
	var body string
	b := &pgx.Batch{}
	b.Queue(`select digest, body from idempotency where caller = $1 and route = $2 and key = $3`,
		uuid.UUID(op.Actor), op.Request.Route, op.Request.Key)
	kept := false
	err := s.Confirm(ctx, b, func(r pgx.BatchResults) error {
		err := r.QueryRow().Scan(&digest, &body)
		if kept = err == nil; errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !kept:
		return refusal
	case !bytes.Equal(digest, op.Request.Digest):
		return fault.New(fault.Invalid, "idempotency.key_reused")
	}
	if err := json.Unmarshal([]byte(body), answer); err != nil {
		return fmt.Errorf("decode kept answer: %w", err)
	}
	return nil
}

// Confirm runs the reads of b, and returns when what they saw is as durable as an answered commit is here. What a
// read shows may not be: the commit that made it can still wait for a synchronous standby that is gone, and a
// failover would lose it. Therefore something is written and committed after the reads, which waits for everything
// before it in the log. When that does not happen in time, the caller knows nothing (request.unconfirmed).
func (s *DB) Confirm(ctx context.Context, b *pgx.Batch, read func(pgx.BatchResults) error) error {
	ctx, cancel := context.WithTimeout(ctx, CommitGrace)
	defer cancel()
	b.Queue("select pg_logical_emit_message(true, 'tanggap', '')")
	r := s.Pool.SendBatch(ctx, b) // one transaction, which ends when r is closed
	err := read(r)
	if err == nil {
		_, err = r.Exec()
	}
	if err = errors.Join(err, r.Close()); err == nil {
		return nil
	}
	return unconfirmed(Translate(err))
}

// Confirmed tells whether the database confirms commits: with a synchronous standby that is gone it confirms none.
// Without any standby to wait for there is nothing to ask.
func (s *DB) Confirmed(ctx context.Context) error {
	var standbys string
	err := s.Pool.QueryRow(ctx, "select current_setting('synchronous_standby_names')").Scan(&standbys)
	if err != nil || standbys == "" {
		return Translate(err)
	}
	if err := s.Confirm(ctx, &pgx.Batch{}, func(pgx.BatchResults) error { return nil }); err != nil {
		return fmt.Errorf("no standby of %q confirms what is written: %w", standbys, err)
	}
	return nil
}

// ForgetAnswers deletes the answers kept for longer than 48 hours and returns how many there were.
func (s *DB) ForgetAnswers(ctx context.Context) (int64, error) {
	tag, err := s.Pool.Exec(ctx, `delete from idempotency where created_at < now() - interval '48 hours'`)
	if err != nil {
		return 0, Translate(err)
	}
	return tag.RowsAffected(), nil
}

// Write runs work in a transaction inside the scope and keeps *answer beside it, or gives the kept one when the request
// comes again.
func (s *DB) Write(ctx context.Context, op authz.Op, answer any, work func(tx pgx.Tx) error) error {
	err := Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.Enter(ctx, tx, op.Scope); err != nil {
			return err
		}
		if err := work(tx); err != nil {
			return err
		}
		b := &pgx.Batch{}
		if err := QueueAnswer(b, op, answer); err != nil || b.Len() == 0 {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	}))
	if err == nil {
		return nil
	}
	return s.Replay(ctx, op, err, answer)
}
