package jobs

import (
	"context"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// periods is how often each routine is done.
var periods = map[string]time.Duration{
	"take_up":          30 * time.Second,
	"expire_exports":   30 * time.Second,
	"expire_referrals": 30 * time.Second,
	"raise_alarms":     time.Minute,
	"remind":           3 * time.Minute,
	"count_figures":    5 * time.Minute,
	"forget_answers":   time.Hour,
	"sweep_documents":  10 * time.Minute,
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
	for range 2 { // the second one waits
		ok(t, w.withIdleMatch(uuid.New()).takeUp(t.Context(), client, 0))
	}
	until(t, "the only place is taken", func() bool {
		return ask[bool](t, q, "select exists (select from river.river_job where state = 'running' and queue = 'default')")
	})
	before := c.count("remind")
	until(t, "the routine is done", func() bool { return c.count("remind") > before+1 })
	if n := ask[int](t, q, "select count(*) from river.river_job where state = 'running' and queue = 'default'"); n != 1 {
		t.Errorf("%d work in one place", n)
	}
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
		"whole": {t.Context(), []int64{99_998, 99_999}, nil, false, 0},
		"long": {late, []int64{99_999, 100_000, 199_999, 200_001, 300_000}, context.DeadlineExceeded, false,
			3}, "late from the outset": {late, nil, context.DeadlineExceeded, true, 0},
		"stopped": {stopped, []int64{100_000}, context.Canceled, true, 1},
		"fails":   {t.Context(), []int64{2000}, io.ErrUnexpectedEOF, true, 0},
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
