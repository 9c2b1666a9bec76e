package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertest"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// leaderVariable makes the test binary a process that does nothing but lead, on the database that it names.
const leaderVariable = "TANGGAP_TEST_JOBS_LEADER"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(leaderVariable); dsn != "" {
		fmt.Fprintln(os.Stderr, lead(dsn))
		os.Exit(1)
	}
	storetest.Main(m)
}

// markJob shows by its rows when a leader enqueues.
type markJob struct{}

func (markJob) Kind() string { return "mark" }

func mark() routine { return newRoutine(markJob{}, time.Second, answer(nil)) }

// lead runs a client with the marking routine until it is killed.
func lead(dsn string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience) // when the test is killed first
	defer cancel()
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	client, err := newClient(Queue{pool, store.JobSchema, 1, slog.New(slog.DiscardHandler)}, river.NewWorkers(),
		[]routine{mark()})
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// calls counts what was done, by name.
type calls struct {
	mu sync.Mutex
	of map[string]int
}

func (c *calls) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[name]++
}

func (c *calls) count(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[name]
}

func (c *calls) counting(name string) func(context.Context) error {
	return func(context.Context) error { c.add(name); return nil }
}

// idleWork is work that only counts how often it is done.
func (c *calls) work() Work {
	none := func(context.Context) ([]uuid.UUID, error) { return nil, nil }
	return Work{
		Intakes: &record{}, Matches: &record{}, Exports: &record{work: c.counting("expire_exports")},
		IdleIntakes: func(_ context.Context, idle time.Duration) (check, apply []uuid.UUID, err error) {
			c.add("take_up after " + idle.String())
			return nil, nil, nil
		},
		IdleExports: none, IdleMatches: none,
		RaiseAlarms: c.counting("raise_alarms"), ExpireReferrals: c.counting("expire_referrals"),
		Remind:        c.counting("remind"),
		CountFigures:  func(context.Context, func(int64)) error { c.add("count_figures"); return nil },
		ForgetAnswers: func(context.Context) (int64, error) { c.add("forget_answers"); return 0, nil },
	}
}

// periods is how often each routine is done.
var periods = map[string]time.Duration{
	"take_up":          30 * time.Second,
	"expire_exports":   30 * time.Second,
	"expire_referrals": 30 * time.Second,
	"raise_alarms":     time.Minute,
	"remind":           3 * time.Minute,
	"count_figures":    5 * time.Minute,
	"forget_answers":   time.Hour,
}

func TestTheRoutinesAndTheirPeriods(t *testing.T) {
	t.Parallel()
	got := map[string]time.Duration{}
	for _, r := range (&calls{}).work().routines(slog.New(slog.DiscardHandler)) {
		got[r.job.Kind()] = r.every
	}
	if !reflect.DeepEqual(got, periods) {
		t.Errorf("got %v", got)
	}
}

// Routine work is cut off when its period ends, or after five minutes: it never runs beside itself.
func TestARoutineHasNoMoreTimeThanItsPeriod(t *testing.T) {
	t.Parallel()
	for every, want := range map[time.Duration]time.Duration{time.Second: time.Second, 5 * time.Minute: 5 * time.Minute,
		5*time.Minute + 1: 5 * time.Minute, time.Hour: 5 * time.Minute} {
		if got := timeOf(every); got != want {
			t.Errorf("every %s: %s", every, got)
		}
	}
}

// A period begins at the same instant for every process, whenever it starts.
func TestPeriodsAreThoseOfUniqueJobs(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		moment, err := time.Parse(time.RFC3339Nano, s)
		ok(t, err)
		return moment
	}
	for _, c := range []struct {
		every     time.Duration
		now, next string
	}{
		{30 * time.Second, "2026-11-27T10:00:00Z", "2026-11-27T10:00:30Z"},
		{30 * time.Second, "2026-11-27T10:00:29.999999999Z", "2026-11-27T10:00:30Z"},
		{30 * time.Second, "2026-11-27T10:00:30.1Z", "2026-11-27T10:01:00Z"},
		{3 * time.Minute, "2026-11-27T10:01:00Z", "2026-11-27T10:03:00Z"},
		{time.Hour, "2026-11-27T23:59:59Z", "2026-11-28T00:00:00Z"},
	} {
		if got := period(c.every).Next(at(c.now)); !got.Equal(at(c.next)) {
			t.Errorf("every %s, after %s: %s", c.every, c.now, got)
		}
	}
}

