package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/matching"
)

// The jobs that take longer than jobTimeout: the longest export, a match of the whole country, and a change of
// as many cases as one order may have.
const (
	exportTimeout = 30 * time.Minute
	matchTimeout  = 6 * time.Hour
	bulkTimeout   = 6 * time.Hour
)

// addRecordWorkers adds a worker for each kind of work that one record needs.
func (w Work) addRecordWorkers(workers *river.Workers) {
	river.AddWorker(workers, &checkWorker{work: w.Intakes})
	river.AddWorker(workers, &applyWorker{work: w.Intakes})
	river.AddWorker(workers, &exportWorker{work: w.Exports})
	river.AddWorker(workers, &matchWorker{work: w.Matches})
	river.AddWorker(workers, &bulkWorker{work: w.Bulk})
	river.AddWorker(workers, &lawWorker{work: w.Law})
	river.AddWorker(workers, &webhookWorker{work: w.Webhooks})
	river.AddWorker(workers, &mailWorker{work: w.Mail})
}

type checkWorker struct {
	river.WorkerDefaults[intake.CheckJob]
	work Intakes
}

// Work judges one file.
func (w *checkWorker) Work(ctx context.Context, job *river.Job[intake.CheckJob]) error {
	return attempt(ctx, job.Args.Intake, w.work.Check, w.work.Fail)
}

type applyWorker struct {
	river.WorkerDefaults[intake.ApplyJob]
	work Intakes
}

// Work opens cases until none is left or its time is over; then it comes again.
func (w *applyWorker) Work(ctx context.Context, job *river.Job[intake.ApplyJob]) error {
	err := attempt(ctx, job.Args.Intake, w.work.Run, w.work.Fail)
	if errors.Is(err, context.DeadlineExceeded) {
		return river.JobSnooze(0)
	}
	return err
}

type matchWorker struct {
	river.WorkerDefaults[matching.Job]
	work Matches
}

// Work matches until no worker of the region is left or its time is over; then it comes again.
func (w *matchWorker) Work(ctx context.Context, job *river.Job[matching.Job]) error {
	return attempt(ctx, job.Args.Run, w.work.Work, w.work.Fail)
}

// Timeout is that of the whole country.
func (w *matchWorker) Timeout(*river.Job[matching.Job]) time.Duration { return matchTimeout }

type bulkWorker struct {
	river.WorkerDefaults[bulk.Job]
	work Bulk
}

// Work changes case after case until none is left or its time is over; then it comes again.
func (w *bulkWorker) Work(ctx context.Context, job *river.Job[bulk.Job]) error {
	return attempt(ctx, job.Args.Order, w.work.Run, w.work.Fail)
}

// Timeout is that of the largest order.
func (w *bulkWorker) Timeout(*river.Job[bulk.Job]) time.Duration { return bulkTimeout }

type exportWorker struct {
	river.WorkerDefaults[export.Job]
	work   Exports
	memory eagerCollector
}

// Work makes one export. One whose process died is taken up long before the time of its job is over, see takeUp.
func (w *exportWorker) Work(ctx context.Context, job *river.Job[export.Job]) error {
	w.memory.begin()
	defer w.memory.end()
	return cancelIfGone(w.work.Run(ctx, job.Args.Export))
}

// Timeout is that of the longest export.
func (w *exportWorker) Timeout(*river.Job[export.Job]) time.Duration { return exportTimeout }

type lawWorker struct {
	river.WorkerDefaults[lawbook.Job]
	work Law
}

// Work settles until every day has moved or its time is over; then it comes again.
func (w *lawWorker) Work(ctx context.Context, job *river.Job[lawbook.Job]) error {
	wait, err := w.work.Settle(ctx, job.Args.Release)
	if errors.Is(err, context.DeadlineExceeded) || err == nil && wait > 0 {
		return river.JobSnooze(wait)
	}
	return cancelIfGone(err)
}
