// Package jobs runs the work that no request waits for: checking and applying employers' lists, and housekeeping. River
// keeps the queue in the same database, so that a job is enqueued with its cause or not at all; every job may run more than
// once and changes nothing the second time.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/matching"
)

// The times of the queue. Work is done in short transactions and may be cut off between any two of them; a job whose
// worker died is taken up again after rescueAfter.
const (
	jobTimeout   = 40 * time.Second
	rescueAfter  = 50 * time.Second
	sweepEvery   = 30 * time.Second
	forgetEvery  = time.Hour
	stopPatience = 8 * time.Second

	exportTimeout = 30 * time.Minute
	matchTimeout  = 6 * time.Hour
	rollupEvery   = 5 * time.Minute
)

// Queue is where the job tables are, and the pool that the workers share with the requests.
type Queue struct {
	Pool    *pgxpool.Pool
	Schema  string
	Workers int
	Log     *slog.Logger
}

// Work is what the jobs do.
type Work struct {
	Exports *export.Service
	// WaitingExports lists the exports that nobody works on, though somebody should.
	WaitingExports func(ctx context.Context) ([]uuid.UUID, error)
	Intake         *intake.Service
	// Waiting lists the intakes whose work lies idle for so long: its process is gone.
	Waiting func(ctx context.Context, idle time.Duration) (check, apply []uuid.UUID, err error)
	// Alarm looks whether somebody was shown unusually many workers.
	Alarm    func(ctx context.Context) error
	Matching *matching.Service
	// WaitingRuns lists the matches of regions that nobody works on, though somebody should.
	WaitingRuns func(ctx context.Context) ([]uuid.UUID, error)
	// Expire ends the offers to other offices that nobody answered in time.
	Expire func(ctx context.Context) error
	// Rollup brings the figures of the reports up to date; told hears how far a first count is.
	Rollup func(ctx context.Context, told func(cases int64)) error
	// Remind keeps what every office has to do on a morning, once a day.
	Remind func(ctx context.Context) error
	// Forget deletes the answers kept for retries that are too old.
	Forget func(ctx context.Context) (int64, error)
}

type checkWorker struct {
	river.WorkerDefaults[intake.CheckJob]
	work *intake.Service
}

// Work judges one file.
func (w *checkWorker) Work(ctx context.Context, job *river.Job[intake.CheckJob]) error {
	return tried(ctx, job.Args.Intake, w.work.Check, w.work.Fail)
}

type applyWorker struct {
	river.WorkerDefaults[intake.ApplyJob]
	work *intake.Service
}

// Work opens cases until none is left or its time is over; then it comes again.
func (w *applyWorker) Work(ctx context.Context, job *river.Job[intake.ApplyJob]) error {
	err := tried(ctx, job.Args.Intake, w.work.Run, w.work.Fail)
	if errors.Is(err, context.DeadlineExceeded) {
		return river.JobSnooze(0)
	}
	return err
}

type exportWorker struct {
	river.WorkerDefaults[export.Job]
	work *export.Service
	thrift
}

type matchWorker struct {
	river.WorkerDefaults[matching.Job]
	work *matching.Service
}

// Work matches until no worker of the region is left or its time is over; then it comes again.
func (w *matchWorker) Work(ctx context.Context, job *river.Job[matching.Job]) error {
	return tried(ctx, job.Args.Run, w.work.Work, w.work.Fail)
}

// Timeout is that of the whole country.
func (w *matchWorker) Timeout(*river.Job[matching.Job]) time.Duration { return matchTimeout }

// thrift has the memory collected as soon as it is twice what is in use, while an export runs: requests leave little behind
// and do better with a lazy collector, a proof over millions of entries does not.
type thrift struct {
	mu      sync.Mutex
	running int
	usual   int
}

const thriftyPercent = 100

func (t *thrift) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running++; t.running == 1 {
		t.usual = debug.SetGCPercent(thriftyPercent)
	}
}

func (t *thrift) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running--; t.running == 0 {
		debug.SetGCPercent(t.usual)
	}
}

