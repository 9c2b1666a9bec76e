package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// newQueue makes a client that only enqueues; package jobs has the one that works.
func newQueue(pool *pgxpool.Pool) (*river.Client[pgx.Tx], error) {
	queue, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: JobSchema})
	if err != nil {
		return nil, fmt.Errorf("make job queue: %w", err)
	}
	return queue, nil
}

// Enqueue adds a job to the transaction that is its cause.
func (s *DB) Enqueue(ctx context.Context, tx pgx.Tx, job river.JobArgs) error {
	if _, err := s.queue.InsertTx(ctx, tx, job, nil); err != nil {
		return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
	}
	return nil
}
