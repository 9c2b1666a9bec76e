package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertest"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/store"
)

// once works a new job once, with River's tables and rules; short is the time of a job that has none of its own.
func once[T river.JobArgs](t *testing.T, q *queue, worker river.Worker[T], job T, most int,
	short time.Duration) *rivertest.WorkResult {
	t.Helper()
	config := &river.Config{Schema: store.JobSchema, JobTimeout: short, Logger: slog.New(slog.DiscardHandler)}
	tx, err := q.Pool.Begin(t.Context())
	ok(t, err)
	defer func() { ok(t, tx.Rollback(t.Context())) }()
	var options *river.InsertOpts
	if most > 0 {
		options = &river.InsertOpts{MaxAttempts: most}
	}
	tester := rivertest.NewWorker(t, riverpgxv5.New(nil), config, worker)
	result, err := tester.Work(t.Context(), t, tx, job, options)
	if err != nil && result == nil {
		t.Fatal(err)
	}
	return result
}

// kinds works a record by each kind of job.
var kinds = map[string]func(t *testing.T, q *queue, r *record, id uuid.UUID, most int,
	short time.Duration) *rivertest.WorkResult{
	"check": func(t *testing.T, q *queue, r *record, id uuid.UUID, most int, short time.Duration) *rivertest.WorkResult {
		t.Helper()
		return once(t, q, &checkWorker{work: r}, intake.CheckJob{Intake: id}, most, short)
	},
	"apply": func(t *testing.T, q *queue, r *record, id uuid.UUID, most int, short time.Duration) *rivertest.WorkResult {
		t.Helper()
		return once(t, q, &applyWorker{work: r}, intake.ApplyJob{Intake: id}, most, short)
	},
	"match": func(t *testing.T, q *queue, r *record, id uuid.UUID, most int, short time.Duration) *rivertest.WorkResult {
		t.Helper()
		return once(t, q, &matchWorker{work: r}, matching.Job{Run: id}, most, short)
	},
	"export": func(t *testing.T, q *queue, r *record, id uuid.UUID, most int, short time.Duration) *rivertest.WorkResult {
		t.Helper()
		return once(t, q, &exportWorker{work: r}, export.Job{Export: id}, most, short)
	},
}

// What becomes of a job, and what its record is told of it, by what its work answers.
func TestJobsOfRecords(t *testing.T) {
	t.Parallel()
	const (
		completed = river.EventKindJobCompleted
		failed    = river.EventKindJobFailed
		cancelled = river.EventKindJobCancelled
	)
	unavailable := fault.New(fault.Unavailable, "database.unavailable")
	const again, over = rivertype.JobStateAvailable, rivertype.JobStateCancelled
	cases := map[string]struct {
		work    func(context.Context) error
		job     river.EventKind
		state   rivertype.JobState
		limit   int    // that the record is told; 0 when it is told nothing
		code    string // with it
		exports river.EventKind
	}{
		"success":  {answer(nil), completed, rivertype.JobStateCompleted, 0, "", completed},
		"passing":  {answer(unavailable), failed, again, 100, "database.unavailable", failed},
		"conflict": {refuse(fault.Conflict, "request.concurrent"), failed, again, 100, "request.concurrent", failed},
		"late":     {answer(context.DeadlineExceeded), failed, again, 100, "", failed},
		"unknown":  {answer(io.ErrUnexpectedEOF), failed, again, 3, "", failed},
		"panic":    {func(context.Context) error { panic("x") }, failed, again, 3, "", failed},
		"refused":  {refuse(fault.Invalid, "x.refused"), cancelled, over, 1, "x.refused", failed},
		"no right": {refuse(fault.Forbidden, "job.right_lost"), cancelled, over, 1, "job.right_lost", cancelled},
		"gone":     {refuse(fault.NotFound, "x.not_found"), cancelled, over, 0, "", cancelled},
	}
	q := setup(t)
	for kind, work := range kinds {
		for name, c := range cases {
			r, id := &record{work: c.work}, uuid.New()
			got := work(t, q, r, id, 0, 0)
			want, state := c.job, c.state
			switch {
			case kind == "export": // keeps by itself what fails
				want, c.limit = c.exports, 0
				if want == failed {
					state = rivertype.JobStateAvailable
				}
			case kind == "apply" && name == "late":
				want, state = river.EventKindJobSnoozed, rivertype.JobStateAvailable
			}
			if got.EventKind != want || got.Job.State != state {
				t.Errorf("%s, %s: the job is %s: %s", kind, name, got.Job.State, got.EventKind)
			}
			verb := map[string]string{"check": "check", "apply": "run", "match": "match", "export": "run"}[kind]
			if len(r.ids) != 1 || r.ids[0] != id || r.verbs[0] != verb {
				t.Errorf("%s, %s: did %v on %v, not on %v", kind, name, r.verbs, r.ids, id)
			}
			told := len(r.limits) > 0
			if told != (c.limit > 0) || told && (r.limits[0] != c.limit || r.codes[0] != c.code) {
				t.Errorf("%s, %s: the record is told %v of %v", kind, name, r.codes, r.limits)
			}
		}
	}
}