// start begins a client that works, which ends with the test at the latest, and gives what stops it.
func start(t *testing.T, q *queue, w Work, routines ...routine) (*river.Client[pgx.Tx], func()) {
	t.Helper()
	workers := river.NewWorkers()
	w.addRecordWorkers(workers)
	client, err := newClient(Queue{q.Pool, store.JobSchema, 1, slog.New(slog.DiscardHandler)}, workers, routines)
	ok(t, err)
	ok(t, client.Start(t.Context()))
	stop := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		if err := client.StopAndCancel(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	t.Cleanup(stop)
	return client, stop
}

// until waits for something to become so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func ask[T any](t *testing.T, q *queue, sql string, args ...any) (out T) {
	t.Helper()
	ok(t, q.conn.QueryRow(t.Context(), sql, args...).Scan(&out))
	return out
}

// leader is the client that leads; empty when none does.
func leader(t *testing.T, q *queue) string {
	t.Helper()
	return ask[string](t, q, "select coalesce(max(leader_id), '') from river.river_leader")
}

// Two clients share a database. Every routine is done once in a period, by whichever; and when the leader goes, the
// next one enqueues what is new and nothing a second time.
func TestRoutinesAreDoneOnceInAPeriod(t *testing.T) {
	t.Parallel()
	q, c := setup(t), &calls{}
	routines := append(c.work().routines(slog.New(slog.DiscardHandler)), mark())
	first, stop := start(t, q, c.work(), routines...)
	until(t, "the first one leads", func() bool { return leader(t, q) == first.ID() })
	second, _ := start(t, q, c.work(), routines...)
	const done = "select count(distinct kind) from river.river_job where state = 'completed'"
	until(t, "all is done", func() bool { return ask[int](t, q, done) == len(periods)+1 })
	driver := riverpgxv5.New(q.Pool)
	expected := &rivertest.RequireInsertedOpts{Schema: store.JobSchema, Queue: "routine", MaxAttempts: 1}
	rivertest.RequireInserted(t.Context(), t, driver, forgetAnswersJob{}, expected)
	stop()
	until(t, "the second one leads", func() bool { return leader(t, q) == second.ID() })
	newest := ask[int64](t, q, "select max(id) from river.river_job")
	until(t, "it enqueues", func() bool {
		return ask[int](t, q, "select count(*) from river.river_job where id > $1 and kind = 'mark'", newest) > 1
	})
	for kind, every := range periods {
		most := ask[int](t, q, `select max(n) from (select count(*) as n from river.river_job where kind = $1
			group by floor(extract(epoch from scheduled_at) / $2)) x`, kind, every.Seconds())
		if most != 1 {
			t.Errorf("%s: %d jobs in a period", kind, most)
		}
		name := strings.Replace(kind, "take_up", "take_up after 50s", 1)
		if jobs := ask[int](t, q, "select count(*) from river.river_job where kind = $1", kind); c.count(name) > jobs ||
			c.count(name) == 0 {
			t.Errorf("%s: done %d times by %d jobs", name, c.count(name), jobs)
		}
	}
	if n := ask[int](t, q, "select count(*) from river.river_job where queue <> 'routine' or max_attempts <> 1"); n > 0 {
		t.Errorf("%d jobs are not those of routines", n)
	}
}

// The process that leads is killed; another one takes over without anybody's help.
func TestAnotherLeadsWhenTheLeaderIsKilled(t *testing.T) {
	t.Parallel()
	q := setup(t)
	program, err := os.Executable()
	ok(t, err)
	process := exec.CommandContext(t.Context(), program)
	process.Env = append(os.Environ(), leaderVariable+"="+q.db.AppDSN)
	process.Stderr = t.Output()
	ok(t, process.Start())
	killed := sync.OnceFunc(func() { _ = process.Process.Kill(); _ = process.Wait() })
	t.Cleanup(killed)
	marks := func(after int64) int {
		return ask[int](t, q, "select count(*) from river.river_job where kind = 'mark' and id > $1", after)
	}
	until(t, "the process leads", func() bool { return marks(0) > 1 })
	old := leader(t, q)
	next, _ := start(t, q, (&calls{}).work(), mark())
	if old == "" || old == next.ID() {
		t.Fatalf("%q leads", old)
	}
	killed()
	until(t, "the other one leads", func() bool { return leader(t, q) == next.ID() })
	newest := ask[int64](t, q, "select max(id) from river.river_job")
	until(t, "it enqueues", func() bool { return marks(newest) > 1 })
}

