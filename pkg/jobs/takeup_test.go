package jobs

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertest"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/store"
)

// What is idle is enqueued, each as the job of its kind, and a part that cannot be listed holds up no other.
func TestIdleWorkIsTakenUp(t *testing.T) {
	t.Parallel()
	ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	for broken := range 5 { // 4: none
		q := setup(t)
		client, err := river.NewClient(riverpgxv5.New(q.Pool), &river.Config{Schema: store.JobSchema})
		ok(t, err)
		list := func(n int, id uuid.UUID) ([]uuid.UUID, error) {
			if n == broken {
				return nil, io.ErrClosedPipe
			}
			return []uuid.UUID{id}, nil
		}
		var asked time.Duration
		w := Work{
			IdleIntakes: func(_ context.Context, idle time.Duration) (check, apply []uuid.UUID, err error) {
				asked = idle
				check, err = list(0, ids[0])
				apply, _ = list(0, ids[1])
				return check, apply, err
			},
			IdleMatches: func(context.Context) ([]uuid.UUID, error) { return list(1, ids[2]) },
			IdleExports: func(context.Context) ([]uuid.UUID, error) { return list(2, ids[3]) },
			IdleBulk:    func(context.Context) ([]uuid.UUID, error) { return list(3, ids[4]) },
		}
		err = w.takeUp(t.Context(), client, 7*time.Second)
		if (broken < 4) != errors.Is(err, io.ErrClosedPipe) || broken == 4 && err != nil || asked != 7*time.Second {
			t.Errorf("%d: %v, asked for %s", broken, err, asked)
		}
		driver, all := riverpgxv5.New(q.Pool), &rivertest.RequireInsertedOpts{Schema: store.JobSchema, Queue: "default"}
		check, apply := intake.CheckJob{Intake: ids[0]}, intake.ApplyJob{Intake: ids[1]}
		match, export := matching.Job{Run: ids[2]}, export.Job{Export: ids[3]}
		if broken != 0 {
			same(t, check, rivertest.RequireInserted(t.Context(), t, driver, check, all).Args)
			same(t, apply, rivertest.RequireInserted(t.Context(), t, driver, apply, all).Args)
		} else {
			rivertest.RequireNotInserted(t.Context(), t, driver, check, all)
			rivertest.RequireNotInserted(t.Context(), t, driver, apply, all)
		}
		if broken != 1 {
			same(t, match, rivertest.RequireInserted(t.Context(), t, driver, match, all).Args)
		} else {
			rivertest.RequireNotInserted(t.Context(), t, driver, match, all)
		}
		if broken != 2 {
			same(t, export, rivertest.RequireInserted(t.Context(), t, driver, export, all).Args)
		} else {
			rivertest.RequireNotInserted(t.Context(), t, driver, export, all)
		}
		order := bulk.Job{Order: ids[4]}
		if broken != 3 {
			same(t, order, rivertest.RequireInserted(t.Context(), t, driver, order, all).Args)
		} else {
			rivertest.RequireNotInserted(t.Context(), t, driver, order, all)
		}
	}
}

func same[T comparable](t *testing.T, want, got T) {
	t.Helper()
	if got != want {
		t.Errorf("enqueued %+v, want %+v", got, want)
	}
}

// Without anything idle nothing is enqueued, and a queue that is away is told.
func TestNothingIdle(t *testing.T) {
	t.Parallel()
	none := func(context.Context) ([]uuid.UUID, error) { return nil, nil }
	w := Work{IdleMatches: none, IdleExports: none, IdleBulk: none,
		IdleIntakes: func(context.Context, time.Duration) (check, apply []uuid.UUID, err error) { return nil, nil, nil }}
	if err := w.takeUp(t.Context(), noQueue{}, 0); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
	w.IdleExports = func(context.Context) ([]uuid.UUID, error) { return []uuid.UUID{uuid.New()}, nil }
	if err := w.takeUp(t.Context(), noQueue{}, 0); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the queue is away: %v", err)
	}
}

type noQueue struct{}

func (noQueue) InsertMany(context.Context, []river.InsertManyParams) ([]*rivertype.JobInsertResult, error) {
	return nil, io.ErrClosedPipe
}
