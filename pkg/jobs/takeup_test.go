package jobs

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/store"
)

// What is idle is enqueued, each as the job of its kind, and a part that cannot be listed holds up no other.
func TestIdleWorkIsTakenUp(t *testing.T) {
	t.Parallel()
	ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	for broken := range 4 { // 3: none
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
		}
		err = w.takeUp(t.Context(), client, 7*time.Second)
		if (broken < 3) != errors.Is(err, io.ErrClosedPipe) || broken == 3 && err != nil || asked != 7*time.Second {
			t.Errorf("%d: %v, asked for %s", broken, err, asked)
		}
		jobs := map[string]string{}
		rows, err := q.conn.Query(t.Context(), "select kind, args::text from river.river_job")
		ok(t, err)
		var kind, args string
		_, err = pgx.ForEachRow(rows, []any{&kind, &args}, func() error { jobs[kind] = args; return nil })
		ok(t, err)
		for i, kind := range []string{"intake_check", "intake_apply", "matching_run", "export_make"} {
			listed := broken != max(0, i-1)
			if strings.Contains(jobs[kind], ids[i].String()) != listed {
				t.Errorf("%d: %s: %v", broken, kind, jobs)
			}
		}
	}
}

// Without anything idle nothing is enqueued, and a queue that is away is told.
func TestNothingIdle(t *testing.T) {
	t.Parallel()
	none := func(context.Context) ([]uuid.UUID, error) { return nil, nil }
	w := Work{IdleMatches: none, IdleExports: none,
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
