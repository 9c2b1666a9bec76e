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

// WebhookQueue is the queue of deliveries: a receiver that answers slowly must not hold other work up.
const WebhookQueue = "webhooks"

// EnqueueIn adds a job to a queue of its own, in the transaction that is its cause. It has one attempt: whoever needs
// another enqueues another.
func (s *DB) EnqueueIn(ctx context.Context, tx pgx.Tx, job river.JobArgs, queue string) error {
	if _, err := s.queue.InsertTx(ctx, tx, job, &river.InsertOpts{Queue: queue, MaxAttempts: 1}); err != nil {
		return fmt.Errorf("enqueue %s in %s: %w", job.Kind(), queue, err)
	}
	return nil
}
