package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
)

// newQueue makes a client that only enqueues; package jobs has the one that works.
func newQueue(pool *pgxpool.Pool) (*river.Client[pgx.Tx], error) {
	queue, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: JobSchema})
	if err != nil {
		return nil, fmt.Errorf("make job queue: %w", err)
	}
	return queue, nil
}

// enqueue adds a job to the transaction that is its cause.
func (s *Store) enqueue(ctx context.Context, tx pgx.Tx, job river.JobArgs) error {
	if _, err := s.queue.InsertTx(ctx, tx, job, nil); err != nil {
		return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
	}
	return nil
}

// FailIntake implements intake.Store.
func (s *Store) FailIntake(ctx context.Context, id uuid.UUID, code string, most int) error {
	return s.write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update intake set attempts = attempts + 1, updated_at = now(),
			version = version + (attempts + 1 >= $3)::int,
			state = case when attempts + 1 >= $3 then 'failed' else state end,
			refusal = case when attempts + 1 >= $3 then $2 else refusal end
			where id = $1 and state in ('checking', 'applying')`, id, code, most)
		return err
	})
}

// FailRun implements matching.RunStore. A run that may be tried again waits for it, so that it need not be taken for
// dead first.
func (s *Store) FailRun(ctx context.Context, id uuid.UUID, code string, most int) error {
	_, err := s.pool.Exec(ctx, `update matching set attempts = attempts + 1, seen_at = clock_timestamp(),
		state = case when attempts + 1 >= $3 then 'failed' else 'queued' end,
		failure = case when attempts + 1 >= $3 then $2 end,
		done_at = case when attempts + 1 >= $3 then clock_timestamp() end
		where id = $1 and state in ('queued', 'running')`, id, code, most)
	return translate(err)
}

// ActorOf is an officer with the grants of now, for work that runs without a session. A deactivated one has none.
func (s *Store) ActorOf(ctx context.Context, id authz.OfficerID) (authz.Actor, error) {
	o, err := s.GetOfficer(ctx, authz.Everywhere(), id)
	if err != nil {
		return authz.Actor{}, err
	}
	if !o.Active {
		return authz.Actor{}, officer.NotFound()
	}
	return authz.Actor{Officer: o.ID, Name: o.Name, Email: o.Email, Office: o.Office, Grants: officer.InForce(o)}, nil
}