// settling answers a job of the law.
type settling struct {
	wait time.Duration
	err  error
}

func (s settling) Settle(context.Context, uuid.UUID) (time.Duration, error) { return s.wait, s.err }

// The days of a release are looked at again when it is time to, and when they were more than fit in one job. What
// failed is a failure, whatever it was to wait for.
func TestJobsOfTheLaw(t *testing.T) {
	t.Parallel()
	q := setup(t)
	for name, c := range map[string]struct {
		answers settling
		want    river.EventKind
		later   time.Duration // at least; 0 when it does not matter
	}{
		"done":               {settling{}, river.EventKindJobCompleted, 0},
		"to wait":            {settling{wait: time.Hour}, river.EventKindJobSnoozed, 59 * time.Minute},
		"more than fits":     {settling{err: context.DeadlineExceeded}, river.EventKindJobSnoozed, 0},
		"failed":             {settling{err: io.ErrUnexpectedEOF}, river.EventKindJobFailed, 0},
		"failed, to wait":    {settling{time.Hour, io.ErrUnexpectedEOF}, river.EventKindJobFailed, 0},
		"there is none":      {settling{err: fault.New(fault.NotFound, "law.not_found")}, river.EventKindJobCancelled, 0},
		"no right":           {settling{err: fault.New(fault.Forbidden, "x")}, river.EventKindJobCancelled, 0},
		"a database is away": {settling{err: fault.New(fault.Unavailable, "x")}, river.EventKindJobFailed, 0},
	} {
		got := once(t, q, &lawWorker{work: c.answers}, lawbook.Job{Release: uuid.New()}, 0, 0)
		if got.EventKind != c.want {
			t.Errorf("%s: %s", name, got.EventKind)
		}
		if later := got.Job.ScheduledAt.Sub(*got.Job.AttemptedAt); c.later > 0 && later < c.later {
			t.Errorf("%s: again after %s", name, later)
		}
	}
}

// A job whose last attempt fails is over, and one that may fail again is not.
func TestTheLastAttemptOfAJob(t *testing.T) {
	t.Parallel()
	q := setup(t)
	states := map[int]rivertype.JobState{1: rivertype.JobStateDiscarded, 2: rivertype.JobStateAvailable}
	for kind, work := range kinds {
		for most, want := range states {
			got := work(t, q, &record{work: answer(io.ErrUnexpectedEOF)}, uuid.New(), most, 0)
			if got.Job.State != want || len(got.Job.Errors) != 1 || !strings.Contains(got.Job.Errors[0].Error,
				"unexpected EOF") {
				t.Errorf("%s, the first of %d: %s of %v", kind, most, got.Job.State, got.Job.Errors)
			}
		}
	}
}

