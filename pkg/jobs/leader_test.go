package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
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
	state := ask[rivertype.JobState](t, q, "select state from river.river_job where kind = 'matching_run' limit 1")
	if state == rivertype.JobStateRunning || state == rivertype.JobStateCompleted {
		t.Errorf("the match is %s", state)
	}
}