// A routine that fails or panics is done again in the next period, and not before: its job ends.
func TestAFailedRoutineWaitsForItsNextPeriod(t *testing.T) {
	t.Parallel()
	q := setup(t)
	var times atomic.Int32
	start(t, q, (&calls{}).work(), newRoutine(markJob{}, time.Second, func(ctx context.Context) error {
		if deadline, limited := ctx.Deadline(); !limited || time.Until(deadline) > time.Second {
			t.Errorf("it has until %s", deadline)
		}
		switch times.Add(1) {
		case 1:
			return io.ErrUnexpectedEOF
		case 2:
			panic("x")
		}
		return nil
	}))
	until(t, "it succeeds", func() bool {
		return ask[bool](t, q, "select exists (select from river.river_job where state = 'completed')")
	})
	if n := ask[int](t, q, "select count(*) from river.river_job where state = 'discarded' and attempt = 1"); n != 2 {
		t.Errorf("%d failures have ended", n)
	}
	if most := ask[int](t, q, `select max(n) from (select count(*) as n from river.river_job
		group by date_trunc('second', scheduled_at)) x`); most != 1 {
		t.Errorf("%d jobs in a second", most)
	}
}

// Routine work does not wait behind the work of records, however long that takes.
func TestRoutinesHavePlacesOfTheirOwn(t *testing.T) {
	t.Parallel()
	q, c := setup(t), &calls{}
	w := c.work()
	w.Matches = &record{work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
	client, _ := start(t, q, w, newRoutine(remindJob{}, time.Second, w.Remind))
	ok(t, w.withIdleMatch(uuid.New()).takeUp(t.Context(), client, 0))
	until(t, "the only place is taken", func() bool {
		return ask[bool](t, q, "select exists (select from river.river_job where state = 'running' and queue = 'default')")
	})
	before := c.count("remind")
	until(t, "the routine is done", func() bool { return c.count("remind") > before+1 })
}

func (w Work) withIdleMatch(id uuid.UUID) Work {
	w.IdleMatches = func(context.Context) ([]uuid.UUID, error) { return []uuid.UUID{id}, nil }
	return w
}

// A process takes up at once what others may have left, begins its routines, and ends when it is told, with what it
// works on.
func TestRunUntilItIsStopped(t *testing.T) {
	t.Parallel()
	q, c := setup(t), &calls{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	id, working, cut := uuid.New(), make(chan struct{}), make(chan error, 1)
	w := c.work().withIdleMatch(id)
	w.Matches = &record{work: func(ctx context.Context) error {
		close(working)
		<-ctx.Done()
		cut <- ctx.Err()
		return ctx.Err()
	}}
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Queue{q.Pool, store.JobSchema, 1, slog.New(slog.DiscardHandler)}, w) }()
	within(t, "the idle match is taken up", working)
	if c.count("take_up after 0s") != 1 {
		t.Errorf("at the start: %v", c.of)
	}
	until(t, "it leads", func() bool { return c.count("remind") > 0 })
	stop()
	if err := within(t, "the work is cut off", cut); !errors.Is(err, context.Canceled) {
		t.Errorf("cut off with %v", err)
	}
	if err := within(t, "it ends", ended); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if got := leader(t, q); got != "" {
		t.Errorf("%s still leads", got)
	}
	if state := ask[rivertype.JobState](t, q, "select state from river.river_job where kind = 'matching_run' limit 1"); state == rivertype.JobStateRunning ||
		state == rivertype.JobStateCompleted {
		t.Errorf("the match is %s", state)
	}
}

// within waits for a message.
func within[T any](t *testing.T, what string, from <-chan T) (out T) {
	t.Helper()
	select {
	case out = <-from:
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
	}
	return out
}

// A first count that is not ready in time goes on later, and says so now and then; another failure is one.
func TestAFirstCountGoesOn(t *testing.T) {
	t.Parallel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx    context.Context
		counts []int64
		err    error
		fails  bool
		lines  int
	}{
		"whole":                {t.Context(), []int64{99_998, 99_999}, nil, false, 0},
		"long":                 {late, []int64{99_999, 100_000, 199_999, 200_001, 300_000}, context.DeadlineExceeded, false, 3},
		"late from the outset": {late, nil, context.DeadlineExceeded, true, 0},
		"stopped":              {stopped, []int64{100_000}, context.Canceled, true, 1},
		"fails":                {t.Context(), []int64{2000}, io.ErrUnexpectedEOF, true, 0},
	} {
		var out strings.Builder
		w := Work{CountFigures: func(_ context.Context, progress func(int64)) error {
			for _, n := range c.counts {
				progress(n)
			}
			return c.err
		}}
		err := w.countFigures(c.ctx, slog.New(slog.NewTextHandler(&out, nil)))
		if (err != nil) != c.fails || strings.Count(out.String(), "\n") != c.lines {
			t.Errorf("%s: %v, %s", name, err, out.String())
		}
	}
}