// Work that does not end is cut off. What it failed of is kept although its own time is over.
func TestJobsHaveATime(t *testing.T) {
	t.Parallel()
	q := setup(t)
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	wants := map[string]river.EventKind{"check": river.EventKindJobFailed, "apply": river.EventKindJobSnoozed}
	for kind, want := range wants {
		r := &record{work: hangs}
		got := kinds[kind](t, q, r, uuid.New(), 0, 50*time.Millisecond)
		if got.EventKind != want || len(r.limits) != 1 || r.limits[0] != limitPassing {
			t.Errorf("%s: %s, told %v", kind, got.EventKind, r.limits)
		}
		if len(got.Job.Errors) > 0 && strings.Contains(got.Job.Errors[0].Error, "could not be kept") {
			t.Errorf("%s: %s", kind, got.Job.Errors[0].Error)
		}
	}
	if got := (&matchWorker{}).Timeout(nil); got != 6*time.Hour {
		t.Errorf("a match has %s", got)
	}
	if got := (&exportWorker{}).Timeout(nil); got != 30*time.Minute {
		t.Errorf("an export has %s", got)
	}
}

// When the record cannot be told, the job is tried again, whatever it failed of: nothing is lost without a trace.
func TestAFailureThatCannotBeKept(t *testing.T) {
	t.Parallel()
	r := &record{broken: io.ErrClosedPipe}
	refused := fault.New(fault.Forbidden, "job.right_lost")
	err := attempt(t.Context(), uuid.New(), func(context.Context, uuid.UUID) error { return refused }, r.Fail)
	if !errors.Is(err, refused) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
	if cancelled := new(river.JobCancelError); errors.As(err, &cancelled) {
		t.Error("the job ends, and its record does not know")
	}
}

// While exports run the garbage is collected sooner, and as before when the last of them has ended. Not parallel: the
// setting is that of the whole process.
func TestExportsCollectGarbageSooner(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(321)
		debug.SetGCPercent(now)
		return now
	}
	before := debug.SetGCPercent(777)
	defer debug.SetGCPercent(before)
	var during []int
	work := func(context.Context) error { during = append(during, percent()); return nil }
	w := &exportWorker{work: &record{work: func(ctx context.Context) error {
		other := &record{work: work}
		inner := &river.Job[export.Job]{}
		_ = work(ctx)
		_ = other.Run(ctx, inner.Args.Export)
		return io.EOF
	}}}
	_ = w.Work(t.Context(), &river.Job[export.Job]{})
	if len(during) != 2 || during[0] != eagerPercent || percent() != 777 {
		t.Errorf("during exports %v, afterwards %d", during, percent())
	}
	var c eagerCollector
	c.begin()
	c.begin()
	c.end()
	if got := percent(); got != eagerPercent {
		t.Errorf("beside a second one: %d", got)
	}
	if c.end(); percent() != 777 {
		t.Errorf("afterwards: %d", percent())
	}
}

// Only failures that may be tried again are logged, with the job and without its arguments.
func TestFailuresAreLogged(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	f := failureLog{slog.New(slog.NewTextHandler(&out, nil))}
	job := &rivertype.JobRow{ID: 7, Kind: "remind", Attempt: 2, EncodedArgs: []byte(`{"x":"hidden"}`)}
	if result := f.HandleError(t.Context(), job, context.Canceled); result != nil || out.Len() > 0 {
		t.Errorf("being stopped is logged: %s", out.String())
	}
	if result := f.HandleError(t.Context(), job, io.ErrUnexpectedEOF); result != nil {
		t.Error("logging cancels the job")
	}
	if f.HandlePanic(t.Context(), job, "x", "") != nil {
		t.Error("a panic cancels the job")
	}
	for _, part := range []string{"level=WARN", "kind=remind", "job=7", "attempt=2", `error="unexpected EOF"`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %s in %s", part, out.String())
		}
	}
	if strings.Contains(out.String(), "hidden") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("logged %s", out.String())
	}
}
