// Package jobs runs the work that no request waits for. There are three kinds of it:
//
//   - the work of one record: checking and applying an employer's list, making an export, matching a region. Its job is
//     enqueued with its cause or not at all, because River keeps the queue in the same database;
//   - routine work, which an installation does once in every period however many processes it has: see routine. River
//     elects a leader among the processes, and only the leader enqueues it;
//   - what every process does for itself: keeping and publishing the log (see KeepLog), and taking up work once when it
//     starts, because the process before it may have been killed.
//
// Every job may run more than once and changes nothing the second time.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/observability"
	"github.com/tanggap/tanggap/pkg/store"
)

// The times of the queue. Work is done in short transactions and may be cut off between any two of them; a job whose
// worker died is taken up again after rescueAfter.
const (
	jobTimeout   = 40 * time.Second
	rescueAfter  = 50 * time.Second
	stopPatience = 8 * time.Second
)

// Queue is where the job tables are, and the pool that the workers share with the requests.
type Queue struct {
	Pool    *pgxpool.Pool
	Schema  string
	Workers int // jobs of records that run at once; routine work has its own
	Log     *slog.Logger
}

// Intakes works on employers' lists.
type Intakes interface {
	Check(ctx context.Context, id uuid.UUID) error
	Run(ctx context.Context, id uuid.UUID) error
	// Fail keeps that an attempt failed with a code; the limit-th failure ends the work.
	Fail(ctx context.Context, id uuid.UUID, code string, limit int) error
}

// Exports makes exports, and keeps by itself how often that failed.
type Exports interface {
	Run(ctx context.Context, id uuid.UUID) error
	// Expire deletes the files whose time is over.
	Expire(ctx context.Context) error
}

// Matches matches the workers of a region with vacancies.
type Matches interface {
	Work(ctx context.Context, id uuid.UUID) error
	// Fail keeps that an attempt failed with a code; the limit-th failure ends the work.
	Fail(ctx context.Context, id uuid.UUID, code string, limit int) error
}

// Bulk makes one change of many cases.
type Bulk interface {
	Run(ctx context.Context, id uuid.UUID) error
	// Fail keeps that an attempt failed with a code; the limit-th failure ends the work.
	Fail(ctx context.Context, id uuid.UUID, code string, limit int) error
}

// Law settles the days that releases of the law move.
type Law interface {
	// Settle goes on from where it was stopped. It may have to wait for the other processes to hear of the release.
	Settle(ctx context.Context, id uuid.UUID) (wait time.Duration, err error)
}

// Webhooks sends changes to other systems.
type Webhooks interface {
	// Due enqueues a job, with a lease, for every webhook that has something to deliver.
	Due(ctx context.Context) error
	// Deliver works under a lease until everything is told or its turn is over.
	Deliver(ctx context.Context, hook, lease uuid.UUID) error
}

// Mail sends officers what waits for them.
type Mail interface {
	// Due enqueues a job for every officer whose mail of the day is to be sent.
	Due(ctx context.Context) error
	// Send sends it; a later one may try again when err says so.
	Send(ctx context.Context, job mail.Job) error
}

// Work is what the jobs do.
type Work struct {
	Intakes Intakes
	Exports Exports
	Matches Matches
	Bulk    Bulk
	Law     Law
	// Webhooks may be nil, and so may Mail: where none is sent.
	Webhooks Webhooks
	Mail     Mail

	// IdleIntakes lists the intakes that nobody has worked on for so long: their process is gone.
	IdleIntakes func(ctx context.Context, idle time.Duration) (check, apply []uuid.UUID, err error)
	// IdleExports, IdleMatches and IdleBulk list those that nobody works on, though somebody should.
	IdleExports func(ctx context.Context) ([]uuid.UUID, error)
	IdleMatches func(ctx context.Context) ([]uuid.UUID, error)
	IdleBulk    func(ctx context.Context) ([]uuid.UUID, error)
	// IdleReleases lists the releases of the law whose days are not all settled; nil where the law does not change.
	IdleReleases func(ctx context.Context) ([]uuid.UUID, error)

	// RaiseAlarms looks whether somebody was shown unusually many workers.
	RaiseAlarms func(ctx context.Context) error
	// ExpireReferrals ends the offers to other offices that nobody answered in time.
	ExpireReferrals func(ctx context.Context) error
	// Remind keeps what every office has to do on a morning, once a day.
	Remind func(ctx context.Context) error
	// CountFigures brings the figures of the reports up to date; progress hears how many cases a first count has done.
	CountFigures func(ctx context.Context, progress func(cases int64)) error
	// SweepDocuments deletes what lies in the place of scans and belongs to no case.
	SweepDocuments func(ctx context.Context) error
	// ForgetAnswers deletes the answers kept for retries that are too old.
	ForgetAnswers func(ctx context.Context) (int64, error)
}

// Run works until ctx ends, then lets running jobs finish their present transaction.
func Run(ctx context.Context, q Queue, work Work) error {
	workers := river.NewWorkers()
	work.addRecordWorkers(workers)
	client, err := newClient(q, workers, append(work.routines(q.Log), work.mails()...))
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := work.takeUp(ctx, client, 0); err != nil && ctx.Err() == nil {
		q.Log.WarnContext(ctx, "take up interrupted work", "error", err)
	}
	work.followLog(ctx, q.Log)
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if err := client.StopAndCancel(stop); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// newClient is a client of River that works. Routine work has places of its own, so that it does not wait behind an
// export of half an hour.
func newClient(q Queue, workers *river.Workers, routines []routine) (*river.Client[pgx.Tx], error) {
	var periodic []*river.PeriodicJob
	for _, r := range routines {
		r.addWorker(workers)
		periodic = append(periodic, r.periodicJob())
	}
	client, err := river.NewClient(riverpgxv5.New(q.Pool), &river.Config{
		Schema:  q.Schema,
		Workers: workers,
		// What River says of each single job is not for the log of the service.
		Logger:       observability.AtLeast(q.Log, slog.LevelWarn),
		ErrorHandler: failureLog{q.Log},
		PeriodicJobs: periodic,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: q.Workers},
			routineQueue:       {MaxWorkers: routineWorkers},
			store.WebhookQueue: {MaxWorkers: webhookWorkers},
		},
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		FetchCooldown:        50 * time.Millisecond,
		FetchPollInterval:    time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("make job client: %w", err)
	}
	return client, nil
}

// failureLog logs the failures of jobs that may be tried again. Those that a rule refuses are told to their record, and
// River itself logs a panic.
type failureLog struct{ log *slog.Logger }

// HandleError implements river.ErrorHandler.
func (f failureLog) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if !errors.Is(err, context.Canceled) {
		f.log.WarnContext(ctx, "a job failed", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "error", err)
	}
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (failureLog) HandlePanic(context.Context, *rivertype.JobRow, any, string) *river.ErrorHandlerResult {
	return nil
}