// Timeout is that of the longest export.
func (w *exportWorker) Timeout(*river.Job[export.Job]) time.Duration { return exportTimeout }

// Work makes one export; what died is taken up by the sweep, well before the time of this job is over.
func (w *exportWorker) Work(ctx context.Context, job *river.Job[export.Job]) error {
	w.begin()
	defer w.end()
	return settled(w.work.Run(ctx, job.Args.Export))
}

// Run works until ctx ends, then lets running jobs finish their present transaction.
func Run(ctx context.Context, q Queue, work Work) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &checkWorker{work: work.Intake})
	river.AddWorker(workers, &applyWorker{work: work.Intake})
	river.AddWorker(workers, &exportWorker{work: work.Exports})
	river.AddWorker(workers, &matchWorker{work: work.Matching})
	client, err := river.NewClient(riverpgxv5.New(q.Pool), &river.Config{
		Schema: q.Schema, Workers: workers, Logger: q.Log,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.Workers}},
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		FetchCooldown:        50 * time.Millisecond,
		FetchPollInterval:    time.Second,
	})
	if err != nil {
		return fmt.Errorf("make job client: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	var beside sync.WaitGroup
	beside.Go(func() { keepFigures(ctx, q.Log, work) })
	sweep(ctx, client, q.Log, work)
	beside.Wait()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if err := client.StopAndCancel(stop); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// sweep takes up the work of processes that died, at once at the start and then now and again, and forgets old answers.
func sweep(ctx context.Context, client *river.Client[pgx.Tx], log *slog.Logger, work Work) {
	tick, forget := time.NewTicker(sweepEvery), time.NewTicker(forgetEvery)
	defer tick.Stop()
	defer forget.Stop()
	for idle := time.Duration(0); ; idle = rescueAfter {
		if err := requeue(ctx, client, work, idle); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "take up interrupted intakes", "error", err)
		}
		if err := work.Exports.Expire(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "expire exports", "error", err)
		}
		if err := work.Alarm(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "look for mass reading", "error", err)
		}
		if err := work.Expire(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "expire referrals", "error", err)
		}
		if err := work.Remind(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "keep reminders", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-forget.C:
			if _, err := work.Forget(ctx); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "forget kept answers", "error", err)
			}
		}
	}
}

// toldEvery is how many cases a first count goes on for between two lines of the log.
const toldEvery = 100_000

// keepFigures counts the figures of the reports at the start and then now and again.
func keepFigures(ctx context.Context, log *slog.Logger, work Work) {
	tick := time.NewTicker(rollupEvery)
	defer tick.Stop()
	next := int64(toldEvery)
	told := func(cases int64) {
		if cases >= next {
			log.InfoContext(ctx, "counting the figures of the reports for the first time", "cases", cases)
			next = cases + toldEvery
		}
	}
	for {
		if err := work.Rollup(ctx, told); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "count the figures of the reports", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func requeue(ctx context.Context, client *river.Client[pgx.Tx], work Work, idle time.Duration) error {
	check, apply, err := work.Waiting(ctx, idle)
	if err != nil {
		return err
	}
	for _, id := range check {
		if _, err := client.Insert(ctx, intake.CheckJob{Intake: id}, nil); err != nil {
			return fmt.Errorf("enqueue check: %w", err)
		}
	}
	for _, id := range apply {
		if _, err := client.Insert(ctx, intake.ApplyJob{Intake: id}, nil); err != nil {
			return fmt.Errorf("enqueue apply: %w", err)
		}
	}
	runs, err := work.WaitingRuns(ctx)
	if err != nil {
		return err
	}
	for _, id := range runs {
		if _, err := client.Insert(ctx, matching.Job{Run: id}, nil); err != nil {
			return fmt.Errorf("enqueue match: %w", err)
		}
	}
	exports, err := work.WaitingExports(ctx)
	if err != nil {
		return err
	}
	for _, id := range exports {
		if _, err := client.Insert(ctx, export.Job{Export: id}, nil); err != nil {
			return fmt.Errorf("enqueue export: %w", err)
		}
	}
	return nil
}
