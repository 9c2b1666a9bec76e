package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// Routine work has a queue of its own, with so many places in every process: one may be taken by a long count.
const (
	routineQueue   = "routine"
	routineWorkers = 2
)

// longestRoutine is how long routine work may take at most; what is left over is done in the next period.
const longestRoutine = 5 * time.Minute

// routine is work that an installation does once in every period. Its time is never longer than its period, so that it
// does not run beside itself, and it has one attempt: the next period is the next one.
type routine struct {
	every     time.Duration
	job       river.JobArgs
	addWorker func(*river.Workers)
}

// newRoutine does the work of a job once in every period.
func newRoutine[T river.JobArgs](job T, every time.Duration, work func(context.Context) error) routine {
	worker := &routineWorker[T]{work: work, timeout: timeOf(every)}
	return routine{every: every, job: job, addWorker: func(w *river.Workers) { river.AddWorker(w, worker) }}
}

// timeOf is the time of a routine.
func timeOf(every time.Duration) time.Duration { return min(every, longestRoutine) }

// periodicJob is the routine as the leader schedules it. A new leader does at once what the one before left undone: the
// job of a period is there once, whoever enqueues it.
func (r routine) periodicJob() *river.PeriodicJob {
	options := &river.InsertOpts{Queue: routineQueue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: r.every}}
	return river.NewPeriodicJob(period(r.every),
		func() (river.JobArgs, *river.InsertOpts) { return r.job, options },
		&river.PeriodicJobOpts{ID: r.job.Kind(), RunOnStart: true})
}

// period schedules to the beginning of every period, counted as River does for unique jobs. With a schedule that counts
// from the start of a leader, a new leader could let nearly two periods pass.
type period time.Duration

// Next implements river.PeriodicSchedule.
func (p period) Next(now time.Time) time.Time {
	return now.Truncate(time.Duration(p)).Add(time.Duration(p))
}

type routineWorker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	work    func(context.Context) error
	timeout time.Duration
}

// Work does the routine work.
func (w *routineWorker[T]) Work(ctx context.Context, _ *river.Job[T]) error { return w.work(ctx) }

// Timeout is at most the period.
func (w *routineWorker[T]) Timeout(*river.Job[T]) time.Duration { return w.timeout }

// The jobs of the routines. They have no arguments.
type (
	takeUpJob          struct{}
	expireExportsJob   struct{}
	expireReferralsJob struct{}
	raiseAlarmsJob     struct{}
	remindJob          struct{}
	countFiguresJob    struct{}
	forgetAnswersJob   struct{}
	sweepDocumentsJob  struct{}
)

func (takeUpJob) Kind() string          { return "take_up" }
func (expireExportsJob) Kind() string   { return "expire_exports" }
func (expireReferralsJob) Kind() string { return "expire_referrals" }
func (raiseAlarmsJob) Kind() string     { return "raise_alarms" }
func (remindJob) Kind() string          { return "remind" }
func (countFiguresJob) Kind() string    { return "count_figures" }
func (forgetAnswersJob) Kind() string   { return "forget_answers" }
func (sweepDocumentsJob) Kind() string  { return "sweep_documents" }

// routines lists the routine work with its periods. The alarms and the reminders have longer ones than they need,
// because one look may take one minute, or two.
func (w Work) routines(log *slog.Logger) []routine {
	return []routine{
		newRoutine(takeUpJob{}, 30*time.Second, func(ctx context.Context) error {
			return w.takeUp(ctx, river.ClientFromContext[pgx.Tx](ctx), rescueAfter)
		}),
		newRoutine(expireExportsJob{}, 30*time.Second, w.Exports.Expire),
		newRoutine(expireReferralsJob{}, 30*time.Second, w.ExpireReferrals),
		newRoutine(raiseAlarmsJob{}, time.Minute, w.RaiseAlarms),
		newRoutine(remindJob{}, 3*time.Minute, w.Remind),
		newRoutine(countFiguresJob{}, 5*time.Minute, func(ctx context.Context) error {
			return w.countFigures(ctx, log)
		}),
		newRoutine(sweepDocumentsJob{}, 10*time.Minute, w.SweepDocuments),
		newRoutine(forgetAnswersJob{}, time.Hour, func(ctx context.Context) error {
			_, err := w.ForgetAnswers(ctx)
			return err
		}),
	}
}

// progressEvery is how many cases a first count goes on for between two lines of the log.
const progressEvery = 100_000

// countFigures counts until the figures are up to date or its time is over. A first count takes longer than that, and
// goes on in the next period: that is no failure.
func (w Work) countFigures(ctx context.Context, log *slog.Logger) error {
	counted, told := false, int64(0)
	err := w.CountFigures(ctx, func(cases int64) {
		counted = true
		if cases/progressEvery > told/progressEvery {
			log.InfoContext(ctx, "counting the figures of the reports for the first time", "cases", cases)
		}
		told = cases
	})
	if counted && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	return err
}
